"""What must hold for any papers of any election of a group's size, by whatever rule (VOTE-11)."""

import random
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groups.elections.counting.any_rule import Paper, PaperFault, count, fault_of, marks, most_marks
from groups.elections.counting.standing import VOTE, Settles, Standing
from groups.officers.rules import CountingRule

STV = CountingRule.SCOTTISH_STV


@dataclass
class Cast:
    """An election of at most thirty voters and eight candidates."""

    rule: CountingRule
    seats: int
    candidates: list[int]
    papers: Counter[Paper]
    order: list[int]
    """What a lot would draw first."""
    lots: list[tuple[int, ...]] = field(default_factory=list)

    def counted(self, lots: int | None = None) -> Standing:
        return count(
            self.rule, self.papers, candidates=self.candidates, seats=self.seats, lots=self.lots[:lots]
        )

    def through(self) -> Standing:
        """Count, drawing a lot whenever there is one to draw."""
        while (standing := self.counted()).is_tied:
            self.lots.append(tuple(sorted(standing.level, key=self.order.index)))
            assert len(self.lots) <= 8
        return standing


@st.composite
def some_cast(draw: st.DrawFn, rules: tuple[CountingRule, ...] = tuple(CountingRule)) -> Cast:
    rule = draw(st.sampled_from(rules))
    many = draw(st.integers(1, 8))
    seats = 1 if rule is CountingRule.FIRST_PAST_THE_POST else draw(st.integers(1, many))
    most = most_marks(rule, seats=seats, candidates=many)
    paper = st.lists(st.integers(1, many), unique=True, max_size=most).map(tuple)
    if rule is not STV:
        paper = paper.map(lambda one: tuple(sorted(one)))
    cast = draw(st.lists(paper, max_size=30))
    order = draw(st.permutations(range(1, many + 1)))
    return Cast(rule, seats, list(range(1, many + 1)), Counter(cast), list(order))


