"""Every night, every book."""

import logging
import uuid
from datetime import datetime

from funding.ledger.queries.whole import hold_still
from funding.verification import commands, queries
from network.outbox import periodic
from network.tenancy import scope
from network.tenancy.queries import ids_of_groups

log = logging.getLogger(__name__)


def verify_books(*, now: datetime) -> None:
    """Ask each group's book; one that breaks a promise takes no entries until it holds again."""
    with periodic.each_by_itself() as one:
        for group_id in ids_of_groups():
            with one("verifying the book", group_id):
                _verify(group_id, now=now)


def _verify(group_id: uuid.UUID, *, now: datetime) -> None:
    found = _ask(group_id)
    with scope.visiting(group_id):
        if commands.note_faults(found, now=now):
            log.error("the book of %s does not add up: flask book verify names the rows", group_id)


def _ask(group_id: uuid.UUID) -> list[queries.Fault]:
    """Read as the book is at one moment: what is written meanwhile must not look like a fault."""
    with scope.visiting(group_id):
        hold_still()
        return queries.faults()
