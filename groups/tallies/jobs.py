"""Every day, papers with an order on them are let go of where their time is over."""

import logging
from datetime import datetime

from groups.tallies import commands
from network.tenancy import scope
from network.tenancy.models import GroupKind
from network.tenancy.queries import ids_of_groups

log = logging.getLogger(__name__)


def forget_papers(*, now: datetime) -> None:
    """In every group, also those that are closed."""
    for group_id in ids_of_groups(GroupKind.GROUP):
        try:
            with scope.visiting(group_id):
                commands.forget_papers(now=now)
        except Exception:  # one group must not keep the others' papers
            log.exception("papers of group %s stay", group_id)
