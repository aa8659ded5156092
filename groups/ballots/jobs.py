"""Letting go of what a box still holds when its election is over."""

from datetime import datetime

import sqlalchemy as sa

from groups.ballots import commands
from network.db import db
from network.tenancy import scope
from network.tenancy.models import Group


def let_go_of_boxes(*, now: datetime) -> None:
    """In each group."""
    with scope.visiting():
        groups = list(db.session.scalars(sa.select(Group.id)))
    for group_id in groups:
        with scope.visiting(group_id):
            commands.let_go(now=now)
