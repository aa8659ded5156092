"""What a chance must have, when it is over, and how near its day is."""

from datetime import date, timedelta

import pytest

from funding.opportunities import rules
from funding.opportunities.rules import Near, Refusal

TODAY = date(2026, 11, 22)


def after(days: int) -> date:
    return TODAY + timedelta(days=days)


@pytest.mark.parametrize(
    ("until", "closes_on", "refusal"),
    [("day", None, Refusal.DAY_MISSING), ("day", TODAY, None), ("all_year", None, None), ("unknown", None, None)],
)  # fmt: skip
def test_what_closes_on_a_day_says_which(until: str, closes_on: date | None, refusal: Refusal | None) -> None:
    assert rules.why_not_day(until, closes_on) is refusal


@pytest.mark.parametrize(
    ("least", "most", "refusal"),
    [
        (1, 2, None),
        (2, 2, None),
        (3, 2, Refusal.LEAST_ABOVE_MOST),
        (None, 2, None),
        (3, None, None),
        (None, None, None),
    ],
)
def test_amounts_go_from_less_to_more(least: int | None, most: int | None, refusal: Refusal | None) -> None:
    assert rules.why_not_amounts(least, most) is refusal


@pytest.mark.parametrize(
    ("link", "is_taken"),
    [
        ("", True),
        ("https://ncpwd.example", True),
        ("http://a.example", False),
        ("https://", False),
        ("https://a b", False),
        ("javascript:alert(1)", False),
    ],
)
def test_a_link_leads_over_an_encrypted_way(link: str, *, is_taken: bool) -> None:
    assert (rules.why_not_link(link) is None) is is_taken


@pytest.mark.parametrize(
    ("closes_on", "ended_on", "is_over"),
    [
        (None, None, False),
        (TODAY, None, False),
        (after(-1), None, True),
        (after(9), TODAY, True),
        (None, after(-1), True),
        (after(9), None, False),
    ],
)
def test_it_is_over_after_its_day_or_off_the_list(
    closes_on: date | None, ended_on: date | None, *, is_over: bool
) -> None:
    assert rules.is_over(closes_on, ended_on, today=TODAY) is is_over


@pytest.mark.parametrize(
    ("days", "near"),
    [
        (-1, None),
        (0, Near.VERY_SOON),
        (7, Near.VERY_SOON),
        (8, Near.SOON),
        (30, Near.SOON),
        (31, None),
    ],
)
def test_something_is_said_a_month_before_and_in_the_last_week(days: int, near: Near | None) -> None:
    assert rules.nearness(after(days), today=TODAY) is near
    assert rules.nearness(None, today=TODAY) is None


def test_nobody_has_asked_tomorrow() -> None:
    assert rules.why_not_checked(after(1), today=TODAY) is Refusal.CHECKED_IN_THE_FUTURE
    assert rules.why_not_checked(TODAY, today=TODAY) is None
    assert rules.why_not_checked(None, today=TODAY) is None


def test_it_is_published_once_and_while_it_can_be_used() -> None:
    assert rules.why_not_publish(is_open=False, is_over=False) is None
    assert rules.why_not_publish(is_open=True, is_over=True) is Refusal.PUBLISHED_ALREADY
    assert rules.why_not_publish(is_open=False, is_over=True) is Refusal.OVER
