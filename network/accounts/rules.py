"""Decisions about signing in: what counts as the same identifier, when to slow down, what makes a password too weak."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from network.accounts.models import IdentifierKind

CALLING_CODES = ("254", "255", "256", "250", "257", "44", "1", "33", "61")
"""Countries whose people may type their number without the country's code; each such number is tried with them."""
LOCAL_DIGITS = 9
"""So many digits at the end of a number are the same however it is typed, with the country's code or without."""

SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 128
OVERUSED = frozenset(
    [
        "password",
        "password1",
        "passw0rd",
        "12345678",
        "123456789",
        "1234567890",
        "qwertyuiop",
        "qwerty123",
        "iloveyou",
        "11111111",
        "00000000",
        "abcdefgh",
        "abcd1234",
        "letmein1",
        "football",
        "princess",
        "sunshine",
        "karibu123",
        "nairobi1",
        "hakunamatata",
        "mungu123",
    ]
)


class Refusal(StrEnum):
    """Why an account cannot be made or opened like this."""

    TOO_SHORT = "password_too_short"
    TOO_LONG = "password_too_long"
    OVERUSED = "password_overused"
    TELLS_WHO = "password_tells_who"
    NOT_AN_IDENTIFIER = "not_an_identifier"
    TAKEN = "identifier_taken"
    NOT_THE_PASSWORD = "not_the_password"  # noqa: S105 - the name of a refusal
    ONLY_ONE = "only_identifier"
    TOO_MANY = "too_many_identifiers"


def kind_of(typed: str) -> IdentifierKind | None:
    """Tell an e-mail address, a phone number and a user name apart; `None` where it is none of them."""
    typed = unicodedata.normalize("NFKC", typed).strip()
    if re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", typed):
        return IdentifierKind.EMAIL
    if re.fullmatch(r"\+?[\d\s()./\u2010-\u2015-]{7,20}", typed):
        return IdentifierKind.PHONE
    if re.fullmatch(r"[\w.-]{3,40}", typed):
        return IdentifierKind.USER_NAME
    return None


def candidates(typed: str) -> list[str]:
    """The canonical forms of what somebody typed; a local phone number has one per country."""
    typed = unicodedata.normalize("NFKC", typed).strip()
    if kind_of(typed) is not IdentifierKind.PHONE:
        return [unicodedata.normalize("NFKC", typed.casefold())]
    digits = "".join(str(unicodedata.decimal(sign)) for sign in typed if sign.isdecimal())
    if typed.startswith("+") or not digits.startswith("0"):
        return [digits.removeprefix("00")]
    if digits.startswith("00"):
        return [digits[2:]]
    return [code + digits[1:] for code in CALLING_CODES]


def counted_as(typed: str) -> str:
    """One text for all the ways of typing the same identifier, under which tries are counted: spaces buy no further guesses."""
    form = candidates(typed)[0]
    return form[-LOCAL_DIGITS:] if kind_of(typed) is IdentifierKind.PHONE else form


MOST_IDENTIFIERS = 5


def why_not_add(kind: IdentifierKind | None, *, count: int, is_taken: bool) -> Refusal | None:
    """An account has a few ways to be recognised, each its own."""
    if kind is None:
        return Refusal.NOT_AN_IDENTIFIER
    if is_taken:
        return Refusal.TAKEN
    return Refusal.TOO_MANY if count >= MOST_IDENTIFIERS else None


def why_not_remove(*, count: int) -> Refusal | None:
    """One way to sign in stays."""
    return Refusal.ONLY_ONE if count <= 1 else None


def why_not_password(password: str, *, about: Sequence[str]) -> Refusal | None:
    """Length and overuse only; no rules about letters and signs, which make passwords harder to remember and no safer."""
    if len(password) < SHORTEST_PASSWORD:
        return Refusal.TOO_SHORT
    if len(password) > LONGEST_PASSWORD:
        return Refusal.TOO_LONG
    folded = password.casefold()
    if folded in OVERUSED:
        return Refusal.OVERUSED
    if any(word.casefold() in folded for word in about if len(word) >= 4):  # noqa: PLR2004 - shorter words occur by chance
        return Refusal.TELLS_WHO
    return None


LIMITS_PER_NAME = ((timedelta(minutes=1), 5), (timedelta(hours=1), 20))
LIMITS_PER_PLACE = ((timedelta(minutes=5), 30),)


def wait_until(
    tries: Sequence[datetime], *, limits: Sequence[tuple[timedelta, int]], now: datetime
) -> datetime | None:
    """When the next try is welcome, given earlier tries; `None` where it is welcome now. Nobody is locked out for good."""
    waits = []
    for window, most in limits:
        recent = sorted(at for at in tries if at > now - window)
        if len(recent) >= most:
            waits.append(recent[-most] + window)
    return max(waits, default=None)
