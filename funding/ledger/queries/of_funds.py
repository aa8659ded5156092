"""Reading what is of one fund, or of entries somebody else keeps a list of: a grant's spending, its entries, what still counts."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

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
    """What an entry, or taking it back, moved on a cost in a month; `entry_id` is the entry's, also where it was taken back."""

    entry_id: uuid.UUID
    account: str
    month: date
    amount: int


def spending_from(fund: str) -> list[Spending]:
    """What was spent from a grant's fund, entry by entry."""
    origin = sa.func.coalesce(Journal.reverses_id, Journal.id)
    month = sa.cast(sa.func.date_trunc("month", Journal.effective_on), sa.Date)
    rows = (
        sa.select(origin, LedgerAccount.code, month, sa.func.sum(Leg.amount))
        .select_from(Leg)
        .join(Journal, sa.and_(Journal.group_id == Leg.group_id, Journal.id == Leg.journal_id))
        .join(LedgerAccount, LedgerAccount.id == Leg.account_id)
        .where(Leg.fund == fund, sa.text(OF_A_GRANT), LedgerAccount.kind == AccountKind.EXPENSE)
        .group_by(origin, LedgerAccount.code, month)
    )
    return [
        Spending(entry_id, code, first, int(amount))
        for entry_id, code, first, amount in db.session.execute(rows)
    ]


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


def drafts_that_count(ids: Iterable[uuid.UUID]) -> list[tuple[uuid.UUID, date, int, bool]]:
    """Which of these wait or stand in the book and were not taken back: the day, how much, and whether it stands."""
    undoing = aliased(Journal)
    rows = (
        sa.select(Draft.id, Draft.effective_on, Draft.size, Draft.journal_id.is_not(None))
        .outerjoin(undoing, undoing.reverses_id == Draft.journal_id)
        .where(Draft.id.in_(list(ids)), Draft.state != DraftState.REFUSED, undoing.id.is_(None))
    )
    return [(one_id, day, amount, stands) for one_id, day, amount, stands in db.session.execute(rows)]
