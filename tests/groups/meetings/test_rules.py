"""When a meeting can be added, recorded or called off."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import pytest

from groups.meetings.rules import (
    Refusal,
    moment_of,
    waits_for_count,
    why_not_add,
    why_not_cancel,
    why_not_record,
)

NOW = datetime(2026, 3, 7, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@dataclass
class Planned:
    starts_at: datetime = NOW - HOUR
    is_held: bool = False
    is_cancelled: bool = False


def test_the_day_and_hour_are_those_on_the_groups_wall() -> None:
    assert moment_of(date(2026, 3, 7), time(10), "Africa/Nairobi") == datetime(2026, 3, 7, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("starts_at", "taken", "refusal"),
    [
        (NOW + HOUR, False, None),
        (NOW - timedelta(days=1000), False, None),
        (NOW + timedelta(days=800), False, Refusal.TOO_FAR_AHEAD),
        (NOW - timedelta(days=9000), False, Refusal.TOO_LONG_AGO),
        (NOW + HOUR, True, Refusal.SAME_TIME),
    ],
)
def test_meetings_are_added_one_at_a_time(
    starts_at: datetime, taken: object, refusal: Refusal | None
) -> None:
    assert why_not_add(starts_at, now=NOW, is_taken=bool(taken)) is refusal


@pytest.mark.parametrize(
    ("meeting", "people", "newcomers", "refusal"),
    [
        (Planned(), 20, None, None),
        (Planned(), 0, 0, None),
        (Planned(is_held=True), 21, 2, None),
        (Planned(), 3, 4, Refusal.TOO_MANY_NEWCOMERS),
        (Planned(starts_at=NOW + HOUR), 3, None, Refusal.NOT_STARTED),
        (Planned(is_cancelled=True), 3, None, Refusal.CANCELLED),
    ],
)
def test_heads_are_counted_once_people_are_there(
    meeting: Planned, people: int, newcomers: int | None, refusal: Refusal | None
) -> None:
    assert why_not_record(meeting, people=people, newcomers=newcomers, now=NOW) is refusal


def test_what_was_held_is_not_called_off() -> None:
    assert why_not_cancel(Planned()) is None
    assert why_not_cancel(Planned(is_held=True)) is Refusal.HELD
    assert why_not_cancel(Planned(is_cancelled=True)) is Refusal.CANCELLED


def test_a_count_is_waited_for_from_the_moment_a_meeting_begins() -> None:
    assert waits_for_count(Planned(), now=NOW)
    assert not waits_for_count(Planned(starts_at=NOW + HOUR), now=NOW)
    assert not waits_for_count(Planned(is_held=True), now=NOW)
    assert not waits_for_count(Planned(is_cancelled=True), now=NOW)
