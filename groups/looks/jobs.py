"""Once a day, looks of more than two years ago are forgotten."""

from datetime import datetime

from groups.looks import commands
from network.outbox import periodic
from network.tenancy import queries, scope
from network.tenancy.models import GroupKind


def forget_old_looks(*, now: datetime) -> None:
    """In each group by itself."""
    with periodic.each_by_itself() as one:
        for group_id in queries.ids_of_groups(GroupKind.GROUP):
            with one("forgetting looks", group_id), scope.visiting(group_id):
                commands.forget_looks(now=now)
