"""The share in force, and the requests the reader is concerned with; the fence leaves out all others."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from funding.ledger import queries as ledger
from funding.ledger.rules import DraftState
from funding.welfare.models import HardshipAnswer, HardshipRequest, RequestState, ReserveShare
from funding.welfare.rules import SOON
from groups.membership.models import Member
from groups.membership.queries import present_members
from groups.permissions import Role
from network.accounts.models import RoleAssignment
from network.db import db
from network.tenancy import scope
from network.tenancy.queries import find_home_network
from network.tenancy.settings import RESERVE_PERCENT, setting

DECIDERS = (Role.CHAIRPERSON, Role.TREASURER, Role.COMMITTEE)


def share_on(day: date) -> int:
    """The percentage kept for hardship on a day: the group's own decision, else what its network suggests."""
    decided = db.session.scalar(_in_force(sa.select(ReserveShare.percent), day))
    if decided is not None:
        return decided
    network = find_home_network(scope.group_id())
    return min(100, max(0, int(setting(network.id, RESERVE_PERCENT)))) if network else 0


def find_share(day: date) -> ReserveShare | None:
    """The group's decision in force on a day, if it took one."""
    return db.session.scalar(_in_force(sa.select(ReserveShare), day))


def _in_force(selection: sa.Select[Any], day: date) -> sa.Select[Any]:
    """What the members counted holds before words written down without a count, whenever those were written and for which day."""
    order = (ReserveShare.motion_id.is_(None), ReserveShare.from_on.desc(), ReserveShare.recorded_at.desc())
    return selection.where(ReserveShare.from_on <= day).order_by(*order).limit(1)


def find_first_counted() -> date | None:
    """The day from which on a share holds that the members counted."""
    return db.session.scalar(
        sa.select(sa.func.min(ReserveShare.from_on)).where(ReserveShare.motion_id.is_not(None))
    )


def shares() -> sa.Select[ReserveShare]:
    """What the group decided, the latest first."""
    return sa.select(ReserveShare).order_by(ReserveShare.from_on.desc(), ReserveShare.recorded_at.desc())


def get_request(request_id: uuid.UUID) -> HardshipRequest:
    """A request the reader is concerned with, or a page that says there is nothing here."""
    return db.get_or_404(HardshipRequest, request_id)


def hold_request(request_id: uuid.UUID) -> HardshipRequest:
    """The request as it stands now, held until the transaction ends, or a page that says there is nothing here."""
    found = sa.select(HardshipRequest).where(HardshipRequest.id == request_id)
    held = found.with_for_update(of=HardshipRequest).execution_options(populate_existing=True)
    return db.one_or_404(held)


def find_request(request_id: uuid.UUID) -> HardshipRequest | None:
    """A request, if the reader is concerned with it."""
    return db.session.scalar(sa.select(HardshipRequest).where(HardshipRequest.id == request_id))


def requests() -> sa.Select[HardshipRequest]:
    """The requests the reader is concerned with, the latest first."""
    return sa.select(HardshipRequest).order_by(HardshipRequest.filed_at.desc(), HardshipRequest.id)


def _asked_by(account_id: uuid.UUID | None) -> sa.ColumnElement[bool]:
    own = sa.select(Member.id).where(Member.account_id == account_id)
    is_own = sa.or_(HardshipRequest.requester_account_id == account_id, HardshipRequest.member_id.in_(own))
    return sa.func.coalesce(is_own, sa.false())


def is_code_free(code: str) -> bool:
    """Whether the reader's requests and the book do not use the code. The database has the last word."""
    taken = sa.select(HardshipRequest.id).where(HardshipRequest.code == code)
    return db.session.scalar(taken) is None and not ledger.is_code_used(code)


def answers_to(request: HardshipRequest) -> list[HardshipAnswer]:
    """What those who decide said so far, without anybody who stands aside by now."""
    rows = sa.select(HardshipAnswer).where(
        HardshipAnswer.request_id == request.id, HardshipAnswer.account_id.not_in(request.set_aside)
    )
    return list(db.session.scalars(rows.order_by(HardshipAnswer.answered_at)))


