"""What every format is read into, and what is said where something cannot be read."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any


def _as_written(words: str) -> str:
    return words


class Told:
    """A sentence with its values: said in English on the command line, in the reader's language on a page.

    A value may be a sentence itself.
    """

    def __init__(self, words: str, **values: Any) -> None:
        self.words, self.values = words, values

    def said(self, translate: Callable[[str], str] = _as_written) -> str:
        """The sentence in the words `translate` finds for it."""
        values = {n: v.said(translate) if isinstance(v, Told) else v for n, v in self.values.items()}
        return translate(self.words) % values

    def __str__(self) -> str:
        return self.said()

    def __repr__(self) -> str:
        return f"Told({self.said()!r})"

    def kept(self) -> list[Any]:
        """As plain values, to be kept; `from_kept` makes a sentence of them again."""
        return [self.words, {n: v.kept() if isinstance(v, Told) else str(v) for n, v in self.values.items()}]

    @classmethod
    def from_kept(cls, kept: list[Any]) -> "Told":
        """The sentence that was kept."""
        words, values = kept
        return cls(words, **{n: cls.from_kept(v) if isinstance(v, list) else v for n, v in values.items()})


class NotReadable(Exception):
    """The file cannot be read; `told` is a plain sentence for whoever chose the file."""

    def __init__(self, words: str, **values: Any) -> None:
        self.told = Told(words, **values)
        super().__init__(words)

    def __str__(self) -> str:
        return self.told.said()

    def at(self, place: Told) -> "NotReadable":
        """The same, with the place in the file."""
        return NotReadable("%(place)s: %(sentence)s", place=place, sentence=self.told)


def at_line(number: int) -> Told:
    """A line of the file, counted from 1."""
    return Told("Line %(line)s", line=number)


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
    place: Told | None = None
    """Where in the file it stands, for warnings."""
    is_day_borrowed: bool = False
    """Whether the day is only that on which the file was written, because the line has none of its own."""


@dataclass(frozen=True)
class Statement:
    """One account over some days. Lines stand oldest first."""

    format: str
    account: str | None
    currency: str
    opening: int | None
    closing: int | None
    lines: tuple[Line, ...] = ()
    warnings: tuple[Told, ...] = ()
    closed_on: date | None = None
    """The day of the closing balance, where the file says so."""


def oldest_first(lines: list[Line]) -> tuple[Line, ...]:
    """The lines in the bank's own order, turned round when the file begins with the latest."""
    booked = [line for line in lines if line.status == Status.BOOKED]
    begins_with_latest = bool(booked) and booked[0].date > booked[-1].date
    return tuple(reversed(lines)) if begins_with_latest else tuple(lines)
