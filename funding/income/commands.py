"""Writing down what came in, and what was moved."""

import uuid
from datetime import date, datetime

from funding.ledger import commands as ledger
from funding.ledger import queries
from funding.ledger.commands import CannotPost
from funding.ledger.rules import (
    Entry,
    EntryKind,
    Fund,
    Place,
    Refusal,
    Source,
    Standing,
    moved,
    moved_between_funds,
    spread,
)

SOURCES = {
    EntryKind.GRANT: Source.GRANTS,
    EntryKind.OTHER_INCOME: Source.OTHER_INCOME,
    EntryKind.SEED: Source.SEED,
    EntryKind.OPENING: Standing.OPENING,
}


def record_income(
    *,
    kind: EntryKind,
    amount: int,
    place: Place,
    fund: str,
    received_on: date,
    words: str,
    by: uuid.UUID,
    now: datetime,
    key: uuid.UUID | None = None,
) -> uuid.UUID:
    """Write down money that came in. Raises `CannotPost`."""
    lines = moved(SOURCES[kind], place, fund, amount)
    return ledger.post(Entry(kind, received_on, lines, memo=words, key=key), by=by, now=now).id


def record_transfer(
    *,
    source: Place,
    target: Place,
    amount: int,
    moved_on: date,
    words: str,
    by: uuid.UUID,
    now: datetime,
    key: uuid.UUID | None = None,
) -> uuid.UUID:
    """Write down that money went from one place to another; it stays for what it was for. Raises `CannotPost`."""
    if source == target:
        raise CannotPost(Refusal.SAME_PLACE)
    there = {fund: held for (place, fund), held in queries.held().items() if place == source}
    lines = tuple(
        line
        for fund, part in spread(amount, there, otherwise=Fund.GENERAL).items()
        for line in moved(source, target, fund, part)
    )
    return ledger.post(Entry(EntryKind.TRANSFER, moved_on, lines, memo=words, key=key), by=by, now=now).id


def record_fund_move(
    *,
    source: str,
    target: str,
    amount: int,
    moved_on: date,
    words: str,
    by: uuid.UUID,
    now: datetime,
    key: uuid.UUID | None = None,
) -> uuid.UUID:
    """Write down that money is for something else from now on; it lies where it lay, and a second person agrees.

    Raises `CannotPost`.
    """
    if source == target:
        raise CannotPost(Refusal.SAME_FUND)
    there = {place: held for (place, fund), held in queries.held().items() if fund == source}
    lines = tuple(
        line
        for place, part in spread(amount, there, otherwise=Place.CASH).items()
        for line in moved_between_funds(place, source, target, part)
    )
    return ledger.draft(
        Entry(EntryKind.BETWEEN_FUNDS, moved_on, lines, memo=words, key=key), by=by, now=now
    ).id
