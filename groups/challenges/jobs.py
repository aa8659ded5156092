"""A result that nobody challenged becomes final by itself."""

from contextlib import suppress
from datetime import datetime

from groups.challenges import commands, queries
from groups.elections.commands import CannotElect
from network.outbox import periodic
from network.tenancy import scope
from network.tenancy.models import GroupKind
from network.tenancy.queries import ids_of_groups


def certify_results(*, now: datetime) -> None:
    """In each group, whatever is due."""
    with periodic.each_by_itself() as one:
        for group_id in ids_of_groups(GroupKind.GROUP):
            with one("certifying results", group_id), scope.visiting(group_id):
                for election in queries.due_for_certifying(now):
                    with suppress(CannotElect):
                        commands.certify_result(election, by=None, now=now)


def forget_words(*, now: datetime) -> None:  # noqa: ARG001 - the database goes by its own clock, so that nobody can hurry it
    """In each group, what was said in challenges decided long ago."""
    with periodic.each_by_itself() as one:
        for group_id in ids_of_groups(GroupKind.GROUP):
            with one("forgetting words of challenges", group_id), scope.visiting(group_id):
                commands.forget_old_words()
