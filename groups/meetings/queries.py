"""Reading meetings: those to come, those that were, one of them, and the totals of a time."""

import uuid
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from groups.meetings.models import Meeting
from network.db import db
from network.tenancy.models import Group

OPEN_FOR = timedelta(hours=12)
"""A meeting stays among those to come until people have gone home."""


def get_meeting(meeting_id: uuid.UUID) -> Meeting:
    """A meeting of the group in scope, or a page that says there is nothing here."""
    return db.one_or_404(sa.select(Meeting).where(Meeting.id == meeting_id))


def find_at(starts_at: datetime) -> Meeting | None:
    """The meeting at this very moment."""
    return db.session.scalar(sa.select(Meeting).where(Meeting.starts_at == starts_at))


def meetings_to_come(now: datetime, *, most: int = 12) -> list[Meeting]:
    """The next meetings, the nearest first."""
    ahead = sa.select(Meeting).where(Meeting.starts_at > now - OPEN_FOR, Meeting.recorded_at.is_(None))
    return list(db.session.scalars(ahead.order_by(Meeting.starts_at, Meeting.id).limit(most)))


def past_meetings(now: datetime) -> sa.Select[Meeting]:
    """Meetings that were, the latest first; a selection so that pages can page it."""
    return (
        sa.select(Meeting)
        .where(sa.or_(Meeting.starts_at <= now - OPEN_FOR, Meeting.recorded_at.is_not(None)))
        .order_by(Meeting.starts_at.desc(), Meeting.id)
    )


def find_next(now: datetime) -> Meeting | None:
    """The next meeting that is not called off."""
    ahead = sa.select(Meeting).where(Meeting.starts_at > now, Meeting.cancelled_at.is_(None))
    return db.session.scalar(ahead.order_by(Meeting.starts_at, Meeting.id).limit(1))


def find_last(now: datetime) -> Meeting | None:
    """The latest meeting that has begun and was not called off."""
    before = sa.select(Meeting).where(Meeting.starts_at <= now, Meeting.cancelled_at.is_(None))
    return db.session.scalar(before.order_by(Meeting.starts_at.desc(), Meeting.id).limit(1))


def latest_meetings(now: datetime, *, most: int) -> list[Meeting]:
    """The meetings that have begun, or begin within hours, and were not called off; the latest first."""
    begun = sa.select(Meeting).where(Meeting.starts_at <= now + OPEN_FOR, Meeting.cancelled_at.is_(None))
    return list(db.session.scalars(begun.order_by(Meeting.starts_at.desc(), Meeting.id).limit(most)))


def find_meeting_in(start: date, end: date) -> Meeting | None:
    """The first meeting held from one day up to another."""
    held = sa.select(Meeting).where(_held_between(start, end))
    return db.session.scalar(held.order_by(Meeting.starts_at, Meeting.id).limit(1))


def find_meeting(meeting_id: uuid.UUID | None) -> Meeting | None:
    """A meeting of the group in scope, if it is there."""
    return db.session.scalar(sa.select(Meeting).where(Meeting.id == meeting_id)) if meeting_id else None


def _held_between(start: date, end: date) -> sa.ColumnElement[bool]:
    on_its_clock = sa.cast(sa.func.timezone(Meeting.zone, Meeting.starts_at), sa.Date)
    return sa.and_(Meeting.recorded_at.is_not(None), on_its_clock >= start, on_its_clock < end)


def meetings_held(start: date, end: date, *, most: int = 400) -> list[Meeting]:
    """The meetings held from one day up to another, the first first."""
    held = sa.select(Meeting).where(_held_between(start, end))
    return list(db.session.scalars(held.order_by(Meeting.starts_at, Meeting.id).limit(most)))


def count_meetings_held(start: date, end: date) -> int | None:
    """Meetings held from one day up to another, for the quarter's figures. None where none was ever recorded."""
    if db.session.scalar(sa.select(Meeting.id).where(Meeting.recorded_at.is_not(None)).limit(1)) is None:
        return None
    return (
        db.session.scalar(sa.select(sa.func.count()).select_from(Meeting).where(_held_between(start, end)))
        or 0
    )


A_QUARTER = timedelta(days=92)


def has_met_lately(group: Group, today: date) -> bool:  # noqa: ARG001 - what a network's conditions are asked with
    """Whether a meeting of the last three months was recorded."""
    return bool(count_meetings_held(today - A_QUARTER, today + timedelta(days=1)))


def count_people_attending(start: date, end: date) -> int | None:
    """Heads counted at all meetings from one day up to another; somebody who came twice counts twice."""
    return db.session.scalar(sa.select(sa.func.sum(Meeting.people)).where(_held_between(start, end)))
