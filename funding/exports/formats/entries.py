"""An entry as it leaves the house: what happened, never who wrote it down."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from network.currencies import minor_digits


@dataclass(frozen=True)
class Leg:
    """One side of an entry: plus is debit, minus is credit."""

    account: str
    account_kind: str
    fund: str
    amount: int


@dataclass(frozen=True)
class Entry:
    """One entry. `takes_back` is the number of the entry it takes back."""

    number: int
    effective_on: date
    recorded_at: datetime
    kind: str
    code: str
    words: str
    takes_back: int | None
    seal: str
    legs: tuple[Leg, ...]


@dataclass(frozen=True)
class Fund:
    """What money is for, by its code; grants have names of their own."""

    code: str
    name: str
    closed_on: date | None


@dataclass(frozen=True)
class Closing:
    """Up to which day the book was closed or stayed closed, and at which entry that was decided."""

    kind: str
    through: date | None
    entries: int
    seal: str


@dataclass(frozen=True)
class Book:
    """Everything an accounting program needs. Entries may come one after another, so that a large book fits."""

    name: str
    currency: str
    funds: tuple[Fund, ...]
    closings: tuple[Closing, ...]
    opened: tuple[tuple[str, str, str, date], ...]
    """Each account in each fund with its kind, and the first day anything moved on it."""
    balances: tuple[tuple[str, str, str, int], ...]
    """Each account in each fund with its kind, and what stands on it at the end."""
    last_on: date | None
    entries: Iterable[Entry]


def decimal(amount: int, currency: str) -> Decimal:
    """Minor units in whole units, exactly, with the decimals the currency has."""
    return Decimal(amount).scaleb(-minor_digits(currency))
