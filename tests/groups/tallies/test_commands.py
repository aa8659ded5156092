"""Papers on which people put candidates in order: two tellers, one count, lots, and how long papers stay."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from groups.challenges.commands import certify_result
from groups.elections import commands, queries
from groups.elections.commands import CannotElect
from groups.elections.counting.standing import Settles
from groups.elections.counting.tallies import SumRefusal
from groups.elections.models import Election, ElectionState, TalliedPaper
from groups.elections.rules import Refusal
from groups.officers.queries import present_terms
from groups.officers.rules import CountingRule
from groups.tallies import jobs
from groups.tallies.commands import enter_tally, forget_papers
from network import clock
from network.db import db
from network.tenancy.models import Group
from tests.factories.groups import (
    LEVEL,
    a_candidate,
    a_count_in_order,
    a_vote_in_order,
    an_election,
    in_order,
    some_members,
)
from tests.factories.network import make_group
from tests.support.app import in_group, the_app

NUMBERS = [7, 23, 5]


@pytest.fixture
def group(app: object) -> Iterator[Group]:
    made = make_group()
    with in_group(made):
        yield made


def kept_papers() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(TalliedPaper)) or 0


def declared(group: Group, *, days_ago: int = 0) -> Election:
    election, then = a_count_in_order(some_members(9)), clock.now() - timedelta(days=days_ago)
    commands.draw_lot(election, election.contests[0], NUMBERS, by=None, now=then)
    commands.declare_result(group, queries.get_election(election.id), by=None, now=then)
    return queries.get_election(election.id)


def final(group: Group, *, days_ago: int) -> Election:
    election = declared(group, days_ago=days_ago + 7)
    certify_result(election, by=None, now=clock.now() - timedelta(days=days_ago))
    return queries.get_election(election.id)


class TestTheRule:
    def test_several_seats_on_paper_are_filled_by_order_of_preference(self, group: Group) -> None:
        election = a_vote_in_order(some_members(9))
        assert [one.rule for one in election.contests] == [CountingRule.SCOTTISH_STV]

    def test_by_hands_by_most_votes_and_the_election_says_so(self, group: Group) -> None:
        members, election = some_members(9), an_election(offices=["committee", "treasurer"])
        for member in members[:4]:
            a_candidate(election, "committee", member)
        a_candidate(election, "treasurer", members[4])
        commands.begin_vote(group, election, method="hands", tellers=members[-2:], by=None, now=clock.now())
        election = queries.get_election(election.id)
        assert {one.office: one.rule for one in election.contests} == {
            "committee": CountingRule.BLOCK_VOTE,
            "treasurer": CountingRule.FIRST_PAST_THE_POST,
        }
        assert "office committee block_vote seats 3" in commands.rules.frozen_text(election)


class TestEnterTally:
    def test_two_who_found_the_same_orders_agree(self, group: Group) -> None:
        election = a_vote_in_order(some_members(9))
        first, second = election.tellers
        other = in_order({(1, 3): 3, (2, 4): 2, (2,): 1, (3,): 1, (4,): 1}, abstain=1)
        assert enter_tally(election, first, LEVEL, now=clock.now()) == []
        assert enter_tally(election, second, other, now=clock.now()) == ["committee"]
        assert enter_tally(election, second, LEVEL, now=clock.now(), reason="Looked again") == []
        done = queries.get_election(election.id)
        assert (done.state, done.ballots) == (ElectionState.COUNTED, 9)
        assert queries.newest_tally(done, done.tellers[1]) == LEVEL

    def test_every_paper_has_to_be_somewhere(self, group: Group) -> None:
        election = a_vote_in_order(some_members(9))
        short = in_order({(1, 3): 3, (2,): 1}, abstain=1)
        with pytest.raises(CannotElect) as refused:
            enter_tally(election, election.tellers[0], type(short)(9, short.offices), now=clock.now())
        assert refused.value.wrong == {"committee": SumRefusal.DOES_NOT_ADD_UP}


class TestALotWhileCounting:
    def test_the_count_waits_for_it_and_goes_on(self, group: Group) -> None:
        election = a_count_in_order(some_members(9))
        came = queries.how_it_came(election)[0]
        assert (came.standing.level, came.standing.settles) == ((3, 4), Settles.EXCLUSION)
        with pytest.raises(CannotElect) as refused:
            commands.declare_result(group, election, by=None, now=clock.now())
        assert refused.value.refusal == Refusal.LOT_NEEDED
        drawn = commands.draw_lot(election, election.contests[0], NUMBERS, by=None, now=clock.now())
        after = queries.how_it_came(queries.get_election(election.id))[0]
        left_out = drawn.drawn_order[0]
        assert after.standing.stages[-1].excluded == (left_out,)
        assert after.standing.elected == (1, 2, 7 - left_out)

    def test_one_leads_to_the_next(self, group: Group) -> None:
        # Quota 3: two have four, and their surpluses are alike; then the last two are level as well.
        election = a_count_in_order(
            some_members(10), in_order({(1, 3): 2, (1, 4): 2, (2, 3): 2, (2, 4): 2, (3,): 1, (4,): 1})
        )
        settled = []
        while (came := queries.how_it_came(queries.get_election(election.id))[0]).standing.is_tied:
            settled.append(came.standing.settles)
            commands.draw_lot(
                election, election.contests[0], [len(settled), *NUMBERS], by=None, now=clock.now()
            )
        lots = queries.get_election(election.id).contests[0].lots
        assert settled == [Settles.SURPLUS, Settles.EXCLUSION] == [one.settles for one in lots]
        assert [one.number for one in lots] == [1, 2]
        assert len(came.standing.elected) == 3


class TestTwoChannels:
    def test_orders_from_the_room_and_from_elsewhere_are_one_count(
        self, group: Group, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        election = a_count_in_order(some_members(9))
        more = {election.contests[0].id: Counter({(4, 1): 2})}
        place = queries.Elsewhere(lambda _: True, lambda _: 2, lambda _: more, lambda _: None)
        monkeypatch.setattr(queries, "_elsewhere", [place])
        came = queries.how_it_came(queries.get_election(election.id))[0]
        assert came.papers == Counter({(1, 3): 3, (2, 4): 3, (3,): 1, (4,): 1, (4, 1): 2})
        assert dict(came.votes) == {1: 3, 2: 3, 3: 1, 4: 3}
        assert (sorted(came.standing.elected), came.standing.is_tied) == ([1, 2, 4], False)


class TestDeclared:
    def test_the_sheet_stays_with_every_stage(self, group: Group) -> None:
        election = a_count_in_order(some_members(9))
        commands.draw_lot(election, election.contests[0], NUMBERS, by=None, now=clock.now())
        counted = queries.how_it_came(queries.get_election(election.id))[0]
        commands.declare_result(group, queries.get_election(election.id), by=None, now=clock.now())
        kept = queries.how_it_came(queries.get_election(election.id))[0]
        assert kept.standing == counted.standing
        assert (dict(kept.votes), kept.papers) == (dict(counted.votes), counted.papers)
        assert len(present_terms(["committee"])) == 3

    @pytest.mark.parametrize(
        "statement",
        [
            "update count_sheets set counted = '{}'",
            "delete from count_sheets",
            "update tallied_papers set papers = papers + 1",
            "update tallied_papers set ranking = '[1]'",
            "delete from tallied_papers",
            "insert into tallied_papers select gen_random_uuid(), group_id, tally_id, contest_id, '[4, 1]', 1 from tallied_papers limit 1",
        ],
    )
    def test_nobody_changes_it(self, group: Group, statement: str) -> None:
        declared(group)
        with pytest.raises(DBAPIError), db.session.begin_nested():
            db.session.execute(sa.text(statement))


class TestForgetPapers:
    def test_after_thirty_days_and_the_result_reads_as_before(self, group: Group) -> None:
        election = final(group, days_ago=31)
        before = queries.how_it_came(election)[0]
        assert kept_papers() == 8
        assert forget_papers(now=clock.now()) == 8
        after = queries.how_it_came(queries.reload(election))[0]
        assert (after.standing, dict(after.votes)) == (before.standing, dict(before.votes))
        assert (kept_papers(), after.papers) == (0, {})

    def test_not_before(self, group: Group) -> None:
        final(group, days_ago=29)
        assert forget_papers(now=clock.now()) == 0
        assert kept_papers() == 8

    def test_not_while_it_is_open(self, group: Group) -> None:
        a_count_in_order(some_members(9))
        with pytest.raises(DBAPIError), db.session.begin_nested():
            db.session.execute(sa.text("delete from tallied_papers"))
        assert forget_papers(now=clock.now() + timedelta(days=90)) == 0

    def test_not_while_the_result_can_be_challenged(self, group: Group) -> None:
        declared(group, days_ago=31)
        assert forget_papers(now=clock.now() + timedelta(days=90)) == 0
        with pytest.raises(DBAPIError), db.session.begin_nested():
            db.session.execute(sa.text("delete from tallied_papers"))

    def test_comes_round_for_every_group(self, app: object) -> None:
        made = make_group()
        with in_group(made):
            final(made, days_ago=31)
        with the_app().app_context():
            jobs.forget_papers(now=clock.now())
        with in_group(made):
            assert kept_papers() == 0
