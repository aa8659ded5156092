"""Writing a budget, having a second person agree to it, and putting spending on its lines."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from funding.budgets import queries, rules
from funding.budgets.models import Budget, BudgetAmount, BudgetLine, BudgetState, Charge
from funding.budgets.rules import Over, Refusal
from funding.ledger import commands as ledger
from funding.ledger.rules import Entry as LedgerEntry
from funding.ledger.rules import EntryKind, Place, moved
from network import audit
from network.db import db
from network.figures.rules import quarter_of


class CannotBudget(Exception):
    """It stays as it is; `refusal` says why, `amount` how much is left or too much, where that helps."""

    def __init__(self, refusal: Refusal, amount: int | None = None) -> None:
        super().__init__(refusal)
        self.refusal, self.amount = refusal, amount


def begin_budget(
    fund: str, *, starts_on: date, ends_on: date, ceiling: int | None, by: uuid.UUID, now: datetime
) -> Budget:
    """Begin a version of a fund's budget; it starts as the one in force. Raises `CannotBudget`."""
    if queries.find_being_written(fund):
        raise CannotBudget(Refusal.BEING_WRITTEN)
    budget = Budget(
        fund=fund, number=queries.last_number(fund) + 1, state=BudgetState.OPEN, starts_on=starts_on, ends_on=ends_on,
        ceiling=ceiling, written_by_id=by, written_at=now,
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(budget)
    except IntegrityError:  # somebody began at the same moment
        raise CannotBudget(Refusal.BEING_WRITTEN) from None
    kept = rules.quarters_between(starts_on, ends_on)
    for line in queries.lines_of(queries.find_agreed(fund)):
        _write_amounts(
            budget, line.id, {q: amount for q, amount in line.amounts.items() if q in kept and amount}
        )
    audit.record("budget.begun", budget, by=by, now=now)
    db.session.flush()
    return budget


def _write_amounts(budget: Budget, line_id: uuid.UUID, amounts: Mapping[date, int]) -> None:
    for quarter_on, amount in amounts.items():
        db.session.add(
            BudgetAmount(budget_id=budget.id, line_id=line_id, quarter_on=quarter_on, amount=amount)
        )


def _require_open(budget: Budget) -> None:
    db.session.refresh(budget, with_for_update=True)
    if budget.state != BudgetState.OPEN:
        raise CannotBudget(Refusal.NOT_OPEN)


def add_line(
    budget: Budget, *, words: str, cost: str, amounts: Mapping[date, int], by: uuid.UUID, now: datetime
) -> BudgetLine:
    """Add a line at the end. Raises `CannotBudget`."""
    _require_open(budget)
    lines = queries.lines_of(budget)
    if len(lines) >= rules.MOST_LINES:
        raise CannotBudget(Refusal.TOO_MANY_LINES)
    position = sa.select(sa.func.max(BudgetLine.position)).where(BudgetLine.fund == budget.fund)
    line = BudgetLine(
        id=uuid.uuid4(), fund=budget.fund, position=(db.session.scalar(position) or 0) + 1, words=words, cost=cost
    )  # fmt: skip
    db.session.add(line)
    db.session.flush()
    _write_amounts(budget, line.id, amounts)
    audit.record("budget.line_added", line, by=by, now=now)
    db.session.flush()
    db.session.expire(budget, ["amounts"])
    return line


def change_line(
    budget: Budget,
    line: BudgetLine,
    *,
    words: str,
    cost: str,
    amounts: Mapping[date, int],
    by: uuid.UUID,
    now: datetime,
) -> None:
    """Plan a line anew. Its words and its cost stay once others have seen it. Raises `CannotBudget`."""
    _require_open(budget)
    if (words, cost) != (line.words, line.cost):
        if queries.is_line_agreed(line.id):
            raise CannotBudget(Refusal.LINE_IS_USED)
        line.words, line.cost = words, cost
    _take_amounts(budget, line.id)
    _write_amounts(budget, line.id, amounts)
    audit.record("budget.line_changed", line, by=by, now=now)
    db.session.flush()
    db.session.expire(budget, ["amounts"])


def _take_amounts(budget: Budget, line_id: uuid.UUID) -> None:
    db.session.execute(
        sa.delete(BudgetAmount).where(BudgetAmount.budget_id == budget.id, BudgetAmount.line_id == line_id)
    )


def remove_line(budget: Budget, line: BudgetLine, *, by: uuid.UUID, now: datetime) -> None:
    """Take a line out of the version that is being written. Raises `CannotBudget` where something is spent on it."""
    _require_open(budget)
    if queries.spent_on_lines(budget.fund).get(line.id):
        raise CannotBudget(Refusal.LINE_IS_USED)
    _take_amounts(budget, line.id)
    audit.record("budget.line_removed", line, by=by, now=now)
    db.session.flush()
    db.session.expire(budget, ["amounts"])


def ask_to_agree(budget: Budget, *, reason: str, by: uuid.UUID, now: datetime) -> None:
    """Have a second person look at it. Raises `CannotBudget`."""
    _require_open(budget)
    _require_sense(budget, reason=reason)
    budget.state, budget.reason, budget.written_by_id, budget.written_at = (
        BudgetState.WAITING,
        reason,
        by,
        now,
    )
    audit.record("budget.asked", budget, by=by, now=now)
    db.session.flush()


def _require_sense(budget: Budget, *, reason: str) -> None:
    refusal = rules.why_not_ask(
        queries.lines_of(budget), number=budget.number, reason=reason, ceiling=budget.ceiling,
        spent=queries.spent_on_lines(budget.fund),
    )  # fmt: skip
    if refusal:
        raise CannotBudget(refusal)


def agree(budget: Budget, *, seen: str, by: uuid.UUID, now: datetime) -> None:
    """The second person agrees to what they saw, and it is in force. Raises `CannotBudget`.

    Whoever agrees takes the book first, so that spending is judged wholly by the one version or wholly by the other.
    """
    ledger.take_book()
    _require_waiting(budget)
    if budget.stamp != seen:
        raise CannotBudget(Refusal.CHANGED_MEANWHILE)
    if refusal := ledger.why_not_second(by, first=budget.written_by_id, now=now):
        raise CannotBudget(Refusal(refusal.value))
    _require_sense(budget, reason=budget.reason)
    budget.state, budget.decided_by_id, budget.decided_at = BudgetState.AGREED, by, now
    audit.record("budget.agreed", budget, by=by, now=now)
    db.session.flush()


def _require_waiting(budget: Budget) -> None:
    db.session.refresh(budget, with_for_update=True)
    if budget.state != BudgetState.WAITING:
        raise CannotBudget(Refusal.NOT_WAITING)


def reopen(budget: Budget, *, by: uuid.UUID, now: datetime) -> None:
    """Not like this: it is written on. Raises `CannotBudget`."""
    _require_waiting(budget)
    budget.state = BudgetState.OPEN
    audit.record("budget.reopened", budget, by=by, now=now)
    db.session.flush()


def drop(budget: Budget, *, by: uuid.UUID, now: datetime) -> None:
    """Throw a version away that nobody has agreed to. Raises `CannotBudget`."""
    _require_open(budget)
    budget.state, budget.decided_by_id, budget.decided_at = BudgetState.DROPPED, by, now
    audit.record("budget.dropped", budget, by=by, now=now)
    db.session.flush()


@dataclass(frozen=True)
class Wish:
    """Spending from a fund that has a budget, as somebody wrote it down."""

    fund: str
    cost: str
    amount: int
    place: Place
    spent_on: date
    words: str = ""
    line_id: uuid.UUID | None = None
    why: str = ""
    key: uuid.UUID | None = None
    code: str | None = None


def draft_spending(wish: Wish, *, by: uuid.UUID, now: datetime) -> uuid.UUID:
    """Write spending down on a line of the fund's budget; it waits for a second person. Raises `CannotPost`, `CannotBudget`.

    What goes over its line or its quarter needs a word on why, and leaves a note. The book is taken first, so that
    two at once both see what is spent.
    """
    key = wish.key or uuid.uuid4()
    entry = LedgerEntry(
        EntryKind.EXPENSE, wish.spent_on, moved(wish.place, wish.cost, wish.fund, wish.amount), memo=wish.words, key=key,
        code=wish.code,
    )  # fmt: skip
    ledger.take_book()
    if ledger.is_drafted(key):
        return ledger.draft(entry, by=by, now=now).id
    line_id, over = judge(wish)
    draft_id = ledger.draft(entry, by=by, now=now).id
    kept = wish.why if over else None
    db.session.add(
        Charge(id=draft_id, line_id=line_id, over_line=over.line, over_quarter=over.quarter, why=kept)
    )
    db.session.flush()
    return draft_id


def judge(wish: Wish) -> tuple[uuid.UUID, Over]:
    """The line that spending is on, and by how much it goes over. Raises `CannotBudget`."""
    lines = queries.lines_of(queries.find_agreed(wish.fund))
    line = rules.choose_line(lines, wish.cost, wish.line_id)
    if isinstance(line, Refusal):
        raise CannotBudget(line)
    taken, quarter_on = queries.taken_from(wish.fund), quarter_of(wish.spent_on)
    planned = next(one for one in lines if one.id == line.id)
    beyond = rules.over(wish.amount, planned, quarter_on, taken.get(line.id, {}))
    all_taken = sum(sum(by_quarter.values()) for by_quarter in taken.values())
    if refusal := rules.why_not_spend(wish.amount, lines, all_taken, beyond, why=wish.why):
        left = max(0, sum(one.total for one in lines) - all_taken)
        raise CannotBudget(
            refusal, left if refusal is Refusal.MORE_THAN_BUDGET else beyond.line or beyond.quarter
        )
    return line.id, beyond
