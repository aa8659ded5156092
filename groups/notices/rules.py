"""Which number or address fits a way of being told, and when people are reminded before a vote closes."""

import re
import unicodedata
from datetime import datetime, timedelta
from enum import StrEnum

from groups.notices.models import Channel
from network.accounts.rules import counted_as

CALLING_CODES = {
    "KE": "254", "TZ": "255", "UG": "256", "RW": "250", "BI": "257", "GB": "44", "FR": "33", "US": "1", "AU": "61",
}  # fmt: skip
"""By a network's country: numbers beginning with 0 are numbers of that country."""
FEWEST_DIGITS, MOST_DIGITS = 8, 15
LONGEST_ADDRESS = 120
A_DAY = timedelta(days=1)
SHORTEST_TO_REMIND = timedelta(hours=2)


class Refusal(StrEnum):
    """Why somebody cannot be reached like this."""

    NUMBER_NEEDED = "number_needed"
    ADDRESS_NEEDED = "address_needed"
    SIGNS_IN = "signs_in"


def plain_number(typed: str, *, country: str) -> str | None:
    """A phone number as machines dial it, with its country and without signs; `None` where it is none."""
    typed = unicodedata.normalize("NFKC", typed).strip()
    if not re.fullmatch(r"\+?[\d\s()./\u2010-\u2015-]{7,24}", typed):
        return None
    digits = "".join(str(unicodedata.decimal(sign)) for sign in typed if sign.isdecimal())
    if not typed.startswith("+"):
        if digits.startswith("00"):
            digits = digits[2:]
        elif digits.startswith("0"):
            code = CALLING_CODES.get(country)
            if code is None:
                return None
            digits = code + digits[1:]
    return digits if FEWEST_DIGITS <= len(digits) <= MOST_DIGITS and digits[0] != "0" else None


def plain_address(typed: str) -> str | None:
    """An e-mail address as it was typed, or `None` where it is none."""
    typed = unicodedata.normalize("NFKC", typed).strip()
    is_one = re.fullmatch(r"[^@\s<>,;:\"]+@[^@\s<>,;:\"]+\.[^@\s<>,;:\".]+", typed)
    return typed if is_one and len(typed) <= LONGEST_ADDRESS else None


def fitting(channel: Channel, typed: str, *, country: str) -> str | Refusal | None:
    """What is kept for a way of being told; a refusal where it does not fit, nothing where nothing is needed."""
    if channel == Channel.NONE:
        return None
    if channel == Channel.EMAIL:
        return plain_address(typed) or Refusal.ADDRESS_NEEDED
    return plain_number(typed, country=country) or Refusal.NUMBER_NEEDED


def is_same_place(one: str, other: str) -> bool:
    """Whether two numbers or addresses reach the same place, however they are written."""
    return counted_as(one) == counted_as(other)


def is_left(place: str, before: str | None, instead: str | None) -> bool:
    """Whether somebody was reached at this place before, and is not any more."""
    return is_same_place(place, before or "") and not is_same_place(place, instead or "")


def remind_at(opens: datetime, closes: datetime) -> datetime | None:
    """When everybody is told once more: a day before the close, in a short vote when a quarter of it is left, in a very short one not."""
    lasts = closes - opens
    if lasts < SHORTEST_TO_REMIND:
        return None
    return closes - min(A_DAY, lasts / 4)
