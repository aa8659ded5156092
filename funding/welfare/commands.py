"""Deciding the share; filing, answering, paying and destroying requests.

Nothing here is noted in the group's diary: who did what stands in the sealed rows, and goes with them.
"""

import uuid
from datetime import date, datetime

import sqlalchemy as sa

from funding.ledger import commands as ledger
from funding.ledger.rules import Cost, Entry, EntryKind, Fund, Place, moved
from funding.ledger.rules import Refusal as LedgerRefusal
from funding.welfare import queries, rules
from funding.welfare.models import (
    HardshipAnswer,
    HardshipRequest,
    HardshipSeat,
    Need,
    RequestState,
    ReserveShare,
)
from funding.welfare.rules import Refusal
from groups.membership.models import Member
from groups.permissions import Role
from network import audit
from network.db import db
from network.tenancy import scope
from network.tenancy.queries import get_group


class CannotHelp(Exception):
    """Not like this; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def decide_share(
    *, percent: int, from_on: date, decided_on: date, by: uuid.UUID, now: datetime
) -> ReserveShare:
    """Write down what share of contributions the group keeps for hardship from a day on."""
    share = ReserveShare(
        percent=percent, from_on=from_on, decided_on=decided_on, recorded_by_id=by, recorded_at=now
    )
    db.session.add(share)
    audit.record("reserve_share.decided", share, by=by, now=now)
    db.session.flush()
    return share


def file_request(
    *, need: Need, amount: int, words: str, by: uuid.UUID, now: datetime, member: Member | None = None
) -> HardshipRequest:
    """Ask for help, for oneself or at the door for a member. Raises `CannotHelp` where too few are left to decide."""
    requester = member.account_id if member else by
    panel = _panel(without=requester, now=now)
    if len(panel) < rules.DECIDING:
        raise CannotHelp(Refusal.TOO_FEW_TO_DECIDE)
    request = HardshipRequest(
        id=uuid.uuid4(), code=_free_code(), need=need, amount=amount, currency=get_group(scope.group_id()).currency,
        words=words or None, member_id=member.id if member else None, requester_account_id=requester, filed_by_id=by,
        filed_at=now,
    )  # fmt: skip
    db.session.add(request)
    db.session.flush()  # its seats refer to it
    db.session.add_all(HardshipSeat(request_id=request.id, account_id=seated) for seated in panel)
    db.session.flush()
    return request


def _panel(*, without: uuid.UUID | None, now: datetime) -> list[uuid.UUID]:
    """Chairperson, treasurer and committee, without whoever asks; the secretary where fewer than two are left."""
    present = queries.officers_to_decide(now)
    deciders = {one for one, role in present if role != Role.SECRETARY} - {without}
    stand_ins = {one for one, role in present if role == Role.SECRETARY} - {without}
    return sorted(deciders if len(deciders) >= rules.DECIDING else deciders | stand_ins)


def _free_code() -> str:
    code = rules.new_code()
    while not queries.is_code_free(code):
        code = rules.new_code()
    return code


def answer_request(request: HardshipRequest, *, by: uuid.UUID, agrees: bool, now: datetime) -> RequestState:
    """One of the panel says yes or no; with the second of the same mind it is decided. Raises `CannotHelp`."""
    _take(request)
    answers = queries.answers_to(request.id)
    if refusal := rules.why_not_answer(
        state=request.state,
        is_own=request.requester_account_id == by,
        has_answered=any(answer.account_id == by for answer in answers),
    ):
        raise CannotHelp(refusal)
    db.session.add(HardshipAnswer(request_id=request.id, account_id=by, agrees=agrees, answered_at=now))
    request.state = rules.verdict([*(answer.agrees for answer in answers), agrees])
    if request.state != RequestState.WAITING:
        request.decided_at = now
    if request.state == RequestState.DECLINED:
        request.destroy_on = rules.destroyed_on(ledger.today(now))
    db.session.flush()
    return RequestState(request.state)


def _take(request: HardshipRequest) -> None:
    """The request as it stands, held; whoever it is for may have got a sign-in since it was filed at the door."""
    db.session.refresh(request, with_for_update=True)
    if request.requester_account_id is None and request.member_id:
        member = db.session.get(Member, request.member_id)
        request.requester_account_id = member.account_id if member else None
        db.session.flush()


def pay_request(request: HardshipRequest, *, place: Place, by: uuid.UUID, now: datetime) -> uuid.UUID:
    """Write the payment down: a code and an amount, out of the reserve; a second person confirms it.

    Raises `CannotHelp`, and `CannotPost` where the reserve or the place holds too little.
    """
    _take(request)
    if refusal := rules.why_not_pay(
        state=request.state,
        is_own=request.requester_account_id == by,
        is_being_paid=queries.payment_of(request).is_being_paid,
    ):
        raise CannotHelp(refusal)
    day = ledger.today(now)
    lines = moved(place, Cost.HARDSHIP, Fund.RESERVE, request.amount)
    draft = ledger.draft(Entry(EntryKind.HARDSHIP, day, lines, code=request.code), by=by, now=now)
    request.draft_id, request.destroy_on = draft.id, rules.destroyed_on(day)
    db.session.flush()
    return draft.id


def why_not_second(code: str | None, second: uuid.UUID) -> LedgerRefusal | None:
    """Whoever asked does not confirm their own payment. Asked by the ledger."""
    about = sa.select(HardshipRequest.requester_account_id).where(HardshipRequest.code == code)
    return LedgerRefusal.ABOUT_THEMSELVES if db.session.scalar(about) == second else None


def destroy_request(request: HardshipRequest, *, by: uuid.UUID) -> None:
    """Destroy the page with everything on it; the book keeps its code and amount. Raises `CannotHelp`."""
    payment = queries.payment_of(request)
    if refusal := rules.why_not_destroy(
        state=request.state,
        is_own=request.requester_account_id == by,
        is_being_paid=payment.is_being_paid,
        is_paid=payment.is_paid,
    ):
        raise CannotHelp(refusal)
    db.session.delete(request)
    db.session.flush()


def destroy_what_is_due(day: date) -> int:
    """Destroy the requests the account in scope can see whose day has come and that are settled."""
    due = [one for one in queries.due_to_be_destroyed(day) if _is_settled(one)]
    for request in due:
        db.session.delete(request)
    db.session.flush()
    return len(due)


def _is_settled(request: HardshipRequest) -> bool:
    return request.state == RequestState.DECLINED or queries.payment_of(request).is_paid
