"""When somebody can be let in at the door of a meeting."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol


class Refusal(StrEnum):
    """Why nobody is let in here now."""

    NOT_TODAY = "not_today"
    NAME_NEEDED = "name_needed"


class Meeting(Protocol):
    """What is asked of a meeting."""

    @property
    def day(self) -> date: ...

    @property
    def is_cancelled(self) -> bool: ...


def why_not_open(meeting: Meeting, *, today: date) -> Refusal | None:
    """On its day, and until the end of the next: some meetings run over midnight, and some phones are charged at home."""
    is_on = meeting.day <= today <= meeting.day + timedelta(days=1) and not meeting.is_cancelled
    return None if is_on else Refusal.NOT_TODAY
