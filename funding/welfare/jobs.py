"""Destroying requests when their day has come."""

from datetime import datetime

from funding.welfare import commands
from network.outbox import periodic
from network.tenancy import scope
from network.tenancy.queries import ids_of_groups


def destroy_requests(*, now: datetime) -> None:  # noqa: ARG001 - the database goes by its own clock, so that nobody can hurry it
    """In each group, whoever holds which office by now."""
    with periodic.each_by_itself() as one:
        for group_id in ids_of_groups():
            with one("destroying requests", group_id), scope.visiting(group_id):
                commands.destroy_what_is_due()
