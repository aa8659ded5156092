"""What can still be asked, answered and closed."""

from collections.abc import Sequence
from enum import StrEnum

MOST_OPEN = 20


class Refusal(StrEnum):
    """Why a request or an answer is not taken."""

    NO_NETWORK = "no_network"
    TOO_MANY_OPEN = "too_many_open"
    CLOSED = "closed"


class Standing(StrEnum):
    """How a request stands, said in one word to both sides."""

    WAITING = "waiting"
    ANSWERED = "answered"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"


def why_not_ask(open_already: int) -> Refusal | None:
    """A group does not ask more at a time than an office can hear."""
    return Refusal.TOO_MANY_OPEN if open_already >= MOST_OPEN else None


def why_not_answer(state: str) -> Refusal | None:
    """What the group has closed or taken back waits for nobody."""
    return None if state == "open" else Refusal.CLOSED


def standing(state: str, answers: Sequence[object]) -> Standing:
    """How a request stands, from what the group said and what the office answered."""
    if state != "open":
        return Standing(state)
    return Standing.ANSWERED if answers else Standing.WAITING
