"""Writing grants down, putting right what is words, receiving their parts, settling promises, sending reports."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.exc import IntegrityError

from funding.budgets import queries as budgets
from funding.grants import queries, rules
from funding.grants.models import ClosingState, Condition, ConditionState, Grant, ReportDue, Tranche
from funding.grants.rules import Refusal
from funding.ledger import commands as ledger
from funding.ledger.queries import of_funds
from funding.ledger.rules import Entry as LedgerEntry
from funding.ledger.rules import EntryKind, Place, Source, moved
from funding.ledger.rules import Refusal as LedgerRefusal
from network import audit
from network.db import db
from network.tenancy import scope
from network.tenancy.queries import get_group

SOURCES = {EntryKind.GRANT: Source.GRANTS, EntryKind.SEED: Source.SEED}


class CannotGrant(Exception):
    """It stays as it is; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def _require(refusal: Refusal | None) -> None:
    if refusal:
        raise CannotGrant(refusal)


@dataclass(frozen=True)
class Terms:
    """What was agreed with a funder."""

    name: str
    funder: str
    funder_kind: str
    purpose: str
    amount: int
    starts_on: date
    ends_on: date
    reference: str = ""
    restriction: str = ""
    is_restricted: bool = True


WORDS = ("funder", "funder_kind", "purpose", "reference", "restriction", "starts_on", "ends_on")
MONEY = ("amount", "is_restricted")


def write_grant(terms: Terms, *, by: uuid.UUID, now: datetime) -> Grant:
    """Write a grant down and open its fund. Raises `CannotGrant`."""
    _require(rules.why_not_period(terms.starts_on, terms.ends_on))
    fund = ledger.open_fund(terms.name, by=by, now=now)
    grant = Grant(
        id=fund.id, fund=fund.code, currency=get_group(scope.group_id()).currency,
        **{name: getattr(terms, name) for name in (*WORDS, *MONEY)},
    )  # fmt: skip
    db.session.add(grant)
    db.session.flush()
    audit.record("grant.written", grant, by=by, now=now)
    return grant


def change_grant(grant: Grant, terms: Terms, *, by: uuid.UUID, now: datetime) -> None:
    """Put a grant right: words always, how much and how strictly while nothing has moved. Raises `CannotGrant`."""
    ledger.take_book()
    _require(rules.why_not_period(terms.starts_on, terms.ends_on))
    fund = queries.fund_of(grant)
    spent = queries.days_spent(grant.fund)
    _require(
        rules.why_not_change(
            is_closed=fund.closed_on is not None,
            changes_money=any(getattr(terms, name) != getattr(grant, name) for name in MONEY),
            has_moved=has_moved(grant),
            spent_outside=spent is not None
            and not (terms.starts_on <= spent[0] and spent[1] <= terms.ends_on),
            parts_over=sum(part.tranche.amount for part in queries.parts_of(grant.id)) > terms.amount,
        )
    )
    for name in (*WORDS, *MONEY):
        setattr(grant, name, getattr(terms, name))
    ledger.rename_fund(fund, terms.name, by=by, now=now)
    audit.record("grant.changed", grant, by=by, now=now)
    db.session.flush()


def has_moved(grant: Grant) -> bool:
    """Whether anything stands in the book, or waits, for this grant."""
    return of_funds.is_fund_used(grant.fund) or bool(budgets.taken_from(grant.fund))


def _is_closed(grant: Grant) -> bool:
    return queries.fund_of(grant).closed_on is not None


def add_tranche(
    grant: Grant, *, expected_on: date | None, amount: int, condition: str, by: uuid.UUID, now: datetime
) -> Tranche:
    """Expect a part of the grant; with the book in hand, as two at once could promise more than was awarded. Raises `CannotGrant`."""
    ledger.take_book()
    db.session.refresh(grant)
    others = [part.tranche.amount for part in queries.parts_of(grant.id)]
    _require(rules.why_not_tranche(amount, others, awarded=grant.amount, is_closed=_is_closed(grant)))
    tranche = Tranche(grant_id=grant.id, expected_on=expected_on, amount=amount, condition=condition)
    db.session.add(tranche)
    db.session.flush()
    audit.record("grant.part_added", tranche, by=by, now=now)
    return tranche


def change_tranche(
    tranche: Tranche, *, expected_on: date | None, amount: int, condition: str, by: uuid.UUID, now: datetime
) -> None:
    """Expect a part otherwise, until it has come. Raises `CannotGrant`."""
    _take_part(tranche)
    grant = queries.get_grant(tranche.grant_id)
    db.session.refresh(grant)
    _require(rules.why_not_receive(has_come=queries.has_come(tranche), is_closed=_is_closed(grant)))
    others = [part.tranche.amount for part in queries.parts_of(grant.id) if part.tranche.id != tranche.id]
    _require(rules.why_not_tranche(amount, others, awarded=grant.amount, is_closed=False))
    tranche.expected_on, tranche.amount, tranche.condition = expected_on, amount, condition
    audit.record("grant.part_changed", tranche, by=by, now=now)
    db.session.flush()


def remove_tranche(tranche: Tranche, *, by: uuid.UUID, now: datetime) -> None:
    """Expect it no longer. Raises `CannotGrant` where it has come."""
    _take_part(tranche)
    grant = queries.get_grant(tranche.grant_id)
    _require(rules.why_not_receive(has_come=queries.has_come(tranche), is_closed=_is_closed(grant)))
    audit.record("grant.part_removed", tranche, by=by, now=now)
    db.session.delete(tranche)
    db.session.flush()


