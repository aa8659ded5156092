"""Asking to close or open months, and a second person's answer."""

import uuid
from datetime import date, datetime

from sqlalchemy.exc import IntegrityError

from funding.ledger import commands as ledger
from funding.ledger import queries as book
from funding.periods import queries, rules
from funding.periods.models import ChangeKind, ChangeState, PeriodChange
from funding.periods.rules import Refusal
from network import audit
from network.db import db


class CannotChange(Exception):
    """The months stay as they are; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def ask_to_close(through: date, *, by: uuid.UUID, now: datetime) -> PeriodChange:
    """Ask for the book to be closed up to the end of a month. Raises `CannotChange`."""
    _require_closable(through, now=now)
    return _ask(ChangeKind.CLOSE, through, None, by=by, now=now)


def ask_to_reopen(through: date | None, *, reason: str, by: uuid.UUID, now: datetime) -> PeriodChange:
    """Ask for the months after `through` (or all) to be opened again. Raises `CannotChange`."""
    if refusal := rules.why_not_reopen(through, closed_through=book.closed_through()):
        raise CannotChange(refusal)
    return _ask(ChangeKind.REOPEN, through, reason, by=by, now=now)


def _require_closable(through: date, *, now: datetime) -> None:
    refusal = rules.why_not_close(
        through,
        closed_through=book.closed_through(),
        today=ledger.today(now),
        has_waiting=book.has_draft_waiting_until(through),
    )
    if refusal:
        raise CannotChange(refusal)


def _ask(
    kind: ChangeKind, through: date | None, reason: str | None, *, by: uuid.UUID, now: datetime
) -> PeriodChange:
    if queries.find_waiting():
        raise CannotChange(Refusal.WAITING_ALREADY)
    change = PeriodChange(kind=kind, through=through, reason=reason, asked_by_id=by, asked_at=now)
    try:
        with db.session.begin_nested():
            db.session.add(change)
    except IntegrityError:  # somebody asked at the same moment
        raise CannotChange(Refusal.WAITING_ALREADY) from None
    audit.record("period.asked", change, by=by, now=now)
    return change


def agree(change: PeriodChange, *, by: uuid.UUID, now: datetime) -> None:
    """The second person agrees; from here on the database lets nothing into the closed days. Raises `CannotChange`.

    Whoever agrees takes the book first, so an entry is wholly before or wholly after.
    """
    ledger.take_book()
    _take(change)
    if refusal := ledger.why_not_second(by, first=change.asked_by_id, now=now):
        raise CannotChange(Refusal(refusal.value))
    if change.kind == ChangeKind.CLOSE and change.through:
        _require_closable(change.through, now=now)
    elif refusal_ := rules.why_not_reopen(change.through, closed_through=book.closed_through()):
        raise CannotChange(refusal_)
    change.state, change.decided_by_id, change.decided_at = ChangeState.DONE, by, now
    audit.record(f"period.{change.kind}", change, by=by, now=now)
    db.session.flush()


def refuse(change: PeriodChange, *, by: uuid.UUID, now: datetime) -> None:
    """Say no, or take one's own question away. Raises `CannotChange`."""
    _take(change)
    change.state, change.decided_by_id, change.decided_at = ChangeState.REFUSED, by, now
    audit.record("period.refused", change, by=by, now=now)
    db.session.flush()


def _take(change: PeriodChange) -> None:
    db.session.refresh(change, with_for_update=True)
    if change.state != ChangeState.WAITING:
        raise CannotChange(Refusal.DECIDED_ALREADY)
