"""What an application can become, day by day and state by state."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funding.applications import rules
from funding.applications.models import ApplicationState
from funding.applications.rules import GOING_ON, NEXT, Refusal

TODAY = date(2026, 11, 22)


@given(st.lists(st.sampled_from(list(ApplicationState)), max_size=12))
def test_whatever_is_tried_it_follows_the_order_and_stays_when_settled(tried: list[ApplicationState]) -> None:
    state, been = ApplicationState.INTERESTED, [ApplicationState.INTERESTED]
    for wanted in tried:
        if rules.why_not_become(state, wanted) is None:
            assert state in GOING_ON
            state = wanted
            been.append(state)
    assert len(been) == len(set(been)), "it never comes back to where it was"
    if been[-1] in (ApplicationState.AWARDED, ApplicationState.REFUSED):
        assert been[-2] is ApplicationState.APPLIED


def test_what_goes_on_can_always_be_given_up_and_what_is_settled_never() -> None:
    for state in ApplicationState:
        assert (ApplicationState.WITHDRAWN in NEXT[state]) is (state in GOING_ON)


def test_it_is_begun_once_at_a_time_and_while_it_is_open() -> None:
    assert rules.why_not_begin(is_over=False, is_going_on=False) is None
    assert rules.why_not_begin(is_over=True, is_going_on=False) is Refusal.OVER
    assert rules.why_not_begin(is_over=True, is_going_on=True) is Refusal.BEGUN_ALREADY


def test_a_funder_answers_after_it_was_asked_and_not_tomorrow() -> None:
    assert rules.why_not_day(TODAY, today=TODAY) is None
    assert rules.why_not_day(TODAY + timedelta(days=1), today=TODAY) is Refusal.IN_THE_FUTURE
    went_out = TODAY - timedelta(days=2)
    assert rules.why_not_day(went_out, today=TODAY, applied_on=went_out) is None
    before = went_out - timedelta(days=1)
    assert rules.why_not_day(before, today=TODAY, applied_on=went_out) is Refusal.BEFORE_IT_WENT_OUT


def test_a_no_has_its_reason() -> None:
    assert rules.why_not_why("  ") is Refusal.WHY_MISSING
    assert rules.why_not_why("No money left") is None


@pytest.mark.parametrize(
    ("state", "has_grant", "gives", "refusal"),
    [
        ("awarded", False, "gift", None),
        ("awarded", False, "unknown", None),
        ("awarded", False, "loan", Refusal.PAID_BACK),
        ("awarded", True, "gift", Refusal.WRITTEN_ALREADY),
        ("applied", False, "gift", Refusal.NOT_AWARDED),
        ("refused", False, "gift", Refusal.NOT_AWARDED),
    ],
)
def test_an_award_becomes_a_grant_once_and_a_loan_never(
    state: str, gives: str, refusal: Refusal | None, *, has_grant: bool
) -> None:
    assert rules.why_not_grant(state, has_grant=has_grant, gives=gives) is refusal


def test_preparing_begins_with_the_first_thing_that_is_kept() -> None:
    assert not rules.is_begun_in_earnest([], [], None)
    assert rules.is_begun_in_earnest(["registered"], [], None)
    assert rules.is_begun_in_earnest([], ["plan"], None)
    assert rules.is_begun_in_earnest([], [], "somebody")
