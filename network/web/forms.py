"""Forms: the base every form builds on, fields for what people type here, and what bad input is told."""

import re
import unicodedata
import uuid
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from flask import render_template, request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, Field, HiddenField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import TextInput

from network.access.guard import current_group
from network.currencies import minor_digits
from network.web.formatting import amount_text

SHORT, LONG = 120, 4000
_DIRECTION_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
LARGEST_AMOUNT = 10**12
YEARS = range(1900, 2200)
"""A year outside these is a slip of the hand, and some calendars end there."""


class Form(FlaskForm):
    """A form with a key of its own, made with the page, so that sending it twice has the effect of once."""

    once = HiddenField()

    def __init__(self, *positional: Any, **named: Any) -> None:
        super().__init__(*positional, **named)
        if not _is_key(self.once.data):
            self.once.data = once_key()

    def refuse(self, refusal: StrEnum, words: Mapping[Any, Any], field: str | None = None) -> None:
        """Put a rule's refusal, in words, beside its field or at the top of the form."""
        target = getattr(self, field) if field else None
        if target is None:
            self.form_errors: list[Any] = [*self.form_errors, words[refusal]]
        else:
            target.errors = [*target.errors, words[refusal]]


def _is_key(sent: str | None) -> bool:
    try:
        return bool(sent and uuid.UUID(sent))
    except ValueError:
        return False


def once_key() -> str:
    """A key for a form on this page."""
    return str(uuid.uuid4())


def clean_text(value: str | None) -> str | None:
    """Text as it is kept: composed, trimmed, ends of line as one character. What is no letter becomes the sign for
    one that did not arrive, which `Readable` refuses and a page can show.
    """
    if not value:
        return value
    plain = unicodedata.normalize("NFC", value).replace("\r\n", "\n").replace("\r", "\n")
    return "".join("\ufffd" if _is_no_letter(letter) else letter for letter in plain).strip()


def _is_no_letter(letter: str) -> bool:
    is_control = unicodedata.category(letter) in {"Cc", "Cs"} and letter not in "\n\t"
    return is_control or ord(letter) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(letter) <= 0xFDEF  # noqa: PLR2004 - Unicode's noncharacters


def one_line(value: str | None) -> str | None:
    """What is meant to be one line, also where it was sent as several."""
    return " ".join(value.splitlines()) if value else value


class Readable:
    """Refuses what would not be read as it was typed: broken letters, control characters, marks that turn the direction."""

    def __call__(self, form: Any, field: Field) -> None:  # noqa: ARG002 - the library's signature
        for letter in field.data or "":
            if letter == "\ufffd" or (unicodedata.category(letter) == "Cc" and letter not in "\n\t"):
                raise ValidationError(_l("Some letters did not arrive whole. Type this again."))
            if letter in _DIRECTION_MARKS:
                raise ValidationError(
                    _l(
                        "This holds a hidden mark that turns the direction of writing. Type it without copying."
                    )
                )


class NotTooLong(Length):
    """At most so many letters, said with the number."""

    def __init__(self, most: int) -> None:
        super().__init__(max=most, message=_l("This is too long. Keep it to %(max)d letters."))


class Needed(InputRequired):
    """Filled in with more than spaces."""

    def __call__(self, form: Any, field: Field) -> None:
        if not any(str(typed).strip() for typed in field.raw_data or ()):
            field.raw_data = []
        super().__call__(form, field)


def needed(message: Any = None) -> InputRequired:
    """A field that must be filled in."""
    return Needed(message or _l("This is needed to go on."))


class LineField(StringField):
    """One line somebody writes freely. Optional unless `needed()` is among the validators."""

    def __init__(self, label: Any, validators: Any = (), *, most: int = SHORT, **named: Any) -> None:
        checks = [*validators, NotTooLong(most), Readable()]
        super().__init__(
            label,
            checks if _is_needed(validators) else [Optional(), *checks],
            filters=[clean_text, one_line],
            **named,
        )


class WordsField(TextAreaField):
    """A few sentences. Optional unless `needed()` is among the validators."""

    def __init__(self, label: Any, validators: Any = (), *, most: int = LONG, **named: Any) -> None:
        checks = [*validators, NotTooLong(most), Readable()]
        super().__init__(
            label, checks if _is_needed(validators) else [Optional(), *checks], filters=[clean_text], **named
        )


def _is_needed(validators: Any) -> bool:
    return any(isinstance(validator, InputRequired) for validator in validators)


class DayField(DateField):
    """A date; a wrong one is told so in a sentence."""

    data: Any

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_l("Write the date with its day, month and year.")) from None
        if self.data and self.data.year not in YEARS:
            self.data = None
            raise ValueError(_l("Write the date with its day, month and year."))

    def _value(self) -> str:
        return clean_text(super()._value()) or ""


