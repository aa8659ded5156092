from datetime import UTC, datetime, timedelta

import pytest

from groups.notices import rules
from groups.notices.models import Channel
from groups.notices.rules import Refusal


@pytest.mark.parametrize(
    ("typed", "country", "number"),
    [
        ("+254 700 111-222", "KE", "254700111222"),
        ("0700 111 222", "KE", "254700111222"),
        ("0700 111 222", "UG", "256700111222"),
        ("00254700111222", "GB", "254700111222"),
        ("254700111222", "KE", "254700111222"),
        ("0700 111 222", "", None),
        ("+0700111222", "KE", None),
        ("12345", "KE", None),
        ("javascript:alert(1)", "KE", None),
        ("rain@people.example", "KE", None),
    ],
)
def test_a_number_as_machines_dial_it(typed: str, country: str, number: str | None) -> None:
    assert rules.plain_number(typed, country=country) == number


@pytest.mark.parametrize(
    "typed", ["rain", "rain@", "a b@c.d", "rain@people", "a@b.c,d@e.f", "<a@b.c>", "x" * 120 + "@b.c"]
)
def test_no_address(typed: str) -> None:
    assert rules.fitting(Channel.EMAIL, typed, country="KE") == Refusal.ADDRESS_NEEDED


def test_whoever_is_told_in_person_needs_no_address() -> None:
    assert rules.fitting(Channel.NONE, "+254 700 111 222", country="KE") is None


@pytest.mark.parametrize(
    ("lasts", "before"),
    [
        (timedelta(days=7), timedelta(days=1)),
        (timedelta(days=2), timedelta(hours=12)),
        (timedelta(hours=4), timedelta(hours=1)),
        (timedelta(hours=1), None),
    ],
)
def test_the_reminder_comes_while_there_is_time(lasts: timedelta, before: timedelta | None) -> None:
    opens = datetime(2026, 11, 1, tzinfo=UTC)
    assert rules.remind_at(opens, opens + lasts) == (opens + lasts - before if before else None)
