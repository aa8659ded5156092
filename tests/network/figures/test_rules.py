"""Quarters and signs, on plain values."""

from datetime import date

import pytest

from network.figures import rules
from network.figures.rules import Refusal, Sign


@pytest.mark.parametrize(
    ("today", "due"),
    [
        (date(2026, 1, 1), date(2025, 10, 1)),
        (date(2026, 3, 31), date(2025, 10, 1)),
        (date(2026, 4, 1), date(2026, 1, 1)),
        (date(2026, 12, 31), date(2026, 7, 1)),
    ],
)
def test_the_quarter_that_is_over_is_due(today: date, due: date) -> None:
    assert rules.last_finished(today) == due


@pytest.mark.parametrize("start", [date(2026, month, 1) for month in (1, 4, 7, 10)])
def test_quarters_follow_each_other_without_gap(start: date) -> None:
    assert rules.quarter_before(rules.next_quarter(start)) == start
    assert rules.quarter_of(rules.Quarter(start).last_month) == start


def test_four_finished_quarters_can_be_sent() -> None:
    found = rules.quarters_to_send(date(2026, 11, 22))
    assert found == [date(2026, 7, 1), date(2026, 4, 1), date(2026, 1, 1), date(2025, 10, 1)]


class TestWhySendNot:
    def why(self, **changed: object) -> Refusal | None:
        asked = {"today": date(2026, 11, 22), "seen": "a", "counted": "a", "is_same_as_sent": False}
        quarter = changed.pop("quarter", date(2026, 7, 1))
        return rules.why_not_send(quarter, **{**asked, **changed})

    def test_a_finished_quarter_as_it_was_seen_is_sent(self) -> None:
        assert self.why() is None

    def test_a_running_quarter_waits(self) -> None:
        assert self.why(quarter=date(2026, 10, 1)) is Refusal.NOT_A_QUARTER

    def test_other_numbers_than_those_seen_are_not_sent(self) -> None:
        assert self.why(seen="b") is Refusal.CHANGED_MEANWHILE

    def test_the_same_again_is_not_sent(self) -> None:
        assert self.why(is_same_as_sent=True) is Refusal.NOTHING_NEW


def test_something_else_is_said_in_words() -> None:
    assert rules.why_not_ask("other", "  ") is Refusal.SAY_WHAT
    assert rules.why_not_ask("other", "chairs") is None
    assert rules.why_not_ask("money", "") is None


@pytest.mark.parametrize(
    ("needs", "before", "home", "zero", "sign"),
    [
        ("no", True, True, False, None),
        ("money", True, True, True, Sign.ASKED),
        ("no", False, True, True, Sign.QUIET),
        (None, True, True, False, None),
        (None, False, True, False, Sign.SILENT),
        (None, False, False, False, None),
    ],
)
def test_who_may_want_a_hand(
    needs: str | None,
    before: object,
    home: object,
    zero: object,
    sign: Sign | None,
) -> None:
    asked = rules.why_ask(
        needs_help=needs, was_sent_before=bool(before), was_home_before=bool(home), has_zero=bool(zero)
    )
    assert asked is sign
