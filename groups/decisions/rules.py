"""What can be put to the members, when it is counted, and whether it is carried."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from groups.decisions.models import MotionMethod, MotionState
from groups.officers.rules import Majority, needed_majority

FURTHEST = timedelta(days=366)
FEWEST_SHOWN = 3
"""Of what was sealed, figures are shown where at least so many said yes and so many said no."""
STEPS: Mapping[MotionState, frozenset[MotionState]] = {
    MotionState.CALLED: frozenset({MotionState.COUNTING, MotionState.WITHDRAWN}),
    MotionState.COUNTING: frozenset({MotionState.DECIDED, MotionState.WITHDRAWN}),
    MotionState.DECIDED: frozenset(),
    MotionState.WITHDRAWN: frozenset(),
}
"""Which state may follow which. The database keeps the same table."""


class Refusal(StrEnum):
    """Why this cannot be done with a motion."""

    NOT_NOW = "not_now"
    DAY_IS_PAST = "day_is_past"
    DAY_TOO_FAR = "day_too_far"
    NOTICE_TOO_SHORT = "notice_too_short"
    WORDS_NEEDED = "words_needed"
    ANOTHER_IS_OPEN = "another_is_open"
    OUT_OF_DATE = "out_of_date"
    NOT_THE_DAY_YET = "not_the_day_yet"
    NOBODY_MAY_DECIDE = "nobody_may_decide"
    COUNTERS_ARE_ONE = "counters_are_one"
    DOES_NOT_ADD_UP = "does_not_add_up"
    MORE_THAN_ROLL = "more_than_roll"
    REASON_NEEDED = "reason_needed"


@dataclass(frozen=True)
class Count:
    """What somebody counted in the room."""

    present: int
    votes_for: int
    votes_against: int
    abstain: int


class Outcome(StrEnum):
    """How it came out, in one word."""

    CARRIED = "carried"
    NOT_CARRIED = "not_carried"
    TOO_FEW = "too_few"


def may_become(state: MotionState, wanted: MotionState) -> bool:
    """Whether this step may be taken now."""
    return wanted in STEPS[state]


def why_not_call(
    *, today: date, held_on: date, notice_days: int, is_short_notice_agreed: bool
) -> Refusal | None:
    """Why something cannot be put to the members on this day."""
    if held_on < today:
        return Refusal.DAY_IS_PAST
    if held_on - today > FURTHEST:
        return Refusal.DAY_TOO_FAR
    is_short = (held_on - today).days < notice_days
    return Refusal.NOTICE_TOO_SHORT if is_short and not is_short_notice_agreed else None


def why_not_begin(
    state: MotionState, *, today: date, held_on: date, roll: int, counters: Collection[uuid.UUID]
) -> Refusal | None:
    """Why the count cannot begin with these two."""
    if not may_become(state, MotionState.COUNTING):
        return Refusal.NOT_NOW
    if today < held_on:
        return Refusal.NOT_THE_DAY_YET
    if not roll:
        return Refusal.NOBODY_MAY_DECIDE
    return None if len(set(counters)) == 2 else Refusal.COUNTERS_ARE_ONE  # noqa: PLR2004 - two people count


def why_not_count(
    state: MotionState, count: Count, *, roll: int, is_again: bool, reason: str
) -> Refusal | None:
    """Why these numbers cannot be kept."""
    if state != MotionState.COUNTING:
        return Refusal.NOT_NOW
    if count.present > roll:
        return Refusal.MORE_THAN_ROLL
    if count.votes_for + count.votes_against + count.abstain != count.present:
        return Refusal.DOES_NOT_ADD_UP
    return Refusal.REASON_NEEDED if is_again and not reason.strip() else None


def differing(first: Count, second: Count) -> list[str]:
    """Which numbers differ, by name; never what they are."""
    return [
        name
        for name in ("present", "votes_for", "votes_against", "abstain")
        if getattr(first, name) != getattr(second, name)
    ]


def is_quorate(present: int, *, roll: int, quorum_percent: int) -> bool:
    """Whether enough took part."""
    return present * 100 >= quorum_percent * roll


def outcome(count: Count, *, roll: int, quorum_percent: int, majority: Majority) -> Outcome:
    """How it came out. Whoever abstains counts as present, and neither as yes nor as no."""
    if not is_quorate(count.present, roll=roll, quorum_percent=quorum_percent):
        return Outcome.TOO_FEW
    is_carried = needed_majority(majority, count.votes_for, count.votes_against)
    return Outcome.CARRIED if is_carried else Outcome.NOT_CARRIED


def is_shown(method: MotionMethod, count: Count) -> bool:
    """Whether the figures are kept and shown. The database does the same."""
    return method != MotionMethod.SEALED or min(count.votes_for, count.votes_against) >= FEWEST_SHOWN


def agree(counts: Sequence[Count | None]) -> bool:
    """Whether both have counted, and the same."""
    return len(counts) == 2 and None not in counts and counts[0] == counts[1]  # noqa: PLR2004 - two people count
