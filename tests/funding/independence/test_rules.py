"""Where money came from by year, what came and went by month, and how long it lasts."""

from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funding.independence import rules

JAN, NOV = date(2026, 1, 1), date(2026, 11, 1)


@dataclass(frozen=True)
class Moved:
    month: date
    account: str
    amount: int
    fund: str = "general"


class TestYears:
    def test_tell_seed_grants_and_own_apart_without_gaps(self) -> None:
        moved = [
            Moved(date(2024, 5, 1), "seed", -600), Moved(date(2024, 6, 1), "contributions", -200),
            Moved(date(2024, 6, 1), "other_income", -200), Moved(JAN, "grants", -300), Moved(JAN, "venue", 999),
            Moved(JAN, "opening", -50), Moved(JAN, "counted_more", -5),
        ]  # fmt: skip
        found = rules.years(moved)
        assert [(one.year, one.seed, one.grants, one.own) for one in found] == [
            (2024, 600, 0, 400), (2025, 0, 0, 0), (2026, 0, 300, 0),
        ]  # fmt: skip
        assert [one.own_percent for one in found] == [40, None, 0]

    def test_what_was_taken_back_counts_no_more(self) -> None:
        assert rules.years([Moved(JAN, "grants", -300), Moved(JAN, "grants", 300)])[0].own_percent is None

    @given(seed=st.integers(0, 10**15), grants=st.integers(0, 10**15), own=st.integers(0, 10**15))
    def test_the_share_is_the_nearest_percent(self, seed: int, grants: int, own: int) -> None:
        year = rules.Year(2026, seed, grants, own)
        if year.total:
            assert year.own_percent is not None
            assert abs(year.own_percent * year.total - own * 100) * 2 <= year.total


class TestMonths:
    def test_empty_ones_are_there_too_and_the_reserve_carries_on(self) -> None:
        moved = [
            Moved(date(2020, 1, 1), "cash", 70, "reserve"), Moved(NOV, "cash", -20, "reserve"), Moved(NOV, "hardship", 20, "reserve"),
            Moved(date(2026, 10, 1), "grants", -300), Moved(date(2026, 10, 1), "between_funds", 40),
        ]  # fmt: skip
        found = rules.months(moved, last=NOV)
        assert len(found) == 12
        assert found[0].month == date(2025, 12, 1)
        assert [(one.came, one.went, one.reserve) for one in found[-2:]] == [(300, 0, 70), (0, 20, 50)]


class TestLasting:
    def spent(self, months: int, amount: int, **more: str) -> list[Moved]:
        return [
            Moved(rules.month_before(NOV, n + 1), more.get("account", "venue"), amount) for n in range(months)
        ]

    def test_is_what_is_there_by_what_a_month_costs(self) -> None:
        lasting = rules.lasting([*self.spent(12, 100), Moved(JAN, "bank", 250)], this_month=NOV)
        assert lasting == rules.Lasting(250, 100, 12, 25)

    def test_looks_at_twelve_whole_months_or_as_many_as_there_are(self) -> None:
        assert rules.lasting([*self.spent(3, 100), Moved(NOV, "bank", 300)], this_month=NOV) == rules.Lasting(300, 100, 3, 30)  # fmt: skip
        many = rules.lasting(
            [*self.spent(30, 100), Moved(NOV, "venue", 9_999), Moved(NOV, "bank", 100)], this_month=NOV
        )
        assert many == rules.Lasting(100, 100, 12, 10)

    def test_leaves_hardship_out_on_both_sides(self) -> None:
        moved = [*self.spent(12, 100), *self.spent(12, 50, account="hardship"), Moved(JAN, "bank", 100)]
        assert rules.lasting([*moved, Moved(JAN, "cash", 500, "reserve")], this_month=NOV) == rules.Lasting(100, 100, 12, 10)  # fmt: skip

    @pytest.mark.parametrize("moved", [[], [Moved(NOV, "venue", 5)], [Moved(JAN, "bank", 5)]])
    def test_says_nothing_where_nothing_can_be_said(self, moved: list[Moved]) -> None:
        assert rules.lasting(moved, this_month=NOV) is None


def test_months_before_cross_years() -> None:
    assert rules.month_before(JAN, 1) == date(2025, 12, 1)
    assert rules.month_before(JAN, 13) == date(2024, 12, 1)
    assert rules.month_before(date(2026, 12, 1), -1) == date(2027, 1, 1)
