"""Envelopes in, names off, two keepers open: what counts, what does not, and what cannot be put side by side."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from groups.ballots import commands, queries
from groups.ballots.commands import CannotVote
from groups.ballots.models import BallotBox, BoxState, Channel, Envelope, OpenedMark, RollEntry
from groups.ballots.rules import Refusal
from groups.challenges.commands import certify_result
from groups.elections.commands import declare_result, void_election
from groups.elections.counting.tallies import OfficeTally, RoomTally
from groups.elections.models import ElectionState, VotingMethod
from groups.elections.queries import how_it_came, reload
from groups.membership.queries import get_member
from groups.tallies.commands import enter_tally
from network import audit, clock
from network.accounts.models import FormSubmission
from network.db import db
from network.tenancy.models import Group
from tests.factories.ballots import Held, a_shut_box, an_open_box
from tests.factories.groups import a_member
from tests.factories.network import make_group
from tests.support.app import in_group


@pytest.fixture
def group(app: object) -> Iterator[Group]:
    made = make_group()
    with in_group(made):
        yield made


def envelopes() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Envelope)) or 0


class TestCast:
    def test_another_vote_takes_the_place_of_the_first(self, group: Group) -> None:
        held = an_open_box()
        first = held.cast(held.voters[0], {1: (1,)})
        assert held.cast(held.voters[0], {1: (2,)}) != first
        assert envelopes() == 1

    def test_whoever_is_not_on_the_roll_is_not_taken(self, group: Group) -> None:
        held = an_open_box()
        late = a_member("Late")
        assert queries.find_entry(held.election.id, late.id) is None
        with pytest.raises(CannotVote) as refused:
            commands.cast(held.election.id, b"x", now=clock.now(), entry=None)
        assert refused.value.refusal is Refusal.NOT_ON_ROLL

    def test_at_the_closing_time_it_is_over(self, group: Group) -> None:
        held = an_open_box()
        held.cast(held.voters[0], {1: (1,)}, now=held.closes_at - timedelta(microseconds=1))
        with pytest.raises(CannotVote) as refused:
            held.cast(held.voters[1], {1: (1,)}, now=held.closes_at)
        assert refused.value.refusal is Refusal.CLOSED

    def test_what_is_no_envelope_does_not_replace_a_good_one(self, group: Group) -> None:
        held = an_open_box()
        good = held.cast(held.voters[0], {1: (1,)})
        for bad in (b"", b"\x01" * 10, b"\x02" + bytes(400)):
            with pytest.raises(CannotVote) as refused:
                commands.cast(held.election.id, bad, now=clock.now(), entry=held.entry(held.voters[0]))
            assert refused.value.refusal is Refusal.NOT_A_VOTE
        assert queries.find_own_tracker(entry_id=held.entry(held.voters[0]).id) == good

    def test_a_paper_in_the_room_takes_the_place_of_a_phone_without_a_word(self, group: Group) -> None:
        held = an_open_box()
        voter = held.voters[0]
        held.cast(voter, {1: (1,)})
        commands.mark_on_roll(held.entry(voter), Channel.ROOM, by=None, now=clock.now())
        assert envelopes() == 0
        with pytest.raises(CannotVote) as refused:
            held.cast(voter, {1: (1,)})
        assert refused.value.refusal is Refusal.IN_THE_ROOM

    def test_all_envelopes_are_of_one_length(self, group: Group) -> None:
        held = an_open_box(candidates=6)
        for voter, chosen in zip(held.voters, [(), (1,), (6,), (3,), (2,), (), (4,), (5,)], strict=True):
            held.cast(voter, {1: chosen})
        lengths = set(db.session.scalars(sa.select(sa.func.length(Envelope.sealed))))
        assert len(lengths) == 1


class TestOpening:
    def test_two_who_got_the_same_write_it_down(self, group: Group) -> None:
        held = an_open_box()
        chosen = [(1,), (1,), (2,), (3,), (), (1,), (2,), (1,)]
        letters = [held.cast(voter, {1: one}) for voter, one in zip(held.voters, chosen, strict=True)]
        box = held.close()
        assert (box.state, box.envelopes) == (BoxState.CLOSED, 8)
        assert queries.trackers(held.election.id) == sorted(letters)
        assert envelopes() == 0
        held.open_by_two()
        assert queries.papers_by_contest(held.election)[held.election.contests[0].id] == Counter(
            {(1,): 4, (2,): 2, (3,): 1}
        )
        assert (box.state, box.opened, box.spoilt) == (BoxState.OPENED, 8, 0)

    def test_one_keeper_alone_writes_nothing(self, group: Group) -> None:
        held = an_open_box()
        for voter in held.voters:
            held.cast(voter, {1: (1,)})
        held.close()
        first, asked = held.keepers()[0], queries.asked_in(held.election)
        assert not commands.keep_opened(held.election, first, held.opened(), asked=asked, now=clock.now())
        with pytest.raises(CannotVote) as refused:
            commands.keep_opened(held.election, first, held.opened(), asked=asked, now=clock.now())
        assert refused.value.refusal is Refusal.OPENED_BY_THEM
        with pytest.raises(CannotVote) as refused:
            commands.keep_opened(
                held.election, held.keepers()[1], held.opened()[1:], asked=asked, now=clock.now()
            )
        assert refused.value.refusal is Refusal.RESULTS_DIFFER
        commands.start_opening_again(held.election, by=None, now=clock.now())
        held.open_by_two()

    def test_what_cannot_be_read_is_spoilt_and_everything_adds_up(self, group: Group) -> None:
        held = an_open_box()
        for voter in held.voters[:6]:
            held.cast(voter, {1: (2,)})
        held.cast(held.voters[6], {1: (1, 2, 3)})
        broken = bytearray(commands.seal_here(queries.get_box(held.election.id), {1: (1,)}))
        broken[-1] ^= 1
        commands.cast(held.election.id, bytes(broken), now=clock.now(), entry=held.entry(held.voters[7]))
        held.close()
        held.open_by_two()
        box = queries.get_box(held.election.id)
        assert (box.opened, box.spoilt) == (6, 2)

    def test_fewer_than_five_are_never_opened(self, group: Group) -> None:
        held = an_open_box()
        for voter in held.voters[:4]:
            held.cast(voter, {1: (1,)})
        box = held.close()
        assert (box.state, box.wrapped_key) == (BoxState.EMPTIED, None)
        assert queries.trackers(held.election.id) == []
        assert envelopes() == 0

    def test_slips_count_like_phones_and_tell_nobody(self, group: Group) -> None:
        held = an_open_box(slips=6)
        for slip in queries.slips_of(held.election.id):
            sealed = commands.seal_here(queries.get_box(held.election.id), {1: (3,)})
            commands.cast(held.election.id, sealed, now=clock.now(), slip=slip)
        held.close()
        held.open_by_two()
        assert queries.papers_by_contest(held.election)[held.election.contests[0].id] == Counter({(3,): 6})

    def test_once_certified_nothing_can_be_opened_again(self, group: Group) -> None:
        held = an_open_box()
        for voter in held.voters:
            held.cast(voter, {1: (1,)})
        held.close()
        held.open_by_two()
        commands.destroy_key(held.election.id, now=clock.now())
        assert queries.boxed(held.election.id) == []
        assert queries.get_box(held.election.id).wrapped_key is None
        assert len(queries.trackers(held.election.id)) == 8


class TestAtOnce:
    def test_fifty_votes_of_one_person_leave_one_envelope(self, app: object) -> None:
        made = make_group()
        with in_group(made):
            held = an_open_box()
        answers: list[str] = []

        def vote() -> None:
            with in_group(made):
                answers.append(held.cast(held.voters[0], {1: (1,)}))

        threads = [threading.Thread(target=vote) for _ in range(50)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        with in_group(made):
            assert envelopes() == 1
            assert queries.find_own_tracker(entry_id=held.entry(held.voters[0]).id) in answers
        assert len(answers) == 50

    def test_a_vote_at_the_closing_instant_is_wholly_in_or_out(self, app: object) -> None:
        made = make_group()
        with in_group(made):
            held = an_open_box(voters=12)
            for voter in held.voters[:6]:
                held.cast(voter, {1: (1,)})
        start = threading.Barrier(7)
        taken: list[str] = []

        def vote(number: int) -> None:
            start.wait()
            with in_group(made):
                try:
                    taken.append(
                        held.cast(held.voters[number], {1: (2,)}, now=held.closes_at - timedelta(seconds=1))
                    )
                except CannotVote:
                    db.session.rollback()

        def close() -> None:
            start.wait()
            with in_group(made):
                held.close()

        threads = [threading.Thread(target=vote, args=(n,)) for n in range(6, 12)] + [
            threading.Thread(target=close)
        ]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        with in_group(made):
            found = queries.trackers(held.election.id)
            assert set(taken) <= set(found)
            assert len(found) == 6 + len(taken)
            assert envelopes() == 0


@pytest.mark.parametrize(
    ("state", "statement"),
    [
        ("open", "update ballot_boxes set closes_at = closes_at + interval '1 hour'"),
        ("open", "update ballot_boxes set public_key = '\\x04'"),
        ("open", "delete from ballot_boxes"),
        ("open", "delete from roll_entries"),
        ("open", "update roll_entries set member_id = (select id from members limit 1)"),
        ("open", ("insert into roll_entries (id, group_id, election_id, member_id) select gen_random_uuid(), group_id, election_id, keeper from"
                 " (select group_id, election_id, (select id from members order by id desc limit 1) as keeper from ballot_boxes) as one")),
        ("open", "update envelopes set entry_id = (select id from roll_entries order by id desc limit 1)"),
        ("open", "insert into opened_marks (id, group_id, contest_id, paper, candidate, rank) select gen_random_uuid(), group_id, id, 1, 1, 1 from contests"),
        ("closed", "insert into envelopes (id, group_id, election_id, entry_id, sealed) select id, group_id, election_id, id, '\\x01' from roll_entries"),
        ("closed", "update boxed_envelopes set sealed = '\\x01'"),
        ("closed", "update boxed_envelopes set tracker = 'AAAA'"),
        ("closed", "delete from boxed_envelopes"),
        ("closed", "update ballot_boxes set state = 'open', envelopes = null"),
        ("opened", "update opened_marks set candidate = 3"),
        ("opened", "delete from opened_marks"),
        ("opened", "update ballot_boxes set opened = 1, spoilt = 7"),
    ],
)  # fmt: skip
def test_frozen_things_stay_for_whoever_has_sql(group: Group, state: str, statement: str) -> None:
    held = an_open_box()
    for voter in held.voters:
        held.cast(voter, {1: (1,)})
    if state != "open":
        held.close()
    if state == "opened":
        held.open_by_two()
    with pytest.raises(DBAPIError), db.session.begin_nested():
        db.session.execute(sa.text(statement))


class TestNothingToPutSideBySide:
    def test_tables_have_no_column_for_it(self, app: object) -> None:
        assert {column.name for column in OpenedMark.__table__.columns} == {
            "id", "group_id", "contest_id", "paper", "candidate", "rank",
        }  # fmt: skip
        for table in (Envelope, OpenedMark, RollEntry, BallotBox):
            times = [column.name for column in table.__table__.columns if "time" in str(column.type).lower()]
            assert set(times) <= {"closes_at"}

    def test_envelopes_and_papers_share_no_transaction_and_no_value(self, group: Group) -> None:
        held = an_open_box()
        for voter in held.voters:
            held.cast(voter, {1: (1,)})
        held.close()
        held.open_by_two()
        of_papers = (
            db.session.execute(sa.text("select distinct xmin::text from opened_marks")).scalars().all()
        )
        assert len(of_papers) == 1

    def test_a_vote_leaves_no_diary_no_key_and_no_time(self, group: Group) -> None:
        held = an_open_box()
        before = db.session.scalar(sa.select(sa.func.count()).select_from(audit.AuditEvent))
        keys = db.session.scalar(sa.select(sa.func.count()).select_from(FormSubmission))
        held.cast(held.voters[0], {1: (1,)})
        assert db.session.scalar(sa.select(sa.func.count()).select_from(audit.AuditEvent)) == before
        assert db.session.scalar(sa.select(sa.func.count()).select_from(FormSubmission)) == keys


class TestWholeElection:
    """Phones, slips and the room in one election, from the beginning of the vote to the declared result."""

    def begin(self, group: Group, *, method: str = "paper", slips: int = 0) -> Held:
        held = a_shut_box()
        keepers = [get_member(keeper.member_id) for keeper in held.keepers()]
        commands.begin_vote(
            group, held.election, method=VotingMethod(method), tellers=keepers[:2], with_phones=True, slips=slips,
            lasts=timedelta(hours=1), by=None, now=clock.now(),
        )  # fmt: skip
        return held

    def test_what_came_from_phones_is_counted_with_the_room(self, group: Group) -> None:
        held = self.begin(group)
        for voter, chosen in zip(held.voters, (1, 1, 2, 2, 2, 3), strict=False):
            held.cast(voter, {1: (chosen,)})
        election = reload(held.election)
        for teller in election.tellers:
            enter_tally(
                election,
                teller,
                RoomTally(3, {"treasurer": OfficeTally({1: 3, 2: 0, 3: 0}, 0, 0)}),
                now=clock.now(),
            )
        assert reload(election).state == ElectionState.VOTING, "the box is not opened yet"
        held.close()
        held.open_by_two()
        election = reload(election)
        assert (election.state, election.ballots) == (ElectionState.COUNTED, 9)
        came = how_it_came(election)[0]
        assert [came.votes_of(one) for one in came.contest.candidates] == [5, 3, 1]
        declare_result(group, election, by=None, now=clock.now())
        assert reload(election).state == ElectionState.DECLARED

    def test_with_nobody_in_the_room_the_box_alone_decides(self, group: Group) -> None:
        held = self.begin(group, method="elsewhere")
        for voter in held.voters:
            held.cast(voter, {1: (2,)})
        held.close()
        held.open_by_two()
        assert reload(held.election).state == ElectionState.COUNTED

    def test_where_too_few_voted_everybody_votes_in_the_room(self, group: Group) -> None:
        held = self.begin(group, method="elsewhere")
        held.cast(held.voters[0], {1: (2,)})
        held.close()
        election = reload(held.election)
        assert (election.state, election.method) == (ElectionState.VOTING, VotingMethod.PAPER)
        for teller in election.tellers:
            enter_tally(
                election,
                teller,
                RoomTally(8, {"treasurer": OfficeTally({1: 6, 2: 2, 3: 0}, 0, 0)}),
                now=clock.now(),
            )
        assert reload(election).state == ElectionState.COUNTED

    def test_the_way_of_voting_moves_for_nothing_else(self, group: Group) -> None:
        held = self.begin(group, method="elsewhere")
        with pytest.raises(DBAPIError), db.session.begin_nested():
            db.session.execute(sa.text("update elections set method = 'paper'"))
        assert reload(held.election).method == VotingMethod.ELSEWHERE

    def declared(self, group: Group, *, days_ago: int) -> Held:
        held, then = self.begin(group, method="elsewhere"), clock.now() - timedelta(days=days_ago)
        for voter in held.voters:
            held.cast(voter, {1: (1,)})
        held.close()
        held.open_by_two()
        declare_result(group, reload(held.election), by=None, now=then)
        return held

    def test_until_the_result_is_final_the_box_could_be_opened_again(self, group: Group) -> None:
        held = self.declared(group, days_ago=6)
        commands.let_go(now=clock.now() + timedelta(days=90))
        assert len(queries.boxed(held.election.id)) == 8
        assert queries.get_box(held.election.id).wrapped_key is not None

    def test_at_that_moment_the_key_goes_and_a_month_later_the_papers(self, group: Group) -> None:
        held = self.declared(group, days_ago=39)
        certify_result(reload(held.election), by=None, now=clock.now() - timedelta(days=31))
        assert queries.boxed(held.election.id) == []
        assert queries.get_box(held.election.id).wrapped_key is None
        assert len(queries.trackers(held.election.id)) == 8
        assert sum(queries.papers_by_contest(held.election)[held.election.contests[0].id].values()) == 8
        commands.let_go(now=clock.now() - timedelta(days=2))
        assert sum(queries.papers_by_contest(held.election)[held.election.contests[0].id].values()) == 8
        commands.let_go(now=clock.now())
        assert not queries.papers_by_contest(held.election)[held.election.contests[0].id]

    def test_papers_cannot_go_before_by_sql(self, group: Group) -> None:
        held = self.declared(group, days_ago=31)
        with pytest.raises(DBAPIError), db.session.begin_nested():
            db.session.execute(sa.text("delete from opened_marks"))
        certify_result(reload(held.election), by=None, now=clock.now() - timedelta(days=20))
        with pytest.raises(DBAPIError), db.session.begin_nested():
            db.session.execute(sa.text("delete from opened_marks"))

    def test_an_election_void_while_people_vote_empties_its_box_unopened(self, group: Group) -> None:
        held = self.begin(group, method="elsewhere")
        for voter in held.voters:
            held.cast(voter, {1: (1,)})
        void_election(reload(held.election), "the wrong day", by=None, now=clock.now())
        box = queries.get_box(held.election.id)
        assert (box.state, box.wrapped_key, envelopes()) == (BoxState.EMPTIED, None, 0)
        with pytest.raises(CannotVote):
            held.cast(held.voters[0], {1: (1,)})

    def test_an_election_void_before_the_box_is_opened_leaves_nothing_to_open(self, group: Group) -> None:
        held = self.begin(group, method="elsewhere")
        for voter in held.voters:
            held.cast(voter, {1: (1,)})
        held.close()
        void_election(reload(held.election), "two shares are lost", by=None, now=clock.now())
        assert queries.boxed(held.election.id) == []
        with pytest.raises(CannotVote) as refused:
            held.open_by_two()
        assert refused.value.refusal is Refusal.NOT_NOW

    def test_whatever_is_broken_off_can_be_done_again(self, group: Group, app: object) -> None:
        """A crash between two steps undoes the step it was in; the election goes on from the one before."""
        held = self.begin(group, slips=2)

        def broken_off(step: Callable[[], object]) -> None:
            with pytest.raises(ZeroDivisionError), db.session.begin_nested():
                step()
                raise ZeroDivisionError

        for voter in held.voters:
            broken_off(lambda voter=voter: held.cast(voter, {1: (3,)}))
            held.cast(voter, {1: (1,)})
        broken_off(held.close)
        db.session.expire_all()
        held.close()
        asked = queries.asked_in(reload(held.election))
        first, second, _third = held.keepers()
        for keeper in (first, second):
            texts = held.opened()
            broken_off(
                lambda keeper=keeper, texts=texts: commands.keep_opened(
                    held.election, keeper, texts, asked=asked, now=clock.now()
                )
            )
            db.session.expire_all()
            commands.keep_opened(reload(held.election), keeper, texts, asked=asked, now=clock.now())
        assert reload(held.election).state == ElectionState.VOTING, "the room has not counted yet"
        assert queries.get_box(held.election.id).state == BoxState.OPENED
