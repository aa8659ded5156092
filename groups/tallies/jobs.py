"""Every day, papers with an order on them are let go of where their time is over."""

import logging
from datetime import datetime

import sqlalchemy as sa

from groups.tallies import commands
from network.db import db
from network.tenancy import scope
from network.tenancy.models import Group, GroupKind

log = logging.getLogger(__name__)


def forget_papers(*, now: datetime) -> None:
    """In every group, also those that are closed."""
    with scope.visiting():
        groups = db.session.scalars(sa.select(Group.id).where(Group.kind == GroupKind.GROUP)).all()
    for group_id in groups:
        try:
            with scope.visiting(group_id):
                commands.forget_papers(now=now)
        except Exception:  # one group must not keep the others' papers
            log.exception("papers of group %s stay", group_id)
