"""The most votes win: one seat by one mark (first past the post), several seats by as many marks as seats (block vote)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Standing:
    """How a count came out, by numbers on the list."""

    elected: tuple[int, ...] = ()
    by_lot: tuple[int, ...] = ()
    """Those among the elected whom the lot chose."""
    level: tuple[int, ...] = ()
    """Those between whom a lot has to decide, while it is not drawn."""
    seats_left: int = 0
    """So many of those who are level take a seat."""

    @property
    def is_tied(self) -> bool:
        return bool(self.level)


def count(votes: Mapping[int, int], *, seats: int, drawn: Sequence[int] = ()) -> Standing:
    """Fill the seats with those who have most votes. Nobody takes a seat without a vote; who is level waits for the lot."""
    ranked = sorted(
        (number for number in votes if votes[number] > 0), key=lambda number: (-votes[number], number)
    )
    if len(ranked) <= seats:
        return Standing(elected=tuple(ranked))
    last = votes[ranked[seats - 1]]
    sure = tuple(number for number in ranked if votes[number] > last)
    level = tuple(number for number in ranked if votes[number] == last)
    left = seats - len(sure)
    if len(level) == left:
        return Standing(elected=sure + level)
    if sorted(drawn) != sorted(level):
        return Standing(elected=sure, level=level, seats_left=left)
    chosen = tuple(drawn[:left])
    return Standing(elected=sure + chosen, by_lot=chosen)
