"""What a card must say before it is shown, how places are compared, and which days a pattern means."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum

MOST_WAITING = 200
MOST_A_DAY = 10
"""So many messages a day come to one group from one place, questions and requests together. The database knows it too."""
LAST = 5
APOSTROPHES = dict.fromkeys((0x27, 0x60, 0xB4, 0x2018, 0x2019, 0x2BC))
"""Signs that people leave out when they type a name."""


class Refusal(StrEnum):
    """Why a card is not shown, or a question not taken."""

    NO_PLACE = "no_place"
    NO_DAY = "no_day"
    NO_LANGUAGE = "no_language"
    NO_WAY_TO_ASK = "no_way_to_ask"
    TOO_MANY_WAITING = "too_many_waiting"
    TOO_MANY_TODAY = "too_many_today"


@dataclass(frozen=True)
class Card:
    """What a group says about itself in public."""

    recurrence: str
    mode: str
    place: str = ""
    address: str = ""
    weekday: int | None = None
    week_of_month: int | None = None
    starts_at: time | None = None
    languages: Sequence[str] = ()
    welcome: Sequence[str] = ()
    takes_newcomers: bool = True
    setting: str | None = None
    contact: str = ""
    takes_questions: bool = True
    takes_requests: bool = True
    words: str = ""


def why_not_show(card: Card) -> Refusal | None:
    """A card says where, when and in which language, and leaves nobody without a way to come or to ask."""
    if card.mode != "online" and not card.place:
        return Refusal.NO_PLACE
    if card.recurrence != "ask" and card.weekday is None:
        return Refusal.NO_DAY
    if card.recurrence == "monthly" and card.week_of_month is None:
        return Refusal.NO_DAY
    if not card.languages:
        return Refusal.NO_LANGUAGE
    can_just_come = bool(card.address) and card.recurrence != "ask"
    if not (can_just_come or card.contact or card.takes_questions):
        return Refusal.NO_WAY_TO_ASK
    return None


def why_not_ask(waiting: int) -> Refusal | None:
    """Questions stop where the group cannot be answering them any more."""
    return Refusal.TOO_MANY_WAITING if waiting >= MOST_WAITING else None


def search_key(text: str) -> str:
    """Text as places are compared: without case, accents and signs."""
    letters = unicodedata.normalize("NFKD", text.translate(APOSTROPHES))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join("".join(letter if letter.isalnum() else " " for letter in plain.casefold()).split())


def found_by(text: str) -> str:
    """What a card is found by: its words, and words with a hyphen also as one."""
    return f"{search_key(text)} {search_key(text.replace('-', ''))}"


def whom_to_show(who: str) -> tuple[str, ...]:
    """The groups that welcome somebody: who hears voices is welcome in groups for any distress too."""
    return (who, "any_distress") if who == "voice_hearers" else (who,)


def next_day(card: Card, after: date) -> date | None:
    """The next day the pattern means, or `None` where the card does not say. Fortnights count from the last meeting."""
    if card.weekday is None or card.recurrence == "ask":
        return None
    ahead = (card.weekday - after.weekday()) % 7 or 7
    if card.recurrence == "weekly":
        return after + timedelta(days=ahead)
    if card.recurrence == "fortnightly":
        return after + timedelta(days=ahead if ahead != 7 else 14)  # noqa: PLR2004 - a week, and two
    this_month = _day_of_month(after.year, after.month, card.weekday, card.week_of_month or 1)
    if this_month > after:
        return this_month
    following = (after.replace(day=1) + timedelta(days=32)).replace(day=1)
    return _day_of_month(following.year, following.month, card.weekday, card.week_of_month or 1)


def _day_of_month(year: int, month: int, weekday: int, week: int) -> date:
    first = date(year, month, 1)
    day = first + timedelta(days=(weekday - first.weekday()) % 7)
    if week < LAST:
        return day + timedelta(weeks=week - 1)
    fifth = day + timedelta(weeks=4)
    return fifth if fifth.month == month else day + timedelta(weeks=3)
