"""What time it is: aware UTC inside, the group's zone only at the edge."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The present moment. Commands take it as `now=`, so tests and the demo can choose another."""
    return datetime.now(UTC)


def today(zone: str, *, at: datetime | None = None) -> date:
    """The date on the wall where the group meets."""
    return (at or now()).astimezone(ZoneInfo(zone)).date()
