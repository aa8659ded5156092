"""What every format is read into."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class NotReadable(Exception):
    """The file cannot be read; the text is a plain sentence for whoever chose the file."""


class Status(StrEnum):
    """Whether the money has moved."""

    BOOKED = "booked"
    PENDING = "pending"
    FAILED = "failed"


@dataclass(frozen=True)
class Line:
    """One movement. The amount is signed: negative is money out."""

    date: date
    """The day it was booked; the value date only where a bank gives no other."""
    amount: int
    reference: str
    text: str
    status: Status = Status.BOOKED
    balance: int | None = None
    """What the account held afterwards, where the file says so."""
    place: str = ""
    """Where in the file it stands, for warnings."""


@dataclass(frozen=True)
class Statement:
    """One account over some days. Lines stand oldest first."""

    format: str
    account: str | None
    currency: str
    opening: int | None
    closing: int | None
    lines: tuple[Line, ...] = ()
    warnings: tuple[str, ...] = ()


def oldest_first(lines: list[Line]) -> tuple[Line, ...]:
    """The lines in the bank's own order, turned round when the file begins with the latest."""
    booked = [line for line in lines if line.status == Status.BOOKED]
    begins_with_latest = bool(booked) and booked[0].date > booked[-1].date
    return tuple(reversed(lines)) if begins_with_latest else tuple(lines)
