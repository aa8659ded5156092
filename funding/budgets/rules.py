"""Decisions about budgets: what may be written and agreed, which line spending is on, by how much it goes over."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from funding.ledger.rules import Cost, share_out
from network.figures.rules import next_quarter, quarter_of

MOST_LINES = 30
MOST_QUARTERS = 24
"""Six years: longer grants are told by a budget of their own for each part."""
NEVER_PLANNED = (Cost.HARDSHIP, Cost.GIVEN_BACK, Cost.COUNTED_LESS)
"""Costs that no budget names: help is paid from the reserve, the others happen by themselves."""


class Refusal(StrEnum):
    """Why a budget or a line is not as somebody wants it."""

    NOT_OPEN = "not_open"
    NOT_WAITING = "not_waiting"
    BEING_WRITTEN = "being_written"
    TOO_MANY_LINES = "too_many_lines"
    NO_LINES = "no_lines"
    NOTHING_PLANNED = "nothing_planned"
    QUARTERS_DIFFER = "quarters_differ"
    MORE_THAN_CEILING = "more_than_ceiling"
    LESS_THAN_SPENT = "less_than_spent"
    REASON_MISSING = "reason_missing"
    LINE_IS_USED = "line_is_used"
    OWN_SECOND = "own_second"
    NOT_AN_OFFICER = "not_an_officer"
    CHANGED_MEANWHILE = "changed_meanwhile"
    # spending
    COST_NOT_IN_BUDGET = "cost_not_in_budget"
    WHICH_LINE = "which_line"
    ANOTHER_FUNDS_LINE = "another_funds_line"
    WHY_MISSING = "why_missing"
    MORE_THAN_BUDGET = "more_than_budget"


class Line(Protocol):
    """What is asked of a line."""

    @property
    def id(self) -> UUID: ...
    @property
    def words(self) -> str: ...
    @property
    def cost(self) -> str: ...


@dataclass(frozen=True)
class Planned:
    """A line with what a budget means for it in each quarter."""

    id: UUID
    words: str
    cost: str
    amounts: Mapping[date, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.amounts.values())


@dataclass(frozen=True)
class Spent:
    """What moved on a cost in a quarter: spent, or taken back where it is below nothing."""

    line_id: UUID | None
    cost: str
    quarter_on: date
    amount: int


@dataclass(frozen=True)
class Over:
    """By how much spending goes over the line as a whole, and over what the line had for its quarter."""

    line: int = 0
    quarter: int = 0

    def __bool__(self) -> bool:
        return bool(self.line or self.quarter)


def quarters_between(starts_on: date, ends_on: date) -> list[date]:
    """The quarters a period touches, by their first days."""
    found = [quarter_of(starts_on)]
    while next_quarter(found[-1]) <= ends_on:
        found.append(next_quarter(found[-1]))
    return found


def spread(amount: int, quarters: Sequence[date]) -> dict[date, int]:
    """The same for every quarter, as near as the money can be split; the parts always add up."""
    named = {quarter.isoformat(): 1 for quarter in quarters}
    return {
        date.fromisoformat(name): part for name, part in share_out(amount, named, order="quarters").items()
    }


def plan(total: int | None, by_quarter: Mapping[date, int | None]) -> dict[date, int] | Refusal:
    """What somebody wrote for a line: a sum to spread evenly, or an amount for each quarter, or both if they agree."""
    written = {quarter: amount for quarter, amount in by_quarter.items() if amount is not None}
    if not written:
        return spread(total, list(by_quarter)) if total else Refusal.NOTHING_PLANNED
    if total is not None and total != sum(written.values()):
        return Refusal.QUARTERS_DIFFER
    if not sum(written.values()):
        return Refusal.NOTHING_PLANNED
    return {quarter: written.get(quarter, 0) for quarter in by_quarter}


def why_not_ask(lines: Sequence[Planned], *, number: int, reason: str, ceiling: int | None, spent: Mapping[UUID, int]) -> Refusal | None:  # fmt: skip
    """A budget has lines, is within what was awarded, keeps what is spent already, and says why it replaces another."""
    if not lines:
        return Refusal.NO_LINES
    if ceiling is not None and sum(line.total for line in lines) > ceiling:
        return Refusal.MORE_THAN_CEILING
    if sum(line.total for line in lines) < sum(spent.values()):
        return Refusal.LESS_THAN_SPENT
    if any(amount > 0 for line_id, amount in spent.items() if line_id not in {line.id for line in lines}):
        return Refusal.LINE_IS_USED
    return Refusal.REASON_MISSING if number > 1 and not reason else None


def choose_line(lines: Iterable[Line], cost: str, wanted: UUID | None) -> Line | Refusal:
    """The line that spending belongs to: the one somebody named, else the only one for this cost."""
    lines = list(lines)
    fitting = [line for line in lines if line.cost == cost]
    if wanted is not None:
        named = next((line for line in lines if line.id == wanted), None)
        if named is None:
            return Refusal.ANOTHER_FUNDS_LINE
        return named if named.cost == cost else Refusal.COST_NOT_IN_BUDGET
    if not fitting:
        return Refusal.COST_NOT_IN_BUDGET
    return fitting[0] if len(fitting) == 1 else Refusal.WHICH_LINE


def over(amount: int, line: Planned, quarter_on: date, taken: Mapping[date, int]) -> Over:
    """By how much an amount goes over, given what is spent or waits on the line already, by quarter."""
    left = line.total - sum(taken.values())
    left_for_quarter = line.amounts.get(quarter_on, 0) - taken.get(quarter_on, 0)
    return Over(max(0, amount - max(0, left)), max(0, amount - max(0, left_for_quarter)))


def why_not_spend(
    amount: int, lines: Iterable[Planned], taken: int, beyond: Over, *, why: str
) -> Refusal | None:
    """The budget as a whole is never overspent; a line or a quarter may be, with a word on why."""
    if taken + amount > sum(line.total for line in lines):
        return Refusal.MORE_THAN_BUDGET
    return Refusal.WHY_MISSING if beyond and not why else None


@dataclass(frozen=True)
class Row:
    """A line, or what is on no line, with plan and spending over a stretch of quarters."""

    line_id: UUID | None
    words: str
    cost: str
    planned: int
    spent: int

    @property
    def left(self) -> int:
        return self.planned - self.spent


@dataclass(frozen=True)
class Table:
    """Plan and spending beside each other, line by line; what is on no line stands in rows of its own, so it adds up."""

    rows: tuple[Row, ...]

    @property
    def planned(self) -> int:
        return sum(row.planned for row in self.rows)

    @property
    def spent(self) -> int:
        return sum(row.spent for row in self.rows)

    @property
    def left(self) -> int:
        return self.planned - self.spent


def table(
    lines: Iterable[Planned], spending: Iterable[Spent], *, quarters: Sequence[date] | None = None
) -> Table:
    """Plan and spending of these quarters; without, of all."""
    on_line: Counter[UUID] = Counter()
    on_none: Counter[str] = Counter()
    lines = list(lines)
    known = {line.id for line in lines}
    for one in spending:
        if quarters is not None and one.quarter_on not in quarters:
            continue
        if one.line_id in known:
            on_line[one.line_id] += one.amount
        else:
            on_none[one.cost] += one.amount
    rows = [
        Row(line.id, line.words, line.cost, _planned(line, quarters), on_line[line.id]) for line in lines
    ] + [Row(None, "", cost, 0, amount) for cost, amount in sorted(on_none.items()) if amount]
    return Table(tuple(rows))


def _planned(line: Planned, quarters: Sequence[date] | None) -> int:
    return line.total if quarters is None else sum(line.amounts.get(quarter, 0) for quarter in quarters)


def by_quarter(lines: Iterable[Planned], spending: Iterable[Spent]) -> dict[date, Table]:
    """The same, quarter by quarter, for every quarter anything is planned or spent in."""
    lines, spending = list(lines), list(spending)
    found = {quarter for line in lines for quarter in line.amounts} | {one.quarter_on for one in spending}
    parts: dict[date, list[Spent]] = defaultdict(list)
    for one in spending:
        parts[one.quarter_on].append(one)
    return {quarter: table(lines, parts[quarter], quarters=[quarter]) for quarter in sorted(found)}
