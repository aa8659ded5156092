"""Destroying requests when their day has come."""

from datetime import datetime

import sqlalchemy as sa

from funding.welfare import commands, queries
from network import clock
from network.db import db
from network.tenancy import scope
from network.tenancy.models import Group


def destroy_requests(*, now: datetime) -> None:
    """In each group, as each of those who may see requests: nobody else can even find them."""
    with scope.visiting():
        groups = [
            (group_id, zone) for group_id, zone in db.session.execute(sa.select(Group.id, Group.time_zone))
        ]
    for group_id, zone in groups:
        with scope.visiting(group_id):
            accounts = queries.accounts_ever_concerned()
        for account_id in accounts:
            with scope.visiting(group_id, account_id):
                commands.destroy_what_is_due(clock.today(zone, at=now))
