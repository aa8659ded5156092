"""Giving and ending offices. Rights move with the term, at that very moment."""

import uuid
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from blinker import Signal

from groups.membership import commands as membership
from groups.membership.models import Member
from groups.officers import queries, rules
from groups.officers.models import Constitution, ConstitutionState, Term, TermSource
from network import audit, clock
from network.accounts import commands as accounts
from network.accounts.models import Account
from network.db import db
from network.invitations import commands as invitations
from network.invitations.models import Invitation, InvitationKind
from network.tenancy.models import Group

term_started = Signal("somebody came into an office; sent with `group` and `now`")


class CannotChangeOffices(Exception):
    """It cannot be done; `refusal` says why."""

    def __init__(self, refusal: rules.Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def ensure_constitution(group: Group, *, now: datetime) -> rules.Articles:
    """Give the group its network's template where it has nothing of its own, the first time somebody needs it."""
    if queries.find_constitution() is None:
        template = queries.template_of(group.id)
        first = _written(template, words="", language=group.language, reason="", now=now)
        first.state, first.version, first.follows = ConstitutionState.ADOPTED, 1, 0
        first.adopted_on = clock.today(group.time_zone, at=now)
        db.session.add(first)
        db.session.flush()
        audit.record("constitution.adopted", first, now=now)
    return queries.articles_in_force()


def propose_constitution(
    group: Group, articles: rules.Articles, *, words: str, language: str, reason: str, by: uuid.UUID, now: datetime
) -> Constitution:  # fmt: skip
    """Write down what the constitution should say. It holds once the members have decided so. Raises `CannotChangeOffices`."""
    in_force = ensure_constitution(group, now=now)
    if refusal := rules.why_not_propose(articles, waiting=queries.count_proposals()):
        raise CannotChangeOffices(refusal)
    proposed = _written(articles, words=words, language=language, reason=reason, now=now)
    proposed.state, proposed.follows, proposed.proposed_by_id = (
        ConstitutionState.PROPOSED,
        in_force.version,
        by,
    )
    db.session.add(proposed)
    db.session.flush()
    audit.record("constitution.proposed", proposed, by=by, now=now)
    return proposed


def _written(
    articles: rules.Articles, *, words: str, language: str, reason: str, now: datetime
) -> Constitution:
    return Constitution(
        id=uuid.uuid4(), offices=[office.as_json() for office in articles.offices], quorum_percent=articles.quorum_percent,
        notice_days=articles.notice_days, challenge_days=articles.challenge_days,
        voting_after_days=articles.voting_after_days, amend_majority=articles.amend_majority, fills_rest=articles.fills_rest,
        words=words or None, language=language,
        reason=reason or None, proposed_at=now,
    )  # fmt: skip


def adopt_constitution(
    group: Group, proposed: Constitution, *, motion_id: uuid.UUID, by: uuid.UUID | None, now: datetime
) -> Constitution:
    """The members decided: from this moment it holds. Offices it no longer knows end, and other proposals fall."""
    db.session.refresh(proposed, with_for_update=True)
    proposed.state, proposed.version = ConstitutionState.ADOPTED, queries.articles_in_force().version + 1
    proposed.adopted_on, proposed.motion_id = clock.today(group.time_zone, at=now), motion_id
    db.session.flush()
    for other in queries.proposals():
        drop_proposal(other, by=by, now=now)
    known = {office.code for office in queries.articles_in_force().offices}
    for term in queries.present_terms():
        if term.office not in known:
            end_term(term, by=by, now=now)
    audit.record("constitution.adopted", proposed, by=by, now=now)
    return proposed


def drop_proposal(proposed: Constitution, *, by: uuid.UUID | None, now: datetime) -> None:
    """Take a proposal away; it stays to be read. What is adopted stays as it is."""
    db.session.refresh(proposed, with_for_update=True)
    if proposed.state != ConstitutionState.PROPOSED:
        return
    proposed.state = ConstitutionState.DROPPED
    db.session.flush()
    audit.record("constitution.dropped", proposed, by=by, now=now)


def start_term(
    group: Group, member: Member, office: str, *, by: uuid.UUID | None, now: datetime, source: TermSource = TermSource.APPOINTED,
    seat: int | None = None, election_id: uuid.UUID | None = None, due_on: date | None = None,
    articles: rules.Articles | None = None,
) -> Term:  # fmt: skip
    """Put a member into a free seat of an office; their account holds its rights from this moment. Raises `CannotChangeOffices`."""
    described = (articles or ensure_constitution(group, now=now)).office(office)
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
    term_started.send(term, group=group, now=now)
    return term


def appoint_member(group: Group, member: Member, office: str, *, by: uuid.UUID | None, now: datetime) -> Term:
    """Record whom the members appointed or nominated to an office that is not elected. Raises `CannotChangeOffices`."""
    articles = ensure_constitution(group, now=now)
    described, today = articles.office(office), clock.today(group.time_zone, at=now)
    held = [term.office for term in queries.present_terms_of(member.id)]
    if refusal := rules.why_not_give(described, holds=held, elected=[one.code for one in articles.elected]):
        raise CannotChangeOffices(refusal)
    is_nominated = described is not None and described.method == rules.Method.NOMINATED
    if is_nominated:
        for term in queries.present_terms([office]):
            if term.due_on <= today:
                end_term(term, by=by, now=now)
    source = TermSource.NOMINATED if is_nominated else TermSource.APPOINTED
    return start_term(group, member, office, by=by, now=now, source=source)


def _free_seat(office: rules.Office, member: Member) -> int:
    held = queries.present_terms([office.code])
    if any(term.member_id == member.id for term in held):
        raise CannotChangeOffices(rules.Refusal.HOLDS_IT_ALREADY)
    free = rules.free_seats(office.seats, (term.seat for term in held))
    if not free:
        raise CannotChangeOffices(rules.Refusal.NO_FREE_SEAT)
    return free[0]


def end_term(
    term: Term, *, by: uuid.UUID | None, now: datetime, election_id: uuid.UUID | None = None
) -> None:
    """End a term and the rights that came with it, at this moment; say which election's result did it, if one did."""
    if not term.goes_on:
        return
    term.ends_at, term.ended_by_election_id = max(term.starts_at, now), election_id
    db.session.flush()
    accounts.end_roles(because_of=term.id, now=now)
    audit.record("term.ended", term, by=by, now=now)


def undo_election(
    group: Group,
    election_id: uuid.UUID,
    *,
    fallen: Collection[uuid.UUID],
    by: uuid.UUID | None,
    now: datetime,
) -> None:
    """A result has fallen: terms begun by it end, and those it ended begin again, for whoever is still here and free for it.

    A term that begins again is a new row: what was, stays readable.
    """
    for term in queries.terms_begun_by(election_id):
        end_term(term, by=by, now=now)
    known = ensure_constitution(group, now=now)
    for earlier in queries.terms_before(election_id, fallen=fallen):
        refusal = rules.why_not_begin_again(
            known, earlier.office, earlier.seat, is_present=earlier.member.is_present,
            taken=[term.seat for term in queries.present_terms([earlier.office])],
            holds=[term.office for term in queries.present_terms_of(earlier.member_id)],
        )  # fmt: skip
        if refusal is None:
            start_term(
                group, earlier.member, earlier.office, by=by, now=now, source=TermSource(earlier.source), seat=earlier.seat,
                election_id=earlier.election_id, due_on=earlier.due_on,
            )  # fmt: skip


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
