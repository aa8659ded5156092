"""kill -9 between any two writes of an election, and between any two steps: it can go on from where it was."""

import hashlib
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from groups.ballots import commands, queries
from groups.ballots.commands import CannotVote
from groups.ballots.models import BoxState
from groups.challenges.commands import certify_result
from groups.elections import commands as elections
from groups.elections.commands import CannotElect
from groups.elections.counting.tallies import OfficeTally, RoomTally
from groups.elections.models import Election, ElectionKind, ElectionState, NamedBy, VotingMethod
from groups.elections.queries import get_election
from groups.elections.rules import Refusal
from groups.membership.queries import get_member
from groups.officers.queries import present_terms
from groups.tallies.commands import enter_tally
from network import clock
from network.db import db
from tests.factories.ballots import Held, KeptKey
from tests.factories.groups import a_member, a_term
from tests.factories.network import make_group
from tests.support.app import in_scope
from tests.support.killing import everything_in, whole_or_not_at_all

IN_THE_ROOM = RoomTally(3, {"treasurer": OfficeTally({1: 1, 2: 2}, 0, 0)})


class Held9:
    """An election every one of whose steps is killed on the way before it is taken."""

    def __init__(self) -> None:
        self.group, self.then = make_group(), clock.now() - timedelta(days=10)
        self.key = KeptKey(ec.generate_private_key(ec.SECP256R1()))
        with in_scope(self.group):
            self.members = [
                a_member(f"Somebody {one}", now=self.then - timedelta(days=400)).id for one in range(14)
            ]
            a_term(self.people(13)[0], "treasurer", now=self.then - timedelta(days=300))

    def people(self, *numbers: int) -> list[Any]:
        return [get_member(self.members[number]) for number in numbers]

    def take(self, step: Callable[[], Any]) -> Any:
        return whole_or_not_at_all(step, group=self.group)

    def is_over(self, step: Callable[[], Any]) -> None:
        """Whoever got no answer does it once more: it is refused, and nothing happens twice."""
        before = everything_in(self.group)
        with pytest.raises((CannotElect, CannotVote)), in_scope(self.group):
            step()
        assert everything_in(self.group) == before

    @property
    def election(self) -> Election:
        return get_election(self.election_id)

    def held(self) -> Held:
        box = queries.get_box(self.election_id)
        return Held(self.election, box, self.key, [], self.then + timedelta(hours=1))


def call(here: Held9) -> Callable[[], Any]:
    def step() -> uuid.UUID:
        group, today = here.group, clock.today(here.group.time_zone, at=here.then)
        return elections.call_election(
            group, kind=ElectionKind.YEARLY, offices=["treasurer"], held_on=today, by=None, now=here.then, is_short_notice_agreed=True
        ).id  # fmt: skip

    return step


def name(here: Held9, number: int) -> Callable[[], Any]:
    return lambda: elections.name_candidate(
        here.election, here.election.contests[0], here.people(number)[0], named_by=NamedBy.MEETING, has_accepted=True, by=None,
        now=here.then,
    )  # fmt: skip


def begin(here: Held9) -> Callable[[], Any]:
    return lambda: commands.begin_vote(
        here.group, here.election, method=VotingMethod.PAPER, tellers=here.people(2, 3), with_phones=True, slips=2,
        lasts=timedelta(hours=1), by=None, now=here.then,
    )  # fmt: skip


def cast(here: Held9, number: int) -> Callable[[], Any]:
    def step() -> str:
        entry = queries.find_entry(here.election_id, here.members[number])
        sealed = commands.seal_here(queries.get_box(here.election_id), {1: (1,)})
        return commands.cast(here.election_id, sealed, now=here.then, entry=entry)

    return step


def tally(here: Held9, place: int) -> Callable[[], Any]:
    return lambda: enter_tally(here.election, here.election.tellers[place], IN_THE_ROOM, now=here.then)


def open_box(here: Held9, place: int) -> Callable[[], Any]:
    def step() -> bool:
        held = here.held()
        asked = queries.asked_in(held.election)
        return commands.keep_opened(
            held.election, held.keepers()[place], held.opened(), asked=asked, now=here.then
        )

    return step


def test_a_whole_election_killed_at_every_write_can_go_on(app: object) -> None:
    here = Held9()
    here.election_id = here.take(call(here))
    here.is_over(call(here))
    for number in (0, 1):
        here.take(name(here, number))
        here.is_over(name(here, number))
    here.take(lambda: commands.prepare_box(
        here.election, public_key=here.key.public, wrapped_key=hashlib.sha512(b"closed").digest() * 2, keepers=here.people(2, 3, 4),
        by=None, now=here.then,
    ))  # fmt: skip
    here.take(begin(here))
    here.is_over(begin(here))
    for number in range(5, 11):
        here.take(cast(here, number))
        here.take(cast(here, number))  # again: it takes its own place
    for place in (0, 1):
        here.take(tally(here, place))
    here.is_over(tally(here, 0))
    close = lambda: commands.close_box(here.election, by=None, now=here.then + timedelta(hours=1))  # noqa: E731
    here.take(close)
    here.is_over(close)
    for place in (0, 1):
        here.take(open_box(here, place))
        here.is_over(open_box(here, place))
    declare_and_certify(here)


def test_an_empty_roll_is_refused_in_words(app: object) -> None:
    group, long_ago = make_group(), clock.now() - timedelta(days=10)
    with in_scope(group):
        members = [a_member(f"Somebody {one}") for one in range(3)]
        election = elections.call_election(
            group, kind=ElectionKind.YEARLY, offices=["treasurer"], held_on=clock.today(group.time_zone, at=long_ago), by=None,
            now=long_ago, is_short_notice_agreed=True,
        )  # fmt: skip
        elections.name_candidate(
            election, election.contests[0], members[0], named_by=NamedBy.MEETING, has_accepted=True, by=None, now=long_ago
        )  # fmt: skip
        with pytest.raises(CannotElect) as refused:
            elections.begin_vote(
                group, election, method=VotingMethod.HANDS, tellers=members[1:], by=None, now=long_ago
            )
        assert refused.value.refusal is Refusal.NOBODY_ON_ROLL


def declare_and_certify(here: Held9) -> None:
    with in_scope(here.group):
        assert (here.election.state, here.election.ballots) == (ElectionState.COUNTED, 9)
        assert queries.get_box(here.election_id).state == BoxState.OPENED
    declare = lambda: elections.declare_result(here.group, here.election, by=None, now=here.then)  # noqa: E731
    here.take(declare)
    here.is_over(declare)
    certify = lambda: certify_result(here.election, by=None, now=clock.now())  # noqa: E731
    here.take(certify)
    here.is_over(certify)
    with in_scope(here.group):
        assert [term.member_id for term in present_terms()] == [here.members[0]]
        assert queries.get_box(here.election_id).wrapped_key is None
        assert queries.boxed(here.election_id) == []


def test_the_killer_finds_a_step_that_keeps_half(app: object) -> None:
    here = Held9()

    def in_two_parts() -> None:
        call(here)()
        db.session.commit()
        here.people(0)[0].nickname = "Somebody else"

    with pytest.raises(AssertionError):
        here.take(in_two_parts)
