"""Reading budgets: the one in force, the one being written, what is spent on each line, and what went over."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import aliased, selectinload

from funding.budgets.models import Budget, BudgetAmount, BudgetLine, BudgetState, Charge
from funding.budgets.rules import Over, Planned, Spent
from funding.ledger.queries import of_funds
from network.db import db
from network.figures.rules import quarter_of


def get_budget(budget_id: uuid.UUID) -> Budget:
    """One version of a budget with its amounts, or a page that says there is nothing here."""
    return db.one_or_404(_whole(sa.select(Budget).where(Budget.id == budget_id)))


def get_line_of(budget_id: uuid.UUID, line_id: uuid.UUID) -> tuple[Budget, BudgetLine]:
    """A line of a version of a budget, or a page that says there is nothing here."""
    budget = get_budget(budget_id)
    line = sa.select(BudgetLine).where(BudgetLine.id == line_id, BudgetLine.fund == budget.fund)
    return budget, db.one_or_404(line)


def _whole(selection: sa.Select[Budget]) -> sa.Select[Budget]:
    return selection.options(selectinload(Budget.amounts))


def find_agreed(fund: str) -> Budget | None:
    """The budget in force: the last one that was agreed."""
    return agreed_for([fund]).get(fund)


def agreed_for(funds: Iterable[str]) -> dict[str, Budget]:
    """The budget in force of each of these funds that has one."""
    later = aliased(Budget)
    follows = sa.and_(
        later.fund == Budget.fund, later.number > Budget.number, later.state == BudgetState.AGREED
    )
    found = sa.select(Budget).where(Budget.fund.in_(list(funds)), Budget.state == BudgetState.AGREED)
    latest = found.where(~sa.exists().where(follows))
    return {budget.fund: budget for budget in db.session.scalars(_whole(latest))}


def find_being_written(fund: str) -> Budget | None:
    """The version that is being written or waits for a second person."""
    states = (BudgetState.OPEN, BudgetState.WAITING)
    return db.session.scalar(_whole(sa.select(Budget).where(Budget.fund == fund, Budget.state.in_(states))))


def budgets_waiting() -> list[Budget]:
    """Every version that waits for a second person."""
    waiting = (
        sa.select(Budget).where(Budget.state == BudgetState.WAITING).order_by(Budget.written_at, Budget.id)
    )
    return list(db.session.scalars(waiting))


def agreed_versions(fund: str) -> list[Budget]:
    """Every version that was agreed, the first one first."""
    found = sa.select(Budget).where(Budget.fund == fund, Budget.state == BudgetState.AGREED)
    return list(db.session.scalars(found.order_by(Budget.number)))


def last_number(fund: str) -> int:
    """The number of the last version."""
    return db.session.scalar(sa.select(sa.func.max(Budget.number)).where(Budget.fund == fund)) or 0


def planned_in(budgets: Iterable[Budget | None]) -> dict[str, list[Planned]]:
    """The lines of these budgets with their amounts, by fund, in order."""
    there = [budget for budget in budgets if budget]
    lines = sa.select(BudgetLine).where(BudgetLine.fund.in_([budget.fund for budget in there]))
    by_fund: dict[str, list[BudgetLine]] = defaultdict(list)
    for line in db.session.scalars(lines.order_by(BudgetLine.position, BudgetLine.id)) if there else ():
        by_fund[line.fund].append(line)
    return {budget.fund: list(_planned(budget, by_fund[budget.fund])) for budget in there}


def _planned(budget: Budget, lines: list[BudgetLine]) -> Iterable[Planned]:
    amounts: dict[uuid.UUID, dict[date, int]] = defaultdict(dict)
    for one in budget.amounts:
        amounts[one.line_id][one.quarter_on] = one.amount
    for line in lines:
        if line.id in amounts:
            yield Planned(line.id, line.words, line.cost, amounts[line.id])


def lines_of(budget: Budget | None) -> list[Planned]:
    """The lines of one budget with their amounts, in order."""
    return planned_in([budget])[budget.fund] if budget else []


def is_line_agreed(line_id: uuid.UUID) -> bool:
    """Whether a line stands in a version that others have seen."""
    seen = sa.select(BudgetAmount.id).join(Budget, Budget.id == BudgetAmount.budget_id)
    return db.session.scalar(seen.where(BudgetAmount.line_id == line_id, Budget.state != BudgetState.OPEN).limit(1)) is not None  # fmt: skip


def spending_of(fund: str, *, before: date | None = None, until: int | None = None) -> list[Spent]:
    """What stands in the book as spent from a fund, by line and quarter; taken back in the quarter it was taken back.

    With `before`, what was spent before that day; with `until`, as the book said when it had so many entries.
    """
    line_of = _lines_of_entries(fund)
    sums: Counter[tuple[uuid.UUID | None, str, date]] = Counter()
    for one in of_funds.spending_from(fund, until=until):
        if before is None or one.on < before:
            sums[line_of.get(one.entry_id), one.account, quarter_of(one.on)] += one.amount
    return [Spent(line_id, cost, quarter, amount) for (line_id, cost, quarter), amount in sums.items()]


def _lines_of_entries(fund: str) -> dict[uuid.UUID, uuid.UUID]:
    rows = sa.select(Charge.id, Charge.line_id).join(BudgetLine, BudgetLine.id == Charge.line_id)
    return {row.id: row.line_id for row in db.session.execute(rows.where(BudgetLine.fund == fund))}


def spent_on_lines(fund: str) -> dict[uuid.UUID, int]:
    """What is spent on each line, or waits for a second person."""
    sums: Counter[uuid.UUID] = Counter()
    for line_id, by_quarter in taken_from(fund).items():
        sums[line_id] += sum(by_quarter.values())
    return dict(sums)


def taken_from(fund: str) -> dict[uuid.UUID, dict[date, int]]:
    """What is spent on each line of a fund or waits for a second person, by quarter; without what was taken back."""
    line_of = _lines_of_entries(fund)
    sums: dict[uuid.UUID, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for entry_id, day, amount, _stands in of_funds.drafts_that_count(line_of):
        sums[line_of[entry_id]][quarter_of(day)] += amount
    return sums


@dataclass(frozen=True)
class Note:
    """An expense that went over, as it is told on the grant's page and to the funder."""

    entry_id: uuid.UUID
    on: date
    amount: int
    line: str
    over: Over
    why: str