class MoneyField(Field):
    """An amount typed in the group's currency and kept in minor units; empty means nothing at all, not zero."""

    widget = TextInput()

    def __init__(
        self,
        label: Any,
        validators: Any = (),
        *,
        currency: str = "",
        most: int = LARGEST_AMOUNT,
        **named: Any,
    ) -> None:
        render = {"inputmode": "decimal", "autocomplete": "off", **named.pop("render_kw", {})}
        super().__init__(label, validators, render_kw=render, **named)
        self.currency, self.most = currency or current_group().currency, most

    def _value(self) -> str:
        if self.raw_data:
            return clean_text(str(self.raw_data[0])) or ""
        return amount_text(self.data, self.currency) if self.data is not None else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        if valuelist and valuelist[0].strip():
            self.data = minor_units(valuelist[0], self.currency, most=self.most)


def minor_units(typed: str, currency: str, *, most: int = LARGEST_AMOUNT) -> int:
    """What somebody typed as a whole number of minor units. Raises `ValueError` with a sentence to show."""
    plain = _without_own_currency(_in_plain_signs(typed), currency)
    if plain.startswith("-") or plain.endswith("-"):
        raise ValueError(_l("An amount cannot be below zero."))
    digits = minor_digits(currency)
    whole, part = _whole_and_part(plain, digits)
    if len(part.rstrip("0")) > digits:
        raise ValueError(_l("This has more decimals than the money has."))
    minor = (whole + part[:digits].ljust(digits, "0")).lstrip("0") or "0"
    if len(minor) > len(str(most)) or int(minor) > most:
        raise ValueError(_l("This amount is larger than this page can take. Look at it once more."))
    return int(minor)


_SAME = str.maketrans(
    {"٫": ".", "٬": ",", "،": ",", "\u2019": " ", "'": " "}
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-")
    | dict.fromkeys("\u200e\u200f\u061c", "")  # where keyboards of Arabic put them, they turn nothing
)


def _in_plain_signs(typed: str) -> str:
    """Digits of every script as ours; one kind of space, point, comma and minus."""
    plain = unicodedata.normalize("NFKC", typed).translate(_SAME)
    return " ".join("".join(str(unicodedata.decimal(sign, sign)) for sign in plain).split())


def _without_own_currency(plain: str, currency: str) -> str:
    """The group's own sign or code may stand beside the number; another currency's may not."""
    signs = {
        "KES": ("KES", "KSHS", "KSH", "SH"),
        "UGX": ("UGX", "USH", "SH"),
        "TZS": ("TZS", "TSH", "SH"),
        "GBP": ("GBP", "£"),
        "USD": ("USD", "US$", "$"),
        "EUR": ("EUR", "€"),
    }
    plain = plain.upper()
    for sign in signs.get(currency, (currency,)):
        if plain.startswith(sign):
            plain = plain.removeprefix(sign).removeprefix(".")
            break
        if plain.rstrip(".").endswith(sign):
            plain = plain.rstrip(".").removesuffix(sign)
            break
    if _OTHER_MONEY.search(plain):
        raise ValueError(_l("Write the amount in the group's own money: %(currency)s.", currency=currency))
    return plain.strip().removesuffix("/=").removesuffix("/-").strip()  # as shillings are written


_OTHER_MONEY = re.compile(r"[0-9 ][A-Z]{2,4}\.?$|^[A-Z]{2,4}[.0-9 ]|[$£€₦₹¢¥₵]")
"""A sign or a code beside a number: money, and not the group's."""
_PLAIN = re.compile(r"[0-9]*")
_IN_THREES = re.compile(r"[0-9]{1,3}(?:([ .,])[0-9]{3})(?:\1[0-9]{3})*|[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}")


def _whole_and_part(plain: str, digits: int) -> tuple[str, str]:
    """Read 1,250.50 and 1.250,50 and 1 250 and 12,50,000: the last point or comma begins the decimals, unless it sets
    thousands apart. What fits neither is not guessed at.
    """
    last = max(plain.rfind("."), plain.rfind(","))
    whole, part = (plain[:last], plain[last + 1 :]) if last >= 0 else (plain, "")
    sets_apart = len(part) == 3 and digits != 3 and whole.strip("0") != ""  # noqa: PLR2004 - thousands come in threes
    if last >= 0 and (plain[last] in whole or sets_apart):
        whole, part = plain, ""
    is_number = _PLAIN.fullmatch(whole) or _IN_THREES.fullmatch(whole)
    if not (is_number and _PLAIN.fullmatch(part) and (whole or part)):
        raise ValueError(_l("Write the amount in numbers only, such as 250."))
    return re.sub(r"[ .,]", "", whole), part


def render_form(template: str, form: Form, **context: Any) -> tuple[str, int]:
    """The page with its form; where something has to be put right, with the status that says nothing was saved."""
    has_errors = bool(form.errors or form.form_errors)
    return render_template(template, form=form, **context), (422 if has_errors else 200)


def posted() -> bool:
    """Whether a form was sent to this page."""
    return request.method == "POST"
