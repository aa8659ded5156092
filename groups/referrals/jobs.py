"""What comes round for people at the door: erasing each on its day."""

from datetime import datetime

import sqlalchemy as sa

from groups.referrals.models import Referral
from network.accounts.models import LinkPurpose, PrivateLink
from network.db import db
from network.tenancy import scope


def forget_askers(*, now: datetime) -> None:
    """Erase who is due, in every group, and the codes that open nothing any more.

    For nobody in particular the fence lets go of what is due by the database's own clock, and of nothing else.
    """
    past = PrivateLink.purpose == LinkPurpose.ASKING, PrivateLink.expires_at <= now
    with scope.visiting():
        db.session.execute(sa.delete(Referral))
        db.session.execute(sa.delete(PrivateLink).where(*past))
