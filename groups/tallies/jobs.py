"""Every day, papers with an order on them are let go of where their time is over."""

from datetime import datetime

from groups.tallies import commands
from network.outbox import periodic
from network.tenancy import scope
from network.tenancy.models import GroupKind
from network.tenancy.queries import ids_of_groups


def forget_papers(*, now: datetime) -> None:
    """In every group, also those that are closed."""
    with periodic.each_by_itself() as one:
        for group_id in ids_of_groups(GroupKind.GROUP):
            with one("forgetting papers", group_id), scope.visiting(group_id):
                commands.forget_papers(now=now)
