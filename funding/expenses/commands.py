"""Writing down what was spent."""

import uuid
from datetime import date, datetime

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
) -> uuid.UUID:
    """Write an expense down; it waits for a second person. Raises `CannotPost` where there is not enough money."""
    entry = LedgerEntry(
        EntryKind.EXPENSE, spent_on, moved(place, cost, fund, amount), memo=words, key=key or uuid.uuid4()
    )
    return ledger.draft(entry, by=by, now=now).id