def receive_tranche(
    tranche: Tranche,
    *,
    amount: int,
    place: Place,
    received_on: date,
    by: uuid.UUID,
    now: datetime,
    key: uuid.UUID | None = None,
) -> uuid.UUID:
    """Write down that a part came: it stands in the book, in the grant's fund. Raises `CannotGrant`, `CannotPost`."""
    _take_part(tranche)
    grant = queries.get_grant(tranche.grant_id)
    if key and tranche.entry_id == key:
        return key
    _require(rules.why_not_receive(has_come=queries.has_come(tranche), is_closed=_is_closed(grant)))
    kind = rules.kind_received(grant.funder_kind)
    lines = moved(SOURCES[kind], place, grant.fund, amount)
    entry = LedgerEntry(kind, received_on, lines, memo=grant.funder, key=key)
    tranche.entry_id = ledger.post(entry, by=by, now=now).id
    audit.record("grant.part_came", tranche, by=by, now=now)
    db.session.flush()
    return tranche.entry_id


def _take_part(tranche: Tranche) -> None:
    """Hold the book, and see the part as it is now: somebody may have written down that it came while we waited."""
    ledger.take_book()
    db.session.refresh(tranche)


def link_tranche(tranche: Tranche, entry_id: uuid.UUID, *, by: uuid.UUID, now: datetime) -> None:
    """Say that an entry which stands in the book already is this part. Raises `CannotGrant`."""
    _take_part(tranche)
    grant = queries.get_grant(tranche.grant_id)
    _require(rules.why_not_receive(has_come=queries.has_come(tranche), is_closed=_is_closed(grant)))
    if entry_id not in {one.id for one in queries.unlinked_income(grant)}:
        raise CannotGrant(Refusal.NOT_THIS_GRANTS)
    tranche.entry_id = entry_id
    try:
        with db.session.begin_nested():
            db.session.flush()
    except IntegrityError:  # somebody linked it to another part at the same moment
        raise CannotGrant(Refusal.NOT_THIS_GRANTS) from None
    audit.record("grant.part_linked", tranche, by=by, now=now)


def add_condition(
    grant: Grant, *, words: str, due_on: date | None, by: uuid.UUID, now: datetime
) -> Condition:
    """Write down something the group promised. Raises `CannotGrant`."""
    if len(queries.conditions_of(grant.id)) >= rules.MOST_CONDITIONS:
        raise CannotGrant(Refusal.TOO_MANY)
    condition = Condition(grant_id=grant.id, words=words, due_on=due_on)
    db.session.add(condition)
    db.session.flush()
    audit.record("grant.condition_added", condition, by=by, now=now)
    return condition


def settle_condition(
    condition: Condition, *, state: ConditionState, on: date, words: str, by: uuid.UUID, now: datetime
) -> None:
    """It is met, or the funder let go of it. Raises `CannotGrant`."""
    db.session.refresh(condition, with_for_update=True)
    if condition.state != ConditionState.OPEN:
        raise CannotGrant(Refusal.SETTLED_ALREADY)
    if on > ledger.today(now):
        raise CannotGrant(Refusal.IN_THE_FUTURE)
    condition.state, condition.settled_on, condition.settled_words = state, on, words
    audit.record("grant.condition_settled", condition, by=by, now=now)
    db.session.flush()


def add_report_due(
    grant: Grant, *, from_on: date, to_on: date, due_on: date, by: uuid.UUID, now: datetime
) -> ReportDue:
    """The funder waits for a report over a time. Raises `CannotGrant`."""
    if to_on < from_on or due_on < from_on:
        raise CannotGrant(Refusal.ENDS_BEFORE_IT_STARTS)
    if len(queries.reports_of(grant.id)) >= rules.MOST_REPORTS:
        raise CannotGrant(Refusal.TOO_MANY)
    report = ReportDue(grant_id=grant.id, from_on=from_on, to_on=to_on, due_on=due_on)
    db.session.add(report)
    db.session.flush()
    audit.record("grant.report_added", report, by=by, now=now)
    return report


def mark_sent(report: ReportDue, *, sent_on: date, by: uuid.UUID, now: datetime) -> None:
    """The funder has the report; what it says is kept, with the book's last number and seal. Raises `CannotGrant`."""
    number, head, *_ = ledger.take_book()
    db.session.refresh(report, with_for_update=True)
    _require(
        rules.why_not_sent(
            to_on=report.to_on,
            sent_on=sent_on,
            was_sent=report.sent_on is not None,
            today=ledger.today(now),
        )
    )
    said = queries.telling_of(queries.get_grant(report.grant_id)).kept()
    report.sent_on, report.entries, report.head, report.kept = sent_on, number, bytes(head), said
    audit.record("grant.report_sent", report, by=by, now=now)
    db.session.flush()


def _is_closing(grant: Grant) -> bool:
    """Whether two people just agreed what happens with what is left."""
    closing = queries.find_closing(grant.id)
    return closing is not None and closing.state == ClosingState.DONE


def why_not_enter(entry: LedgerEntry, is_final: bool) -> LedgerRefusal | None:  # noqa: FBT001 - the ledger asks so
    """Why an entry cannot be written, for the sake of a grant whose money it spends."""
    for fund in {line.fund for line in entry.lines if line.fund.startswith("grant-")}:
        grant = queries.find_by_fund(fund)
        if grant is None or not (rules.costs_of(entry, fund) or rules.moves_out(entry, fund)):
            continue
        allowed = [line.cost for line in budgets.lines_of(budgets.find_agreed(fund))]
        if refusal := rules.why_not_enter(entry, grant, allowed, is_closing=_is_closing(grant)):
            return refusal
        if (
            is_final
            and allowed
            and entry.kind is EntryKind.EXPENSE
            and not (entry.key and budgets.find_charge(entry.key))
        ):
            return LedgerRefusal.NO_LINE
    return None
