"""Forms: the base every form builds on, fields for what people type here, and what bad input is told."""

import unicodedata
import uuid
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
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
_DIRECTION_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")
LARGEST_AMOUNT = 10**12


class Form(FlaskForm):
    """A form with a key of its own, made with the page, so that sending it twice has the effect of once."""

    once = HiddenField()

    def __init__(self, *positional: Any, **named: Any) -> None:
        super().__init__(*positional, **named)
        if not self.once.data:
            self.once.data = once_key()

    def refuse(self, refusal: StrEnum, words: Mapping[Any, Any], field: str | None = None) -> None:
        """Put a rule's refusal, in words, beside its field or at the top of the form."""
        target = getattr(self, field) if field else None
        if target is None:
            self.form_errors: list[Any] = [*self.form_errors, words[refusal]]
        else:
            target.errors = [*target.errors, words[refusal]]


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
        if isinstance(field.data, str) and not field.data.strip():
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
            label, checks if _is_needed(validators) else [Optional(), *checks], filters=[clean_text], **named
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

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_l("Write the date with its day, month and year.")) from None


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
            return str(self.raw_data[0])
        return amount_text(self.data, self.currency) if self.data is not None else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        if valuelist and valuelist[0].strip():
            self.data = minor_units(valuelist[0], self.currency, most=self.most)


def minor_units(typed: str, currency: str, *, most: int = LARGEST_AMOUNT) -> int:
    """What somebody typed as a whole number of minor units. Raises `ValueError` with a sentence to show."""
    plain = typed.strip().translate(_DIGITS).replace("\u00a0", "").replace("\u202f", "").replace(" ", "")
    plain = _without_own_currency(plain, currency)
    digits = minor_digits(currency)
    try:
        value = Decimal(_with_point(plain, digits))
    except InvalidOperation:
        raise ValueError(_l("Write the amount in numbers only, such as 250.")) from None
    if not value.is_finite():
        raise ValueError(_l("Write the amount in numbers only, such as 250."))
    if value < 0:
        raise ValueError(_l("An amount cannot be below zero."))
    minor = value.scaleb(digits)
    if minor != minor.to_integral_value():
        raise ValueError(_l("This has more decimals than the money has."))
    if minor > most:
        raise ValueError(_l("This amount is larger than this page can take. Look at it once more."))
    return int(minor)


_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩٫", "0123456789.")


def _without_own_currency(plain: str, currency: str) -> str:
    """The group's own sign or code may stand beside the number; another currency's may not."""
    signs = {
        "KES": ("KES", "KSH", "SH"),
        "GBP": ("GBP", "£"),
        "USD": ("USD", "US$", "$"),
        "EUR": ("EUR", "€"),
    }
    for sign in signs.get(currency, (currency,)):
        upper = plain.upper()
        if upper.startswith(sign):
            return plain[len(sign) :].lstrip(".")
        if upper.endswith(sign):
            return plain[: -len(sign)]
    if any(letter.isalpha() or unicodedata.category(letter) == "Sc" for letter in plain):
        raise ValueError(_l("Write the amount in the group's own money: %(currency)s.", currency=currency))
    return plain


def _with_point(plain: str, digits: int) -> str:
    """Read both 1,250.50 and 1.250,50: the last sign is the decimal point if the right number of digits follows it."""
    last = max(plain.rfind("."), plain.rfind(","))
    if last == -1:
        return plain
    before, after = plain[:last].replace(",", "").replace(".", ""), plain[last + 1 :]
    groups_of_three = len(after) == 3 and digits != 3 and before.strip("0") != ""  # noqa: PLR2004 - thousands come in threes
    return before + after if groups_of_three else f"{before}.{after}"


def render_form(template: str, form: Form, **context: Any) -> tuple[str, int]:
    """The page with its form; where something has to be put right, with the status that says nothing was saved."""
    has_errors = bool(form.errors or form.form_errors)
    return render_template(template, form=form, **context), (422 if has_errors else 200)


def posted() -> bool:
    """Whether a form was sent to this page."""
    return request.method == "POST"
