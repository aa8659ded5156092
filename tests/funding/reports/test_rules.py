"""The page adds up, whatever moved."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funding.ledger.queries import Movement
from funding.ledger.rules import Cost, Fund, Place, Source, Standing, moved
from funding.reports.rules import Period, month_of, quarter_of, read_period, report

postings = st.lists(
    st.tuples(
        st.one_of(
            st.builds(moved, st.sampled_from([*Source, *Standing]), st.sampled_from(list(Place)), st.sampled_from(list(Fund)), st.integers(1, 10**9)),
            st.builds(moved, st.sampled_from(list(Place)), st.sampled_from([*Cost, *Place]), st.sampled_from(list(Fund)), st.integers(1, 10**9)),
        ),
        st.booleans(),
        st.booleans(),
    )
)  # fmt: skip


@given(postings)
def test_opening_and_in_and_out_come_to_the_closing(moves: list) -> None:
    sums: dict[tuple[str, str], list[int]] = {}
    for lines, is_before, is_taken_back in moves:
        for line in lines:
            amount = -line.amount if is_taken_back else line.amount
            row = sums.setdefault((line.account, line.fund), [0, 0, 0])
            row[0 if is_before else (1 if amount > 0 else 2)] += amount if is_before else abs(amount)
    whole = report([Movement(*key, *row) for key, row in sums.items()], hardship_count=0)
    parts = [whole.whole, *whole.funds.values(), *whole.places.values()]
    assert all(part.adds_up for part in parts)
    for by in (whole.funds, whole.places):
        assert sum(part.opening for part in by.values()) == whole.whole.opening
        assert sum(part.closing for part in by.values()) == whole.whole.closing
    assert sum(part.total_in for part in whole.funds.values()) == whole.whole.total_in


@pytest.mark.parametrize(
    ("month", "quarter", "code"),
    [
        ("2026-03", None, "2026-03"), (None, "2026-Q4", "2026-Q4"), ("1999-12", None, "2026-05"), (None, "2026-q1", "2026-Q1"), (None, None, "2026-05"),
        ("2026-13", None, "2026-05"), ("garbage", None, "2026-05"), (None, "2026-Q9", "2026-05"), (None, "Q", "2026-05"),
        ("0000-01", None, "2026-05"), ("9999-12", None, "2026-05"), ("1-1", None, "2026-05"),
    ],
)  # fmt: skip
def test_an_address_that_asks_for_no_month_there_is_gets_this_one(
    month: str | None, quarter: str | None, code: str
) -> None:
    assert read_period(month, quarter, today=date(2026, 5, 9)).code == code


def test_periods_follow_each_other() -> None:
    period = month_of(date(2026, 12, 31))
    assert (period.after.code, period.before.code, period.end) == ("2027-01", "2026-11", date(2027, 1, 1))
    assert quarter_of(date(2026, 11, 2)).after == Period(date(2027, 1, 1), 3)
