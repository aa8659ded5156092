"""How many objectives a quarter bears, what may still be changed, and what a meeting's word brings about."""

from datetime import date, timedelta
from enum import StrEnum

MOST_PER_QUARTER = 12
MOST_STEPS = 30
TIME_TO_SET = timedelta(weeks=3)


class Refusal(StrEnum):
    """Why an objective stays as it is."""

    TOO_MANY = "too_many"
    TOO_MANY_STEPS = "too_many_steps"
    CLOSED = "closed"
    WRONG_QUARTER = "wrong_quarter"
    WHY_MISSING = "why_missing"
    WHO_TWICE = "who_twice"
    NOT_CLOSED = "not_closed"
    CARRIED_ON = "carried_on"
    MEETING_TO_COME = "meeting_to_come"


ENDS = ("achieved", "carried_over", "dropped")
"""Outcomes after which an objective is closed."""
NEED_A_WORD = ("carried_over", "dropped")


def why_not_set(*, quarter_on: date, choices: list[date], already: int) -> Refusal | None:
    """Objectives are set for this quarter or the next, and only as many as people can carry."""
    if quarter_on not in choices:
        return Refusal.WRONG_QUARTER
    return Refusal.TOO_MANY if already >= MOST_PER_QUARTER else None


def why_not_change(state: str) -> Refusal | None:
    """What is closed stays as it was, so that the quarter can be told later."""
    return None if state == "open" else Refusal.CLOSED


def why_not_add_step(state: str, *, already: int, has_member: bool, has_name: bool) -> Refusal | None:
    """A step is somebody's, or open to anybody; not two people's under two names."""
    if refusal := why_not_change(state):
        return refusal
    if has_member and has_name:
        return Refusal.WHO_TWICE
    return Refusal.TOO_MANY_STEPS if already >= MOST_STEPS else None


def why_not_review(state: str, outcome: str, words: str) -> Refusal | None:
    """Whoever carries over or drops an objective says why in a word."""
    if refusal := why_not_change(state):
        return refusal
    return Refusal.WHY_MISSING if outcome in NEED_A_WORD and not words else None


def why_not_reopen(state: str) -> Refusal | None:
    """What was achieved or dropped too soon can be taken up again; what was carried over goes on already."""
    if state == "open":
        return Refusal.NOT_CLOSED
    return Refusal.CARRIED_ON if state == "carried_over" else None


def is_time_to_set(today: date, quarter_on: date) -> bool:
    """The first three weeks of a quarter."""
    return quarter_on <= today < quarter_on + TIME_TO_SET
