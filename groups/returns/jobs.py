"""What comes round for authorities: telling chairperson and secretary in time what is due."""

from datetime import datetime

import sqlalchemy as sa

from groups.registration.commands import tell_what_ends
from groups.returns.commands import tell_of_quarter
from network.db import db
from network.outbox import periodic
from network.tenancy import scope
from network.tenancy.models import Group, GroupKind, GroupState


def tell_what_is_due(*, now: datetime) -> None:
    """In each open group, tell of certificates that end and of the report of the last quarter; of each once."""
    is_open = sa.and_(Group.kind == GroupKind.GROUP, Group.state == GroupState.OPEN)
    with scope.visiting():
        groups = db.session.scalars(sa.select(Group).where(is_open)).all()
    with periodic.each_by_itself() as one:
        for group in groups:
            with one("telling what is due", group.id), scope.visiting(group.id):
                tell_what_ends(group, now=now)
                tell_of_quarter(group, now=now)
