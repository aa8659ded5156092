"""Decisions about certificates: until when one holds, when the next is due, what is to be done about it."""

import calendar
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol

PRESSING = timedelta(days=14)
"""So long before its end the renewal is marked as near."""
MONTHS = 12


class Refusal(StrEnum):
    """Why a certificate cannot be entered like this."""

    ENDS_BEFORE = "ends_before"
    NOT_YET = "not_yet"
    NAME_NEEDED = "name_needed"
    ENTERED_ALREADY = "entered_already"


class State(StrEnum):
    """How it stands with one authority."""

    NONE = "none"
    HOLDS = "holds"
    DUE = "due"
    OVER = "over"


class Certificate(Protocol):
    """What of a certificate decides."""

    id: uuid.UUID
    authority: str
    called: str
    issued_on: date
    holds_until: date | None


@dataclass(frozen=True)
class Standing:
    """How it stands with one authority, and which certificate says so."""

    state: State
    newest: Certificate | None = None
    is_pressing: bool = False


def months_later(day: date, months: int) -> date:
    """The same day so many months later; where that month is shorter, its last day."""
    years, month = divmod(day.month - 1 + months, MONTHS)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def holds_until(issued_on: date, months: int | None) -> date | None:
    """The last day of a certificate of so many months, where nothing else stands on it: a year from 1 January ends on 31 December."""
    if not months:
        return None
    same_day = months_later(issued_on, months)
    return same_day - timedelta(days=1) if same_day.day == issued_on.day else same_day


def why_not_enter(
    *, issued_on: date, until: date | None, is_named: bool, is_there: bool, today: date
) -> Refusal | None:
    """Why a certificate is not as somebody entered it."""
    if not is_named:
        return Refusal.NAME_NEEDED
    if issued_on > today:
        return Refusal.NOT_YET
    if until is not None and until < issued_on:
        return Refusal.ENDS_BEFORE
    return Refusal.ENTERED_ALREADY if is_there else None


def newest(certificates: Iterable[Certificate], authority: str, called: str = "") -> Certificate | None:
    """The certificate that holds longest; one without an end holds longest of all."""
    its = [one for one in certificates if (one.authority, one.called) == (authority, called)]
    return max(its, key=lambda one: (one.holds_until or date.max, one.issued_on), default=None)


def standing(certificate: Certificate | None, *, today: date, remind_days: int) -> Standing:
    """How it stands: a certificate holds on its last day, and is over on the day after."""
    if certificate is None:
        return Standing(State.NONE)
    end = certificate.holds_until
    if end is None:
        return Standing(State.HOLDS, certificate)
    if today > end:
        return Standing(State.OVER, certificate, is_pressing=True)
    if today < end - timedelta(days=remind_days):
        return Standing(State.HOLDS, certificate)
    return Standing(State.DUE, certificate, is_pressing=today >= end - PRESSING)


def is_in_order(standings: Sequence[Standing]) -> bool:
    """Whether nothing that is asked for is missing or over."""
    return all(one.state in {State.HOLDS, State.DUE} for one in standings)
