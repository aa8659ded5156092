"""Writing down what was spent."""

import uuid
from datetime import date, datetime

from funding.budgets import commands as budgets
from funding.budgets.queries import find_agreed
from funding.ledger import commands as ledger
from funding.ledger.rules import Cost, EntryKind, Place, moved
from funding.ledger.rules import Entry as LedgerEntry


def record_expense(
    *,
    cost: Cost,
    amount: int,
    place: Place,
    fund: str,
    spent_on: date,
    words: str,
    by: uuid.UUID,
    now: datetime,
    key: uuid.UUID | None = None,
    line_id: uuid.UUID | None = None,
    why: str = "",
    code: str | None = None,
) -> uuid.UUID:
    """Write an expense down; it waits for a second person. Raises `CannotPost` where there is not enough money.

    Out of a fund with a budget it is on a line of it: the one named, or the only one for its cost; `why` is asked for
    where it goes over. Raises `CannotBudget` then.
    """
    if find_agreed(fund):
        wish = budgets.Wish(
            fund, cost, amount, place, spent_on, words, line_id=line_id, why=why, key=key, code=code
        )
        return budgets.draft_spending(wish, by=by, now=now)
    entry = LedgerEntry(
        EntryKind.EXPENSE, spent_on, moved(place, cost, fund, amount), memo=words, key=key or uuid.uuid4(), code=code,
    )  # fmt: skip
    return ledger.draft(entry, by=by, now=now).id
