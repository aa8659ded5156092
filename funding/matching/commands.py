"""How lines end: joined to entries that stand, written down from here, or left aside with a reason.

Whoever settles a line takes the book first and then the line, so that two people at once wait for each other; the second
finds it settled.
"""

import uuid
from collections.abc import Callable, Sequence
from datetime import date, datetime

import sqlalchemy as sa

from funding.expenses import commands as expenses
from funding.income import commands as income
from funding.ledger.commands import take_book
from funding.ledger.rules import Cost, EntryKind, Place
from funding.matching import queries, rules
from funding.matching.models import LineMatch
from funding.matching.rules import Refusal
from funding.statements.models import LineState, Statement, StatementLine
from network import audit
from network.db import db


class CannotSettle(Exception):
    """The line stays as it is; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def join_line(line: StatementLine, entry_id: uuid.UUID, *, by: uuid.UUID, now: datetime) -> None:
    """The line, or as much of it as fits, belongs to an entry that stands. Raises `CannotSettle`."""
    rest = _take(line)
    if any(part.journal_id == entry_id for part in queries.parts_of(line)):
        raise CannotSettle(Refusal.JOINED_ALREADY)
    free, is_standing = queries.free_of(entry_id, line)
    if refusal := rules.why_not_join(rest=rest, free=free, is_standing=is_standing):
        raise CannotSettle(refusal)
    _add(line, rules.joined_amount(rest=rest, free=free), by=by, now=now, entry_id=entry_id)


def write_income(
    line: StatementLine, *, kind: EntryKind, amount: int, fund: str, received_on: date, words: str, by: uuid.UUID,
    now: datetime, key: uuid.UUID,
) -> uuid.UUID:  # fmt: skip
    """Write down money that came in, from its line. Raises `CannotSettle` or `CannotPost`."""

    def write() -> uuid.UUID:
        return income.record_income(
            kind=kind, amount=amount, place=Place(line.account.place), fund=fund, received_on=received_on, words=words,
            by=by, now=now, key=key,
        )  # fmt: skip

    return _write(line, write, amount, key, by=by, now=now, comes_in=True)


def write_transfer(
    line: StatementLine, *, other: Place, amount: int, moved_on: date, words: str, by: uuid.UUID, now: datetime, key: uuid.UUID
) -> uuid.UUID:  # fmt: skip
    """Write down that money was moved between places, from its line at one of them. Raises `CannotSettle` or `CannotPost`."""
    here = Place(line.account.place)
    source, target = (other, here) if line.amount > 0 else (here, other)

    def write() -> uuid.UUID:
        return income.record_transfer(
            source=source,
            target=target,
            amount=amount,
            moved_on=moved_on,
            words=words,
            by=by,
            now=now,
            key=key,
        )

    return _write(line, write, amount, key, by=by, now=now)


def _write(
    line: StatementLine, write: Callable[[], uuid.UUID], amount: int, key: uuid.UUID, *, by: uuid.UUID, now: datetime,
    comes_in: bool | None = None,
) -> uuid.UUID:  # fmt: skip
    if any(part.journal_id == key for part in queries.parts_of(line)):
        return key
    rest = _take(line)
    if refusal := rules.why_not_write(rest=rest, amount=amount, comes_in=comes_in):
        raise CannotSettle(refusal)
    entry_id = write()
    _add(line, amount if rest > 0 else -amount, by=by, now=now, entry_id=entry_id)
    return entry_id


def draft_expense(
    line: StatementLine, *, cost: Cost, amount: int, fund: str, spent_on: date, words: str, by: uuid.UUID, now: datetime,
    key: uuid.UUID,
) -> uuid.UUID:  # fmt: skip
    """Write down an expense from its line; both wait for a second person. Raises `CannotSettle` or `CannotPost`."""
    if any(part.draft_id == key for part in queries.parts_of(line)):
        return key
    rest = _take(line)
    if refusal := rules.why_not_write(rest=rest, amount=amount, comes_in=False):
        raise CannotSettle(refusal)
    draft_id = expenses.record_expense(
        cost=cost, amount=amount, place=Place(line.account.place), fund=fund, spent_on=spent_on, words=words, by=by, now=now,
        key=key,
    )  # fmt: skip
    _add(line, -amount, by=by, now=now, draft_id=draft_id)
    return draft_id


def draft_charges(
    statement: Statement, *, fund: str, words: str, by: uuid.UUID, now: datetime, key: uuid.UUID
) -> uuid.UUID:
    """Write down all open charges of a statement as one expense that waits for a second person.

    Raises `CannotSettle` or `CannotPost`.
    """
    take_book()
    charges = queries.open_charges(statement)
    if not charges:
        raise CannotSettle(Refusal.NO_CHARGES)
    _hold(charges)
    draft_id = expenses.record_expense(
        cost=Cost.FEES, amount=-sum(line.amount for line in charges), place=Place(statement.account.place), fund=fund,
        spent_on=max(line.booked_on for line in charges), words=words, by=by, now=now, key=key,
    )  # fmt: skip
    for line in charges:
        _add(line, line.amount, by=by, now=now, draft_id=draft_id)
    return draft_id


def leave_aside(line: StatementLine, *, reason: str, by: uuid.UUID, now: datetime) -> None:
    """The line has no place in the book, for a reason that is kept with it. Raises `CannotSettle`."""
    _take(line)
    if queries.parts_of(line):
        raise CannotSettle(Refusal.HAS_PARTS)
    line.state, line.reason, line.words = LineState.IGNORED, reason, None
    line.settled_at, line.settled_by_id = now, by
    audit.record("statement_line.left_aside", line, by=by, now=now)
    db.session.flush()


def take_up_again(line: StatementLine, *, by: uuid.UUID, now: datetime) -> None:
    """A line that was left aside is open again. Raises `CannotSettle`."""
    take_book()
    _hold([line])
    if line.state != LineState.IGNORED:
        raise CannotSettle(Refusal.ENDED_ALREADY)
    line.state, line.reason = LineState.OPEN, None
    line.settled_at = line.settled_by_id = None
    audit.record("statement_line.opened_again", line, by=by, now=now)
    db.session.flush()


def part_line(line: StatementLine, part: LineMatch, *, by: uuid.UUID, now: datetime) -> None:
    """The line does not belong to this entry after all; the entry itself stays, and so does a draft that waits."""
    take_book()
    audit.record("statement_line.parted", line, by=by, now=now)
    db.session.delete(part)
    db.session.flush()
    db.session.refresh(line)


def _take(line: StatementLine) -> int:
    """Hold the book and the line until the transaction ends; what of the line is left. Raises `CannotSettle`."""
    take_book()
    _hold([line])
    rest = queries.rest_of(line)
    if line.state != LineState.OPEN or not rest:
        raise CannotSettle(Refusal.ENDED_ALREADY)
    return rest


def _hold(lines: Sequence[StatementLine]) -> None:
    """Keep others from these lines until the transaction ends, and see them as they are now."""
    ids = [line.id for line in lines]
    rows = sa.select(StatementLine.id).where(StatementLine.id.in_(ids)).order_by(StatementLine.id)
    db.session.execute(rows.with_for_update())
    for line in lines:
        db.session.refresh(line)


def _add(
    line: StatementLine,
    amount: int,
    *,
    by: uuid.UUID,
    now: datetime,
    entry_id: uuid.UUID | None = None,
    draft_id: uuid.UUID | None = None,
) -> None:
    part = LineMatch(
        line_id=line.id, journal_id=entry_id, draft_id=draft_id, amount=amount, joined_by_id=by, joined_at=now
    )
    db.session.add(part)
    audit.record("statement_line.joined", line, by=by, now=now)
    db.session.flush()
    db.session.refresh(line)
