import hashlib
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groups.elections.counting import lot, tallies
from groups.elections.counting.most_votes import count
from groups.elections.counting.standing import Standing
from groups.elections.counting.tallies import BALLOTS, Asked, OfficeTally, RoomTally, SumRefusal
from groups.officers.rules import CountingRule

VOTES = st.dictionaries(st.integers(1, 12), st.integers(0, 9), max_size=8)
SEATS = st.integers(1, 4)


class TestCount:
    @pytest.mark.parametrize(
        ("votes", "seats", "standing"),
        [
            ({1: 7, 2: 5}, 1, Standing(elected=(1,))),
            ({1: 6, 2: 6}, 1, Standing(level=(1, 2), seats_left=1)),
            ({1: 9, 2: 4, 3: 4, 4: 4}, 3, Standing(elected=(1,), level=(2, 3, 4), seats_left=2)),
            ({1: 4, 2: 4, 3: 1}, 2, Standing(elected=(1, 2))),
            ({1: 3, 2: 0}, 3, Standing(elected=(1,))),
            ({1: 0, 2: 0}, 1, Standing()),
            ({}, 1, Standing()),
        ],
    )
    def test_most_votes_win_and_a_tie_is_a_tie(
        self, votes: dict[int, int], seats: int, standing: Standing
    ) -> None:
        assert count(votes, seats=seats) == standing

    def test_the_lot_fills_the_seats_that_are_left(self) -> None:
        standing = count({1: 9, 2: 4, 3: 4, 4: 4}, seats=3, lots=[(4, 2, 3)])
        assert (standing.elected, standing.by_lot, standing.is_tied) == ((1, 4, 2), (4, 2), False)

    @given(VOTES, SEATS)
    def test_fills_every_seat_somebody_has_a_vote_for(self, votes: dict[int, int], seats: int) -> None:
        standing = count(votes, seats=seats)
        with_votes = sum(number > 0 for number in votes.values())
        assert len(standing.elected) + standing.seats_left == min(seats, with_votes)

    @given(VOTES, SEATS)
    def test_nobody_left_out_has_more_votes_than_somebody_elected(
        self, votes: dict[int, int], seats: int
    ) -> None:
        standing = count(votes, seats=seats)
        left_out = set(votes) - set(standing.elected) - set(standing.level)
        fewest = min((votes[number] for number in (*standing.elected, *standing.level)), default=0)
        assert all(votes[number] < fewest or votes[number] == 0 for number in left_out)
        assert len({votes[number] for number in standing.level}) <= 1

    @given(VOTES, SEATS, st.randoms())
    def test_the_lot_changes_only_what_was_level(
        self, votes: dict[int, int], seats: int, random: object
    ) -> None:
        before = count(votes, seats=seats)
        drawn = list(before.level)
        random.shuffle(drawn)  # type: ignore[attr-defined]
        after = count(votes, seats=seats, lots=[drawn])
        assert not after.is_tied
        assert set(before.elected) <= set(after.elected)
        assert set(after.elected) - set(before.elected) <= set(before.level)
        assert len(after.elected) == len(before.elected) + before.seats_left


class TestLot:
    SEED = hashlib.sha256(b"all that was frozen").hexdigest()

    @given(
        st.lists(st.integers(0, lot.LARGEST_NUMBER), min_size=3, max_size=5),
        st.lists(st.integers(1, 30), unique=True, max_size=6),
    )
    def test_draws_the_same_from_the_same_numbers_whatever_the_order_of_the_list(
        self, numbers: list[int], level: list[int]
    ) -> None:
        drawn = lot.draw(self.SEED, "treasurer", numbers, level)
        assert sorted(drawn) == sorted(level)
        assert drawn == lot.draw(self.SEED, "treasurer", numbers, level[::-1])

    def test_each_number_counts(self) -> None:
        firsts = {lot.draw(self.SEED, "treasurer", [7, number], [1, 2])[0] for number in range(20)}
        assert firsts == {1, 2}

    def test_is_fair(self) -> None:
        wins = sum(lot.draw(str(n), "chairperson", [3, 5], [1, 2])[0] == 1 for n in range(2000))
        assert 900 < wins < 1100


