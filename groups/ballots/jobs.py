"""Letting go of what a box still holds when its election is over."""

from datetime import datetime

from groups.ballots import commands
from network.outbox import periodic
from network.tenancy import scope
from network.tenancy.queries import ids_of_groups


def let_go_of_boxes(*, now: datetime) -> None:
    """In each group."""
    with periodic.each_by_itself() as one:
        for group_id in ids_of_groups():
            with one("letting go of boxes", group_id), scope.visiting(group_id):
                commands.let_go(now=now)
