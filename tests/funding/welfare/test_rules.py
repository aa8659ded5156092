"""Deciding about a request."""

import re

import pytest

from funding.welfare.rules import (
    Refusal,
    RequestState,
    new_code,
    verdict,
    why_not_answer,
    why_not_destroy,
    why_not_pay,
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


OPEN = {"state": "waiting", "is_own": False, "is_being_paid": False, "is_paid": False}


@pytest.mark.parametrize(
    "needed_no_more",
    [
        {"is_own": True},
        {"state": "agreed", "is_being_paid": True, "is_paid": True},
        {"state": "declined"},
        {"state": "agreed", "is_own": True},
    ],
)
def test_a_page_goes_when_nobody_needs_it(needed_no_more: dict[str, object]) -> None:
    assert why_not_destroy(**{**OPEN, **needed_no_more}) is None


@pytest.mark.parametrize(
    "still", [{}, {"state": "agreed"}, {"state": "agreed", "is_own": True, "is_being_paid": True}]
)
def test_a_page_stays_while_it_is_needed(still: dict[str, object]) -> None:
    assert why_not_destroy(**{**OPEN, **still}) == Refusal.STILL_NEEDED


def test_a_code_says_nothing_and_can_be_read_out() -> None:
    assert all(re.fullmatch(r"H-[A-HJ-NP-Z2-9]{4}", new_code()) for _ in range(200))
