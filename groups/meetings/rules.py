"""When a meeting can be added, recorded or called off."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

FURTHEST_AHEAD = timedelta(days=2 * 366)
FURTHEST_BACK = timedelta(days=15 * 366)


class Refusal(StrEnum):
    """Why a meeting stays as it is."""

    TOO_FAR_AHEAD = "too_far_ahead"
    TOO_LONG_AGO = "too_long_ago"
    SAME_TIME = "same_time"
    NOT_STARTED = "not_started"
    CANCELLED = "cancelled"
    HELD = "held"
    TOO_MANY_NEWCOMERS = "too_many_newcomers"


class Planned(Protocol):
    """What is asked of a meeting."""

    starts_at: datetime

    @property
    def is_held(self) -> bool: ...

    @property
    def is_cancelled(self) -> bool: ...


def moment_of(day: date, hour: time, zone: str) -> datetime:
    """When a meeting starts, from the day and hour on the group's wall."""
    return datetime.combine(day, hour, ZoneInfo(zone))


def why_not_add(starts_at: datetime, *, now: datetime, is_taken: bool) -> Refusal | None:
    """One meeting at a time, within years people can mean."""
    if starts_at > now + FURTHEST_AHEAD:
        return Refusal.TOO_FAR_AHEAD
    if starts_at < now - FURTHEST_BACK:
        return Refusal.TOO_LONG_AGO
    return Refusal.SAME_TIME if is_taken else None


def why_not_record(meeting: Planned, *, people: int, newcomers: int | None, now: datetime) -> Refusal | None:
    """A head count is taken once people are there; newcomers are among them. It can be put right later."""
    if meeting.is_cancelled:
        return Refusal.CANCELLED
    if meeting.starts_at > now:
        return Refusal.NOT_STARTED
    if newcomers is not None and newcomers > people:
        return Refusal.TOO_MANY_NEWCOMERS
    return None


def why_not_cancel(meeting: Planned) -> Refusal | None:
    """What was held cannot be called off, and what is called off stays so."""
    if meeting.is_cancelled:
        return Refusal.CANCELLED
    return Refusal.HELD if meeting.is_held else None


def waits_for_count(meeting: Planned, *, now: datetime) -> bool:
    """A meeting that has begun and that nobody has counted yet."""
    return meeting.starts_at <= now and not meeting.is_held and not meeting.is_cancelled
