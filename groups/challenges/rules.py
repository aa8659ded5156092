"""Who may challenge a result, and when two have decided."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from groups.challenges.models import ChallengeState
from groups.elections.models import ElectionState

TWO = 2
MOST_OPEN = 20


class Refusal(StrEnum):
    """Why a challenge is not taken, or not answered."""

    NOT_NOW = "not_now"
    TOO_LATE = "too_late"
    NOT_ON_ROLL = "not_on_roll"
    TOO_MANY = "too_many"
    ALREADY = "already"
    CLOSED = "closed"
    NOT_ONE_WHO_DECIDES = "not_one_who_decides"
    SIGNS_IN = "signs_in"
    HAD_A_PART = "had_a_part"


def why_not_challenge(
    state: ElectionState, *, now: datetime, until: datetime | None, is_on_roll: bool, is_waiting: bool, waiting: int
) -> Refusal | None:  # fmt: skip
    """Anybody who could vote can challenge a declared result, within its window, one challenge at a time."""
    if state != ElectionState.DECLARED or until is None:
        return Refusal.NOT_NOW
    if now >= until:
        return Refusal.TOO_LATE
    if not is_on_roll:
        return Refusal.NOT_ON_ROLL
    if is_waiting:
        return Refusal.ALREADY
    return Refusal.TOO_MANY if waiting >= MOST_OPEN else None


def why_not_write_for(*, signs_in: bool, had_a_part: bool) -> Refusal | None:
    """For a member without a sign-in, by somebody without a part in the election; anybody else writes their own."""
    if had_a_part:
        return Refusal.HAD_A_PART
    return Refusal.SIGNS_IN if signs_in else None


def why_not_answer(state: ChallengeState, *, decides: bool) -> Refusal | None:
    """Those who decide answer while it is open."""
    if state != ChallengeState.OPEN:
        return Refusal.CLOSED
    return None if decides else Refusal.NOT_ONE_WHO_DECIDES


def decided(answers: Sequence[bool]) -> ChallengeState:
    """Two who say the same decide."""
    if answers.count(True) >= TWO:
        return ChallengeState.UPHELD
    return ChallengeState.NOT_UPHELD if answers.count(False) >= TWO else ChallengeState.OPEN
