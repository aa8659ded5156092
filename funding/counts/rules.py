"""Notes and coins by currency; what a count comes to; where a difference goes in the book."""

from collections.abc import Mapping
from enum import StrEnum

from funding.ledger.rules import Cost, Fund, Line, Place, Source, moved

DENOMINATIONS: Mapping[str, tuple[int, ...]] = {
    "KES": (100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 100),
    "UGX": (50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50),
    "TZS": (1_000_000, 500_000, 200_000, 100_000, 50_000, 20_000, 10_000, 5_000),
    "RWF": (5_000, 2_000, 1_000, 500, 100, 50, 20, 10, 5, 1),
    "ETB": (20_000, 10_000, 5_000, 1_000, 500, 100, 50, 25, 10, 5),
    "GBP": (5_000, 2_000, 1_000, 500, 200, 100, 50, 20, 10, 5, 2, 1),
    "EUR": (20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 20, 10, 5, 2, 1),
    "USD": (10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 25, 10, 5, 1),
}
"""Notes and coins that people have in their hands, by their worth in minor units, the largest first. A note and a coin of
the same worth are one line; what is rarer goes in as an amount. Other currencies are counted as one amount."""
MOST_PIECES = 100_000


class Refusal(StrEnum):
    """Why a count is not taken or not signed."""

    WAITING_ALREADY = "waiting_already"
    DECIDED_ALREADY = "decided_already"
    WHY_NEEDED = "why_needed"
    BOOK_MOVED = "book_moved"
    OWN_SECOND = "own_second"
    NOT_AN_OFFICER = "not_an_officer"


def denominations(currency: str) -> tuple[int, ...]:
    """What to count one by one; nothing where the whole is one amount."""
    return DENOMINATIONS.get(currency, ())


def worth(pieces: Mapping[int, int], other: int) -> int:
    """What so many of each, and whatever else there is, come to."""
    return sum(value * number for value, number in pieces.items()) + other


def lines_of(pieces: Mapping[str, int]) -> list[tuple[int, int, int]]:
    """Each note and coin that was there: its worth, how many, and what they come to; the largest first."""
    found = sorted(((int(value), number) for value, number in pieces.items()), reverse=True)
    return [(value, number, value * number) for value, number in found]


def difference_lines(place: Place, difference: int, funds: Mapping[str, int]) -> tuple[Line, ...]:
    """How the book is brought to what was counted, under a name that says so.

    More than there should be is general money. Less is taken from general money first, then the welfare fund, then what
    else there is; what is kept for hardship last. `funds` is what each fund holds wherever it lies.
    """
    if difference > 0:
        return moved(Source.COUNTED_MORE, place, Fund.GENERAL, difference)
    parts = losing(-difference, funds)
    return tuple(line for fund, part in parts.items() for line in moved(place, Cost.COUNTED_LESS, fund, part))


def losing(amount: int, funds: Mapping[str, int]) -> dict[str, int]:
    """Which funds bear it that an amount is not there. What no fund holds stays with general money, where the book refuses it."""
    order: dict[str, int] = {Fund.GENERAL: 0, Fund.WELFARE: 1, Fund.RESERVE: 3}
    parts: dict[str, int] = {}
    for fund in sorted(funds, key=lambda one: (order.get(one, 2), one)):
        part = min(amount, max(0, funds[fund]))
        if part:
            parts[fund] = part
            amount -= part
    if amount:
        parts[Fund.GENERAL] = parts.get(Fund.GENERAL, 0) + amount
    return parts


def why_not_agree(*, difference: int, has_why: bool, has_moved: bool) -> Refusal | None:
    """A difference is never posted without words, nor against a book that has moved since the two looked."""
    if has_moved:
        return Refusal.BOOK_MOVED
    return Refusal.WHY_NEEDED if difference and not has_why else None
