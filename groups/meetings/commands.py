"""Adding a meeting, changing it, recording how many came, calling it off."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from groups.meetings import queries, rules
from groups.meetings.models import Meeting
from network import audit
from network.db import db
from network.tenancy.models import Group


class MeetingRefused(Exception):
    """The meeting stays as it is; `refusal` says why."""

    def __init__(self, refusal: rules.Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def add_meeting(
    group: Group, *, starts_at: datetime, place: str, by: uuid.UUID | None, now: datetime
) -> Meeting:
    """Add a meeting, one to come or one that was. Raises `MeetingRefused`."""
    taken = queries.find_at(starts_at) is not None
    if refusal := rules.why_not_add(starts_at, now=now, is_taken=taken):
        raise MeetingRefused(refusal)
    meeting = Meeting(
        starts_at=starts_at, zone=group.time_zone, place=place, needs=[], note="", cancelled_because=""
    )
    db.session.add(meeting)
    db.session.flush()
    audit.record("meeting.added", meeting, by=by, now=now)
    return meeting


def move_meeting(
    meeting: Meeting, *, starts_at: datetime, place: str, by: uuid.UUID | None, now: datetime
) -> None:
    """Change when or where. Raises `MeetingRefused`."""
    other = queries.find_at(starts_at)
    refusal = rules.why_not_cancel(meeting) or rules.why_not_add(
        starts_at, now=now, is_taken=other is not None and other.id != meeting.id
    )
    if refusal:
        raise MeetingRefused(refusal)
    meeting.starts_at, meeting.place = starts_at, place
    db.session.flush()
    audit.record("meeting.moved", meeting, by=by, now=now)


def record_meeting(
    meeting: Meeting,
    *,
    people: int,
    newcomers: int | None,
    needs: Sequence[str],
    note: str,
    by: uuid.UUID | None,
    now: datetime,
) -> None:
    """Keep how many came and what was on people's minds. Raises `MeetingRefused`."""
    if refusal := rules.why_not_record(meeting, people=people, newcomers=newcomers, now=now):
        raise MeetingRefused(refusal)
    meeting.people, meeting.newcomers, meeting.needs, meeting.note = people, newcomers, list(needs), note
    meeting.recorded_at = now
    db.session.flush()
    audit.record("meeting.recorded", meeting, by=by, now=now)


def cancel_meeting(meeting: Meeting, *, reason: str, by: uuid.UUID | None, now: datetime) -> None:
    """Call the meeting off. Raises `MeetingRefused`."""
    if refusal := rules.why_not_cancel(meeting):
        raise MeetingRefused(refusal)
    meeting.cancelled_at, meeting.cancelled_because = now, reason
    db.session.flush()
    audit.record("meeting.cancelled", meeting, by=by, now=now)
