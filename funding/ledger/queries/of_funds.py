"""Reading what is of one fund, or of entries somebody else keeps a list of: a grant's spending, its entries, what still counts."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from funding.ledger.models import Draft, Journal, LedgerAccount, LedgerBalance, Leg
from funding.ledger.queries import entries
from funding.ledger.rules import AccountKind, DraftState, EntryKind
from network.db import db

OF_A_GRANT = "legs.fund like 'grant-%'"
"""Said as the index says it, so that it is used: what is of grants is found without reading the rest of the book."""


@dataclass(frozen=True)
class Spending:
    """What an entry, or taking it back, moved on a cost on a day; `entry_id` is the entry's, also where it was taken back."""

    entry_id: uuid.UUID
    account: str
    on: date
    amount: int


def spending_from(fund: str, *, until: int | None = None) -> list[Spending]:
    """What was spent from a grant's fund, entry by entry; with `until`, as the book said when it had so many entries."""
    origin = sa.func.coalesce(Journal.reverses_id, Journal.id)
    rows = (
        _legs_of(fund, until=until)
        .with_only_columns(origin, LedgerAccount.code, Journal.effective_on, sa.func.sum(Leg.amount))
        .where(LedgerAccount.kind == AccountKind.EXPENSE)
        .group_by(origin, LedgerAccount.code, Journal.effective_on)
    )
    return [Spending(one_id, code, on, int(amount)) for one_id, code, on, amount in db.session.execute(rows)]


def _legs_of(fund: str, *, until: int | None) -> sa.Select[Any]:
    legs = (
        sa.select(Leg.id)
        .join(Journal, sa.and_(Journal.group_id == Leg.group_id, Journal.id == Leg.journal_id))
        .join(LedgerAccount, LedgerAccount.id == Leg.account_id)
        .where(Leg.fund == fund, sa.text(OF_A_GRANT))
    )
    return legs if until is None else legs.where(Journal.number <= until)


def sums_before(fund: str, days: Sequence[date], *, until: int | None = None) -> list[dict[str, int]]:
    """What stood on each account of a grant's fund before each of these days, signed as debit − credit."""
    sums = [sa.func.sum(Leg.amount).filter(Journal.effective_on < day) for day in days]
    rows = (
        _legs_of(fund, until=until).with_only_columns(LedgerAccount.code, *sums).group_by(LedgerAccount.code)
    )
    found: list[dict[str, int]] = [{} for _ in days]
    for code, *amounts in db.session.execute(rows):
        for sums_of_day, amount in zip(found, amounts, strict=True):
            sums_of_day[code] = int(amount or 0)
    return found


def is_fund_used(fund: str) -> bool:
    """Whether anything ever moved in a fund."""
    return (
        db.session.scalar(sa.select(LedgerBalance.id).where(LedgerBalance.fund == fund).limit(1)) is not None
    )


def has_draft_waiting_in(fund: str) -> bool:
    """Whether anything that would move in a fund waits for a second person."""
    inside = sa.func.jsonb_path_exists(
        Draft.lines,
        sa.text("'strict $[*] ? (@[1] == $fund)'"),
        sa.func.jsonb_build_object("fund", sa.cast(fund, sa.Text)),
    )
    waiting = sa.select(Draft.id).where(Draft.state == DraftState.WAITING, inside)
    return db.session.scalar(waiting.limit(1)) is not None


ORDER = (Journal.number, Journal.id)
"""How entries are paged, the latest first."""


def entries_of(fund: str, *kinds: EntryKind) -> sa.Select[Journal]:
    """The entries of a grant's fund (of these kinds), the latest first; a selection so that pages can page it."""
    inside = (
        sa.exists()
        .where(Leg.journal_id == Journal.id, Leg.fund == fund, sa.text(OF_A_GRANT))
        .correlate(Journal)
    )
    return entries().where(inside, Journal.kind.in_(kinds or tuple(EntryKind)))


def entries_by_id(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Journal]:
    """These entries, as far as they are there."""
    return {one.id: one for one in db.session.scalars(entries().where(Journal.id.in_(list(ids))))}


def drafts_that_count(
    ids: Iterable[uuid.UUID], *, until: int | None = None
) -> list[tuple[uuid.UUID, date, int, bool]]:
    """Which of these wait or stand in the book and were not taken back: the day, how much, and whether it stands.

    With `until`, as the book said when it had so many entries.
    """
    undoing, posted = aliased(Journal), aliased(Journal)
    is_undone: sa.ColumnElement[bool] = undoing.reverses_id == Draft.journal_id
    stands: sa.ColumnElement[bool] = posted.id.is_not(None)
    if until is not None:
        is_undone, stands = sa.and_(is_undone, undoing.number <= until), posted.number <= until
    rows = (
        sa.select(Draft.id, Draft.effective_on, Draft.size, sa.func.coalesce(stands, False))
        .outerjoin(posted, posted.id == Draft.journal_id)
        .outerjoin(undoing, is_undone)
        .where(Draft.id.in_(list(ids)), Draft.state != DraftState.REFUSED, undoing.id.is_(None))
    )
    return [(one_id, day, amount, is_there) for one_id, day, amount, is_there in db.session.execute(rows)]
