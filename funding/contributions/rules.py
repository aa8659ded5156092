"""What a sheet comes to, and when it can be dated."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from funding.ledger.rules import Fund, Line, Place, Source, moved
from funding.welfare.rules import reserve_part

COLUMNS = (Place.CASH, Place.MOBILE_MONEY)
A_PAGE = 25
"""So many names stand on a printed page; on the screen, a long list has the same pages."""
Row = TypeVar("Row")


class Refusal(StrEnum):
    """Why what the members agreed on is not written down like this."""

    NOT_DECIDED_YET = "not_decided_yet"
    BEGINS_BEFORE = "begins_before"
    COUNTED = "counted"


@dataclass(frozen=True)
class Given:
    """What one member gave in one form of money."""

    member_id: UUID
    place: str
    amount: int


def column_sums(given: Sequence[Given]) -> dict[str, int]:
    """What each column of the sheet comes to; an empty column is left out."""
    sums = {place: sum(one.amount for one in given if one.place == place) for place in COLUMNS}
    return {place: amount for place, amount in sums.items() if amount}


def split_lines(sums: Mapping[str, int], percent: int) -> tuple[Line, ...]:
    """The sheet as lines of the book: of each column, the reserve's share by the rounding rule, and the rest to welfare."""
    lines: list[Line] = []
    for place, amount in sums.items():
        reserve = reserve_part(amount, percent)
        lines += moved(Source.CONTRIBUTIONS, place, Fund.RESERVE, reserve)
        lines += moved(Source.CONTRIBUTIONS, place, Fund.WELFARE, amount - reserve)
    return tuple(lines)


def pages_of(lines: Sequence[Row]) -> list[Sequence[Row]]:
    """The names of a sheet, page by page; an empty sheet has one page."""
    return [lines[at : at + A_PAGE] for at in range(0, max(1, len(lines)), A_PAGE)]


def why_not_agree(*, decided_on: date, from_on: date, today: date) -> Refusal | None:
    """What members suggest begins when they decided it, or later: it asks nothing of the time before."""
    if decided_on > today:
        return Refusal.NOT_DECIDED_YET
    return Refusal.BEGINS_BEFORE if from_on < decided_on else None
