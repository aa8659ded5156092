"""Handovers that wait, and those that were signed."""

import uuid

import sqlalchemy as sa

from funding.handover.models import Handover, HandoverPlace, HandoverState
from groups.officers.models import Term
from groups.permissions import Role
from network.accounts.models import RoleAssignment
from network.db import db
from network.tenancy import scope

WAITING = (HandoverState.OPEN, HandoverState.COUNTED)


def handovers() -> sa.Select[Handover]:
    """Those both have signed, the latest first."""
    done = sa.select(Handover).where(Handover.state == HandoverState.DONE)
    return done.order_by(Handover.agreed_at.desc(), Handover.id)


def get_handover(handover_id: uuid.UUID) -> Handover:
    """One both have signed, or a page that says there is nothing here."""
    return db.one_or_404(handovers().where(Handover.id == handover_id))


def get_waiting(handover_id: uuid.UUID) -> Handover:
    """One that is not signed yet, or a page that says there is nothing here."""
    return db.one_or_404(_waiting().where(Handover.id == handover_id))


def find_waiting() -> Handover | None:
    """The one that is not signed yet, if there is one."""
    return db.session.scalar(_waiting())


def take_waiting() -> Handover | None:
    """The same, held until the transaction ends: while two sign it, whoever changes it waits, and finds it signed."""
    held = _waiting().with_for_update(of=Handover)
    return db.session.scalar(held.execution_options(populate_existing=True))


def _waiting() -> sa.Select[Handover]:
    return sa.select(Handover).where(Handover.state.in_(WAITING))


def places_of(handover: Handover) -> list[HandoverPlace]:
    """What was found where."""
    found = sa.select(HandoverPlace).where(HandoverPlace.handover_id == handover.id)
    order = {"cash": 0, "mobile_money": 1, "bank": 2}
    return sorted(db.session.scalars(found), key=lambda one: order[one.place])


def count_open_requests() -> int:
    """How many requests for help are not settled. A number: who asked and what for is shown to nobody here."""
    return db.session.scalar(sa.select(sa.func.hardship_count_open())) or 0


def find_last_treasurer() -> uuid.UUID | None:
    """The member whose time as treasurer ended last."""
    ended = sa.select(Term.member_id).where(Term.office == Role.TREASURER, Term.ends_at.is_not(None))
    return db.session.scalar(ended.order_by(Term.ends_at.desc(), Term.starts_at.desc()).limit(1))


def has_other_treasurer(member_id: uuid.UUID) -> bool:
    """Whether somebody else is treasurer too, where the constitution has several."""
    others = sa.select(Term.id).where(
        Term.office == Role.TREASURER, Term.ends_at.is_(None), Term.member_id != member_id
    )
    return db.session.scalar(others.limit(1)) is not None


def officers_among(accounts: set[uuid.UUID], offices: tuple[str, ...]) -> set[uuid.UUID]:
    """Which of these hold one of the offices now."""
    held = sa.select(RoleAssignment.account_id).where(
        RoleAssignment.group_id == scope.group_id(),
        RoleAssignment.account_id.in_(accounts),
        RoleAssignment.role.in_(offices),
        RoleAssignment.starts_at <= sa.func.now(),
        sa.or_(RoleAssignment.ends_at.is_(None), RoleAssignment.ends_at > sa.func.now()),
    )
    return set(db.session.scalars(held))
