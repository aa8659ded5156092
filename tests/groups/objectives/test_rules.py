"""How many objectives a quarter bears, what may change, and what needs a word."""

from datetime import date

import pytest

from groups.objectives.rules import (
    Refusal,
    is_time_to_set,
    why_not_add_step,
    why_not_change,
    why_not_reopen,
    why_not_review,
    why_not_set,
)

Q1, Q2, Q3 = date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1)


@pytest.mark.parametrize(
    ("quarter", "already", "refusal"),
    [(Q1, 0, None), (Q2, 11, None), (Q3, 0, Refusal.WRONG_QUARTER), (Q1, 12, Refusal.TOO_MANY)],
)
def test_objectives_are_set_for_this_quarter_or_the_next(
    quarter: date, already: int, refusal: Refusal | None
) -> None:
    assert why_not_set(quarter_on=quarter, choices=[Q1, Q2], already=already) is refusal


@pytest.mark.parametrize(
    ("outcome", "words", "refusal"),
    [
        ("moved", "", None),
        ("achieved", "", None),
        ("dropped", "", Refusal.WHY_MISSING),
        ("carried_over", "", Refusal.WHY_MISSING),
        ("dropped", "The chief moved away", None),
    ],
)
def test_what_ends_without_success_is_told_in_a_word(
    outcome: str, words: str, refusal: Refusal | None
) -> None:
    assert why_not_review("open", outcome, words) is refusal


@pytest.mark.parametrize("state", ["achieved", "carried_over", "dropped"])
def test_what_is_closed_stays_as_it_was(state: str) -> None:
    assert why_not_change(state) is Refusal.CLOSED
    assert why_not_review(state, "moved", "") is Refusal.CLOSED
    assert why_not_add_step(state, already=0, has_member=False, has_name=False) is Refusal.CLOSED


def test_a_step_is_one_persons_or_anybodys() -> None:
    assert why_not_add_step("open", already=0, has_member=True, has_name=True) is Refusal.WHO_TWICE
    assert why_not_add_step("open", already=0, has_member=True, has_name=False) is None
    assert why_not_add_step("open", already=30, has_member=False, has_name=False) is Refusal.TOO_MANY_STEPS


def test_what_goes_on_already_is_not_taken_up_again() -> None:
    assert why_not_reopen("dropped") is None
    assert why_not_reopen("carried_over") is Refusal.CARRIED_ON
    assert why_not_reopen("open") is Refusal.NOT_CLOSED


@pytest.mark.parametrize(
    ("today", "is_time"),
    [
        (date(2026, 1, 1), True),
        (date(2026, 1, 21), True),
        (date(2026, 1, 22), False),
        (date(2025, 12, 31), False),
    ],
)
def test_the_first_three_weeks_are_for_setting(today: date, is_time: object) -> None:
    assert is_time_to_set(today, Q1) is is_time
