"""Splitting a sheet loses nothing, in money with none, two or three decimals."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funding.contributions.rules import Given, column_sums, split_lines
from funding.ledger.rules import Fund, Place, Source, require_balance
from funding.welfare.rules import reserve_part
from network.web.formatting import amount_text, minor_digits
from network.web.forms import minor_units

amounts = st.integers(0, 10**12)
percents = st.integers(0, 100)


@given(amounts, percents)
def test_both_parts_add_up_and_neither_is_below_nothing(amount: int, percent: int) -> None:
    reserve = reserve_part(amount, percent)
    assert 0 <= reserve <= amount
    assert abs(reserve * 100 - amount * percent) <= 50


@given(
    st.sampled_from(["UGX", "RWF", "KES", "TZS", "ETB", "GBP", "KWD", "TND"]),
    st.lists(st.tuples(st.sampled_from([Place.CASH, Place.MOBILE_MONEY]), st.integers(1, 10**9)), min_size=1),
    percents,
)
def test_a_sheet_typed_in_money_of_any_decimals_is_split_to_the_last_unit(
    currency: str, typed: list[tuple[str, int]], percent: int
) -> None:
    """Column by column: what goes to the welfare fund and to the reserve is exactly what was typed."""
    digits = minor_digits(currency)
    rows = [
        Given(uuid.uuid4(), place, minor_units(amount_text(minor, currency), currency))
        for place, minor in typed
    ]
    columns = column_sums(rows)
    lines = split_lines(columns, percent)
    assert sum(columns.values()) == sum(minor for _, minor in typed)
    assert digits in {0, 2, 3}
    for place, whole in columns.items():
        parts = {line.fund: line.amount for line in lines if line.account == place}
        assert sum(parts.values()) == whole
        assert all(part >= 0 for part in parts.values())
        assert abs(parts.get(Fund.RESERVE, 0) * 100 - whole * percent) <= 50


@pytest.mark.parametrize(
    ("amount", "percent", "reserve"),
    [(0, 20, 0), (1, 50, 1), (1, 49, 0), (10, 25, 3), (100, 0, 0), (100, 100, 100), (33, 10, 3), (35, 10, 4)],
)
def test_half_a_unit_goes_to_the_reserve(amount: int, percent: int, reserve: int) -> None:
    assert reserve_part(amount, percent) == reserve


@given(
    st.lists(st.tuples(st.sampled_from([Place.CASH, Place.MOBILE_MONEY]), st.integers(1, 10**9))), percents
)
def test_a_sheet_balances_and_comes_to_what_was_given(given_: list[tuple[str, int]], percent: int) -> None:
    rows = [Given(uuid.uuid4(), place, amount) for place, amount in given_]
    lines = split_lines(column_sums(rows), percent)
    if rows:
        require_balance(lines)
    total = sum(amount for _, amount in given_)
    assert -sum(line.amount for line in lines if line.account == Source.CONTRIBUTIONS) == total
    assert {line.fund for line in lines} <= {Fund.WELFARE, Fund.RESERVE}
