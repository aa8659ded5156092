"""Who holds which office, who held it, and what the constitution says."""

import uuid
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from groups.membership.models import Member
from groups.membership.queries import count_voters, voters
from groups.officers import rules
from groups.officers.models import Constitution, ConstitutionState, Term
from network import clock
from network.db import db
from network.tenancy import scope
from network.tenancy.models import Group
from network.tenancy.queries import find_home_network
from network.tenancy.settings import COUNTRY_PROFILE, setting


def find_constitution() -> Constitution | None:
    """The newest version the group in scope has adopted."""
    adopted = sa.select(Constitution).where(Constitution.state == ConstitutionState.ADOPTED)
    return db.session.scalar(adopted.order_by(Constitution.version.desc()).limit(1))


def articles_in_force() -> rules.Articles:
    """What holds in the group in scope: its constitution, or its network's template until it has one of its own."""
    found = find_constitution()
    return template_of(scope.group_id()) if found is None else articles_of(found)


def articles_of(version: Constitution) -> rules.Articles:
    """What a version says that this service acts on."""
    return rules.Articles(
        offices=rules.read_offices(version.offices), quorum_percent=version.quorum_percent, notice_days=version.notice_days,
        challenge_days=version.challenge_days, voting_after_days=version.voting_after_days,
        amend_majority=rules.Majority(version.amend_majority), fills_rest=version.fills_rest, version=version.version or 0, adopted_on=version.adopted_on,
    )  # fmt: skip


def template_of(group_id: uuid.UUID) -> rules.Articles:
    """The template of the country the group's network works in."""
    network = find_home_network(group_id)
    profile = str(setting(network.id, COUNTRY_PROFILE)) if network else COUNTRY_PROFILE.fallback
    return rules.TEMPLATES.get(profile, rules.TEMPLATE)


def adopted_versions() -> sa.Select[Constitution]:
    """Every version that was adopted, the newest first; a selection so that pages can page it."""
    adopted = sa.select(Constitution).where(Constitution.state == ConstitutionState.ADOPTED)
    return adopted.order_by(Constitution.version.desc())


def proposals() -> list[Constitution]:
    """What is proposed and not decided yet, the earliest first."""
    waiting = sa.select(Constitution).where(Constitution.state == ConstitutionState.PROPOSED)
    return list(db.session.scalars(waiting.order_by(Constitution.proposed_at, Constitution.id)))


def count_proposals() -> int:
    """How many proposals wait."""
    waiting = sa.select(sa.func.count()).select_from(Constitution)
    return db.session.scalar(waiting.where(Constitution.state == ConstitutionState.PROPOSED)) or 0


def get_constitution(constitution_id: uuid.UUID) -> Constitution:
    """A version or a proposal, or a page that says there is nothing here."""
    return db.one_or_404(sa.select(Constitution).where(Constitution.id == constitution_id))


def constitutions_that_follow(ids: Collection[uuid.UUID | None]) -> set[uuid.UUID | None]:
    """Those among some versions and proposals that change an earlier one."""
    asked = sa.select(Constitution).where(Constitution.id.in_(ids))
    return {written.id for written in db.session.scalars(asked) if written.follows} if ids else set()


def find_version(version: int) -> Constitution | None:
    """The version with this number."""
    return db.session.scalar(sa.select(Constitution).where(Constitution.version == version))


def present_terms(offices: Sequence[str] = ()) -> list[Term]:
    """Terms that go on, with their members, by office and seat; of all offices or of some."""
    wanted = (
        sa.select(Term)
        .where(Term.ends_at.is_(None))
        .options(joinedload(Term.member))
        .order_by(Term.office, Term.seat)
    )
    return list(db.session.scalars(wanted.where(Term.office.in_(offices)) if offices else wanted))


def present_terms_of(member_id: uuid.UUID) -> list[Term]:
    """The offices somebody holds now, in a stable order."""
    return list(
        db.session.scalars(
            sa.select(Term)
            .where(Term.member_id == member_id, Term.ends_at.is_(None))
            .order_by(Term.office, Term.seat)
        )
    )


def terms_begun_by(election_id: uuid.UUID) -> list[Term]:
    """Terms that began with the result of an election and go on."""
    begun = sa.select(Term).where(Term.election_id == election_id, Term.ends_at.is_(None))
    return list(db.session.scalars(begun.order_by(Term.office, Term.seat)))


def terms_ended_by(election_id: uuid.UUID) -> list[Term]:
    """Terms that the result of an election ended, with their members."""
    ended = sa.select(Term).where(Term.ended_by_election_id == election_id).options(joinedload(Term.member))
    return list(db.session.scalars(ended.order_by(Term.office, Term.seat)))


def terms_before(election_id: uuid.UUID, *, fallen: Collection[uuid.UUID]) -> list[Term]:
    """Terms that would go on, had an election and others that fell never been: those it ended, or what those had ended."""
    return [one for term in terms_ended_by(election_id) for one in _or_before(term, fallen)]


def _or_before(term: Term, fallen: Collection[uuid.UUID]) -> list[Term]:
    if term.election_id is None or term.election_id not in fallen:
        return [term]
    earlier = terms_ended_by(term.election_id)
    same_seat = [one for one in earlier if (one.office, one.seat) == (term.office, term.seat)]
    return [found for one in same_seat for found in _or_before(one, fallen)]


def voters_now(group: Group, *, now: datetime) -> sa.Select[Member]:
    """Members who may vote at this moment, as the constitution says; a selection."""
    return voters(joined_by=_joined_by(clock.today(group.time_zone, at=now)))


def count_voters_now(group: Group, *, now: datetime) -> int:
    """How many members may vote at this moment."""
    return count_voters_on(clock.today(group.time_zone, at=now))


def count_voters_on(day: date) -> int:
    """How many members could vote on a day."""
    return count_voters(on=day, joined_by=_joined_by(day))


def _joined_by(day: date) -> date:
    return day - timedelta(days=articles_in_force().voting_after_days)


def last_due(offices: Sequence[str]) -> dict[str, date]:
    """The day on which the latest term of each of these offices is over, whether somebody is in it or not."""
    rows = (
        sa.select(Term.office, sa.func.max(Term.due_on)).where(Term.office.in_(offices)).group_by(Term.office)
    )
    return {office: due for office, due in db.session.execute(rows)}  # noqa: C416 - rows are not pairs to the type checker


def past_terms() -> sa.Select[Term]:
    """Terms that are over, the latest first; a selection so that pages can page it."""
    return (
        sa.select(Term)
        .where(Term.ends_at.is_not(None))
        .options(joinedload(Term.member))
        .order_by(Term.ends_at.desc(), Term.office, Term.seat, Term.id)
    )


def get_term(term_id: uuid.UUID) -> Term:
    """A term that goes on, or a page that says there is nothing here."""
    return db.one_or_404(
        sa.select(Term).where(Term.id == term_id, Term.ends_at.is_(None)).options(joinedload(Term.member))
    )


NEEDED_FOR_MONEY = ("chairperson", "secretary", "treasurer")


def has_officers_for_money(group: Group, today: date) -> bool:  # noqa: ARG001 - what a network's conditions are asked with
    """Whether somebody is in each of the three offices a network sends money to, now."""
    return {term.office for term in present_terms(NEEDED_FOR_MONEY)} == set(NEEDED_FOR_MONEY)
