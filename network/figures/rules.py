"""Quarters, which of them can be sent, and when a group may want a hand."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

QUARTERS_BACK = 4
"""How many finished quarters can still be sent or put right."""


class Refusal(StrEnum):
    """Why figures are not sent."""

    NOT_A_QUARTER = "not_a_quarter"
    CHANGED_MEANWHILE = "changed_meanwhile"
    NOTHING_NEW = "nothing_new"
    NO_NETWORK = "no_network"
    SAY_WHAT = "say_what"


class Sign(StrEnum):
    """Why the office might ask how a group is doing."""

    ASKED = "asked"
    SILENT = "silent"
    QUIET = "quiet"


@dataclass(frozen=True)
class Quarter:
    """Three months, from the first day up to, not including, the day after the last."""

    start: date

    @property
    def end(self) -> date:
        return next_quarter(self.start)

    @property
    def last_month(self) -> date:
        return date(self.start.year, self.start.month + 2, 1)


def quarter_of(day: date) -> date:
    """The first day of the quarter a day lies in."""
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


def next_quarter(start: date) -> date:
    """The first day of the quarter after."""
    return date(start.year + (start.month == 10), (start.month + 2) % 12 + 1, 1)  # noqa: PLR2004 - October


def quarter_before(start: date) -> date:
    """The first day of the quarter before."""
    return date(start.year - (start.month == 1), (start.month - 4) % 12 + 1, 1)


def last_finished(today: date) -> date:
    """The quarter that is over and due."""
    return quarter_before(quarter_of(today))


def quarters_to_send(today: date) -> list[date]:
    """The finished quarters a group can still send or put right, latest first."""
    found = [last_finished(today)]
    while len(found) < QUARTERS_BACK:
        found.append(quarter_before(found[-1]))
    return found


def fingerprint(counted: Iterable[tuple[str, int]]) -> str:
    """A short mark of the numbers somebody looked at, so that others are not sent in their place."""
    return hashlib.sha256(repr(sorted(counted)).encode()).hexdigest()[:16]


def why_not_ask(needs_help: str, note: str) -> Refusal | None:
    """Whoever asks for something that is not on the list says what."""
    return Refusal.SAY_WHAT if needs_help == "other" and not note.strip() else None


def why_not_send(
    quarter: date, *, today: date, seen: str, counted: str, is_same_as_sent: bool
) -> Refusal | None:
    """A finished quarter can be sent, as it was looked at, and again when something in it is new."""
    if quarter not in quarters_to_send(today):
        return Refusal.NOT_A_QUARTER
    if seen != counted:
        return Refusal.CHANGED_MEANWHILE
    return Refusal.NOTHING_NEW if is_same_as_sent else None


def why_ask(
    *, needs_help: str | None, was_sent_before: bool, was_home_before: bool, has_zero: bool
) -> Sign | None:
    """Asked for help; or sent nothing for two quarters; or sent a nought where one is a sign.

    `needs_help` is None when the quarter was not sent.
    """
    if needs_help is None:
        return None if was_sent_before or not was_home_before else Sign.SILENT
    if needs_help != "no":
        return Sign.ASKED
    return Sign.QUIET if has_zero else None
