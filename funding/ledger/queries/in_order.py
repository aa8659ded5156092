"""Reading the whole book in order, a few hundred entries at a time, as plain values: for leaving with it."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from funding.ledger.models import Journal, LedgerAccount, LedgerBalance, Leg, Memo
from funding.ledger.rules import AccountKind
from network.db import db

AT_ONCE = 500


@dataclass(frozen=True)
class LegInOrder:
    """One side of an entry."""

    account: str
    account_kind: AccountKind
    fund: str
    amount: int


@dataclass(frozen=True)
class EntryInOrder:
    """An entry without the people who wrote it down."""

    number: int
    effective_on: date
    recorded_at: datetime
    kind: str
    code: str | None
    words: str | None
    takes_back: int | None
    seal: bytes
    legs: tuple[LegInOrder, ...]


@dataclass(frozen=True)
class Moved:
    """What moved on an account, in a fund, in a month."""

    account: str
    account_kind: AccountKind
    fund: str
    month: date
    debit: int
    credit: int


def entries_in_order(
    *, since: date | None = None, before: date | None = None, with_words: bool
) -> Iterator[EntryInOrder]:
    """Every entry by its number, or those whose money moved from one day up to, not including, another."""
    last = 0
    while batch := _batch(last, since, before, with_words=with_words):
        yield from batch
        last = batch[-1].number


def _batch(after: int, since: date | None, before: date | None, *, with_words: bool) -> list[EntryInOrder]:
    undone = aliased(Journal)
    words = Memo.words if with_words else sa.null()
    rows = (
        sa.select(Journal, words, undone.number)
        .outerjoin(undone, sa.and_(undone.group_id == Journal.group_id, undone.id == Journal.reverses_id))
        .where(Journal.number > after)
        .order_by(Journal.number)
        .limit(AT_ONCE)
    )
    if with_words:
        same = sa.and_(Memo.group_id == Journal.group_id, Memo.journal_id == Journal.id)
        rows = rows.outerjoin(Memo, same)
    if since:
        rows = rows.where(Journal.effective_on >= since)
    if before:
        rows = rows.where(Journal.effective_on < before)
    found = [(entry, said, number) for entry, said, number in db.session.execute(rows)]
    legs = _legs([entry.id for entry, _, _ in found])
    made = [_plain(entry, said, number, legs.get(entry.id, ())) for entry, said, number in found]
    for entry, _, _ in found:
        db.session.expunge(entry)  # a large book must not fill the memory
    return made


def _plain(
    entry: Journal, words: str | None, takes_back: int | None, legs: tuple[LegInOrder, ...]
) -> EntryInOrder:
    return EntryInOrder(
        entry.number, entry.effective_on, entry.recorded_at, entry.kind, entry.code, words, takes_back,
        bytes(entry.hash), legs,
    )  # fmt: skip


def _legs(ids: list[uuid.UUID]) -> dict[uuid.UUID, tuple[LegInOrder, ...]]:
    rows = (
        sa.select(Leg.journal_id, LedgerAccount.code, LedgerAccount.kind, Leg.fund, Leg.amount)
        .join(LedgerAccount, LedgerAccount.id == Leg.account_id)
        .where(Leg.journal_id.in_(ids))
        .order_by(Leg.journal_id, Leg.amount.desc(), LedgerAccount.code, Leg.fund)
    )
    found: dict[uuid.UUID, list[LegInOrder]] = {}
    for journal_id, code, kind, fund, amount in db.session.execute(rows) if ids else ():
        found.setdefault(journal_id, []).append(LegInOrder(code, kind, fund, amount))
    return {journal_id: tuple(legs) for journal_id, legs in found.items()}


def months_moved(*, since: date | None = None, before: date | None = None) -> list[Moved]:
    """What moved on every account, fund and month, in order."""
    rows = (
        sa.select(
            LedgerAccount.code, LedgerAccount.kind, LedgerBalance.fund, LedgerBalance.month, LedgerBalance.debit, LedgerBalance.credit
        )
        .join(LedgerAccount, LedgerBalance.account)
        .order_by(LedgerBalance.month, LedgerAccount.code, LedgerBalance.fund)
    )  # fmt: skip
    if since:
        rows = rows.where(LedgerBalance.month >= since)
    if before:
        rows = rows.where(LedgerBalance.month < before)
    return [Moved(*row) for row in db.session.execute(rows)]


def find_last_day() -> date | None:
    """The latest day any money moved."""
    return db.session.scalar(sa.select(sa.func.max(Journal.effective_on)))


def count_entries(*, most: int) -> int:
    """How many entries there are, up to so many: numbers have no gaps, so the last one says it."""
    found = db.session.scalar(sa.select(Journal.number).order_by(Journal.number.desc()).limit(1))
    return min(found or 0, most)