def find_charge(entry_id: uuid.UUID) -> tuple[Charge, BudgetLine] | None:
    """The line an expense belongs to, if it belongs to one."""
    found = sa.select(Charge, BudgetLine).join(BudgetLine, BudgetLine.id == Charge.line_id)
    row = db.session.execute(found.where(Charge.id == entry_id)).one_or_none()
    return (row[0], row[1]) if row else None


def notes_of(
    fund: str, *, start: date | None = None, end: date | None = None, until: int | None = None
) -> list[Note]:
    """The notes about spending that stands in the book, the latest first; of the days from start up to, not including, end."""
    rows = (
        sa.select(Charge, BudgetLine.words)
        .join(BudgetLine, BudgetLine.id == Charge.line_id)
        .where(BudgetLine.fund == fund, Charge.over_line + Charge.over_quarter > 0)
    )
    found = {charge.id: (charge, words) for charge, words in db.session.execute(rows)}
    notes = [
        Note(entry_id, day, amount, words, Over(charge.over_line, charge.over_quarter), charge.why or "")
        for entry_id, day, amount, stands in of_funds.drafts_that_count(found, until=until)
        for charge, words in [found[entry_id]]
        if stands and (start is None or day >= start) and (end is None or day < end)
    ]
    return sorted(notes, key=lambda note: (note.on, str(note.entry_id)), reverse=True)
