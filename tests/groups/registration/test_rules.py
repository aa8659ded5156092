"""Days: a certificate holds on its last day and is over on the next, also around 29 February."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groups.registration.rules import (
    Refusal,
    State,
    holds_until,
    is_in_order,
    months_later,
    newest,
    standing,
    why_not_enter,
)


@dataclass
class Paper:
    issued_on: date
    holds_until: date | None
    authority: str = "ministry"
    called: str = ""


@pytest.mark.parametrize(
    ("issued", "months", "until"),
    [
        (date(2026, 1, 1), 12, date(2026, 12, 31)),
        (date(2026, 3, 1), 12, date(2027, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2023, 2, 28), 12, date(2024, 2, 27)),
        (date(2023, 3, 1), 12, date(2024, 2, 29)),
        (date(2024, 2, 29), 48, date(2028, 2, 28)),
        (date(2025, 12, 31), 2, date(2026, 2, 28)),
        (date(2026, 3, 1), None, None),
    ],
)
def test_until_when_one_holds(issued: date, months: int | None, until: date | None) -> None:
    assert holds_until(issued, months) == until


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)), st.integers(-60, 60))
def test_months_go_forth_and_back_within_the_shorter_month(day: date, months: int) -> None:
    there = months_later(day, months)
    assert (there.year * 12 + there.month) - (day.year * 12 + day.month) == months
    assert there.day <= day.day


@pytest.mark.parametrize(
    ("today", "state", "is_pressing"),
    [
        (date(2023, 12, 30), State.HOLDS, False),
        (date(2023, 12, 31), State.DUE, False),
        (date(2024, 2, 14), State.DUE, False),
        (date(2024, 2, 15), State.DUE, True),
        (date(2024, 2, 29), State.DUE, True),
        (date(2024, 3, 1), State.OVER, True),
    ],
)
def test_one_that_ends_on_a_leap_day_holds_on_that_day(
    today: date, state: State, *, is_pressing: bool
) -> None:
    found = standing(Paper(date(2023, 3, 1), date(2024, 2, 29)), today=today, remind_days=60)
    assert (found.state, found.is_pressing) == (state, is_pressing)


def test_without_an_end_or_without_one_at_all() -> None:
    today = date(2026, 1, 1)
    forever, none = standing(Paper(today, None), today=today, remind_days=60), standing(None, today=today, remind_days=60)  # fmt: skip
    assert (forever.state, none.state) == (State.HOLDS, State.NONE)
    assert is_in_order([forever])
    assert not is_in_order([forever, none])
    assert is_in_order([])


def test_the_newest_is_the_one_that_holds_longest() -> None:
    short, long = Paper(date(2026, 2, 1), date(2026, 6, 1)), Paper(date(2026, 1, 1), date(2027, 1, 1))
    other = Paper(date(2026, 1, 1), None, "council")
    assert newest([short, long, other], "ministry") is long
    assert newest([short, Paper(date(2020, 1, 1), None)], "ministry").holds_until is None
    assert newest([other], "ministry") is None


@pytest.mark.parametrize(
    ("told", "refusal"),
    [
        ({}, None),
        ({"issued_on": date(2026, 1, 3)}, Refusal.NOT_YET),
        ({"until": date(2025, 12, 31)}, Refusal.ENDS_BEFORE),
        ({"is_named": False}, Refusal.NAME_NEEDED),
        ({"is_there": True}, Refusal.ENTERED_ALREADY),
    ],
)
def test_what_cannot_stand_on_a_certificate(told: dict[str, object], refusal: Refusal | None) -> None:
    usual = {"issued_on": date(2026, 1, 1), "until": date(2027, 1, 1), "is_named": True, "is_there": False}
    assert why_not_enter(**usual | told, today=date(2026, 1, 2)) == refusal  # type: ignore[arg-type]


def test_a_stretch_of_days_never_skips_one() -> None:
    paper = Paper(date(2024, 2, 29), holds_until(date(2024, 2, 29), 12))
    assert paper.holds_until is not None
    days = [paper.holds_until + timedelta(days=n) for n in (0, 1)]
    assert [standing(paper, today=day, remind_days=60).state for day in days] == [State.DUE, State.OVER]
