"""Planning by quarter, choosing a line, and by how much spending goes over."""

import uuid
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funding.budgets import rules
from funding.budgets.rules import Over, Planned, Refusal, Spent

Q1, Q2, Q3 = date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1)
HALL, TEA, OTHER = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()


def line(line_id: uuid.UUID = HALL, cost: str = "venue", **amounts: int) -> Planned:
    by_quarter = {Q1: amounts.get("q1", 0), Q2: amounts.get("q2", 0), Q3: amounts.get("q3", 0)}
    return Planned(line_id, "Hall", cost, by_quarter)


class TestQuarters:
    @pytest.mark.parametrize(
        ("start", "end", "wanted"),
        [
            (date(2026, 1, 1), date(2026, 3, 31), [Q1]),
            (date(2026, 3, 31), date(2026, 4, 1), [Q1, Q2]),
            (date(2025, 12, 31), date(2026, 1, 1), [date(2025, 10, 1), Q1]),
        ],
    )
    def test_a_period_touches_these(self, start: date, end: date, wanted: list[date]) -> None:
        assert rules.quarters_between(start, end) == wanted

    @given(amount=st.integers(0, 10**15), often=st.integers(1, 24))
    def test_an_even_spread_adds_up(self, amount: int, often: int) -> None:
        quarters = [date(2000 + n // 4, n % 4 * 3 + 1, 1) for n in range(often)]
        parts = rules.spread(amount, quarters)
        assert list(parts) == quarters
        assert sum(parts.values()) == amount
        assert max(parts.values()) - min(parts.values()) <= 1


class TestPlan:
    def test_a_sum_is_spread_quarters_are_taken_as_they_are(self) -> None:
        assert rules.plan(10, {Q1: None, Q2: None}) == {Q1: 5, Q2: 5}
        assert rules.plan(None, {Q1: 7, Q2: None}) == {Q1: 7, Q2: 0}
        assert rules.plan(7, {Q1: 7, Q2: 0}) == {Q1: 7, Q2: 0}

    def test_what_does_not_add_up_is_said(self) -> None:
        assert rules.plan(8, {Q1: 7, Q2: None}) is Refusal.QUARTERS_DIFFER
        assert rules.plan(None, {Q1: None}) is Refusal.NOTHING_PLANNED
        assert rules.plan(None, {Q1: 0}) is Refusal.NOTHING_PLANNED


class TestAsking:
    def ask(self, *lines: Planned, **more: object) -> Refusal | None:
        values = {"number": 1, "reason": "", "ceiling": 100, "spent": {}, **more}
        return rules.why_not_ask(lines, **values)  # type: ignore[arg-type]

    def test_it_has_lines_within_the_grant(self) -> None:
        assert self.ask() is Refusal.NO_LINES
        assert self.ask(line(q1=100)) is None
        assert self.ask(line(q1=101)) is Refusal.MORE_THAN_CEILING
        assert self.ask(line(q1=101), ceiling=None) is None

    def test_it_keeps_what_is_spent(self) -> None:
        assert self.ask(line(q1=50), spent={HALL: 51}) is Refusal.LESS_THAN_SPENT
        assert self.ask(line(q1=50), spent={TEA: 1}) is Refusal.LINE_IS_USED
        assert self.ask(line(q1=50), spent={HALL: 50}) is None

    def test_a_later_one_says_why(self) -> None:
        assert self.ask(line(q1=50), number=2) is Refusal.REASON_MISSING
        assert self.ask(line(q1=50), number=2, reason="Agreed on 3 May") is None


class TestChooseLine:
    def test_the_only_one_for_a_cost_is_meant(self) -> None:
        hall, tea = line(), line(TEA, "refreshments")
        assert rules.choose_line([hall, tea], "refreshments", None) == tea
        assert rules.choose_line([hall, tea], "travel", None) is Refusal.COST_NOT_IN_BUDGET

    def test_where_several_share_a_cost_one_is_named(self) -> None:
        hall, church = line(), line(OTHER)
        assert rules.choose_line([hall, church], "venue", None) is Refusal.WHICH_LINE
        assert rules.choose_line([hall, church], "venue", OTHER) == church
        assert rules.choose_line([hall, church], "travel", OTHER) is Refusal.COST_NOT_IN_BUDGET
        assert rules.choose_line([hall], "venue", uuid.uuid4()) is Refusal.ANOTHER_FUNDS_LINE


class TestOver:
    @pytest.mark.parametrize(
        ("amount", "quarter", "taken", "wanted"),
        [
            (50, Q1, {}, Over()),
            (51, Q1, {}, Over(0, 1)),
            (1, Q3, {}, Over(0, 1)),
            (30, Q2, {Q2: 30}, Over(0, 10)),
            (50, Q2, {Q1: 60}, Over(10, 0)),
            (10, Q1, {Q1: 60, Q2: 50}, Over(10, 10)),
        ],
    )
    def test_a_line_and_its_quarter(
        self, amount: int, quarter: date, taken: dict[date, int], wanted: Over
    ) -> None:
        assert rules.over(amount, line(q1=50, q2=50), quarter, taken) == wanted

    def test_goes_with_a_word_on_why_and_never_over_the_whole(self) -> None:
        lines = [line(q1=50), line(TEA, q1=50)]
        assert rules.why_not_spend(60, lines, 0, Over(10, 10), why="") is Refusal.WHY_MISSING
        assert rules.why_not_spend(60, lines, 0, Over(10, 10), why="The roof") is None
        assert rules.why_not_spend(60, lines, 41, Over(10, 10), why="The roof") is Refusal.MORE_THAN_BUDGET


class TestTable:
    def test_adds_up_also_with_what_is_on_no_line(self) -> None:
        spending = [Spent(HALL, "venue", Q1, 70), Spent(None, "fees", Q1, 5), Spent(HALL, "venue", Q2, -20)]
        whole = rules.table([line(q1=50, q2=50)], spending)
        assert [(row.planned, row.spent, row.left) for row in whole.rows] == [(100, 50, 50), (0, 5, -5)]
        assert (whole.planned, whole.spent, whole.left) == (100, 55, 45)
        first, second, third = rules.by_quarter([line(q1=50, q2=50)], spending).values()
        assert (first.spent, second.spent, third.spent) == (75, -20, 0)
        assert first.planned + second.planned + third.planned == whole.planned
