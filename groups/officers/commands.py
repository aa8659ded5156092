"""Giving and ending offices. Rights move with the term, at that very moment."""

import uuid
from datetime import date, datetime
from typing import Any

from groups.membership import commands as membership
from groups.membership.models import Member
from groups.officers import queries, rules
from groups.officers.models import Constitution, Term, TermSource
from network import audit, clock
from network.accounts import commands as accounts
from network.accounts.models import Account
from network.db import db
from network.invitations import commands as invitations
from network.invitations.models import Invitation, InvitationKind
from network.tenancy.models import Group


class CannotChangeOffices(Exception):
    """It cannot be done; `refusal` says why."""

    def __init__(self, refusal: rules.Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def adopt_constitution(
    group: Group, articles: rules.Articles, *, by: uuid.UUID | None, now: datetime
) -> Constitution:
    """Keep what the group has agreed as its newest version."""
    earlier = queries.find_constitution()
    adopted = Constitution(
        version=earlier.version + 1 if earlier else 1, adopted_on=clock.today(group.time_zone, at=now),
        offices=[office.as_json() for office in articles.offices], quorum_percent=articles.quorum_percent,
        notice_days=articles.notice_days,
    )  # fmt: skip
    db.session.add(adopted)
    db.session.flush()
    audit.record("constitution.adopted", adopted, by=by, now=now)
    return adopted


def ensure_constitution(group: Group, *, now: datetime) -> rules.Articles:
    """Give the group the template where it has nothing of its own, the first time somebody needs it."""
    if queries.find_constitution() is None:
        adopt_constitution(group, rules.TEMPLATE, by=None, now=now)
    return queries.articles_in_force()


def start_term(
    group: Group, member: Member, office: str, *, by: uuid.UUID | None, now: datetime, source: TermSource = TermSource.APPOINTED,
    seat: int | None = None, election_id: uuid.UUID | None = None, due_on: date | None = None,
) -> Term:  # fmt: skip
    """Put a member into a free seat of an office; their account holds its rights from this moment. Raises `CannotChangeOffices`."""
    described = ensure_constitution(group, now=now).office(office)
    if described is None:
        raise CannotChangeOffices(rules.Refusal.NO_SUCH_OFFICE)
    if not member.is_present:
        raise CannotChangeOffices(rules.Refusal.NOT_A_MEMBER)
    term = Term(
        id=uuid.uuid4(), member_id=member.id, office=office, seat=seat or _free_seat(described, member), source=source,
        election_id=election_id, starts_at=now,
        due_on=due_on or rules.months_later(clock.today(group.time_zone, at=now), described.months),
    )  # fmt: skip
    db.session.add(term)
    db.session.flush()
    if member.account_id:
        accounts.give_role(member.account_id, office, because_of=term.id, now=now)
    audit.record("term.started", term, by=by, now=now)
    return term


def appoint_member(group: Group, member: Member, office: str, *, by: uuid.UUID | None, now: datetime) -> Term:
    """Record whom the members appointed to an office that is not elected. Raises `CannotChangeOffices`."""
    if office not in {known.code for known in queries.articles_in_force().appointed}:
        raise CannotChangeOffices(rules.Refusal.ELECTED_ONLY)
    return start_term(group, member, office, by=by, now=now)


def _free_seat(office: rules.Office, member: Member) -> int:
    held = queries.present_terms([office.code])
    if any(term.member_id == member.id for term in held):
        raise CannotChangeOffices(rules.Refusal.HOLDS_IT_ALREADY)
    free = rules.free_seats(office.seats, (term.seat for term in held))
    if not free:
        raise CannotChangeOffices(rules.Refusal.NO_FREE_SEAT)
    return free[0]


def end_term(term: Term, *, by: uuid.UUID | None, now: datetime) -> None:
    """End a term and the rights that came with it, at this moment."""
    if not term.goes_on:
        return
    term.ends_at = max(term.starts_at, now)
    db.session.flush()
    accounts.end_roles(because_of=term.id, now=now)
    audit.record("term.ended", term, by=by, now=now)


def begin_group(invitation: Invitation, account: Account, *, now: datetime) -> None:
    """The first chairperson accepted: a member, and appointed until the members have elected somebody."""
    member = membership.join_by_invitation(invitation, account, now=now)
    group = db.session.get_one(Group, invitation.group_id)
    office = invitation.office or "chairperson"
    if not queries.present_terms([office]):
        start_term(group, member, office, by=account.id, now=now)


invitations.register(InvitationKind.FIRST_CHAIRPERSON, begin_group)


@membership.account_linked.connect
def _give_roles(member: Member, *, now: datetime, **_: Any) -> None:
    for term in queries.present_terms_of(member.id):
        if member.account_id:
            accounts.give_role(member.account_id, term.office, because_of=term.id, now=now)


@membership.account_unlinked.connect
def _end_roles(member: Member, *, now: datetime, **_: Any) -> None:
    for term in queries.present_terms_of(member.id):
        accounts.end_roles(because_of=term.id, now=now)


@membership.member_left.connect
def _end_terms(member: Member, *, by: uuid.UUID | None, now: datetime, **_: Any) -> None:
    for term in queries.present_terms_of(member.id):
        end_term(term, by=by, now=now)
