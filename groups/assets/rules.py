"""Decisions about what the group owns."""

from datetime import date
from enum import StrEnum

MOST = 200


class Refusal(StrEnum):
    """Why it cannot be written down like this."""

    NOT_YET = "not_yet"
    GONE_BEFORE = "gone_before"
    TOO_MANY = "too_many"


def is_gone_before(since: date, gone: date | None) -> bool:
    """Whether it would be gone before it was there."""
    return gone is not None and gone < since


def why_not_keep(*, since: date, gone: date | None, today: date, already: int = 0) -> Refusal | None:
    """Why this cannot be in the list: a day to come, gone before it was there, or too long a list."""
    if since > today or (gone is not None and gone > today):
        return Refusal.NOT_YET
    if is_gone_before(since, gone):
        return Refusal.GONE_BEFORE
    return Refusal.TOO_MANY if already >= MOST else None
