"""Reading grants: all of them, one with everything that belongs to it, and what is due."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import sqlalchemy as sa

from funding.budgets import queries as budgets
from funding.grants import rules
from funding.grants.models import Closing, ClosingState, Condition, ConditionState, Grant, ReportDue, Tranche
from funding.grants.rules import Promise, Standings, Telling
from funding.ledger import queries as ledger
from funding.ledger.queries import of_funds
from funding.ledger.rules import CHART, AccountKind, EntryKind
from network.db import db

if TYPE_CHECKING:
    from funding.ledger.models import Journal, LedgerFund

COMES_AS = (EntryKind.GRANT, EntryKind.SEED, EntryKind.OTHER_INCOME, EntryKind.OPENING)
EVER = (date(1900, 1, 1), date(9999, 1, 1))


def grants() -> sa.Select[Grant]:
    """Every grant, the one that ends last on top; a selection so that pages can page it."""
    return sa.select(Grant).order_by(Grant.ends_on.desc(), Grant.starts_on.desc(), Grant.id)


def get_grant(grant_id: uuid.UUID) -> Grant:
    """One grant, or a page that says there is nothing here."""
    return db.get_or_404(Grant, grant_id)


def find_by_fund(fund: str) -> Grant | None:
    """The grant whose fund this is."""
    return db.session.scalar(sa.select(Grant).where(Grant.fund == fund))


def get_tranche(tranche_id: uuid.UUID) -> Tranche:
    """A part of a grant, or a page that says there is nothing here."""
    return db.get_or_404(Tranche, tranche_id)


def get_condition(condition_id: uuid.UUID) -> Condition:
    """Something promised for a grant, or a page that says there is nothing here."""
    return db.get_or_404(Condition, condition_id)


def get_report_due(report_id: uuid.UUID) -> ReportDue:
    """A report a funder waits for, or a page that says there is nothing here."""
    return db.get_or_404(ReportDue, report_id)


def get_closing(closing_id: uuid.UUID) -> Closing:
    """The closing of a grant, or a page that says there is nothing here."""
    return db.get_or_404(Closing, closing_id)


def find_closing(grant_id: uuid.UUID) -> Closing | None:
    """How a grant is being closed, or was."""
    found = sa.select(Closing).where(Closing.grant_id == grant_id, Closing.state != ClosingState.REFUSED)
    return db.session.scalar(found)


def closings_waiting() -> list[Closing]:
    """Every closing that waits for a second person."""
    waiting = sa.select(Closing).where(Closing.state == ClosingState.WAITING)
    return list(db.session.scalars(waiting.order_by(Closing.asked_at, Closing.id)))


def fund_of(grant: Grant) -> "LedgerFund":
    """The grant's fund, which knows its name and whether it is closed."""
    return ledger.get_fund(grant.fund)


def funds_by_code() -> dict[str, "LedgerFund"]:
    """Every fund of the book by its code."""
    return {fund.code: fund for fund in ledger.funds()}


def open_grants() -> list[Grant]:
    """Grants whose fund is open, in the order they came."""
    is_open = {code for code, fund in funds_by_code().items() if fund.closed_on is None}
    found = sa.select(Grant).where(Grant.fund.in_(is_open))
    return list(db.session.scalars(found.order_by(sa.func.length(Grant.fund), Grant.fund)))


def standings_of(grants: Iterable[Grant]) -> dict[uuid.UUID, Standings]:
    """How the money of each of these stands, from one reading of the book."""
    grants = list(grants)
    sums: dict[str, dict[str, int]] = {grant.fund: {} for grant in grants}
    for one in ledger.movements(*EVER) if grants else ():
        if one.fund in sums:
            sums[one.fund][one.account] = one.before + one.debit - one.credit
    return {grant.id: rules.standings(grant.amount, sums[grant.fund]) for grant in grants}


@dataclass(frozen=True)
class Part:
    """A part of a grant with the entry that says it came, if it did."""

    tranche: Tranche
    entry: "Journal | None"

    @property
    def has_come(self) -> bool:
        return self.entry is not None


def parts_of(grant_id: uuid.UUID) -> list[Part]:
    """The parts of a grant in the order they are expected; an entry that was taken back says nothing."""
    found = sa.select(Tranche).where(Tranche.grant_id == grant_id)
    tranches = list(db.session.scalars(found.order_by(Tranche.expected_on.nulls_last(), Tranche.id)))
    standing = _standing([tranche.entry_id for tranche in tranches if tranche.entry_id])
    return [
        Part(tranche, standing.get(tranche.entry_id) if tranche.entry_id else None) for tranche in tranches
    ]


