"""A result that nobody challenged becomes final by itself."""

import logging
from contextlib import suppress
from datetime import datetime

import sqlalchemy as sa

from groups.challenges import commands, queries
from groups.elections.commands import CannotElect
from network.db import db
from network.tenancy import scope
from network.tenancy.models import Group, GroupKind

log = logging.getLogger(__name__)


def certify_results(*, now: datetime) -> None:
    """In each group, whatever is due."""
    with scope.visiting():
        groups = list(db.session.scalars(sa.select(Group.id).where(Group.kind == GroupKind.GROUP)))
    for group_id in groups:
        try:
            with scope.visiting(group_id):
                for election in queries.due_for_certifying(now):
                    with suppress(CannotElect):
                        commands.certify_result(election, by=None, now=now)
        except Exception:  # one group must not keep the others from theirs
            log.exception("results of group %s were not certified", group_id)
