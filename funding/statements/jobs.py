"""Names of those who paid are not kept longer than somebody needs to know whose money it was."""

from datetime import datetime

import sqlalchemy as sa

from funding.statements import commands
from network.db import db
from network.tenancy import scope
from network.tenancy.models import Group


def drop_names(*, now: datetime) -> None:
    """In each group and office."""
    with scope.visiting():
        groups = list(db.session.scalars(sa.select(Group.id)))
    for group_id in groups:
        with scope.visiting(group_id):
            commands.drop_names(now=now)