class TestAnyCount:
    @given(some_cast())
    @settings(deadline=None)
    def test_fills_every_seat_once_lots_are_drawn(self, cast: Cast) -> None:
        standing = cast.through()
        named = {number for paper in cast.papers for number in paper}
        able = named if cast.rule is not STV else (set(cast.candidates) if named else set())
        assert len(set(standing.elected)) == len(standing.elected) == min(cast.seats, len(able))
        assert set(standing.elected) <= able

    @given(some_cast())
    @settings(deadline=None)
    def test_comes_out_the_same_whenever_it_is_counted_with_the_lots_that_were_drawn(
        self, cast: Cast
    ) -> None:
        standing = cast.through()
        assert cast.counted() == standing
        for drawn in range(len(cast.lots)):  # without one of them it waits for that one, and for no other
            waits = cast.counted(drawn)
            assert sorted(waits.level) == sorted(cast.lots[drawn])
            assert waits.stages == standing.stages[: len(waits.stages)]

    @given(some_cast(), st.randoms(use_true_random=False))
    @settings(deadline=None)
    def test_does_not_depend_on_the_order_of_papers_or_of_the_list(
        self, cast: Cast, chance: random.Random
    ) -> None:
        numbers = list(cast.candidates)
        chance.shuffle(numbers)
        to = dict(zip(cast.candidates, numbers, strict=True))
        papers = [(tuple(to[c] for c in paper), many) for paper, many in cast.papers.items()]
        if cast.rule is not STV:
            papers = [(tuple(sorted(paper)), many) for paper, many in papers]
        chance.shuffle(papers)
        moved = Cast(cast.rule, cast.seats, numbers, Counter(dict(papers)), [to[c] for c in cast.order])
        here, there = cast.through(), moved.through()
        assert {to[c] for c in here.elected} == set(there.elected)
        assert [{to[c] for c in lot} for lot in cast.lots] == [set(lot) for lot in moved.lots]
        assert [{to[c]: v for c, v in stage.votes.items()} for stage in here.stages] == [
            dict(stage.votes) for stage in there.stages
        ]

    @given(some_cast((STV,)))
    @settings(deadline=None)
    def test_votes_and_what_has_no_next_name_and_lost_fractions_are_all_there_is(self, cast: Cast) -> None:
        standing = cast.through()
        valid = sum(many for paper, many in cast.papers.items() if paper)
        lost = 0
        for stage in standing.stages:
            now = valid * VOTE - sum(stage.votes.values()) - stage.nontransferable
            assert lost <= now <= lost + valid  # at most one of a hundred-thousandth a paper and stage
            lost = now
        assert standing.quota in {0, (valid // (cast.seats + 1) + 1) * VOTE}

    @given(some_cast((STV,)))
    @settings(deadline=None)
    def test_every_stage_says_what_moved(self, cast: Cast) -> None:
        stages = cast.through().stages
        for before, after in pairwise(stages):
            gained = {c: after.votes[c] - before.votes[c] for c in cast.candidates}
            assert {c: many for c, many in gained.items() if many > 0} == {
                c: many for c, many in after.moved.items() if many
            }
            assert after.source in cast.candidates
            assert bool(after.excluded) != (before.votes[after.source] >= standing_quota(cast))

    @given(some_cast((STV,)))
    @settings(deadline=None)
    def test_whoever_has_the_quota_is_elected_at_that_stage(self, cast: Cast) -> None:
        standing = cast.through()
        elected: set[int] = set()
        for stage in standing.stages:
            elected |= set(stage.elected)
            assert {c for c in cast.candidates if stage.votes[c] >= standing.quota} <= elected


def standing_quota(cast: Cast) -> int:
    return cast.counted().quota


class TestMarks:
    @given(some_cast((CountingRule.BLOCK_VOTE, CountingRule.APPROVAL, CountingRule.FIRST_PAST_THE_POST)))
    def test_papers_and_hands_are_added_up(self, cast: Cast) -> None:
        votes = marks(cast.rule, cast.papers, candidates=cast.candidates, seats=cast.seats)
        asked = {"candidates": cast.candidates, "seats": cast.seats}
        assert cast.counted() == count(cast.rule, Counter(), hands=votes, **asked)
        twice = Counter({paper: 2 * many for paper, many in cast.papers.items()})
        assert count(cast.rule, twice, **asked) == count(cast.rule, cast.papers, hands=votes, **asked)

    def test_of_papers_in_order_are_the_firsts(self) -> None:
        papers = Counter({(2, 1): 3, (2,): 1, (1, 2): 1, (): 4})
        assert marks(STV, papers, candidates=[1, 2, 3], seats=2) == {1: 1, 2: 4, 3: 0}

    def test_nobody_is_elected_by_papers_that_name_nobody(self) -> None:
        for rule in CountingRule:
            seats = 1 if rule is CountingRule.FIRST_PAST_THE_POST else 2
            assert count(rule, Counter({(): 5}), candidates=[1, 2, 3], seats=seats) == Standing()

    def test_hands_cannot_show_an_order(self) -> None:
        with pytest.raises(ValueError, match="hands"):
            count(STV, Counter(), candidates=[1, 2], seats=1, hands={1: 3})


class TestFaultOfAPaper:
    @pytest.mark.parametrize(
        ("rule", "seats", "paper", "fault"),
        [
            (CountingRule.FIRST_PAST_THE_POST, 1, (1,), None),
            (CountingRule.FIRST_PAST_THE_POST, 1, (), None),
            (CountingRule.FIRST_PAST_THE_POST, 1, (1, 2), PaperFault.TOO_MANY),
            (CountingRule.BLOCK_VOTE, 2, (1, 2), None),
            (CountingRule.BLOCK_VOTE, 2, (1, 2, 3), PaperFault.TOO_MANY),
            (CountingRule.APPROVAL, 1, (1, 2, 3), None),
            (STV, 2, (3, 1, 2), None),
            (STV, 2, (3, 3), PaperFault.TWICE),
            (STV, 2, (4,), PaperFault.UNKNOWN),
        ],
    )
    def test_by_rule(self, rule: CountingRule, seats: int, paper: Paper, fault: PaperFault | None) -> None:
        most = most_marks(rule, seats=seats, candidates=3)
        assert fault_of(paper, candidates=[1, 2, 3], most=most) == fault

    def test_what_it_refuses_cannot_be_counted(self) -> None:
        with pytest.raises(ValueError, match="cannot be counted"):
            count(CountingRule.BLOCK_VOTE, Counter({(1, 2, 3): 1}), candidates=[1, 2, 3], seats=2)
        with pytest.raises(ValueError, match="one seat"):
            count(CountingRule.FIRST_PAST_THE_POST, Counter({(1,): 1}), candidates=[1, 2], seats=2)


class TestALot:
    def test_says_what_it_settles(self) -> None:
        level = Counter({(1,): 2, (2,): 2})
        assert count(STV, level, candidates=[1, 2], seats=1).settles is Settles.EXCLUSION
        assert count(CountingRule.APPROVAL, level, candidates=[1, 2], seats=1).settles is Settles.SEAT
