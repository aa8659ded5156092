"""Which months can be closed, and opened again."""

from datetime import date, timedelta
from enum import StrEnum

from funding.periods.models import ChangeKind, ChangeState

__all__ = ["ChangeKind", "ChangeState"]
MOST_MONTHS = 24
"""How many months are offered at once: two years back is further than a book is closed in one go."""


class Refusal(StrEnum):
    """Why a month is not closed or opened."""

    NOT_OVER = "not_over"
    CLOSED_ALREADY = "closed_already"
    NOT_CLOSED = "not_closed"
    DRAFTS_WAITING = "drafts_waiting"
    WAITING_ALREADY = "waiting_already"
    DECIDED_ALREADY = "decided_already"
    OWN_SECOND = "own_second"
    NOT_AN_OFFICER = "not_an_officer"


def end_of_month(day: date) -> date:
    """The last day of the month a day lies in."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def end_of_month_before(day: date) -> date:
    """The last day of the month before."""
    return day.replace(day=1) - timedelta(days=1)


def closable(*, first: date | None, closed_through: date | None, today: date) -> list[date]:
    """Ends of months that can be closed now, the latest first: over, not closed yet, and with anything in or before them."""
    found: list[date] = []
    day = end_of_month_before(today)
    while first and day >= first and (closed_through is None or day > closed_through):
        found.append(day)
        if len(found) == MOST_MONTHS:
            break
        day = end_of_month_before(day)
    return found


def openable(*, first: date | None, closed_through: date | None) -> list[date]:
    """Closed months that can be opened again with everything after them, by their ends, the latest first."""
    if closed_through is None:
        return []
    found = [closed_through]
    while len(found) < MOST_MONTHS and first and end_of_month_before(found[-1]) >= first:
        found.append(end_of_month_before(found[-1]))
    return found


def stays_closed(month: date, *, first: date | None) -> date | None:
    """The last day that stays closed when a month, named by its end, and all after it are opened; none before the first."""
    before = end_of_month_before(month)
    return before if first and before >= first else None


def why_not_close(
    through: date, *, closed_through: date | None, today: date, has_waiting: bool
) -> Refusal | None:
    """A month closes when it is over, once, and with nothing of it still waiting for a second person."""
    if through >= today:
        return Refusal.NOT_OVER
    if closed_through and through <= closed_through:
        return Refusal.CLOSED_ALREADY
    return Refusal.DRAFTS_WAITING if has_waiting else None


def why_not_reopen(through: date | None, *, closed_through: date | None) -> Refusal | None:
    """What is opened was closed."""
    if closed_through is None or (through is not None and through >= closed_through):
        return Refusal.NOT_CLOSED
    return None