class TestWhatIsWrong:
    ASKED = MappingProxyType(
        {
            "treasurer": Asked(CountingRule.FIRST_PAST_THE_POST, 1),
            "committee": Asked(CountingRule.BLOCK_VOTE, 3),
            "board": Asked(CountingRule.APPROVAL, 4),
        }
    )

    def wrong(self, ballots: int, **offices: OfficeTally) -> dict[str, str]:
        return dict(tallies.what_is_wrong(RoomTally(ballots, offices), roll=10, asked=self.ASKED))

    def test_nothing_where_it_adds_up(self) -> None:
        assert (
            self.wrong(
                9, treasurer=OfficeTally({1: 5, 2: 2}, 1, 1), committee=OfficeTally({1: 8, 2: 7, 3: 5}, 1, 0)
            )
            == {}
        )

    @pytest.mark.parametrize(
        ("counted", "refusal"),
        [
            (OfficeTally({1: 9, 2: 9, 3: 9, 4: 1}), SumRefusal.TOO_MANY_MARKS),
            (OfficeTally({1: 10}), SumRefusal.ONE_HAS_TOO_MANY),
            (OfficeTally({1: 3, 2: 3}), SumRefusal.TOO_FEW_MARKS),
            (OfficeTally({}, 6, 4), SumRefusal.EMPTY_AND_SPOILT_TOO_MANY),
        ],
    )
    def test_of_several_seats(self, counted: OfficeTally, refusal: SumRefusal) -> None:
        assert self.wrong(9, committee=counted) == {"committee": refusal}

    def test_of_one_seat(self) -> None:
        assert self.wrong(9, treasurer=OfficeTally({1: 5, 2: 2}, 1, 0)) == {
            "treasurer": SumRefusal.DOES_NOT_ADD_UP
        }

    def test_of_approval(self) -> None:
        assert self.wrong(9, board=OfficeTally({1: 9, 2: 9, 3: 9, 4: 9})) == {}
        assert self.wrong(9, board=OfficeTally({1: 9, 2: 10})) == {"board": SumRefusal.ONE_HAS_TOO_MANY}

    def test_more_people_than_may_vote(self) -> None:
        assert self.wrong(11, treasurer=OfficeTally({1: 11})) == {BALLOTS: SumRefusal.MORE_THAN_ROLL}

    @given(
        st.lists(st.lists(st.sampled_from([1, 2, 3, 4]), unique=True, max_size=3), max_size=10),
        st.integers(0, 3),
    )
    def test_real_papers_always_add_up(self, papers: list[list[int]], spoilt: int) -> None:
        votes = {number: sum(number in paper for paper in papers) for number in (1, 2, 3, 4)}
        counted = OfficeTally(votes, sum(not paper for paper in papers), spoilt)
        tally = RoomTally(len(papers) + spoilt, {"committee": counted})
        assert tallies.what_is_wrong(tally, roll=20, asked=self.ASKED) == {}


class TestDiffering:
    def test_names_offices_and_never_numbers(self) -> None:
        first = RoomTally(9, {"treasurer": OfficeTally({1: 5, 2: 4}), "secretary": OfficeTally({1: 9})})
        second = RoomTally(9, {"treasurer": OfficeTally({1: 4, 2: 5}), "secretary": OfficeTally({1: 9})})
        assert tallies.differing(first, second) == ["treasurer"]
        assert tallies.differing(first, RoomTally(8, first.offices)) == [BALLOTS]
        assert tallies.differing(first, first) == []

    @given(st.integers(0, 50), st.dictionaries(st.sampled_from(["treasurer", "committee"]), VOTES))
    def test_comes_back_from_the_database_as_it_went(
        self, ballots: int, offices: dict[str, dict[int, int]]
    ) -> None:
        tally = RoomTally(ballots, {office: OfficeTally(votes, 1, 2) for office, votes in offices.items()})
        assert tallies.read(ballots, tally.as_json()) == tally
