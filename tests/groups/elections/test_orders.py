from collections import Counter
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groups.elections.counting import orders, tallies
from groups.elections.counting.any_rule import Paper
from groups.elections.counting.orders import NotAnOrder, OrderRefusal
from groups.elections.counting.tallies import Asked, OfficeTally, RoomTally, SumRefusal
from groups.officers.rules import CountingRule

PAPERS = st.dictionaries(
    st.lists(st.integers(1, 5), unique=True, min_size=1).map(tuple), st.integers(1, 9), max_size=8
)


class TestRead:
    @pytest.mark.parametrize(
        "typed", ["3 1 2", "312", "3,1,2", "3.1.2", " 3-1-2 ", "3>1>2", "31 2", "٣ ١ ٢", "３１２"]
    )
    def test_however_a_phone_types_it(self, typed: str) -> None:
        assert orders.read(typed, [1, 2, 3]) == (3, 1, 2)

    def test_with_numbers_of_two_digits(self) -> None:
        assert orders.read("12 1 10", range(1, 13)) == (12, 1, 10)

    @pytest.mark.parametrize(
        ("typed", "refusal"),
        [
            ("Amina", OrderRefusal.NOT_NUMBERS),
            ("-", OrderRefusal.NOT_NUMBERS),
            ("1 4", OrderRefusal.UNKNOWN),
            ("0", OrderRefusal.UNKNOWN),
            ("1 2 1", OrderRefusal.TWICE),
        ],
    )
    def test_says_what_is_wrong(self, typed: str, refusal: OrderRefusal) -> None:
        with pytest.raises(NotAnOrder) as refused:
            orders.read(typed, [1, 2, 3])
        assert refused.value.refusal == refusal

    @given(st.lists(st.integers(1, 12), unique=True, min_size=1))
    def test_reads_what_it_shows(self, order: list[int]) -> None:
        assert orders.read(orders.text(order), range(1, 13)) == tuple(order)


class TestPapersOfTwoTellers:
    ASKED = MappingProxyType({"committee": Asked(CountingRule.SCOTTISH_STV, 5)})

    def tally(self, papers: dict[Paper, int], *, abstain: int = 1, spoilt: int = 2) -> RoomTally:
        counted = tallies.of_papers(papers, candidates=range(1, 6), abstain=abstain, spoilt=spoilt)
        return RoomTally(sum(papers.values()) + abstain + spoilt, {"committee": counted})

    @given(PAPERS)
    def test_every_paper_counts_for_its_first_choice_and_all_add_up(self, papers: dict[Paper, int]) -> None:
        tally = self.tally(papers)
        assert tallies.what_is_wrong(tally, roll=99, asked=self.ASKED) == {}
        assert sum(tally.offices["committee"].votes.values()) == sum(papers.values())
        more = RoomTally(tally.ballots + 1, tally.offices)
        assert tallies.what_is_wrong(more, roll=99, asked=self.ASKED) == {
            "committee": SumRefusal.DOES_NOT_ADD_UP
        }

    @given(PAPERS)
    def test_come_back_from_the_database_as_they_went(self, papers: dict[Paper, int]) -> None:
        tally = self.tally(papers)
        stored = tally.as_json()
        assert "papers" not in stored["committee"]
        assert tallies.read(tally.ballots, stored, {"committee": papers}) == tally

    @given(PAPERS, PAPERS)
    def test_are_the_same_only_when_every_order_has_as_many(
        self, first: dict[Paper, int], second: dict[Paper, int]
    ) -> None:
        one, other = self.tally(first), self.tally(second)
        differs = "committee" in tallies.differing(one, other)
        assert differs == (Counter(first) != Counter(second))

    @given(PAPERS, PAPERS)
    def test_only_piles_that_differ_are_named(
        self, first: dict[Paper, int], second: dict[Paper, int]
    ) -> None:
        piles = tallies.piles_that_differ(OfficeTally(papers=first), OfficeTally(papers=second))
        for pile in range(1, 6):
            alike = [
                {paper: many for paper, many in papers.items() if paper[0] == pile}
                for papers in (first, second)
            ]
            assert (pile in piles) == (alike[0] != alike[1])
