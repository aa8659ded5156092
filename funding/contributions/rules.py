"""What a sheet comes to, and when it can be dated."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from funding.ledger.rules import Fund, Line, Place, Source, moved
from funding.welfare.rules import reserve_part

COLUMNS = (Place.CASH, Place.MOBILE_MONEY)


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
