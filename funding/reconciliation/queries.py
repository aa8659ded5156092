"""A statement and the book beside each other, and everything that explains what lies between."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

import sqlalchemy as sa

from funding.ledger import queries as ledger
from funding.matching.models import LineMatch
from funding.matching.queries import joined_at
from funding.reconciliation import rules
from funding.reconciliation.rules import AccountRun, Joined, Reconciled
from funding.statements.models import (
    AccountPlace,
    Booked,
    LineState,
    Statement,
    StatementAccount,
    StatementAppearance,
    StatementLine,
)
from network.db import db

DAY = timedelta(days=1)
BOOKED = StatementLine.status == Booked.BOOKED
SHOWN = 20
"""How many lines or entries the page names before it only counts them."""


@dataclass(frozen=True)
class Difference:
    """A statement and the book on its last day, with the lines and entries that explain what lies between."""

    sums: Reconciled
    open_lines: list[StatementLine] = field(default_factory=list)
    count_open: int = 0
    entries: list[tuple[ledger.MoveAt, int]] = field(default_factory=list)
    """Entries that no line accounts for, each with how much of it."""
    count_entries: int = 0
    several_accounts: bool = False


def difference(statement: Statement) -> Difference | None:
    """Lay the statement and the book beside each other; nothing where no statement tells a balance."""
    place, end = statement.account.place, statement.ends_on
    runs = {run.account_id: run for run in _runs(place, end, statement)}
    if statement.account_id not in runs:
        return None
    start = min(run.starts_on for run in runs.values())
    moves = ledger.moves_at(place, start, end)
    rows = _joined_rows(place)
    joined = [
        Joined(
            amount,
            _is_in(runs.get(account_id), booked_on, end),
            entry_id in {move.entry_id for move in moves},
        )
        for account_id, booked_on, entry_id, amount in rows
    ]
    taken = joined_at(place, (move.entry_id for move in moves))
    left = [
        (move, move.amount - taken[move.entry_id]) for move in moves if move.amount != taken[move.entry_id]
    ]
    sums = rules.reconciled(
        [AccountRun(run.opening, run.closing, run.moved) for run in runs.values()],
        book_before=_book_at(place, start - DAY),
        book_after=_book_at(place, end),
        entries=sum(move.amount for move in moves),
        joined=joined,
        left_aside=sum(run.left_aside for run in runs.values()),
    )
    still_open = _open_in(runs.values(), end)
    return Difference(
        sums,
        list(db.session.scalars(still_open.limit(SHOWN))),
        db.session.scalar(sa.select(sa.func.count()).select_from(still_open.subquery())) or 0,
        left[:SHOWN],
        len(left),
        len(runs) > 1,
    )


@dataclass(frozen=True)
class _Run:
    account_id: uuid.UUID
    starts_on: date
    opening: int
    closing: int
    moved: int
    left_aside: int


def _is_in(run: _Run | None, booked_on: date, end: date) -> bool:
    return run is not None and run.starts_on <= booked_on <= end


def _book_at(place: str, day: date) -> int:
    return sum(amount for (account, _), amount in ledger.balances_on(day).items() if account == place)


def _runs(place: AccountPlace, end: date, statement: Statement) -> list[_Run]:
    """Each account of the place from the first balance that a statement tells, up to this day."""
    rows = (
        sa.select(Statement)
        .join(Statement.account)
        .where(StatementAccount.place == place)
        .order_by(Statement.starts_on, Statement.ends_on, Statement.id)
    )
    by_account: dict[uuid.UUID, list[Statement]] = defaultdict(list)
    for one in db.session.scalars(rows):
        by_account[one.account_id].append(one)
    sums = _sums_of([one.id for found in by_account.values() for one in found])
    runs = []
    for account_id, found in by_account.items():
        balances = [_balances(one, sums[one.id]) for one in found]
        run = _run(account_id, [one for one in balances if one], end, statement)
        if run:
            runs.append(run)
    return runs


@dataclass(frozen=True)
class _Balances:
    statement: Statement
    opening: int
    closing: int


def _balances(statement: Statement, moved: int) -> _Balances | None:
    """What a statement opens and closes with; where it tells one of the two, the other follows."""
    opening, closing = statement.opening, statement.closing
    if opening is None and closing is not None:
        opening = closing - moved
    if closing is None and opening is not None:
        closing = opening + moved
    return None if opening is None or closing is None else _Balances(statement, opening, closing)


def _run(account_id: uuid.UUID, balances: list[_Balances], end: date, statement: Statement) -> _Run | None:
    if not balances or balances[0].statement.starts_on > end:
        return None
    first = balances[0]
    of_this = next((one for one in balances if one.statement.id == statement.id), None)
    until = [one for one in balances if one.statement.ends_on <= end]
    latest = of_this or max(until or [first], key=lambda one: one.statement.ends_on)
    start = first.statement.starts_on
    inside = (StatementLine.account_id == account_id, BOOKED)
    closing = latest.closing
    if latest.statement.ends_on < end:
        closing += _sum(*inside, StatementLine.booked_on > latest.statement.ends_on, StatementLine.booked_on <= end)  # fmt: skip
    within = (*inside, StatementLine.booked_on.between(start, end))
    aside = _sum(*within, StatementLine.state == LineState.IGNORED)
    return _Run(account_id, start, first.opening, closing, _sum(*within), aside)


def _sum(*where: sa.ColumnElement[bool]) -> int:
    return int(
        db.session.scalar(sa.select(sa.func.coalesce(sa.func.sum(StatementLine.amount), 0)).where(*where))
        or 0
    )


def _sums_of(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, int]:
    rows = (
        sa.select(StatementAppearance.statement_id, sa.func.sum(StatementLine.amount))
        .join(StatementLine, StatementAppearance.line)
        .where(StatementAppearance.statement_id.in_(list(ids)), BOOKED)
        .group_by(StatementAppearance.statement_id)
    )
    return defaultdict(int, {statement_id: int(amount) for statement_id, amount in db.session.execute(rows)})


def _joined_rows(place: AccountPlace) -> list[tuple[uuid.UUID, date, uuid.UUID, int]]:
    rows = (
        sa.select(StatementLine.account_id, StatementLine.booked_on, LineMatch.journal_id, LineMatch.amount)
        .join(StatementLine, LineMatch.line_id == StatementLine.id)
        .join(StatementLine.account)
        .where(StatementAccount.place == place, LineMatch.journal_id.is_not(None))
    )
    return [
        (account_id, day, entry_id, amount)
        for account_id, day, entry_id, amount in db.session.execute(rows)
        if entry_id
    ]


def _open_in(runs: Iterable[_Run], end: date) -> sa.Select[StatementLine]:
    inside = [
        sa.and_(
            StatementLine.account_id == run.account_id, StatementLine.booked_on.between(run.starts_on, end)
        )
        for run in runs
    ]
    return (
        sa.select(StatementLine)
        .where(StatementLine.state == LineState.OPEN, BOOKED, sa.or_(*inside))
        .order_by(StatementLine.booked_on, StatementLine.id)
    )
