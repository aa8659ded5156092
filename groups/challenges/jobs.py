"""A result that nobody challenged becomes final by itself."""

import logging
from contextlib import suppress
from datetime import datetime

from groups.challenges import commands, queries
from groups.elections.commands import CannotElect
from network.tenancy import scope
from network.tenancy.models import GroupKind
from network.tenancy.queries import ids_of_groups

log = logging.getLogger(__name__)


def certify_results(*, now: datetime) -> None:
    """In each group, whatever is due."""
    for group_id in ids_of_groups(GroupKind.GROUP):
        try:
            with scope.visiting(group_id):
                for election in queries.due_for_certifying(now):
                    with suppress(CannotElect):
                        commands.certify_result(election, by=None, now=now)
        except Exception:  # one group must not keep the others from theirs
            log.exception("results of group %s were not certified", group_id)
