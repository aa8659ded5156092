from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from groups.elections import commands, queries
from groups.elections.commands import CannotElect
from groups.elections.counting.tallies import BALLOTS, OfficeTally, RoomTally, SumRefusal
from groups.elections.models import ElectionKind, ElectionState
from groups.elections.rules import Refusal
from groups.membership.commands import let_member_go
from groups.officers.queries import present_terms
from groups.tallies.commands import enter_tally
from network import clock
from network.accounts.queries import find_link_of_any_purpose, roles_held
from network.db import db
from network.tenancy.models import Group
from tests.factories.groups import (
    NINE,
    a_candidate,
    a_counted_vote,
    a_member,
    a_term,
    a_vote,
    an_election,
    some_members,
)
from tests.factories.network import make_account, make_group
from tests.support.app import in_group


@pytest.fixture
def group(app: object) -> Iterator[Group]:
    made = make_group()
    with in_group(made):
        yield made


TIE = RoomTally(9, {"treasurer": OfficeTally({1: 4, 2: 4}, 1, 0)})


class TestCallElection:
    def test_fills_in_what_the_constitution_says(self, group: Group) -> None:
        election = an_election(offices=["committee", "chairperson"])
        assert election.state == ElectionState.NOMINATING
        assert [(one.office, one.seats, one.months) for one in election.contests] == [
            ("chairperson", 1, 12),
            ("committee", 3, 12),
        ]

    def test_one_yearly_election_at_a_time(self, group: Group) -> None:
        an_election()
        with pytest.raises(CannotElect) as refused:
            an_election()
        assert refused.value.refusal == Refusal.ANOTHER_IS_OPEN

    def test_a_by_election_is_for_what_is_empty(self, group: Group) -> None:
        a_term(a_member(), "committee")
        election = an_election(kind=ElectionKind.BY_ELECTION, offices=["committee"])
        assert [one.seats for one in election.contests] == [2]
        a_term(a_member("Sun"), "treasurer")
        with pytest.raises(CannotElect) as refused:
            an_election(kind=ElectionKind.BY_ELECTION, offices=["treasurer"])
        assert refused.value.refusal == Refusal.NO_VACANCY


class TestNameCandidate:
    def test_one_person_stands_for_one_office(self, group: Group) -> None:
        election, member = an_election(), a_member()
        a_candidate(election, "treasurer", member)
        with pytest.raises(CannotElect) as refused:
            a_candidate(election, "chairperson", member)
        assert refused.value.refusal == Refusal.STANDS_ELSEWHERE

    def test_only_members_who_are_here(self, group: Group) -> None:
        election, member = an_election(), a_member()
        let_member_go(group, member, by=None, now=clock.now())
        with pytest.raises(CannotElect) as refused:
            a_candidate(election, "treasurer", member)
        assert refused.value.refusal == Refusal.NOT_A_MEMBER


class TestBeginVote:
    def test_freezes_the_roll_and_gives_two_slips(self, group: Group) -> None:
        election = a_vote(some_members(9))
        assert (election.state, election.roll, len(election.tellers)) == (ElectionState.VOTING, 9, 2)
        for teller in election.tellers:
            link = find_link_of_any_purpose(teller.slip or "", now=clock.now())
            assert link is not None
            assert link.subject_id == teller.id
        a_member("Late")
        assert queries.get_election(election.id).roll == 9

    def test_a_candidate_who_left_does_not_stand(self, group: Group) -> None:
        members, election = some_members(5), an_election()
        a_candidate(election, "treasurer", members[0])
        let_member_go(group, members[0], by=None, now=clock.now())
        with pytest.raises(CannotElect) as refused:
            commands.begin_vote(
                group, election, method="hands", tellers=members[3:], by=None, now=clock.now()
            )
        assert refused.value.refusal == Refusal.NOBODY_STANDS


class TestEnterTally:
    def test_two_who_differ_count_again_until_they_agree(self, group: Group) -> None:
        election = a_vote(some_members(9))
        first, second = election.tellers
        other = RoomTally(9, {**NINE.offices, "treasurer": OfficeTally({1: 3, 2: 5}, 0, 1)})
        assert enter_tally(election, first, NINE, now=clock.now()) == []
        assert enter_tally(election, second, other, now=clock.now()) == ["treasurer"]
        with pytest.raises(CannotElect) as refused:
            enter_tally(election, second, NINE, now=clock.now())
        assert refused.value.refusal == Refusal.REASON_NEEDED
        assert enter_tally(election, second, NINE, now=clock.now(), reason="Counted again") == []
        done = queries.get_election(election.id)
        assert (done.state, done.ballots, [len(one.tallies) for one in done.tellers]) == (
            ElectionState.COUNTED,
            9,
            [1, 2],
        )
        assert [one.slip for one in done.tellers] == [None, None]
        assert not find_link_of_any_purpose(first.slip or "none", now=clock.now())

    def test_refuses_what_cannot_be_right(self, group: Group) -> None:
        election = a_vote(some_members(9))
        with pytest.raises(CannotElect) as refused:
            enter_tally(election, election.tellers[0], RoomTally(10, NINE.offices), now=clock.now())
        assert refused.value.wrong == {
            BALLOTS: SumRefusal.MORE_THAN_ROLL,
            "chairperson": SumRefusal.DOES_NOT_ADD_UP,
            "treasurer": SumRefusal.DOES_NOT_ADD_UP,
        }


