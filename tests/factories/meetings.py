"""Meetings of the group in scope."""

from datetime import datetime, timedelta

from groups.meetings import commands
from groups.meetings.models import Meeting
from network import clock
from network.tenancy import scope
from network.tenancy.queries import get_group


def a_meeting(
    starts_at: datetime | None = None, *, people: int | None = None, place: str = "The hall"
) -> Meeting:
    """A meeting an hour ago unless another time is wished for; recorded where a number is given."""
    now = clock.now()
    starts_at = starts_at or now - timedelta(hours=1)
    meeting = commands.add_meeting(
        get_group(scope.group_id()), starts_at=starts_at, place=place, by=None, now=now
    )
    if people is not None:
        commands.record_meeting(meeting, people=people, newcomers=None, needs=[], note="", by=None, now=now)
    return meeting
