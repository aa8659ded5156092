"""Which entries a line may belong to, and how it may end."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

NEAR = timedelta(days=14)
"""How far apart the days of a line and of its entry may lie to be suggested: some write once a fortnight."""
MOST_SUGGESTED = 6


class Refusal(StrEnum):
    """Why a line does not end so."""

    ENDED_ALREADY = "ended_already"
    JOINED_ALREADY = "joined_already"
    NOTHING_LEFT = "nothing_left"
    OTHER_WAY = "other_way"
    TAKEN_BACK = "taken_back"
    MORE_THAN_LEFT = "more_than_left"
    HAS_PARTS = "has_parts"
    NO_CHARGES = "no_charges"


@dataclass(frozen=True)
class Candidate:
    """An entry with what of it no line accounts for yet, at the place of the line."""

    entry_id: UUID
    number: int
    kind: str
    effective_on: date
    free: int
    words: str = ""


def suggested(
    candidates: Iterable[Candidate], *, rest: int, booked_on: date, reference: str | None
) -> list[Candidate]:
    """Entries that a line may belong to, the likeliest first: by amount, by its receipt, by the day."""
    same_way = [
        one for one in candidates if one.free * rest > 0 and abs(one.effective_on - booked_on) <= NEAR
    ]
    same_way.sort(
        key=lambda one: (
            one.free != rest,
            not (reference and reference.upper() in one.words.upper()),
            abs(one.effective_on - booked_on),
            -one.number,
        )
    )
    return same_way[:MOST_SUGGESTED]


def why_not_join(*, rest: int, free: int, is_standing: bool) -> Refusal | None:
    """An entry takes as much of a line as both have left, if money went the same way in both."""
    if not is_standing:
        return Refusal.TAKEN_BACK
    if not free:
        return Refusal.NOTHING_LEFT
    return Refusal.OTHER_WAY if free * rest < 0 else None


def joined_amount(*, rest: int, free: int) -> int:
    """As much as both have left."""
    return rest if abs(rest) <= abs(free) else free


def why_not_write(*, rest: int, amount: int, comes_in: bool | None = None) -> Refusal | None:
    """A new entry accounts for a line or for a part of it, never for more (`amount` is above nothing); income is money
    that came in, an expense money that went out.
    """
    if comes_in is not None and comes_in != (rest > 0):
        return Refusal.OTHER_WAY
    return Refusal.MORE_THAN_LEFT if amount > abs(rest) else None
