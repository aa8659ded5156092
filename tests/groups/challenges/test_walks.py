"""Random walks through whole elections: no path reaches a forbidden state, and rights always follow the terms in force."""

import random
import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from groups.challenges import commands, queries
from groups.challenges.commands import CannotChallenge
from groups.challenges.models import ChallengeState
from groups.elections import commands as elections
from groups.elections import rules
from groups.elections.commands import CannotElect
from groups.elections.counting.tallies import OfficeTally, RoomTally
from groups.elections.models import Election, ElectionKind, ElectionState, NamedBy, VotingMethod
from groups.elections.queries import get_election, how_it_came
from groups.membership.commands import let_member_go
from groups.membership.models import Member
from groups.membership.queries import present_members
from groups.namings.commands import CannotName, name_member, settle
from groups.officers import commands as officers
from groups.officers.commands import CannotChangeOffices
from groups.officers.models import Term
from groups.officers.queries import articles_in_force, present_terms
from groups.tallies.commands import enter_tally
from network import clock
from network.accounts.models import RoleAssignment
from network.db import db
from network.tenancy.settings import COUNTRY_PROFILE
from tests.factories.groups import a_member
from tests.factories.network import make_account, make_group, make_holder, make_network
from tests.support.app import in_scope

OFFICES = ("chairperson", "secretary", "treasurer", "committee")
REFUSED = (CannotElect, CannotChallenge, CannotChangeOffices)
PEOPLE = 9