def _standing(ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, "Journal"]:
    if not ids:
        return {}
    taken_back = ledger.reversed_among(ids)
    return {
        entry_id: one for entry_id, one in of_funds.entries_by_id(ids).items() if entry_id not in taken_back
    }


def has_come(tranche: Tranche) -> bool:
    """Whether the entry that says a part came stands in the book."""
    return tranche.entry_id is not None and bool(_standing([tranche.entry_id]))


def unlinked_income(grant: Grant) -> list["Journal"]:
    """Entries that brought money into the grant's fund and belong to no part of it yet, the latest first."""
    linked = sa.select(Tranche.entry_id).where(Tranche.entry_id.is_not(None), Tranche.grant_id == grant.id)
    taken = set(db.session.scalars(linked))
    found = [
        one for one in db.session.scalars(of_funds.entries_of(grant.fund, *COMES_AS)) if one.id not in taken
    ]
    taken_back = ledger.reversed_among(one.id for one in found)
    return [one for one in found if one.id not in taken_back]


def conditions_of(grant_id: uuid.UUID) -> list[Condition]:
    """What was promised for a grant: what is open first."""
    found = sa.select(Condition).where(Condition.grant_id == grant_id)
    is_settled = Condition.state != ConditionState.OPEN
    return list(db.session.scalars(found.order_by(is_settled, Condition.due_on.nulls_last(), Condition.id)))


def reports_of(grant_id: uuid.UUID) -> list[ReportDue]:
    """The reports its funder waits for or has, in order."""
    found = sa.select(ReportDue).where(ReportDue.grant_id == grant_id)
    return list(db.session.scalars(found.order_by(ReportDue.due_on, ReportDue.id)))


def telling_of(grant: Grant) -> Telling:
    """What a report about a grant says now besides the book's sums."""
    agreed, closing = budgets.find_agreed(grant.fund), find_closing(grant.id)
    is_closed = closing is not None and closing.state == ClosingState.DONE
    return Telling(
        name=fund_of(grant).name or "", funder=grant.funder, reference=grant.reference, purpose=grant.purpose,
        restriction=grant.restriction, starts_on=grant.starts_on, ends_on=grant.ends_on,
        amount=grant.amount, budget=agreed.number if agreed else None,
        promises=tuple(Promise(one.words, one.state) for one in conditions_of(grant.id)),
        parts=tuple((part.entry.effective_on, part.entry.size) for part in parts_of(grant.id) if part.entry),
        closing=(closing.closes_on, closing.words) if closing and is_closed else None,
    )  # fmt: skip


def days_spent(fund: str) -> tuple[date, date] | None:
    """The first and the last day anything was spent from a grant's fund."""
    days = [
        one.effective_on
        for one in db.session.scalars(of_funds.entries_of(fund, EntryKind.EXPENSE, EntryKind.HARDSHIP))
        if any(CHART[account] is AccountKind.EXPENSE for account, its, _ in one.lines if its == fund)
    ]
    return (min(days), max(days)) if days else None


@dataclass(frozen=True)
class Due:
    """Something of a grant that is near its date: a part to come, a promise, a report."""

    grant_id: uuid.UUID
    fund: str
    what: str
    on: date
    words: str = ""


def due_until(day: date) -> list[Due]:
    """What is expected, promised or to be reported until a day, the nearest first."""
    return sorted([*_parts_due(day), *_promises_due(day), *_reports_due(day)], key=lambda due: due.on)


def _parts_due(day: date) -> list[Due]:
    rows = sa.select(Tranche, Grant.fund).join(Grant, Grant.id == Tranche.grant_id)
    found = [(one, fund) for one, fund in db.session.execute(rows.where(Tranche.expected_on <= day))]
    standing = _standing([one.entry_id for one, _ in found if one.entry_id])
    return [
        Due(one.grant_id, fund, "part", one.expected_on)
        for one, fund in found
        if one.expected_on and one.entry_id not in standing
    ]


def _promises_due(day: date) -> list[Due]:
    rows = sa.select(Condition, Grant.fund).join(Grant, Grant.id == Condition.grant_id)
    is_due = sa.and_(Condition.due_on <= day, Condition.state == ConditionState.OPEN)
    found = db.session.execute(rows.where(is_due))
    return [Due(one.grant_id, fund, "promise", one.due_on, one.words) for one, fund in found if one.due_on]


def _reports_due(day: date) -> list[Due]:
    rows = sa.select(ReportDue, Grant.fund).join(Grant, Grant.id == ReportDue.grant_id)
    is_due = sa.and_(ReportDue.due_on <= day, ReportDue.sent_on.is_(None))
    return [
        Due(one.grant_id, fund, "report", one.due_on) for one, fund in db.session.execute(rows.where(is_due))
    ]
