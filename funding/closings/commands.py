"""Asking for a grant to be closed, and a second person's answer."""

import uuid
from datetime import date, datetime

from sqlalchemy.exc import IntegrityError

from funding.closings import rules
from funding.closings.rules import Refusal, Wish
from funding.grants import queries
from funding.grants.models import Closing, ClosingState, Grant
from funding.ledger import commands as ledger
from funding.ledger.queries import held, of_funds
from funding.ledger.rules import Entry as LedgerEntry
from funding.ledger.rules import EntryKind
from network import audit
from network.db import db


class CannotClose(Exception):
    """The grant stays as it is; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def left_at(grant: Grant) -> dict[str, int]:
    """What is left of a grant, by place."""
    return {place: amount for (place, fund), amount in held().items() if fund == grant.fund and amount}


def ask_to_close(
    grant: Grant, wish: Wish, *, closes_on: date, words: str, by: uuid.UUID, now: datetime
) -> Closing:
    """Ask for a grant to be closed. Raises `CannotClose`."""
    ledger.take_book()
    _require_closable(grant)
    remaining = sum(left_at(grant).values())
    if refusal := rules.why_not_close(wish, remaining=remaining):
        raise CannotClose(refusal)
    closing = Closing(
        id=uuid.uuid4(), grant_id=grant.id, closes_on=closes_on, remaining=remaining, given_back=wish.given_back,
        place=wish.place if wish.given_back else None, shares={fund: n for fund, n in wish.shares.items() if n},
        words=words, asked_by_id=by, asked_at=now,
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(closing)
    except IntegrityError:  # somebody asked at the same moment
        raise CannotClose(Refusal.WAITING_ALREADY) from None
    audit.record("grant.closing_asked", closing, by=by, now=now)
    return closing


def _require_closable(grant: Grant) -> None:
    if queries.fund_of(grant).closed_on:
        raise CannotClose(Refusal.CLOSED_ALREADY)
    if queries.find_closing(grant.id):
        raise CannotClose(Refusal.WAITING_ALREADY)
    if of_funds.has_draft_waiting_in(grant.fund):
        raise CannotClose(Refusal.DRAFTS_WAITING)


def agree(closing: Closing, *, by: uuid.UUID, now: datetime) -> None:
    """The second person agrees: what is left goes where it goes, and the fund closes. Raises `CannotClose`, `CannotPost`."""
    ledger.take_book()
    _take(closing)
    grant = queries.get_grant(closing.grant_id)
    if refusal := ledger.why_not_second(by, first=closing.asked_by_id, now=now):
        raise CannotClose(Refusal(refusal.value))
    if of_funds.has_draft_waiting_in(grant.fund):
        raise CannotClose(Refusal.DRAFTS_WAITING)
    if sum(left_at(grant).values()) != closing.remaining:
        raise CannotClose(Refusal.CHANGED_MEANWHILE)
    closing.state, closing.decided_by_id, closing.decided_at = ClosingState.DONE, by, now
    db.session.flush()  # only now does the database let money leave the fund for something else
    _let_go(grant, closing, now=now)
    ledger.close_fund(queries.fund_of(grant), on=closing.closes_on, by=by, now=now)
    audit.record("grant.closed", grant, by=by, now=now)


def _let_go(grant: Grant, closing: Closing, *, now: datetime) -> None:
    wish = Wish(closing.given_back, closing.place, closing.shares)
    targets = rules.parts(closing.remaining, wish, order=str(closing.id))
    for kind, lines in (
        (EntryKind.EXPENSE, lambda: rules.given_back(grant.fund, wish)),
        (EntryKind.BETWEEN_FUNDS, lambda: rules.moves(grant.fund, left_at(grant), targets)),
    ):
        if made := lines():
            entry = LedgerEntry(
                kind, closing.closes_on, made, memo=closing.words, key=uuid.uuid5(closing.id, kind)
            )
            ledger.post(entry, by=closing.asked_by_id, second=closing.decided_by_id, now=now)


def refuse(closing: Closing, *, by: uuid.UUID, now: datetime) -> None:
    """Say no, or take one's own question away. Raises `CannotClose`."""
    _take(closing)
    closing.state, closing.decided_by_id, closing.decided_at = ClosingState.REFUSED, by, now
    audit.record("grant.closing_refused", closing, by=by, now=now)
    db.session.flush()


def _take(closing: Closing) -> None:
    db.session.refresh(closing, with_for_update=True)
    if closing.state != ClosingState.WAITING:
        raise CannotClose(Refusal.DECIDED_ALREADY)
