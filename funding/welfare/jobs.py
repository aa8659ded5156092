"""Destroying requests when their day has come."""

from datetime import datetime

import sqlalchemy as sa

from funding.welfare import commands
from network.db import db
from network.tenancy import scope
from network.tenancy.models import Group


def destroy_requests(*, now: datetime) -> None:  # noqa: ARG001 - the database goes by its own clock, so that nobody can hurry it
    """In each group, whoever holds which office by now."""
    with scope.visiting():
        groups = list(db.session.scalars(sa.select(Group.id)))
    for group_id in groups:
        with scope.visiting(group_id):
            commands.destroy_what_is_due()
