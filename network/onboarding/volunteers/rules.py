"""Decisions about asking for translations."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

LASTS = timedelta(days=14)


class Refusal(StrEnum):
    """Why nothing can be asked or kept."""

    NONE_CHOSEN = "no_passage_chosen"
    NOTHING_WRITTEN = "nothing_translated"


class Ends(Protocol):
    """What is asked of a request."""

    expires_at: datetime
    done_at: datetime | None
    withdrawn_at: datetime | None


def is_open(request: Ends, *, now: datetime) -> bool:
    """Whether a volunteer can still answer."""
    return not request.done_at and not request.withdrawn_at and request.expires_at > now


def why_not_ask(chosen: Iterable[object]) -> Refusal | None:
    """Only chosen sentences go out, so at least one has to be chosen."""
    return None if any(True for _ in chosen) else Refusal.NONE_CHOSEN


def why_not_keep(translations: Iterable[str | None]) -> Refusal | None:
    """A volunteer may leave some out, not all."""
    return None if any(words for words in translations) else Refusal.NOTHING_WRITTEN
