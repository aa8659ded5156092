"""Deciding about a request."""

import re
from datetime import date

import pytest

from funding.welfare.rules import (
    Refusal,
    RequestState,
    closes_on,
    new_code,
    verdict,
    why_not_answer,
    why_not_pay,
    why_not_take_back,
)


@pytest.mark.parametrize(
    ("answers", "decided"),
    [
        ([], "waiting"), ([True], "waiting"), ([True, False], "waiting"), ([True, True], "agreed"), ([False, False], "declined"),
        ([True, False, True], "agreed"), ([False, True, False], "declined"),
    ],
)  # fmt: skip
def test_two_of_one_mind_decide(answers: list[bool], decided: str) -> None:
    assert verdict(answers) == decided


def test_nobody_answers_twice_late_or_for_themselves() -> None:
    fine = {"state": RequestState.WAITING, "is_own": False, "has_answered": False}
    assert why_not_answer(**fine) is None
    assert why_not_answer(**{**fine, "is_own": True}) == Refusal.OWN_REQUEST
    assert why_not_answer(**{**fine, "has_answered": True}) == Refusal.ANSWERED_ALREADY
    assert why_not_answer(**{**fine, "state": RequestState.AGREED}) == Refusal.SETTLED_ALREADY


def test_what_two_agreed_to_is_paid_once() -> None:
    fine = {"state": RequestState.AGREED, "is_own": False, "is_being_paid": False}
    assert why_not_pay(**fine) is None
    assert why_not_pay(**{**fine, "is_own": True}) == Refusal.OWN_REQUEST
    assert why_not_pay(**{**fine, "state": RequestState.WAITING}) == Refusal.NOT_AGREED
    assert why_not_pay(**{**fine, "is_being_paid": True}) == Refusal.SETTLED_ALREADY


def test_whoever_asked_takes_it_back_until_it_is_paid() -> None:
    assert why_not_take_back(is_own=True, asker_signs_in=True, is_paid=False) is None
    assert why_not_take_back(is_own=True, asker_signs_in=True, is_paid=True) == Refusal.PAID_ALREADY


def test_others_take_it_back_only_for_somebody_who_does_not_sign_in() -> None:
    assert why_not_take_back(is_own=False, asker_signs_in=False, is_paid=False) is None
    assert why_not_take_back(is_own=False, asker_signs_in=False, is_paid=True) == Refusal.PAID_ALREADY
    assert why_not_take_back(is_own=False, asker_signs_in=True, is_paid=False) == Refusal.NOT_YOURS


def test_it_waits_half_a_year_at_most() -> None:
    assert closes_on(date(2026, 1, 31)) == date(2026, 8, 2)


def test_a_code_says_nothing_and_can_be_read_out() -> None:
    assert all(re.fullmatch(r"H-[A-HJ-NP-Z2-9]{4}", new_code()) for _ in range(200))
