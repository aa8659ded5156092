"""Challenging a result, deciding about it, and the result that is final or falls."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from blinker import Signal
from sqlalchemy.exc import IntegrityError

from groups.challenges import queries, rules
from groups.challenges.models import Challenge, ChallengeAnswer, ChallengeState
from groups.challenges.rules import Refusal
from groups.elections import commands as elections
from groups.elections import queries as known
from groups.elections.commands import CannotElect
from groups.elections.models import Election, ElectionState
from groups.elections.rules import why_not_certify
from groups.membership.models import Member
from groups.officers import commands as officers
from network import audit
from network.db import db
from network.mine.registry import Me
from network.tenancy.models import Group

election_certified = Signal("a result is final; sent with `now`")

FELL = "challenge_upheld"
"""What stands in place of a reason where a result fell; pages say it in a sentence."""


class CannotChallenge(Exception):
    """It cannot be done; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def _unless(refusal: Refusal | None) -> None:
    if refusal:
        raise CannotChallenge(refusal)


def challenge_result(
    election: Election, member: Member, words: str, *, by: uuid.UUID, now: datetime
) -> Challenge:
    """Somebody who could vote says what went wrong; another may write it down for a member without a sign-in. Raises `CannotChallenge`.

    Nothing is noted in the group's diary, which would say whose it is.
    """
    election = known.hold(election)
    if member.account_id != by:
        had_a_part = queries.had_a_part(election.id, by)
        _unless(rules.why_not_write_for(signs_in=member.has_sign_in, had_a_part=had_a_part))
    _unless(
        rules.why_not_challenge(
            election.state, now=now, until=election.challenge_until,
            is_on_roll=member.is_present and queries.could_vote(election, member),
            is_waiting=queries.has_open_of(election.id, member.id, by=by), waiting=queries.count_open(election.id),
        )
    )  # fmt: skip
    made = Challenge(
        id=uuid.uuid4(), election_id=election.id, member_id=member.id, account_id=by, words=words,
        state=ChallengeState.OPEN, made_at=now,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


def answer_challenge(
    group: Group, challenge: Challenge, *, upholds: bool, by: uuid.UUID, now: datetime
) -> ChallengeState:
    """One of those who decide says whether it holds. Two who say the same decide. Raises `CannotChallenge`.

    Where it is upheld the result falls at this moment: rights go back to whoever had them.
    """
    election = known.hold(known.get_election(challenge.election_id))
    held = queries.hold_challenge(challenge.id)
    if held is None:  # closed meanwhile: now only those concerned see it
        raise CannotChallenge(Refusal.CLOSED)
    _unless(rules.why_not_answer(held.state, decides=queries.decides(challenge, by)))
    try:
        with db.session.begin_nested():
            db.session.add(
                ChallengeAnswer(challenge_id=challenge.id, account_id=by, upholds=upholds, answered_at=now)
            )
    except IntegrityError:  # they said it already
        raise CannotChallenge(Refusal.ALREADY) from None
    panel = queries.who_decides(challenge)
    state = rules.decided(
        [one.upholds for one in queries.answers_to(challenge.id) if one.account_id in panel]
    )
    if state == ChallengeState.OPEN:
        return state
    challenge.state, challenge.closed_at = state, now
    db.session.flush()
    if state == ChallengeState.UPHELD and election.state == ElectionState.DECLARED:
        _fall(group, election, now=now)
    return state


def _fall(group: Group, election: Election, *, now: datetime) -> None:
    election.void_reason, election.voided_at = FELL, now
    elections.step(election, ElectionState.VOID)
    officers.undo_election(group, election.id, fallen=known.fallen_elections(), by=None, now=now)
    audit.record("election.fell", election, now=now)
    elections.election_voided.send(election, now=now)


def withdraw_challenge(challenge: Challenge, *, by: uuid.UUID, now: datetime) -> None:
    """Take one's own challenge back. Raises `CannotChallenge`."""
    db.session.refresh(challenge, with_for_update=True)
    if challenge.state != ChallengeState.OPEN:
        raise CannotChallenge(Refusal.CLOSED)
    if challenge.account_id != by:
        raise CannotChallenge(Refusal.NOT_NOW)
    challenge.state, challenge.closed_at = ChallengeState.WITHDRAWN, now
    db.session.flush()


def forget_challenger(me: Me, *, now: datetime) -> None:
    """Somebody asks to be forgotten: what they challenged themselves and nobody has decided yet is taken back."""
    if me.account_id is None:
        return
    theirs = (Challenge.account_id == me.account_id, Challenge.member_id.in_(me.members))
    for challenge in db.session.scalars(
        sa.select(Challenge).where(*theirs, Challenge.state == ChallengeState.OPEN)
    ).all():
        withdraw_challenge(challenge, by=me.account_id, now=now)


def forget_what_others_wrote(me: Me, *, now: datetime) -> None:  # noqa: ARG001 - whoever is asked to forget takes both
    """What others wrote down for whoever is forgotten is theirs all the same: its words go, and what is open is taken back.

    Nobody can decide about a challenge without its words. The database, which shows it to few, sees to it.
    """
    for member_id in me.members:
        db.session.execute(sa.select(sa.func.challenges_forget_member(member_id)))


def certify_result(election: Election, *, by: uuid.UUID | None, now: datetime) -> None:
    """Nobody can challenge it any more, and nothing waits: the result is final. Raises `CannotElect`."""
    election = known.hold(election)
    waiting = queries.count_open(election.id)
    if refusal := why_not_certify(election.state, now=now, until=election.challenge_until, waiting=waiting):
        raise CannotElect(refusal)
    election.certified_at = now
    elections.step(election, ElectionState.CERTIFIED)
    audit.record("election.certified", election, by=by, now=now)
    election_certified.send(election, now=now)


def forget_old_words() -> None:
    """Words of challenges decided a year ago go, in the group in scope; the database, which shows them to few, sees to it."""
    db.session.execute(sa.select(sa.func.challenges_forget_words()))
