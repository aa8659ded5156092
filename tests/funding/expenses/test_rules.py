"""Which fund an expense is offered from."""

import pytest

from funding.expenses.rules import fullest_fund
from funding.ledger.rules import Fund


@pytest.mark.parametrize(
    ("there", "offered"),
    [
        ({}, Fund.GENERAL),
        ({("cash", "general"): 500, ("bank", "welfare"): 9_000}, Fund.GENERAL),
        ({("cash", "general"): 0, ("bank", "welfare"): 9_000}, Fund.WELFARE),
        ({("cash", "reserve"): 9_000}, Fund.GENERAL),
    ],
)
def test_a_fund_with_money_in_it_is_offered_first(there: dict[tuple[str, str], int], offered: Fund) -> None:
    assert fullest_fund(there) == offered