class TestDeclareResult:
    def test_moves_the_rights_at_this_very_moment(self, group: Group) -> None:
        old, new, now = make_account(), make_account(), clock.now()
        members = some_members(7)
        outgoing = a_member("Old", account_id=old.id, now=now - timedelta(days=300))
        incoming = a_member("New", account_id=new.id, now=now - timedelta(days=300))
        term = a_term(outgoing, "treasurer", now=now - timedelta(days=300))
        election = a_counted_vote([members[0], incoming, *members[1:]])
        declared_at = clock.now()
        commands.declare_result(group, election, by=None, now=declared_at)
        assert roles_held(old.id, group.id, now=declared_at) == {"member"}
        assert roles_held(new.id, group.id, now=declared_at) == {"member", "treasurer"}
        assert term.ends_at == declared_at
        assert {(one.office, one.member_id) for one in present_terms()} == {
            ("chairperson", members[0].id),
            ("treasurer", incoming.id),
        }

    def test_waits_for_the_lot_where_two_are_level(self, group: Group) -> None:
        election = a_counted_vote(some_members(9), TIE)
        with pytest.raises(CannotElect) as refused:
            commands.declare_result(group, election, by=None, now=clock.now())
        assert refused.value.refusal == Refusal.LOT_NEEDED
        drawn = commands.draw_lot(election, election.contests[0], [7, 23, 5], by=None, now=clock.now())
        with pytest.raises(CannotElect) as refused:
            commands.draw_lot(election, election.contests[0], [8, 23, 5], by=None, now=clock.now())
        assert refused.value.refusal == Refusal.NOT_TIED
        commands.declare_result(group, election, by=None, now=clock.now())
        outcomes = queries.get_election(election.id).contests[0].outcomes
        winner = next(one for one in outcomes if one.is_elected)
        assert winner.by_lot
        assert [
            one.position for one in election.contests[0].candidates if one.id == winner.candidacy_id
        ] == drawn.drawn_order[:1]

    def test_not_below_the_quorum(self, group: Group) -> None:
        few = RoomTally(4, {"treasurer": OfficeTally({1: 3, 2: 1})})
        election = a_counted_vote(some_members(9), few)
        with pytest.raises(CannotElect) as refused:
            commands.declare_result(group, election, by=None, now=clock.now())
        assert refused.value.refusal == Refusal.NOT_QUORATE
        commands.void_election(election, "Too few came", by=None, now=clock.now())

    def test_whoever_has_an_office_nobody_was_elected_to_keeps_it(self, group: Group) -> None:
        members = some_members(9)
        kept = a_term(members[8], "secretary")
        election = an_election(offices=["treasurer", "secretary"])
        a_candidate(election, "treasurer", members[0])
        commands.begin_vote(group, election, method="paper", tellers=members[5:7], by=None, now=clock.now())
        election = queries.get_election(election.id)
        for teller in election.tellers:
            tally = RoomTally(9, {"treasurer": OfficeTally({1: 9})})
            enter_tally(election, teller, tally, now=clock.now())
        commands.declare_result(group, election, by=None, now=clock.now())
        assert kept.goes_on


CHANGES = [
    "update outcomes set votes = votes + 1",
    "update outcomes set is_elected = not is_elected, by_lot = false",
    "delete from outcomes",
    "update tallies set ballots = 8",
    "delete from tallies",
    "update candidacies set state = 'declined'",
    "delete from candidacies",
    "update contests set seats = 2",
    "update contests set rule = 'approval'",
    "update elections set fingerprint = repeat('a', 64)",
    "update tellers set place = 3 - place",
    "update elections set state = 'counted', declared_at = null",
    "update elections set roll = 12",
    "update elections set method = 'paper'",
    "update elections set ballots = 8",
    "update elections set void_reason = 'changed'",
    "delete from elections",
    "update outcomes set by_lot = true",
]


class TestTheDatabase:
    @pytest.mark.parametrize("statement", CHANGES)
    def test_changes_nothing_that_was_declared(self, group: Group, statement: str) -> None:
        election = a_counted_vote(some_members(9))
        commands.declare_result(group, election, by=None, now=clock.now())
        with pytest.raises(DBAPIError), db.session.begin_nested():
            db.session.execute(sa.text(statement))

    def test_freezes_candidates_and_roll_when_the_vote_begins(self, group: Group) -> None:
        a_vote(some_members(9))
        for statement in (
            "update candidacies set state = 'declined'",
            "update elections set roll = 20",
            "update elections set fingerprint = repeat('a', 64)",
            "update contests set rule = 'approval'",
            "update elections set method = 'paper'",
            "update elections set state = 'nominating'",
            "update elections set state = 'declared', declared_at = now(), ballots = 3",
        ):
            with pytest.raises(DBAPIError), db.session.begin_nested():
                db.session.execute(sa.text(statement))

    def test_has_no_place_for_who_voted_for_whom(self, group: Group) -> None:
        columns = db.session.execute(
            sa.text(
                "select table_name || '.' || column_name from information_schema.columns where table_schema = 'public'"
            )
        ).scalars()
        assert not [name for name in columns if "voter" in name or ".ballot_" in name]


class TestDeclareWhatWasFilledMeanwhile:
    def test_a_seat_taken_since_the_call_is_refused_in_a_sentence(self, group: Group) -> None:
        members = some_members(9)
        first = an_election(kind=ElectionKind.BY_ELECTION, offices=["treasurer"])
        a_candidate(first, "treasurer", members[0])
        commands.begin_vote(group, first, method="hands", tellers=members[-2:], by=None, now=clock.now())
        tally = RoomTally(9, {"treasurer": OfficeTally({1: 7}, 2, 0)})
        for teller in queries.get_election(first.id).tellers:
            enter_tally(first, teller, tally, now=clock.now())
        a_term(members[1], "treasurer")
        with pytest.raises(CannotElect) as refused:
            commands.declare_result(group, first, by=None, now=clock.now())
        assert refused.value.refusal == Refusal.NO_VACANCY
        assert [term.member_id for term in present_terms(["treasurer"])] == [members[1].id]
