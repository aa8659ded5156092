"""Whom to call, country by country. Kept in code, so that the page answers when nothing else does.

A number may be added by whoever is certain of it; `checked_on` is the day somebody of the network last tried it or
read it on the service's own page, and stays empty until then: the page says so.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.core import get_global
from flask_babel import lazy_gettext as _l


@dataclass(frozen=True)
class Contact:
    """One number: whose it is, what it is for, and when it was last checked."""

    name: Any
    number: str
    text: Any
    checked_on: date | None = None

    @property
    def dial(self) -> str:
        """The number as a telephone takes it."""
        return self.number.replace(" ", "")


DANGER = _l("Somebody is in danger, now. Free from any phone.")
TALK = _l("Somebody who listens, at any hour.")
CONTACTS = {
    "KE": (
        Contact(_l("Emergency: police, ambulance, fire"), "999", DANGER),
        Contact(_l("Emergency, from a mobile phone"), "112", DANGER),
        Contact("Kenya Red Cross", "1199", _l("Counselling by phone, free.")),
        Contact("Befrienders Kenya", "0722 178 177", _l("Somebody who listens when life feels too heavy.")),
    ),
    "GB": (
        Contact(_l("Emergency: police, ambulance, fire"), "999", DANGER),
        Contact("NHS", "111", _l("Help with health when it cannot wait, at any hour.")),
        Contact("Samaritans", "116 123", TALK),
    ),
    "US": (
        Contact(_l("Emergency: police, ambulance, fire"), "911", DANGER),
        Contact("988 Lifeline", "988", TALK),
    ),
    "FR": (
        Contact("SAMU", "15", DANGER),
        Contact(_l("Emergency, anywhere in Europe"), "112", DANGER),
        Contact("3114", "3114", TALK),
    ),
}
ANYWHERE = (
    Contact(
        _l("Emergency, in many countries"),
        "112",
        _l("Works from most mobile phones. If it does not, ask anybody near you for the number here."),
    ),
)
_BY_LANGUAGE = {"sw": "KE", "fr": "FR"}


def contacts_of(country: str) -> tuple[Contact, ...]:
    """Whom to call there; where nobody has said, the number that works in many countries."""
    return CONTACTS.get(country, ANYWHERE)


def country_for(asked: str | None, language: str) -> str:
    """The country that was asked for, else one where the page's language is spoken; empty is anywhere."""
    if asked is not None:
        return asked if asked in CONTACTS else ""
    return _BY_LANGUAGE.get(language, "")


def country_of_zone(zone: str) -> str | None:
    """The country of a group's clock, so that its pages lead to its own numbers."""
    country = get_global("zone_territories").get(zone)
    return country if country in CONTACTS else None
