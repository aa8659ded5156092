"""Splitting off the reserve, and deciding about requests."""

import secrets
from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

from funding.welfare.models import Need, RequestState

__all__ = ["Need", "RequestState"]

CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Letters and digits that cannot be mistaken for each other."""
DECIDING = 2
"""So many have to say the same."""
KEPT_FOR = timedelta(days=90)
"""How long a request's page is kept once it is settled: long enough for questions, no longer."""
OPEN_FOR = timedelta(days=183)
"""How long a request waits at most; then it closes by itself and its page is destroyed."""
SOON = timedelta(days=14)
"""So long before that whoever asked is told again."""


class Refusal(StrEnum):
    """Why a request is not taken, answered, paid or taken back."""

    TOO_FEW_TO_DECIDE = "too_few_to_decide"
    OWN_REQUEST = "own_request"
    ANSWERED_ALREADY = "answered_already"
    SETTLED_ALREADY = "settled_already"
    NOT_AGREED = "not_agreed"
    PAID_ALREADY = "paid_already"
    NOT_YOURS = "not_yours"
    COUNTED = "counted"


def reserve_part(amount: int, percent: int) -> int:
    """The part of an amount that is kept for hardship, in whole minor units.

    Half a unit is rounded up to the reserve; the rest, never computed by itself, goes to the welfare fund. So the two
    parts always add up to what was given.
    """
    return (amount * percent * 2 + 100) // 200


def new_code() -> str:
    """A short code for a request, which says nothing about whom it is for."""
    return "H-" + "".join(secrets.choice(CODE_LETTERS) for _ in range(4))


def verdict(answers: Iterable[bool]) -> RequestState:
    """What was decided, once two said the same."""
    answers = list(answers)
    if sum(answers) >= DECIDING:
        return RequestState.AGREED
    if len(answers) - sum(answers) >= DECIDING:
        return RequestState.DECLINED
    return RequestState.WAITING


def why_not_answer(*, state: str, is_own: bool, has_answered: bool) -> Refusal | None:
    """Each of the panel answers once, while it is open, and never about themselves."""
    if is_own:
        return Refusal.OWN_REQUEST
    if state != RequestState.WAITING:
        return Refusal.SETTLED_ALREADY
    return Refusal.ANSWERED_ALREADY if has_answered else None


def why_not_pay(*, state: str, is_own: bool, is_being_paid: bool) -> Refusal | None:
    """What two agreed to is paid once, and never by whoever asked."""
    if is_own:
        return Refusal.OWN_REQUEST
    if state != RequestState.AGREED:
        return Refusal.NOT_AGREED
    return Refusal.SETTLED_ALREADY if is_being_paid else None


def why_not_take_back(*, is_own: bool, asker_signs_in: bool, is_paid: bool) -> Refusal | None:
    """Whoever asked takes it back whenever they like, until it is paid; for somebody who does not sign in, who decides does."""
    if not is_own and asker_signs_in:
        return Refusal.NOT_YOURS
    return Refusal.PAID_ALREADY if is_paid else None


def destroyed_on(settled_on: date) -> date:
    """The day a settled request's page is destroyed."""
    return settled_on + KEPT_FOR


def closes_on(filed_on: date) -> date:
    """The day a request that nobody settled closes by itself."""
    return filed_on + OPEN_FOR
