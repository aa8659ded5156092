"""The share in force, and the requests the reader is concerned with; the fence leaves out all others."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from funding.ledger import queries as ledger
from funding.ledger.rules import DraftState
from funding.welfare.models import HardshipAnswer, HardshipRequest, HardshipSeat, RequestState, ReserveShare
from groups.membership.models import Member
from groups.permissions import Role
from network.accounts.models import RoleAssignment
from network.db import db
from network.tenancy import scope
from network.tenancy.queries import find_home_network
from network.tenancy.settings import RESERVE_PERCENT, setting

DECIDERS = (Role.CHAIRPERSON, Role.TREASURER, Role.COMMITTEE)


def share_on(day: date) -> int:
    """The percentage kept for hardship on a day: the group's own decision, else what its network suggests."""
    decided = db.session.scalar(
        sa.select(ReserveShare.percent)
        .where(ReserveShare.from_on <= day)
        .order_by(ReserveShare.from_on.desc(), ReserveShare.recorded_at.desc())
        .limit(1)
    )
    if decided is not None:
        return decided
    network = find_home_network(scope.group_id())
    return min(100, max(0, int(setting(network.id, RESERVE_PERCENT)))) if network else 0


def shares() -> sa.Select[ReserveShare]:
    """What the group decided, the latest first."""
    return sa.select(ReserveShare).order_by(ReserveShare.from_on.desc(), ReserveShare.recorded_at.desc())


def get_request(request_id: uuid.UUID) -> HardshipRequest:
    """A request the reader is concerned with, or a page that says there is nothing here."""
    return db.get_or_404(HardshipRequest, request_id)


def find_request(request_id: uuid.UUID) -> HardshipRequest | None:
    """A request, if the reader is concerned with it."""
    return db.session.scalar(sa.select(HardshipRequest).where(HardshipRequest.id == request_id))


def requests(account_id: uuid.UUID, *, is_in_office: bool) -> sa.Select[HardshipRequest]:
    """The requests the reader is concerned with, the latest first: after a term only one's own, whatever seats there were."""
    concerned = sa.select(HardshipRequest).order_by(HardshipRequest.filed_at.desc(), HardshipRequest.id)
    return concerned if is_in_office else concerned.where(HardshipRequest.requester_account_id == account_id)


def is_code_free(code: str) -> bool:
    """Whether the reader's requests and the book do not use the code. The database has the last word."""
    taken = sa.select(HardshipRequest.id).where(HardshipRequest.code == code)
    return db.session.scalar(taken) is None and not ledger.is_code_used(code)


def answers_to(request_id: uuid.UUID) -> list[HardshipAnswer]:
    """What the panel said so far."""
    rows = sa.select(HardshipAnswer).where(HardshipAnswer.request_id == request_id)
    return list(db.session.scalars(rows.order_by(HardshipAnswer.answered_at)))


def officers_to_decide(now: datetime) -> list[tuple[uuid.UUID, str]]:
    """Accounts that decide about requests at this moment with their offices; the secretary last, to stand in."""
    held = (
        sa.select(RoleAssignment.account_id, RoleAssignment.role)
        .where(
            RoleAssignment.group_id == scope.group_id(),
            RoleAssignment.role.in_((*DECIDERS, Role.SECRETARY)),
            RoleAssignment.starts_at <= now,
            sa.or_(RoleAssignment.ends_at.is_(None), RoleAssignment.ends_at > now),
        )
        .order_by(RoleAssignment.role == Role.SECRETARY, RoleAssignment.account_id)
    )
    return [(account_id, role) for account_id, role in db.session.execute(held)]


def accounts_ever_concerned() -> list[uuid.UUID]:
    """Accounts that hold or held an office here: some of them can see each request that is settled."""
    held = sa.select(RoleAssignment.account_id).where(
        RoleAssignment.group_id == scope.group_id(), RoleAssignment.role.in_((*DECIDERS, Role.SECRETARY))
    )
    return list(db.session.scalars(held.distinct()))


def find_nickname(member_id: uuid.UUID | None) -> str | None:
    """What the member a request is for is called."""
    return db.session.scalar(sa.select(Member.nickname).where(Member.id == member_id)) if member_id else None


@dataclass(frozen=True)
class Payment:
    """How far paying a request has come."""

    is_being_paid: bool
    is_paid: bool


def payment_of(request: HardshipRequest) -> Payment:
    """Whether a request waits for a second person or is paid. A payment that was refused can be written down again."""
    draft = ledger.find_draft(request.draft_id)
    state = draft.state if draft else None
    return Payment(state in (DraftState.WAITING, DraftState.POSTED), state == DraftState.POSTED)


def count_to_answer(account_id: uuid.UUID | None) -> int:
    """How many open requests this account has a seat for and has not answered."""
    answered = sa.select(HardshipAnswer.id).where(
        HardshipAnswer.request_id == HardshipRequest.id, HardshipAnswer.account_id == account_id
    )
    open_ones = (
        sa.select(sa.func.count())
        .select_from(HardshipRequest)
        .join(HardshipSeat, HardshipSeat.request_id == HardshipRequest.id)
        .where(
            HardshipRequest.state == RequestState.WAITING,
            HardshipSeat.account_id == account_id,
            ~answered.exists(),
        )
    )
    return db.session.scalar(open_ones) or 0


def count_to_pay(account_id: uuid.UUID | None) -> int:
    """How many agreed requests, not the account's own, nobody has written down a payment for."""
    agreed = sa.select(HardshipRequest.draft_id).where(
        HardshipRequest.state == RequestState.AGREED,
        HardshipRequest.requester_account_id.is_distinct_from(account_id),
    )
    found = list(db.session.scalars(agreed))
    refused = ledger.refused_among(draft_id for draft_id in found if draft_id)
    return sum(draft_id is None or draft_id in refused for draft_id in found)


def due_to_be_destroyed(day: date) -> list[HardshipRequest]:
    """Requests the reader can see whose day has come."""
    return list(db.session.scalars(sa.select(HardshipRequest).where(HardshipRequest.destroy_on <= day)))
