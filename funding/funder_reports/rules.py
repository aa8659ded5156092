"""Putting a grant's time on one page, so that every sum on it adds up; nobody is named in it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from funding.budgets.rules import Planned, Spent, quarters_between
from funding.grants.rules import Standings

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Asked:
    """The time a report is about, both days included."""

    from_on: date
    to_on: date

    @property
    def end(self) -> date:
        """The day after the last."""
        return self.to_on + ONE_DAY


@dataclass(frozen=True)
class Row:
    """A line, or a cost that is on no line: planned and spent, as a whole and in the time asked about."""

    words: str
    cost: str
    is_line: bool
    planned: int
    planned_now: int
    spent_now: int
    spent: int

    @property
    def left(self) -> int:
        return self.planned - self.spent


@dataclass(frozen=True)
class Flow:
    """What was there, what came, what went, what is there."""

    before: int
    came: int
    spent: int
    given_back: int
    moved: int
    after: int

    @property
    def adds_up(self) -> bool:
        return self.before + self.came - self.spent - self.given_back - self.moved == self.after


def flow(before: Standings, after: Standings) -> Flow:
    """What happened between two days."""
    return Flow(
        before.left, after.came - before.came, after.spent - before.spent, after.given_back - before.given_back,
        after.moved - before.moved, after.left,
    )  # fmt: skip


def rows(
    lines: Sequence[Planned], spent_before: Iterable[Spent], spent: Iterable[Spent], asked: Asked
) -> list[Row]:
    """The lines in order, then what is on no line, so that the rows add up to what was spent."""
    known = {line.id for line in lines}
    earlier, all_of_it = _by_line(spent_before, known), _by_line(spent, known)
    quarters = quarters_between(asked.from_on, asked.to_on)
    of_lines = [
        Row(
            line.words, line.cost, True, line.total, sum(line.amounts.get(one, 0) for one in quarters),
            all_of_it[line.id] - earlier[line.id], all_of_it[line.id],
        )
        for line in lines
    ]  # fmt: skip
    costs = sorted({key for key in (*earlier, *all_of_it) if isinstance(key, str)})
    return of_lines + [
        Row("", cost, False, 0, 0, all_of_it[cost] - earlier[cost], all_of_it[cost]) for cost in costs
    ]


def _by_line(spending: Iterable[Spent], known: set[UUID]) -> Counter[UUID | str]:
    sums: Counter[UUID | str] = Counter()
    for one in spending:
        sums[one.line_id if one.line_id in known else one.cost] += one.amount
    return sums


def together(found: Sequence[Row]) -> Row:
    """The sum of all rows."""
    return Row(
        "", "", False, sum(row.planned for row in found), sum(row.planned_now for row in found),
        sum(row.spent_now for row in found), sum(row.spent for row in found),
    )  # fmt: skip


def read_day(typed: str | None, otherwise: date) -> date:
    """A day an address asks for; what is no day is the usual one."""
    try:
        return date.fromisoformat(typed) if typed else otherwise
    except ValueError:
        return otherwise


def asked_for(from_on: date, to_on: date, *, starts_on: date, ends_on: date) -> Asked:
    """The time asked about, kept within the grant's own years; a time that ends before it begins is the whole grant."""
    first, last = max(from_on, starts_on.replace(month=1, day=1)), min(to_on, ends_on + timedelta(days=731))
    return Asked(first, last) if first <= last else Asked(starts_on, ends_on)
