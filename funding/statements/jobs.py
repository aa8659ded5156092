"""Names of those who paid are not kept longer than somebody needs to know whose money it was."""

from datetime import datetime

from funding.statements import commands
from network.outbox import periodic
from network.tenancy import scope
from network.tenancy.queries import ids_of_groups


def drop_names(*, now: datetime) -> None:
    """In each group and office."""
    with periodic.each_by_itself() as one:
        for group_id in ids_of_groups():
            with one("dropping names on statements", group_id), scope.visiting(group_id):
                commands.drop_names(now=now)