def panel(*, without: Iterable[uuid.UUID | None] = ()) -> list[uuid.UUID]:
    """Who decides at this moment: chairperson, treasurer and committee; the secretary where fewer than two are left.

    The database says it, for this page as for what it lets anybody see.
    """
    excluded = sa.cast([one for one in without if one], ARRAY(sa.Uuid()))
    return sorted(db.session.scalars(sa.select(sa.func.hardship_panel(excluded, sa.null(), type_=sa.Uuid()))))


def officers_to_name() -> dict[uuid.UUID, str]:
    """Everybody who might decide about a request now, with what they are called."""
    held = sa.select(RoleAssignment.account_id).where(
        RoleAssignment.group_id == scope.group_id(),
        RoleAssignment.role.in_((*DECIDERS, Role.SECRETARY)),
        RoleAssignment.starts_at <= sa.func.now(),
        sa.or_(RoleAssignment.ends_at.is_(None), RoleAssignment.ends_at > sa.func.now()),
    )
    return ledger.names_of(db.session.scalars(held.distinct()))


def people_to_name() -> dict[uuid.UUID, str]:
    """The same with every member who signs in, and so might come into office."""
    members = present_members().where(Member.account_id.is_not(None))
    named = {one.account_id: one.nickname for one in db.session.scalars(members) if one.account_id}
    return {**officers_to_name(), **named}


def find_nickname(member_id: uuid.UUID | None) -> str | None:
    """What the member a request is for is called."""
    return db.session.scalar(sa.select(Member.nickname).where(Member.id == member_id)) if member_id else None


@dataclass(frozen=True)
class Payment:
    """How far paying a request has come."""

    is_being_paid: bool
    is_paid: bool


def payment_of(request: HardshipRequest) -> Payment:
    """Whether a request waits for a second person or is paid. A payment refused or taken back can be written down again."""
    draft = ledger.find_draft(request.draft_id)
    if draft is None or draft.state == DraftState.REFUSED:
        return Payment(is_being_paid=False, is_paid=False)
    is_paid = draft.journal_id is not None and ledger.find_reversal_of(draft.journal_id) is None
    return Payment(is_paid or draft.state == DraftState.WAITING, is_paid)


def count_to_answer(account_id: uuid.UUID | None) -> int:
    """How many open requests this account decides about and has not answered."""
    answered = sa.select(HardshipAnswer.id).where(
        HardshipAnswer.request_id == HardshipRequest.id, HardshipAnswer.account_id == account_id
    )
    open_ones = (
        sa.select(sa.func.count())
        .select_from(HardshipRequest)
        .where(HardshipRequest.state == RequestState.WAITING, ~_asked_by(account_id), ~answered.exists())
    )
    return db.session.scalar(open_ones) or 0


def count_to_pay(account_id: uuid.UUID | None) -> int:
    """How many agreed requests, not the account's own, nobody has written down a payment for."""
    agreed = sa.select(HardshipRequest.draft_id).where(
        HardshipRequest.state == RequestState.AGREED, ~_asked_by(account_id)
    )
    found = list(db.session.scalars(agreed))
    nothing = ledger.came_to_nothing_among(draft_id for draft_id in found if draft_id)
    return sum(draft_id is None or draft_id in nothing for draft_id in found)


def closing_soon(account_id: uuid.UUID | None, today: date) -> list[HardshipRequest]:
    """One's own requests that nobody has settled and that close within days."""
    own = sa.select(HardshipRequest).where(
        _asked_by(account_id),
        HardshipRequest.state != RequestState.DECLINED,
        HardshipRequest.draft_id.is_(None),
        HardshipRequest.closes_on <= today + SOON,
    )
    return list(db.session.scalars(own.order_by(HardshipRequest.closes_on)))
