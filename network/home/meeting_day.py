"""What belongs to one meeting: packages register what the group can do about it, and the meeting's page shows it.

    meeting_day.register(parts)      # parts(actor, meeting, now) yields Part(...)

`meeting` has an `id`, a `starts_at` and a `day`. Nothing here knows more about it.
"""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from network.access.actor import Actor


class Meeting(Protocol):
    """What is asked of a meeting."""

    id: uuid.UUID
    starts_at: datetime

    @property
    def day(self) -> date: ...


@dataclass(frozen=True)
class Part:
    """Something that belongs to a meeting: what it is, how it stands, and where it is done."""

    title: Any
    text: Any
    href: str | None = None
    order: int = 100


Parts = Callable[[Actor, Any, datetime], Iterable[Part]]
_parts: list[Parts] = []


def register(parts: Parts) -> None:
    """Add to the page of every meeting."""
    if parts not in _parts:
        _parts.append(parts)


def parts_of(actor: Actor, meeting: Meeting, *, now: datetime) -> list[Part]:
    """What belongs to this meeting, in order."""
    return sorted((part for ask in _parts for part in ask(actor, meeting, now)), key=lambda part: part.order)
