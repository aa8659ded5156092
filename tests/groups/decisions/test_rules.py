import pytest

from groups.decisions import rules
from groups.decisions.rules import Count, Outcome
from groups.officers.rules import Majority


@pytest.mark.parametrize(
    ("majority", "votes_for", "votes_against", "came"),
    [
        (Majority.HALF, 4, 4, Outcome.NOT_CARRIED),
        (Majority.HALF, 5, 4, Outcome.CARRIED),
        (Majority.HALF, 0, 0, Outcome.NOT_CARRIED),
        (Majority.TWO_THIRDS, 6, 3, Outcome.CARRIED),
        (Majority.TWO_THIRDS, 5, 3, Outcome.NOT_CARRIED),
        (Majority.TWO_THIRDS, 0, 0, Outcome.NOT_CARRIED),
        (Majority.THREE_QUARTERS, 6, 2, Outcome.CARRIED),
        (Majority.THREE_QUARTERS, 5, 2, Outcome.NOT_CARRIED),
    ],
)
def test_what_is_needed(majority: Majority, votes_for: int, votes_against: int, came: Outcome) -> None:
    counted = Count(9, votes_for, votes_against, 9 - votes_for - votes_against)
    assert rules.outcome(counted, roll=10, quorum_percent=50, majority=majority) == came


def test_too_few_decide_nothing_however_clear_it_is() -> None:
    counted = Count(4, 4, 0, 0)
    assert rules.outcome(counted, roll=10, quorum_percent=50, majority=Majority.HALF) == Outcome.TOO_FEW
    assert (
        rules.outcome(Count(5, 5, 0, 0), roll=10, quorum_percent=50, majority=Majority.HALF)
        == Outcome.CARRIED
    )


def test_differences_are_named_and_not_told() -> None:
    assert rules.differing(Count(9, 5, 3, 1), Count(9, 4, 4, 1)) == ["votes_for", "votes_against"]
