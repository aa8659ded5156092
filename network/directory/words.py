"""What the codes of a card are called, and its day and time as a sentence."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from network.directory.models import Listing, Mode, Recurrence, Setting, WeekOfMonth, Welcome
from network.directory.rules import Refusal
from network.web.formatting import clock_time

MODES = {Mode.IN_PERSON: _l("In person"), Mode.ONLINE: _l("Online"), Mode.BOTH: _l("In person and online")}
WELCOME = {
    Welcome.ANY_DISTRESS: _l("Anybody having a hard time"),
    Welcome.VOICE_HEARERS: _l("People who hear voices, and nobody else"),
    Welcome.WOMEN: _l("Women only"),
    Welcome.YOUNG_PEOPLE: _l("Young people from 12 to 18"),
    Welcome.CULTURAL_COMMUNITY: _l("A cultural community"),
    Welcome.FAMILY_AND_FRIENDS: _l("Family and friends"),
    Welcome.PROFESSIONALS: _l("People who work in support"),
}
LOOKING = {
    Welcome.ANY_DISTRESS: _l("Somebody having a hard time"),
    Welcome.VOICE_HEARERS: _l("Somebody who hears voices"),
    Welcome.WOMEN: _l("A woman, among women"),
    Welcome.YOUNG_PEOPLE: _l("A young person from 12 to 18"),
    Welcome.CULTURAL_COMMUNITY: _l("Somebody of a cultural community"),
    Welcome.FAMILY_AND_FRIENDS: _l("Family or a friend"),
    Welcome.PROFESSIONALS: _l("Somebody who works in support"),
}
SETTINGS = {
    Setting.COMMUNITY_HALL: _l("Community hall"),
    Setting.LIBRARY: _l("Library"),
    Setting.PEER_ORGANISATION: _l("A peer organisation’s rooms"),
    Setting.ARTS_CENTRE: _l("Arts centre"),
    Setting.PLACE_OF_WORSHIP: _l("Church, mosque or temple"),
    Setting.SCHOOL: _l("School or college"),
    Setting.HEALTH_CENTRE: _l("Health centre"),
    Setting.HOSPITAL_WARD: _l("Hospital ward"),
    Setting.PRISON: _l("Prison"),
    Setting.ANOTHER: _l("Another kind of place"),
}
RECURRENCES = {
    Recurrence.WEEKLY: _l("Every week"),
    Recurrence.FORTNIGHTLY: _l("Every two weeks"),
    Recurrence.MONTHLY: _l("Once a month"),
    Recurrence.ASK: _l("It changes: ask us"),
}
WEEKS = {
    WeekOfMonth.FIRST: _l("The first one of the month"),
    WeekOfMonth.SECOND: _l("The second one of the month"),
    WeekOfMonth.THIRD: _l("The third one of the month"),
    WeekOfMonth.FOURTH: _l("The fourth one of the month"),
    WeekOfMonth.LAST: _l("The last one of the month"),
}
_MONTHLY = {
    WeekOfMonth.FIRST: _l("The first %(weekday)s of every month"),
    WeekOfMonth.SECOND: _l("The second %(weekday)s of every month"),
    WeekOfMonth.THIRD: _l("The third %(weekday)s of every month"),
    WeekOfMonth.FOURTH: _l("The fourth %(weekday)s of every month"),
    WeekOfMonth.LAST: _l("The last %(weekday)s of every month"),
}
OLD_ENOUGH = _l("I am 18 or older, or my parent or guardian agrees.")
"""Ticked before a group for young people takes a way to reach somebody. Which of the two it is, nobody asks."""
REFUSALS = {
    Refusal.NO_PLACE: _l("Say in which town or part of town you meet, so that people can find you."),
    Refusal.NO_DAY: _l("Choose the day you meet, or “It changes: ask us”."),
    Refusal.NO_LANGUAGE: _l("Choose at least one language people speak in the group."),
    Refusal.NO_WAY_TO_ASK: _l(
        "People need a way to reach you: take questions here, or show a contact, or show the address."
    ),
    Refusal.TOO_MANY_WAITING: _l(
        "Many questions are waiting for this group already. Try again in a few days, or look for another group near you."
    ),
    Refusal.TOO_MANY_TODAY: _l(
        "Many messages came to this group from near you today, and this one is not kept. Try again tomorrow, or come to a meeting."
    ),
}
SIGN = "sgn"
LANGUAGES = (
    "en", "sw", "fr", "ar", "ki", "luo", "luy", "kam", "kln", "guz", "mer", "mas", "so", "om", "am",
    "ti", "rw", "rn", "lg", "ln", "ha", "yo", "ig", "zu", "xh", "sn", "st", "tn", "ny", "es", "pt",
    "de", "it", "nl", "pl", "ro", "cs", "el", "tr", "ru", "uk", "fa", "ps", "ku", "ur", "hi", "bn",
    "pa", "gu", "ta", "te", "ne", "zh", "ja", "ko", "vi", "th", "id", "ms", "he", "hy", "ka", "sq",
    "sr", "hr", "hu", "bg", "da", "sv", "nb", "fi", "cy", "ga", "gd", "eu", "ca", "mi",
)  # fmt: skip
"""Languages a group can say it speaks, besides sign language; a list to lengthen when a group asks."""


def language_name(code: str) -> str:
    """A language as the page's language calls it."""
    if code == SIGN:
        return _("Sign language")
    locale = get_locale() or Locale("en")
    try:
        return str(
            locale.languages.get(code) or Locale.parse(code.replace("-", "_")).get_display_name("en") or code
        )
    except (UnknownLocaleError, ValueError):
        return code


