"""What stands on a card, month by month. A month without anything is not there: it means nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID


@dataclass(frozen=True)
class Gift:
    """What somebody gave on one sheet, and the entry in the book behind it."""

    sheet_id: UUID
    journal_id: UUID
    received_on: date
    number: int
    parts: Mapping[str, int] = field(default_factory=dict)
    """By form of money."""
    is_taken_back: bool = False

    @property
    def amount(self) -> int:
        return sum(self.parts.values())


@dataclass(frozen=True)
class Month:
    """What was given in a month, the first of which is named."""

    first: date
    gifts: Sequence[Gift]

    @property
    def total(self) -> int:
        return total(self.gifts)


def total(gifts: Iterable[Gift]) -> int:
    """What these come to, without what was taken back."""
    return sum(gift.amount for gift in gifts if not gift.is_taken_back)


def by_month(gifts: Iterable[Gift]) -> list[Month]:
    """The months something was given in, the latest first; within a month in the order of the days."""
    months: dict[date, list[Gift]] = {}
    for gift in sorted(gifts, key=lambda one: (one.received_on, one.number)):
        months.setdefault(gift.received_on.replace(day=1), []).append(gift)
    return [Month(first, months[first]) for first in sorted(months, reverse=True)]


def years_of(gifts: Iterable[Gift]) -> list[int]:
    """The years something was given in, the latest first."""
    return sorted({gift.received_on.year for gift in gifts}, reverse=True)


def year_to_show(asked: int | None, years: Sequence[int]) -> int | None:
    """The year an address asks for where something stands in it, else the latest."""
    return asked if asked in years else next(iter(years), None)
