"""What a group says about itself in public."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField
from wtforms.validators import Optional

from network.directory.models import Listing, Mode, Recurrence
from network.directory.rules import Card, Refusal
from network.directory.words import (
    MODES,
    RECURRENCES,
    SETTINGS,
    WEEKS,
    WELCOME,
    as_choices,
    day_choices,
    language_choices,
)
from network.web.fields import HourField, Several
from network.web.forms import Form, LineField, WordsField

FIELD_OF = {
    Refusal.NO_PLACE: "place",
    Refusal.NO_DAY: "weekday",
    Refusal.NO_LANGUAGE: "language_1",
    Refusal.NO_WAY_TO_ASK: "takes_questions",
}
"""Beside which field a refusal stands."""


MOST_LANGUAGES = 4


class ListingForm(Form):
    words = WordsField(
        _l("The group in a few sentences"), most=1200,
        description=_l("What happens at a meeting, and what a new person can expect. Name nobody."),
    )  # fmt: skip
    mode = SelectField(_l("How do you meet?"))
    place = LineField(
        _l("Town or part of town"),
        description=_l("Everybody sees this. Leave out the street and the building."),
    )
    address = LineField(
        _l("The exact address, only if everybody may know it"), most=200,
        description=_l("Leave this empty and the card says “Ask us”. Nothing that is not shown is kept here."),
    )  # fmt: skip
    setting = SelectField(_l("What kind of place is it?"))
    recurrence = SelectField(_l("How often do you meet?"))
    week_of_month = SelectField(_l("Which one of the month?"))
    weekday = SelectField(_l("On which day?"))
    starts_at = HourField(_l("At what time?"), [Optional()])
    language_1 = SelectField(_l("Which language do people speak in the group?"))
    language_2 = SelectField(_l("Another language"))
    language_3 = SelectField(_l("A third language"))
    language_4 = SelectField(_l("A fourth language"))
    welcome = Several(_l("Who is welcome?"))
    takes_newcomers = BooleanField(_l("New people can come"), default=True)
    takes_questions = BooleanField(_l("People can send us a question from the card"), default=True)
    takes_requests = BooleanField(
        _l("People can ask to join, or introduce somebody who wants to"), default=True
    )
    contact = LineField(
        _l("A way to reach you that everybody may see"), most=300,
        description=_l("A number or an address of the group, not of one person at home."),
    )  # fmt: skip

    def __init__(self, **named: Any) -> None:
        super().__init__(**named)
        self.mode.choices = as_choices(MODES)
        self.setting.choices = [("", _l("We would rather not say")), *as_choices(SETTINGS)]
        self.recurrence.choices = as_choices(RECURRENCES)
        self.week_of_month.choices = [("", _l("We do not meet monthly")), *as_choices(WEEKS)]
        self.weekday.choices = [("", _l("It changes")), *day_choices()]
        spoken = [("", _l("No other")), *language_choices()]
        for field in self.languages():
            field.choices = spoken
        self.welcome.choices = as_choices(WELCOME)

    def languages(self) -> list[SelectField]:
        """The questions about languages; a list of eighty boxes would not fit a phone."""
        return [self.language_1, self.language_2, self.language_3, self.language_4]

    def card(self) -> Card:
        """What was filled in."""
        is_monthly = self.recurrence.data == Recurrence.MONTHLY
        spoken = dict.fromkeys(field.data for field in self.languages() if field.data)
        return Card(
            recurrence=self.recurrence.data, mode=self.mode.data, place=self.place.data or "", address=self.address.data or "",
            weekday=_number(self.weekday.data), week_of_month=_number(self.week_of_month.data) if is_monthly else None,
            starts_at=self.starts_at.data, languages=tuple(spoken), welcome=tuple(self.welcome.data or ()),
            takes_newcomers=self.takes_newcomers.data, setting=self.setting.data or None, contact=self.contact.data or "",
            takes_questions=self.takes_questions.data, takes_requests=self.takes_requests.data, words=self.words.data or "",
        )  # fmt: skip


def _number(typed: str | None) -> int | None:
    return int(typed) if typed else None


KEPT = (
    "mode", "place", "address", "recurrence", "starts_at", "welcome", "takes_newcomers", "takes_questions",
    "takes_requests", "contact",
)  # fmt: skip


def as_typed(listing: Listing | None, words: str, *, language: str, locality: str) -> dict[str, Any]:
    """The form as it stands for a card, or for a group that has none yet."""
    if listing is None:
        return {
            "mode": Mode.IN_PERSON, "recurrence": Recurrence.MONTHLY, "language_1": language, "place": locality,
            "welcome": ["any_distress"],
        }  # fmt: skip
    numbers = {name: getattr(listing, name) for name in ("weekday", "week_of_month")}
    return {
        **{name: getattr(listing, name) for name in KEPT},
        **{f"language_{n}": code for n, code in enumerate(listing.languages[:MOST_LANGUAGES], start=1)},
        **{name: "" if value is None else str(value) for name, value in numbers.items()},
        "setting": listing.setting or "", "words": words,
    }  # fmt: skip
