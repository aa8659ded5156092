"""Destroying matters when their day has come."""

from datetime import datetime

from groups.disputes import commands
from network.outbox import periodic
from network.tenancy import scope
from network.tenancy.models import GroupKind
from network.tenancy.queries import ids_of_groups


def destroy_matters(*, now: datetime) -> None:  # noqa: ARG001 - the database goes by its own clock, so that nobody can hurry it
    """In each group, whoever is still there to see them."""
    with periodic.each_by_itself() as one:
        for group_id in ids_of_groups(GroupKind.GROUP):
            with one("destroying matters", group_id), scope.visiting(group_id):
                commands.destroy_what_is_due()
