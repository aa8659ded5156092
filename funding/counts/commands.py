"""Counting the box, and signing what was counted."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from funding.counts import queries, rules
from funding.counts.models import CashCount, CountState
from funding.counts.rules import Refusal
from funding.ledger import commands as ledger
from funding.ledger import queries as book
from funding.ledger.rules import Entry, EntryKind, Place, held_in_funds
from network import audit
from network.db import db
from network.tenancy import scope
from network.tenancy.queries import get_group


class CannotCount(Exception):
    """It is not counted like this; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def count_cash(pieces: Mapping[int, int], other: int, *, by: uuid.UUID, now: datetime) -> CashCount:
    """Write down what is in the box; it counts when a second person has signed. Raises `CannotCount`."""
    if queries.find_waiting():
        raise CannotCount(Refusal.WAITING_ALREADY)
    found = CashCount(
        id=uuid.uuid4(), counted_on=ledger.today(now), currency=get_group(scope.group_id()).currency,
        pieces={str(value): number for value, number in pieces.items() if number}, other=other,
        amount=rules.worth(pieces, other), counted_by_id=by, counted_at=now,
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(found)
    except IntegrityError as clash:
        if "uq_cash_counts_waiting" not in str(clash.orig):
            raise
        raise CannotCount(Refusal.WAITING_ALREADY) from None  # two people began at the same moment
    return found


def agree(waiting: CashCount, *, by: uuid.UUID, why: str, seen: int, now: datetime) -> None:
    """The second person signs; a difference from the book is posted under its own name, with the words of both.

    `seen` is what the book said when the two looked. Raises `CannotCount` and `CannotPost`.
    """
    ledger.take_book()
    _take(waiting)
    if refusal := ledger.why_not_second(by, first=waiting.counted_by_id, now=now):
        raise CannotCount(Refusal(refusal.value))
    there = book.held()
    says = book.held_in_places(there)[Place.CASH]
    difference = waiting.amount - says
    if not_yet := rules.why_not_agree(difference=difference, has_why=bool(why), has_moved=says != seen):
        raise CannotCount(not_yet)
    waiting.why = why or None
    if difference:
        lines = rules.difference_lines(Place.CASH, difference, held_in_funds(there))
        entry = Entry(EntryKind.COUNT, waiting.counted_on, lines, memo=why)
        waiting.journal_id = ledger.post(entry, by=waiting.counted_by_id, second=by, now=now).id
    waiting.book, waiting.state = says, CountState.DONE
    waiting.agreed_by_id, waiting.agreed_at = by, now
    audit.record("cash.counted", waiting, by=by, now=now)
    db.session.flush()
    db.session.refresh(waiting)


def take_away(waiting: CashCount, *, by: uuid.UUID, now: datetime) -> None:
    """Begin again: what was written down does not count. Raises `CannotCount`."""
    _take(waiting)
    waiting.state = CountState.TAKEN_AWAY
    audit.record("cash.count_taken_away", waiting, by=by, now=now)
    db.session.flush()


def _take(waiting: CashCount) -> None:
    db.session.refresh(waiting, with_for_update=True)
    if waiting.state != CountState.WAITING:
        raise CannotCount(Refusal.DECIDED_ALREADY)