class Walk:
    """A group of nine that calls, counts, declares, challenges, leaves and appoints in any order."""

    def __init__(self, seed: int) -> None:
        self.chance, self.told = random.Random(seed), list[str]()
        self.group, self.now = (
            make_group(make_network(settings={COUNTRY_PROFILE: "kenya"})),
            clock.now() - timedelta(days=300),
        )
        self.outside = [make_holder("facilitator", self.group, since=self.now).id for _ in range(2)]
        self.people: list[tuple[uuid.UUID, uuid.UUID]] = []
        self.known: list[uuid.UUID] = []
        self.before: dict[uuid.UUID, str] = {}
        long_ago = self.now - timedelta(days=400)
        for _ in range(PEOPLE):
            self.join(since=long_ago)
        with in_scope(self.group):
            for number, office in enumerate(OFFICES):
                officers.start_term(self.group, self.member(number), office, by=None, now=long_ago)

    def join(self, since: datetime | None = None) -> None:
        account = make_account().id
        with in_scope(self.group):
            member = a_member(f"Somebody {len(self.people)}", account_id=account, now=since or self.now)
            self.people.append((member.id, account))

    def at(self, step: Callable[[Election], object]) -> None:
        """Take a step in one of the elections; a refusal leaves nothing behind."""
        if not self.known:
            return
        self.now += timedelta(hours=1)
        with suppress(*REFUSED), in_scope(self.group):
            step(get_election(self.pick()))

    def pick(self) -> uuid.UUID:
        """Mostly one of the newest."""
        return self.chance.choice(self.known[-3:] if self.chance.random() < 0.8 else self.known)

    def member(self, number: int) -> Member:
        return db.session.get_one(Member, self.people[number][0])

    def some(self, most: int) -> list[int]:
        return self.chance.sample(range(len(self.people)), self.chance.randint(1, most))

    def call(self) -> None:
        kind = self.chance.choice(list(ElectionKind))
        offices = self.chance.sample(OFFICES, self.chance.randint(1, len(OFFICES)))
        with suppress(*REFUSED), in_scope(self.group):
            called = elections.call_election(
                self.group, kind=kind, offices=sorted(offices), held_on=clock.today(self.group.time_zone, at=self.now), by=None,
                now=self.now, is_short_notice_agreed=True,
            )  # fmt: skip
            self.known.append(called.id)

    def name(self) -> None:
        who = self.some(3)

        def step(election: Election) -> None:
            for number, candidate in enumerate(who):
                contest = election.contests[number % len(election.contests)]
                with suppress(CannotElect):
                    elections.name_candidate(
                        election, contest, self.member(candidate), named_by=NamedBy.MEETING, has_accepted=True, by=None, now=self.now
                    )  # fmt: skip

        self.at(step)

    def vote(self) -> None:
        def step(election: Election) -> None:
            standing = {one.member_id for contest in election.contests for one in contest.candidates}
            here = [one for one in db.session.scalars(present_members()) if one.id not in standing]
            elections.begin_vote(
                self.group, election, method=VotingMethod.HANDS, tellers=here[:2], by=None, now=self.now
            )  # fmt: skip

        self.at(step)

    def count(self) -> None:
        first = self.chance.randint(0, 6)

        def step(election: Election) -> None:
            told = {}
            for contest in election.contests:
                if places := [one.position for one in contest.candidates]:
                    votes = dict.fromkeys(places, 0) | {places[-1]: 6 - first} | {places[0]: first}
                    told[contest.office] = OfficeTally(votes, 6 - sum(votes.values()), 0)
            for teller in election.tellers:
                enter_tally(election, teller, RoomTally(6, told), now=self.now)
            election = get_election(election.id)
            for came in how_it_came(election):
                if came.standing.is_tied:
                    elections.draw_lot(election, came.contest, [7, 23, first], by=None, now=self.now)

        self.at(step)

    def declare(self) -> None:
        self.at(lambda election: elections.declare_result(self.group, election, by=None, now=self.now))

    def call_void(self) -> None:
        self.at(lambda election: elections.void_election(election, "so", by=None, now=self.now))

    def certify(self) -> None:
        self.at(lambda election: commands.certify_result(election, by=None, now=self.now))

    def challenge(self) -> None:
        """Somebody challenges, and up to three of those who decide say something."""
        said = [self.chance.random() < 0.7 for _ in range(self.chance.randint(0, 3))]
        if not self.known:
            return
        election_id, (member_id, account) = self.pick(), self.chance.choice(self.people)
        made: list[uuid.UUID] = []
        with suppress(*REFUSED), in_scope(self.group, account):
            made.append(
                commands.challenge_result(
                    get_election(election_id),
                    db.session.get_one(Member, member_id),
                    "so",
                    by=account,
                    now=self.now,
                ).id
            )
        for challenge_id in made:
            with in_scope(self.group, account):
                panel = sorted(queries.who_decides(queries.get_challenge(challenge_id)))
            for judge, upholds in zip(panel, said, strict=False):
                with suppress(*REFUSED), in_scope(self.group, judge):
                    asked = queries.get_challenge(challenge_id)
                    commands.answer_challenge(self.group, asked, upholds=upholds, by=judge, now=self.now)
            with in_scope(self.group, account):
                asked = queries.get_challenge(challenge_id)
                if asked.state == ChallengeState.OPEN:
                    commands.withdraw_challenge(asked, by=account, now=self.now)

    def leave(self) -> None:
        who = self.chance.randrange(len(self.people))
        with in_scope(self.group):
            let_member_go(self.group, self.member(who), by=None, now=self.now)

    def appoint(self) -> None:
        who, office = self.chance.randrange(len(self.people)), self.chance.choice(["disputes", "facilitator"])
        with suppress(*REFUSED, CannotName), in_scope(self.group):
            fellow = self.member((who + 1) % len(self.people))
            naming = name_member(
                self.member(who), office, named_by=fellow, by=None, now=self.now, has_accepted=True
            )
            settle(self.group, naming, by=None, now=self.now)

    def wait(self) -> None:
        days = self.chance.randint(1, 8)
        self.now = min(self.now + timedelta(days=days), clock.now() - timedelta(days=1))

    def only_steps_that_exist(self) -> None:
        with in_scope(self.group):
            after = {one.id: one.state for one in db.session.scalars(sa.select(Election))}
        for election_id, state in after.items():
            earlier = self.before.get(election_id)
            assert earlier is None or state in _reachable(ElectionState(earlier)), (earlier, state)
        self.before = after

    def rights_follow_the_terms_in_force(self) -> None:
        with in_scope(self.group):
            terms = present_terms()
            alone = articles_in_force().one_each
            account = dict(self.people)
            held: dict[uuid.UUID, set[str]] = {one: set() for one in account.values()}
            for term in terms:
                assert term.member.is_present, "nobody who left holds an office"
                held[account[term.member_id]].add(term.office)
            for has in held.values():
                assert len(has & alone) <= 1, has
            assert self._stands_on_a_result(terms)
            rows = db.session.execute(
                sa.select(RoleAssignment.account_id, RoleAssignment.role).where(
                    RoleAssignment.group_id == self.group.id,
                    RoleAssignment.ends_at.is_(None),
                    RoleAssignment.role != "member",
                    RoleAssignment.account_id.in_(held),
                )
            ).all()
            assert sorted(tuple(row) for row in rows) == sorted(
                (who, one) for who, has in held.items() for one in has
            )

    def _stands_on_a_result(self, terms: list[Term]) -> bool:
        results = [get_election(term.election_id) for term in terms if term.election_id]
        return all(election.has_result for election in results)


def _reachable(state: ElectionState) -> set[ElectionState]:
    found, waiting = {state}, [state]
    while waiting:
        following = rules.STEPS[waiting.pop()] - found
        found |= following
        waiting += following
    return found


STEPS = {
    Walk.call: 6, Walk.name: 8, Walk.vote: 6, Walk.count: 8, Walk.declare: 8, Walk.challenge: 6, Walk.certify: 3, Walk.wait: 3,
    Walk.appoint: 2, Walk.leave: 1, Walk.join: 1, Walk.call_void: 0.3,
}  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_rights_follow_the_terms_on_every_walk(app: object, seed: int) -> None:
    walk = Walk(seed)
    for _ in range(150):
        step = walk.chance.choices(list(STEPS), list(STEPS.values()))[0]
        walk.told.append(step.__name__)
        step(walk)
        walk.only_steps_that_exist()
        walk.rights_follow_the_terms_in_force()