def language_choices(codes: list[str] | None = None) -> list[tuple[str, str]]:
    """Languages by the name the page's language gives them, those of the service first."""
    named = sorted(
        ((code, language_name(code)) for code in codes or LANGUAGES), key=lambda pair: pair[1].casefold()
    )
    return named if codes else [*named, (SIGN, language_name(SIGN))]


def weekday_name(weekday: int) -> str:
    """A day of the week, Monday being 0."""
    monday = date(2024, 1, 1)
    return str(format_date(monday + timedelta(days=weekday), "EEEE", locale=get_locale()))


def day_choices() -> list[tuple[str, str]]:
    """The days of the week."""
    return [(str(weekday), weekday_name(weekday)) for weekday in range(7)]


def when(listing: Listing) -> str:
    """When the group meets, as a sentence."""
    if listing.recurrence == Recurrence.ASK or listing.weekday is None:
        return _("Ask us when we meet")
    name = weekday_name(listing.weekday)
    if listing.recurrence == Recurrence.WEEKLY:
        days = _("Every %(weekday)s", weekday=name)
    elif listing.recurrence == Recurrence.FORTNIGHTLY:
        days = _("Every second %(weekday)s", weekday=name)
    else:
        days = str(_MONTHLY[WeekOfMonth(listing.week_of_month or 1)]) % {"weekday": name}
    if listing.starts_at is None:
        return days
    return _("%(days)s at %(time)s", days=days, time=clock_time(listing.starts_at))


def where(listing: Listing) -> str:
    """Where the group meets, as far as it wants that known."""
    if listing.mode == Mode.ONLINE:
        return _("Online")
    if listing.mode == Mode.BOTH:
        return _("%(place)s, and online", place=listing.place)
    return listing.place


def as_choices(words: Mapping[Any, Any]) -> list[tuple[str, Any]]:
    """A table of words as a list to choose from."""
    return [(str(code), said) for code, said in words.items()]


def names(codes: list[str], words: dict[Any, Any]) -> list[str]:
    """What codes are called, in the order of the words; a code nobody knows any more is left out."""
    return [str(words[code]) for code in words if code in codes]
