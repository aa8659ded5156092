"""How everybody is counted, what is missing, what time a return covers."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groups.membership.rules import composition_word, matrix_of
from groups.returns import rules
from groups.returns.rules import Gap
from network.authorities.guide import MINISTRY, PROFILES, Kind, Part

SEX = st.sampled_from(["f", "m", "i", None])
AGE = st.sampled_from(["under", "youth", "adult", "older", None])
YES = st.sampled_from(["yes", "not", None])


class TestMatrix:
    @given(st.lists(st.tuples(SEX, AGE, YES)), st.integers(0, 40))
    def test_every_row_adds_up_and_nobody_is_guessed(self, told: list[Any], left_out: int) -> None:
        found = rules.matrix(matrix_of(told), left_out=left_out)
        assert list(found) == list(rules.ROWS)
        assert sum(found["members"].values()) == len(told) + left_out
        for code in rules.SEXES:
            assert found["members"][code] == sum(sex == code for sex, _, _ in told)
        assert sum(found["youth"].values()) == sum(age == "youth" for _, age, _ in told)
        assert sum(found["older"].values()) == sum(age == "older" for _, age, _ in told)
        assert sum(found["registered"].values()) == sum(registered == "yes" for _, _, registered in told)

    def test_whoever_is_left_out_is_in_the_total_and_nowhere_else(self) -> None:
        found = rules.matrix(matrix_of([("f", "youth", "yes")]), left_out=2)
        assert found["members"] == {"f": 1, "m": 0, "i": 0, "not_said": 2}
        assert found["youth"]["not_said"] == found["registered"]["not_said"] == 0


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        (["lived"] * 4, None),
        (["lived"] * 4 + ["carer"], [4, 5]),
        (["mixed"] * 3 + ["carer"] * 3, [3, 6]),
        ([], None),
    ],
)
def test_the_share_is_exact_and_hidden_below_five(answers: list[str], found: list[int] | None) -> None:
    assert rules.ratio(answers) == found


class TestTime:
    @pytest.mark.parametrize(
        ("last", "first"),
        [
            (date(2026, 12, 31), date(2026, 1, 1)),
            (date(2024, 2, 29), date(2023, 3, 1)),
            (date(2024, 2, 28), date(2023, 3, 1)),
            (date(2025, 2, 28), date(2024, 3, 1)),
            (date(2024, 3, 1), date(2023, 3, 2)),
        ],
    )
    def test_a_year_until_a_day(self, last: date, first: date) -> None:
        assert rules.year_until(last) == (first, last)

    @given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
    def test_a_year_is_a_year_and_a_quarter_lies_before(self, day: date) -> None:
        first, last = rules.year_until(day)
        assert 364 <= (last - first).days <= 365
        start, end = rules.quarter_before(day)
        assert start.day == 1
        assert start.month in (1, 4, 7, 10)
        assert 89 <= (end - start).days <= 91
        assert timedelta(0) < day - end <= timedelta(days=92)


EMPTY: dict[str, Any] = {
    "certificate": {}, "answers": {}, "officers": [{"office": "chairperson", "member": "", "is_needed": True}], "people": {},
    "meetings": {"held": 0}, "assets": [], "money": None, "objectives": [], "words": "",
}  # fmt: skip


class TestMissing:
    def test_where_nothing_is_recorded_everything_the_form_asks_is_named(self) -> None:
        found = rules.missing(EMPTY, MINISTRY.parts(Kind.YEARLY), MINISTRY.questions)
        assert found == [gap for gap in Gap if gap != Gap.RATIO]

    def test_only_what_this_form_asks_is_named(self) -> None:
        for profile in PROFILES.values():
            for authority in profile.authorities:
                for kind in authority.kinds:
                    found = rules.missing(EMPTY, authority.parts(kind), authority.questions)
                    assert (Gap.RATIO in found) is (Part.RATIO in authority.parts(kind))
        assert rules.missing(EMPTY, (Part.MEETINGS,), ()) == [Gap.MEETINGS]

    def test_nothing_is_missing_where_all_is_there(self) -> None:
        told = {"members": {"f": 3, "m": 2, "i": 0, "not_said": 0}}
        whole = EMPTY | {
            "certificate": {"number": "1"}, "officers": [{"office": "chairperson", "member": "left_out", "is_needed": True}],
            "people": {"matrix": told, "ratio": [3, 5]}, "meetings": {"held": 2}, "assets": [1], "money": [1, 2, "KES"],
            "objectives": [1], "words": "x",
        }  # fmt: skip
        assert rules.missing(whole, tuple(Part), ()) == []


@pytest.mark.parametrize(
    ("typed", "is_one"),
    [
        ("2012", True),
        ("\u0662\u0660\u0661\u0662", True),
        ("12", False),
        ("201a", False),
        ("1200", False),
        ("2999", False),
        ("", False),
    ],
)
def test_a_year_is_four_digits_of_any_script(*, typed: str, is_one: bool) -> None:
    assert rules.is_year(typed) is is_one


ANSWER = st.sampled_from(["lived", "mixed", "carer"])


@given(st.lists(ANSWER, min_size=5, max_size=40), st.integers(1, 100))
def test_beside_the_share_the_word_tells_nothing_more(answers: list[str], minimum: int) -> None:
    """Whoever reads both could work the word out of the share: of nobody can more be said than the share says."""
    found = rules.ratio(answers)
    assert found is not None
    lived, all_of_them = found
    alike = ["lived"] * lived + ["carer"] * (all_of_them - lived)
    assert composition_word(alike, minimum=minimum) == composition_word(answers, minimum=minimum)
