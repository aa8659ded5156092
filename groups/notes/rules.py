"""Decisions about notes: how long somebody may still write, and for how long a newcomer is told of those from before."""

from datetime import datetime, timedelta
from enum import StrEnum

STILL_WRITES = timedelta(days=30)
"""So long after the end of a term its holder may still write. The database keeps the same."""
IS_NEW = timedelta(days=14)
"""So long after the beginning of a term its holder is told that there are notes."""


class Refusal(StrEnum):
    """Why a note is not kept."""

    TOO_LATE = "too_late"


def writes_until(ends_at: datetime | None) -> datetime | None:
    """Until when somebody may write; for as long as the term goes on there is no end."""
    return ends_at + STILL_WRITES if ends_at else None


def may_write(ends_at: datetime | None, *, now: datetime) -> bool:
    """Whether somebody whose term ended then may still write."""
    until = writes_until(ends_at)
    return until is None or now < until


def is_new(starts_at: datetime, *, now: datetime) -> bool:
    """Whether a term has begun so lately that its holder is told of the notes."""
    return now - starts_at < IS_NEW
