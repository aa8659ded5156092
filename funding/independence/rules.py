"""Seed money, grants and own income by year; what came and went by month; for how many months money is there."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from funding.ledger.rules import CHART, AccountKind, Cost, Fund, Source

OWN = (Source.CONTRIBUTIONS, Source.OTHER_INCOME)
NOT_RUNNING = (Cost.GIVEN_BACK, Cost.COUNTED_LESS, Cost.HARDSHIP)
"""Costs that say nothing about what running costs; hardship is paid from its own reserve."""
A_YEAR = 12


class Moved(Protocol):
    """What moved on an account and a fund in a month, signed as debit − credit."""

    @property
    def month(self) -> date: ...
    @property
    def account(self) -> str: ...
    @property
    def fund(self) -> str: ...
    @property
    def amount(self) -> int: ...


@dataclass(frozen=True)
class Year:
    """Where a year's money came from."""

    year: int
    seed: int
    grants: int
    own: int

    @property
    def total(self) -> int:
        return self.seed + self.grants + self.own

    @property
    def own_percent(self) -> int | None:
        """The share that is the group's own, to the nearest percent; none where nothing came."""
        return (self.own * 200 + self.total) // (2 * self.total) if self.total > 0 else None


@dataclass(frozen=True)
class Month:
    """What came and went in a month, and what the reserve held at its end."""

    month: date
    came: int
    went: int
    reserve: int


def years(moved: Iterable[Moved]) -> list[Year]:
    """Every year from the first that anything came in, without gaps."""
    sums: dict[int, Counter[str]] = defaultdict(Counter)
    for one in moved:
        if CHART[one.account] is AccountKind.INCOME:
            sums[one.month.year][one.account] -= one.amount
    if not sums:
        return []
    return [
        Year(
            year, sums[year][Source.SEED], sums[year][Source.GRANTS], sum(sums[year][source] for source in OWN)
        )
        for year in range(min(sums), max(sums) + 1)
    ]  # fmt: skip


def months(moved: Iterable[Moved], *, last: date, how_many: int = A_YEAR) -> list[Month]:
    """The last months up to and with the one that begins on `last`, also those in which nothing moved."""
    came: Counter[date] = Counter()
    went: Counter[date] = Counter()
    reserve: Counter[date] = Counter()
    for one in moved:
        kind = CHART[one.account]
        if kind is AccountKind.INCOME:
            came[one.month] -= one.amount
        elif kind is AccountKind.EXPENSE:
            went[one.month] += one.amount
        elif kind is AccountKind.ASSET and one.fund == Fund.RESERVE:
            reserve[one.month] += one.amount
    return [
        Month(first, came[first], went[first], sum(n for month, n in reserve.items() if month <= first))
        for first in (month_before(last, back) for back in range(how_many - 1, -1, -1))
    ]


def month_before(first: date, months: int) -> date:
    """The first of the month so many months before."""
    count = first.year * 12 + first.month - 1 - months
    return date(count // 12, count % 12 + 1, 1)


@dataclass(frozen=True)
class Lasting:
    """What is there without the reserve, what a month costs on average, and for how many tenths of a month it lasts."""

    there: int
    a_month: int
    over: int
    """Over how many months the average is."""
    tenths: int


def lasting(moved: Iterable[Moved], *, this_month: date) -> Lasting | None:
    """How long money would last at the average of the last twelve whole months; none where nothing was spent in them.

    The hardship reserve is left out on both sides: it is not there to run the group.
    """
    moved = list(moved)
    there = sum(
        one.amount for one in moved if CHART[one.account] is AccountKind.ASSET and one.fund != Fund.RESERVE
    )
    since = max(month_before(this_month, A_YEAR), min((one.month for one in moved), default=this_month))
    over = (this_month.year - since.year) * 12 + this_month.month - since.month
    spent = sum(
        one.amount
        for one in moved
        if since <= one.month < this_month
        and CHART[one.account] is AccountKind.EXPENSE
        and one.account not in NOT_RUNNING
    )
    if over <= 0 or spent <= 0:
        return None
    return Lasting(there, spent // over, over, max(0, there) * 10 * over // spent)
