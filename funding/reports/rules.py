"""Putting a period's movements on one page, so that every sum on it can be followed."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from funding.ledger.rules import CHART, AccountKind, Cost, Fund, Place

FIRST_YEAR = 2000
"""No group's book here reaches further back."""


class Moved(Protocol):
    """An account and fund over a period."""

    @property
    def account(self) -> str: ...
    @property
    def fund(self) -> str: ...
    @property
    def before(self) -> int: ...
    @property
    def debit(self) -> int: ...
    @property
    def credit(self) -> int: ...


@dataclass(frozen=True)
class Part:
    """Opening + what came in, by source − what went out, by cost = closing."""

    opening: int
    came_in: dict[str, int]
    went_out: dict[str, int]
    closing: int

    @property
    def total_in(self) -> int:
        return sum(self.came_in.values())

    @property
    def total_out(self) -> int:
        return sum(self.went_out.values())

    @property
    def adds_up(self) -> bool:
        return self.opening + self.total_in - self.total_out == self.closing

    @property
    def is_empty(self) -> bool:
        return not (self.opening or self.closing or self.came_in or self.went_out)


@dataclass(frozen=True)
class Report:
    """The whole, each fund (a grant's too), and each place; with hardship as a count and a sum."""

    whole: Part
    funds: dict[str, Part]
    places: dict[str, Part]
    hardship_count: int
    hardship_sum: int


@dataclass(frozen=True)
class Period:
    """A month or a quarter, up to, not including, the day after it."""

    start: date
    months: int

    @property
    def end(self) -> date:
        return months_after(self.start, self.months)

    @property
    def before(self) -> "Period":
        return Period(months_after(self.start, -self.months), self.months)

    @property
    def after(self) -> "Period":
        return Period(self.end, self.months)

    @property
    def code(self) -> str:
        """How an address names it."""
        if self.months == 1:
            return f"{self.start:%Y-%m}"
        return f"{self.start.year}-Q{(self.start.month + 2) // 3}"


def months_after(day: date, months: int) -> date:
    """The first of the month so many months later."""
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def month_of(day: date) -> Period:
    """The month a day lies in."""
    return Period(day.replace(day=1), 1)


def quarter_of(day: date) -> Period:
    """The quarter a day lies in."""
    return Period(date(day.year, 3 * ((day.month - 1) // 3) + 1, 1), 3)


def read_period(month: str | None, quarter: str | None, *, today: date) -> Period:
    """The period an address asks for; this month where it asks for none there could be."""
    try:
        if quarter:
            year, number = quarter.upper().split("-Q")
            asked = quarter_of(date(int(year), int(number) * 3, 1))
        else:
            asked = month_of(date.fromisoformat(f"{month}-01"))
    except ValueError:
        return month_of(today)
    return asked if FIRST_YEAR <= asked.start.year <= today.year + 1 else month_of(today)


def report(movements: Iterable[Moved], *, hardship_count: int) -> Report:
    """The page, from what moved on each account and fund."""
    movements = list(movements)
    return Report(
        whole=_part(movements),
        funds={
            fund: _part([one for one in movements if one.fund == fund])
            for fund in [*Fund, *sorted({one.fund for one in movements} - set(Fund))]
        },
        places={place: _place([one for one in movements if one.account == place]) for place in Place},
        hardship_count=hardship_count,
        hardship_sum=sum(one.debit - one.credit for one in movements if one.account == Cost.HARDSHIP),
    )


def _part(movements: list[Moved]) -> Part:
    opening = closing = 0
    came_in: Counter[str] = Counter()
    went_out: Counter[str] = Counter()
    for one in movements:
        kind = CHART[one.account]
        if kind is AccountKind.ASSET:
            opening += one.before
            closing += one.before + one.debit - one.credit
        elif kind is AccountKind.EXPENSE or (kind is AccountKind.EQUITY and one.debit > one.credit):
            went_out[one.account] += one.debit - one.credit
        else:
            came_in[one.account] += one.credit - one.debit
    return Part(opening, _in_order(came_in), _in_order(went_out), closing)


def _in_order(sums: Counter[str]) -> dict[str, int]:
    return {account: sums[account] for account in CHART if sums[account]}


def _place(movements: list[Moved]) -> Part:
    opening = sum(one.before for one in movements)
    debit, credit = sum(one.debit for one in movements), sum(one.credit for one in movements)
    return Part(opening, {"in": debit}, {"out": credit}, opening + debit - credit)
