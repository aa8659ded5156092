"""What a chance must have before it is kept or published, when it is over, and how near its day is."""

from datetime import date, timedelta
from enum import StrEnum

from funding.opportunities.models import Until

FIRST_WORD = timedelta(days=30)
LAST_WORD = timedelta(days=7)
"""How long before the day whoever looks after an application is told, the second time as something near."""


class Refusal(StrEnum):
    """Why a chance is not as somebody wants it."""

    DAY_MISSING = "day_missing"
    LEAST_ABOVE_MOST = "least_above_most"
    NOT_A_SAFE_LINK = "not_a_safe_link"
    CHECKED_IN_THE_FUTURE = "checked_in_the_future"
    PUBLISHED_ALREADY = "published_already"
    OVER = "over"
    ENDED_ALREADY = "ended_already"


def why_not_day(until: str, closes_on: date | None) -> Refusal | None:
    """What closes on a day says which."""
    return Refusal.DAY_MISSING if until == Until.DAY and closes_on is None else None


def why_not_amounts(least: int | None, most: int | None) -> Refusal | None:
    """From less to more."""
    return Refusal.LEAST_ABOVE_MOST if least is not None and most is not None and least > most else None


def why_not_link(link: str) -> Refusal | None:
    """A link leads over an encrypted way."""
    is_safe = link.startswith("https://") and " " not in link and len(link) > len("https://")
    return Refusal.NOT_A_SAFE_LINK if link and not is_safe else None


def why_not_checked(checked_on: date | None, *, today: date) -> Refusal | None:
    """Nobody has asked tomorrow."""
    return Refusal.CHECKED_IN_THE_FUTURE if checked_on and checked_on > today else None


def is_over(closes_on: date | None, ended_on: date | None, *, today: date) -> bool:
    """Whether it is too late: its day has passed, or it was taken off the list."""
    return (closes_on is not None and closes_on < today) or (ended_on is not None and ended_on <= today)


def why_not_publish(*, is_open: bool, is_over: bool) -> Refusal | None:
    """Published once, and while somebody can still apply."""
    if is_open:
        return Refusal.PUBLISHED_ALREADY
    return Refusal.OVER if is_over else None


def why_not_end(ended_on: date | None) -> Refusal | None:
    """Taken off the list once."""
    return Refusal.ENDED_ALREADY if ended_on else None


class Near(StrEnum):
    """How near a day is."""

    SOON = "soon"
    VERY_SOON = "very_soon"


def nearness(closes_on: date | None, *, today: date) -> Near | None:
    """Whether to say something about the day: a month before, and again in the last week. Nothing is said when it is over."""
    if closes_on is None or not today <= closes_on <= today + FIRST_WORD:
        return None
    return Near.VERY_SOON if closes_on <= today + LAST_WORD else Near.SOON
