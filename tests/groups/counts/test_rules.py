from hypothesis import given, settings

from groups.counts import rules
from groups.elections.counting.standing import VOTE
from groups.officers.rules import CountingRule
from tests.groups.elections.test_any_rule import Cast, some_cast


class TestSteps:
    @given(some_cast((CountingRule.SCOTTISH_STV,)))
    @settings(deadline=None)
    def test_account_for_every_vote(self, cast: Cast) -> None:
        standing = cast.through()
        steps = rules.steps(standing)
        valid = sum(many for paper, many in cast.papers.items() if paper)
        assert rules.valid_papers(standing) == valid
        assert len(steps) <= rules.most_stages(candidates=len(cast.candidates), seats=cast.seats)
        cut_off = 0
        for step in steps:
            cut_off += step.cut_off
            assert step.cut_off >= 0
            assert sum(step.stage.votes.values()) + step.stage.nontransferable + cut_off == valid * VOTE

    @given(some_cast((CountingRule.SCOTTISH_STV,)))
    @settings(deadline=None)
    def test_say_of_everybody_elected_why(self, cast: Cast) -> None:
        standing = cast.through()
        told = [one for step in rules.steps(standing) for one in (*step.reached, *step.remained)]
        assert sorted(told) == sorted(standing.elected)


def test_stages_stand_side_by_side_as_many_as_fit() -> None:
    assert [list(piece) for piece in rules.in_pieces(7, 3)] == [[0, 1, 2], [3, 4, 5], [6]]
