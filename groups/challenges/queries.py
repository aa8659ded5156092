"""Challenges as the database shows them to whoever asks, and who decides about them."""

import uuid
from datetime import datetime

import sqlalchemy as sa

from groups.challenges.models import Challenge, ChallengeAnswer, ChallengeState
from groups.elections.models import Candidacy, CandidacyState, Election, ElectionState, Teller
from groups.membership.models import Member
from groups.membership.queries import present_members
from groups.officers.queries import present_terms
from network.db import db


def get_challenge(challenge_id: uuid.UUID) -> Challenge:
    """A challenge one may see, or a page that says there is nothing here."""
    return db.one_or_404(sa.select(Challenge).where(Challenge.id == challenge_id))


def hold_challenge(challenge_id: uuid.UUID) -> Challenge | None:
    """A challenge as it is now, held until this is kept; nothing where it was closed meanwhile for whoever asks."""
    asked = sa.select(Challenge).where(Challenge.id == challenge_id).with_for_update()
    return db.session.scalar(asked.execution_options(populate_existing=True))


def challenges_seen(election_id: uuid.UUID) -> list[Challenge]:
    """Challenges of an election that whoever asks may see, the earliest first."""
    asked = sa.select(Challenge).where(Challenge.election_id == election_id)
    return list(db.session.scalars(asked.order_by(Challenge.made_at, Challenge.id)))


def to_answer(account_id: uuid.UUID | None) -> list[Challenge]:
    """Open challenges somebody decides about and has not answered."""
    answered = sa.select(ChallengeAnswer.challenge_id).where(ChallengeAnswer.account_id == account_id)
    decides_here = sa.text(
        ":me in (select challenge_panel(election_challenges.election_id, election_challenges.member_id, election_challenges.account_id))"
    ).bindparams(me=account_id)
    waiting = sa.select(Challenge).where(
        Challenge.state == ChallengeState.OPEN, Challenge.id.not_in(answered), decides_here
    )
    return list(db.session.scalars(waiting.order_by(Challenge.made_at, Challenge.id)))


def who_decides(challenge: Challenge) -> set[uuid.UUID]:
    """Accounts that decide about a challenge now: nobody concerned, and two at least wherever there are two.

    The database keeps the rule: the committee for disputes, else officers and facilitators too, else every member.
    """
    asked = sa.text("select challenge_panel(:election, :member, :account)")
    values = {
        "election": challenge.election_id,
        "member": challenge.member_id,
        "account": challenge.account_id,
    }
    return set(db.session.scalars(asked, values))


def tier_of(election_id: uuid.UUID, member_id: uuid.UUID | None, account_id: uuid.UUID | None) -> int:
    """1 where the committee for disputes decides, 2 with officers and facilitators, 3 with all members, 0 where no two can."""
    asked = sa.text("select challenge_tier(:election, :member, :account)")
    return (
        db.session.scalar(asked, {"election": election_id, "member": member_id, "account": account_id}) or 0
    )


def decides(challenge: Challenge, account_id: uuid.UUID | None) -> bool:
    """Whether this account is one of those who decide about it now."""
    return account_id is not None and account_id in who_decides(challenge)


def answers_to(challenge_id: uuid.UUID) -> list[ChallengeAnswer]:
    """What was said so far, to those who decide."""
    return list(
        db.session.scalars(sa.select(ChallengeAnswer).where(ChallengeAnswer.challenge_id == challenge_id))
    )


def count_open(election_id: uuid.UUID) -> int:
    """How many challenges of an election wait: the number alone, for everybody."""
    asked = sa.text("select challenges_in(:election, 'open')")
    return db.session.scalar(asked, {"election": election_id}) or 0


def count_stuck(election_id: uuid.UUID) -> int:
    """How many of those nobody can decide about at present."""
    return db.session.scalar(sa.text("select challenges_stuck(:election)"), {"election": election_id}) or 0


def has_open_of(election_id: uuid.UUID, member_id: uuid.UUID, *, by: uuid.UUID) -> bool:
    """Whether this account wrote an open challenge for this member already; what others wrote is not looked at."""
    asked = sa.select(Challenge.id).where(
        Challenge.election_id == election_id, Challenge.member_id == member_id,
        Challenge.account_id == by, Challenge.state == ChallengeState.OPEN,
    )  # fmt: skip
    return db.session.scalar(asked.limit(1)) is not None


def had_a_part(election_id: uuid.UUID, account_id: uuid.UUID) -> bool:
    """Whether somebody stood in an election, or counted in it."""
    stood = sa.select(Candidacy.member_id).where(
        Candidacy.election_id == election_id, Candidacy.state == CandidacyState.ACCEPTED
    )
    counted = sa.select(Teller.member_id).where(Teller.election_id == election_id)
    asked = sa.select(Member.id).where(
        Member.account_id == account_id, sa.or_(Member.id.in_(stood), Member.id.in_(counted))
    )
    return db.session.scalar(asked.limit(1)) is not None


def may_be_written_for() -> list[Member]:
    """Members here who do not sign in, by nickname."""
    return list(db.session.scalars(present_members().where(Member.account_id.is_(None))))


def could_vote(election: Election, member: Member) -> bool:
    """Whether somebody was on the roll when it was frozen."""
    asked = sa.text("select challenge_on_roll(:election, :member)")
    return bool(db.session.scalar(asked, {"election": election.id, "member": member.id}))


def offices_empty_again(election: Election) -> list[str]:
    """While a result can still be challenged: offices somebody was elected to, and that nobody holds any more."""
    if election.state != ElectionState.DECLARED:
        return []
    elected = [one.office for one in election.contests if any(outcome.is_elected for outcome in one.outcomes)]
    held = {term.office for term in present_terms(elected)}
    return [office for office in elected if office not in held]


def declared_elections() -> list[Election]:
    """Results that are not final yet, the earliest first."""
    asked = sa.select(Election).where(Election.state == ElectionState.DECLARED)
    return list(db.session.scalars(asked.order_by(Election.declared_at, Election.id)))


def due_for_certifying(now: datetime) -> list[Election]:
    """Results whose time to be challenged is over and nothing waits."""
    return [
        one
        for one in declared_elections()
        if one.challenge_until and one.challenge_until <= now and not count_open(one.id)
    ]


def challenger_of(challenge: Challenge) -> Member:
    """Whose challenge it is, also once they have left."""
    return db.session.get_one(Member, challenge.member_id)
