"""When a letter that something waits goes out."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

ROUNDS = (time(8), time(17))
"""Twice a day on the group's clock: when it comes says nothing of when somebody brought something."""


def next_round(now: datetime, time_zone: str) -> datetime:
    """The next time of the day at which letters go out."""
    zone = ZoneInfo(time_zone)
    today = now.astimezone(zone).date()
    ahead = (datetime.combine(today + timedelta(days=days), one, zone) for days in (0, 1) for one in ROUNDS)
    return min(one for one in ahead if one > now)
