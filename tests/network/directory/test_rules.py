"""What a card must say, how places are compared, and which day comes next."""

from dataclasses import replace
from datetime import date

import pytest

from network.directory.rules import Card, Refusal, found_by, next_day, search_key, whom_to_show, why_not_show

GOOD = Card(recurrence="weekly", mode="in_person", place="Leeds", weekday=1, languages=("en",))


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({}, None),
        ({"place": ""}, Refusal.NO_PLACE),
        ({"place": "", "mode": "online"}, None),
        ({"weekday": None}, Refusal.NO_DAY),
        ({"weekday": None, "recurrence": "ask"}, None),
        ({"recurrence": "monthly"}, Refusal.NO_DAY),
        ({"recurrence": "monthly", "week_of_month": 5}, None),
        ({"languages": ()}, Refusal.NO_LANGUAGE),
        ({"takes_questions": False}, Refusal.NO_WAY_TO_ASK),
        ({"takes_questions": False, "contact": "0700 000 000"}, None),
        ({"takes_questions": False, "address": "12 Mill Street"}, None),
        ({"takes_questions": False, "address": "12 Mill Street", "recurrence": "ask"}, Refusal.NO_WAY_TO_ASK),
    ],
)
def test_a_card_leaves_nobody_without_a_way(change: dict[str, object], refusal: Refusal | None) -> None:
    assert why_not_show(replace(GOOD, **change)) is refusal


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  NAIROBI ", "nairobi"),
        ("Orléans", "orleans"),
        ("Murang’a", "muranga"),
        ("Mukurwe-ini", "mukurwe ini"),
        ("نَيروبي", "نيروبي"),
        ("%_\\", ""),
    ],
)
def test_places_are_compared_without_case_accents_and_signs(typed: str, kept: str) -> None:
    assert search_key(typed) == kept


def test_a_word_with_a_hyphen_is_found_both_ways() -> None:
    assert {"mukurwe", "ini", "mukurweini"} <= set(found_by("Mukurwe-ini").split())


def test_who_hears_voices_is_welcome_in_groups_for_any_distress() -> None:
    assert set(whom_to_show("voice_hearers")) == {"voice_hearers", "any_distress"}
    assert whom_to_show("women") == ("women",)


@pytest.mark.parametrize(
    ("pattern", "after", "following"),
    [
        ({"recurrence": "weekly", "weekday": 1}, date(2026, 3, 3), date(2026, 3, 10)),
        ({"recurrence": "weekly", "weekday": 1}, date(2026, 3, 2), date(2026, 3, 3)),
        ({"recurrence": "fortnightly", "weekday": 1}, date(2026, 3, 3), date(2026, 3, 17)),
        ({"recurrence": "monthly", "weekday": 5, "week_of_month": 1}, date(2026, 3, 7), date(2026, 4, 4)),
        ({"recurrence": "monthly", "weekday": 5, "week_of_month": 1}, date(2026, 12, 5), date(2027, 1, 2)),
        ({"recurrence": "monthly", "weekday": 5, "week_of_month": 5}, date(2026, 2, 1), date(2026, 2, 28)),
        ({"recurrence": "monthly", "weekday": 5, "week_of_month": 5}, date(2026, 5, 1), date(2026, 5, 30)),
        ({"recurrence": "ask", "weekday": 5}, date(2026, 5, 1), None),
        ({"recurrence": "weekly", "weekday": None}, date(2026, 5, 1), None),
    ],
)
def test_the_next_day_of_a_pattern(pattern: dict[str, object], after: date, following: date | None) -> None:
    assert next_day(replace(GOOD, **pattern), after) == following
