"""Letting go of what a box still holds when its election is over."""

from datetime import datetime

from groups.ballots import commands
from network.tenancy import scope
from network.tenancy.queries import ids_of_groups


def let_go_of_boxes(*, now: datetime) -> None:
    """In each group."""
    for group_id in ids_of_groups():
        with scope.visiting(group_id):
            commands.let_go(now=now)
