"""Deciding the share; filing, answering, paying, taking back and destroying requests.

Nothing here is noted in the group's diary: who did what stands in the sealed rows, and goes with them. Whatever is
refused here the database refuses as well.
"""

import uuid
from collections.abc import Iterable
from datetime import date, datetime

import sqlalchemy as sa

from funding.ledger import commands as ledger
from funding.ledger.rules import Cost, Entry, EntryKind, Fund, Place, moved
from funding.ledger.rules import Refusal as LedgerRefusal
from funding.welfare import queries, rules
from funding.welfare.models import (
    HardshipAnswer,
    HardshipRequest,
    Need,
    RequestState,
    ReserveShare,
)
from funding.welfare.rules import Refusal
from groups.membership.models import Member
from network import audit
from network.db import db
from network.mine.registry import Me
from network.tenancy import scope
from network.tenancy.queries import get_group


class CannotHelp(Exception):
    """Not like this; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def decide_share(
    *, percent: int, from_on: date, decided_on: date, by: uuid.UUID, now: datetime, motion_id: uuid.UUID | None = None
) -> ReserveShare:  # fmt: skip
    """Write down what share of contributions the group keeps for hardship from a day on.

    What the members counted, only another decision that they counted changes; the database says so too. Raises `CannotHelp`.
    """
    in_force = queries.find_share(from_on)
    if motion_id is None and in_force and in_force.motion_id:
        raise CannotHelp(Refusal.COUNTED)
    share = ReserveShare(
        percent=percent, from_on=from_on, decided_on=decided_on, motion_id=motion_id, recorded_by_id=by, recorded_at=now
    )  # fmt: skip
    db.session.add(share)
    audit.record("reserve_share.decided", share, by=by, now=now)
    db.session.flush()
    return share


def file_request(
    *, need: Need, amount: int, words: str, by: uuid.UUID, now: datetime, member: Member | None = None,
    household: Iterable[uuid.UUID] = (),
) -> HardshipRequest:  # fmt: skip
    """Ask for help, for oneself or at the door for a member, without those who live with them.

    Raises `CannotHelp` where too few are left to decide.
    """
    requester = member.account_id if member else by
    aside = sorted(set(household) - {requester})
    if len(queries.panel(without=[*aside, requester])) < rules.DECIDING:
        raise CannotHelp(Refusal.TOO_FEW_TO_DECIDE)
    request = HardshipRequest(
        id=uuid.uuid4(), code=_free_code(), need=need, amount=amount, currency=get_group(scope.group_id()).currency,
        words=words or None, member_id=member.id if member else None, requester_account_id=requester, filed_by_id=by,
        filed_at=now, set_aside=aside, closes_on=rules.closes_on(ledger.today(now)),
    )  # fmt: skip
    db.session.add(request)
    db.session.flush()
    return request


def _free_code() -> str:
    code = rules.new_code()
    while not queries.is_code_free(code):
        code = rules.new_code()
    return code


def answer_request(
    request: HardshipRequest, *, by: uuid.UUID, agrees: bool, now: datetime, reply: str = ""
) -> RequestState:
    """One of those who decide says yes or no; with the second of the same mind it is decided. Raises `CannotHelp`."""
    _take(request)
    answers = queries.answers_to(request)
    if refusal := rules.why_not_answer(
        state=request.state,
        is_own=request.is_asked_by(by),
        has_answered=any(answer.account_id == by for answer in answers),
    ):
        raise CannotHelp(refusal)
    db.session.add(HardshipAnswer(request_id=request.id, account_id=by, agrees=agrees, answered_at=now))
    db.session.flush()  # the database counts the answers before it takes the verdict
    request.reply = reply or None
    request.state = rules.verdict([*(answer.agrees for answer in answers), agrees])
    if request.state != RequestState.WAITING:
        request.decided_at = now
    if request.state == RequestState.DECLINED:
        request.destroy_on = rules.destroyed_on(ledger.today(now))
    db.session.flush()
    return RequestState(request.state)


def set_aside(request: HardshipRequest, account_id: uuid.UUID) -> None:
    """Somebody has no part in this any more: they step aside by themselves, or whoever asked lives with them.

    Why is not asked. What they said does not count; where two of one mind are left no longer, it is open again.
    """
    _take(request)
    db.session.execute(sa.select(sa.func.hardship_step_aside(request.id, account_id)))
    db.session.expire(request)


def _take(request: HardshipRequest) -> None:
    """The request as it stands, held; whoever comes when it is gone finds nothing here."""
    queries.hold_request(request.id)


def pay_request(request: HardshipRequest, *, place: Place, by: uuid.UUID, now: datetime) -> uuid.UUID:
    """Write the payment down: a code and an amount, out of the reserve; a second person confirms it.

    Raises `CannotHelp`, and `CannotPost` where the reserve or the place holds too little.
    """
    ledger.take_book()  # before the request, as whoever confirms does
    _take(request)
    if refusal := rules.why_not_pay(
        state=request.state,
        is_own=request.is_asked_by(by),
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
    """Neither whoever asked nor their household confirms the payment, nor anybody once the request is gone. Asked by the ledger."""
    is_close = db.session.scalar(sa.select(sa.func.hardship_is_close(code, second)))
    if is_close is None:
        return LedgerRefusal.REQUEST_GONE
    return LedgerRefusal.ABOUT_THEMSELVES if is_close else None


def take_back(request: HardshipRequest, *, by: uuid.UUID) -> None:
    """Whoever asked takes it back, and the page is destroyed with everything on it. Raises `CannotHelp`.

    A payment that waits can be confirmed by nobody from then on; whoever confirms it at this moment comes first or finds
    nothing.
    """
    ledger.take_book()
    _take(request)
    if refusal := rules.why_not_take_back(
        is_own=request.is_asked_by(by),
        asker_signs_in=request.asker_id is not None,
        is_paid=queries.payment_of(request).is_paid,
    ):
        raise CannotHelp(refusal)
    db.session.delete(request)
    db.session.flush()


def forget_what_others_wrote(me: Me, *, now: datetime) -> None:  # noqa: ARG001 - whoever is asked to forget takes both
    """Requests that others wrote down for whoever is forgotten go with them; the database finds them, nobody has to see them."""
    for member_id in me.members:
        db.session.execute(sa.select(sa.func.hardship_forget_member(member_id)))


def destroy_what_is_due() -> int:
    """Destroy the requests of the group in scope whose day has come; the database finds them, nobody has to see them."""
    return db.session.scalar(sa.select(sa.func.hardship_destroy_due())) or 0
