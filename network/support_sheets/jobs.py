"""What comes round for support sheets."""

from datetime import datetime

import sqlalchemy as sa

from network.db import db
from network.support_sheets.models import SheetShare
from network.tenancy import scope


def forget_ended_shares(*, now: datetime) -> None:  # noqa: ARG001 - the fence goes by the database's own clock
    """Delete links whose time has passed. For nobody in particular the fence lets go of these and of nothing else."""
    with scope.visiting():
        db.session.execute(sa.delete(SheetShare))
