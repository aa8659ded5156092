"""Notes and coins, and where a difference goes."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funding.counts.rules import (
    DENOMINATIONS,
    Refusal,
    denominations,
    difference_lines,
    lines_of,
    losing,
    why_not_agree,
    worth,
)
from funding.ledger.rules import Cost, Fund, Place, Source, find_shortage, require_balance
from network.currencies import minor_digits


@pytest.mark.parametrize("currency", ["KES", "UGX", "TZS", "RWF", "ETB", "GBP", "EUR", "USD"])
def test_notes_and_coins_of_these_are_known(currency: str) -> None:
    values = denominations(currency)
    assert list(values) == sorted(set(values), reverse=True)
    assert 10 ** minor_digits(currency) in values or values[-1] >= 10 ** minor_digits(currency)


def test_other_money_is_one_amount() -> None:
    assert denominations("KWD") == ()
    assert worth({}, 1_250) == 1_250


@given(
    st.sampled_from(sorted(DENOMINATIONS)),
    st.lists(st.integers(0, 5_000), max_size=14),
    st.integers(0, 10**6),
)
def test_a_count_comes_to_its_pieces(currency: str, numbers: list[int], other: int) -> None:
    pieces = dict(zip(denominations(currency), numbers, strict=False))
    stored = {str(value): number for value, number in pieces.items()}
    assert sum(comes_to for _value, _number, comes_to in lines_of(stored)) + other == worth(pieces, other)


amounts = st.integers(0, 10**9)
funds = st.fixed_dictionaries(
    {
        Fund.GENERAL.value: amounts,
        Fund.WELFARE.value: amounts,
        Fund.RESERVE.value: amounts,
        "grant-1": amounts,
    }
)


@given(funds, st.data())
def test_what_is_missing_is_borne_whole_and_no_fund_goes_below_nothing(
    there: dict[str, int], data: st.DataObject
) -> None:
    missing = data.draw(st.integers(1, max(1, sum(there.values()))))
    if missing > sum(there.values()):
        return
    lines = difference_lines(Place.CASH, -missing, there)
    require_balance(lines)
    assert sum(line.amount for line in lines if line.account == Cost.COUNTED_LESS) == missing
    held = {(Place.CASH.value, fund): amount for fund, amount in there.items()}
    assert find_shortage(lines, held) is None


@given(funds, st.integers(1, 10**9))
def test_what_is_kept_for_hardship_goes_last(there: dict[str, int], missing: int) -> None:
    parts = Counter(losing(missing, there))
    if parts[Fund.RESERVE]:
        assert all(parts[fund] >= there[fund] for fund in there if fund != Fund.RESERVE)


def test_more_than_there_should_be_is_general_money() -> None:
    lines = difference_lines(Place.CASH, 250, {})
    assert {(line.account, line.fund, line.amount) for line in lines} == {
        (Place.CASH, Fund.GENERAL, 250),
        (Source.COUNTED_MORE, Fund.GENERAL, -250),
    }


def test_a_difference_needs_words_and_a_book_that_stood_still() -> None:
    assert why_not_agree(difference=0, has_why=False, has_moved=False) is None
    assert why_not_agree(difference=-5, has_why=True, has_moved=False) is None
    assert why_not_agree(difference=-5, has_why=False, has_moved=False) == Refusal.WHY_NEEDED
    assert why_not_agree(difference=0, has_why=True, has_moved=True) == Refusal.BOOK_MOVED
