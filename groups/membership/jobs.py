"""Once a month, at its turn, each group is counted in one word; once a day, what those who left had said yes to goes on its day."""

from contextlib import suppress
from datetime import datetime

import sqlalchemy as sa

from groups.membership import commands, rules
from network import clock
from network.db import db
from network.outbox import periodic
from network.tenancy import scope
from network.tenancy.models import Group, GroupKind, GroupState
from network.tenancy.queries import ids_of_groups


def count_compositions(*, now: datetime) -> None:
    """Count every open group that has no word for this month yet, in the month's first days and not later.

    Later, a group's first word would come right after the newcomer who made the answers enough.
    """
    with scope.visiting():
        groups = db.session.scalars(
            sa.select(Group).where(Group.kind == GroupKind.GROUP, Group.state == GroupState.OPEN)
        ).all()
    due = [group for group in groups if rules.is_months_turn(clock.today(group.time_zone, at=now))]
    with periodic.each_by_itself() as one:
        for group in due:
            with (
                one("counting members", group.id),
                suppress(commands.CannotChangeMembers),
                scope.visiting(group.id),
            ):
                commands.count_composition(group, now=now)


def forget_consents(*, now: datetime) -> None:
    """In each group by itself."""
    with periodic.each_by_itself() as one:
        for group_id in ids_of_groups(GroupKind.GROUP):
            with one("forgetting consents", group_id), scope.visiting(group_id):
                commands.forget_consents(now=now)
