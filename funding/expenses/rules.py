"""Decisions about spending."""

from collections import Counter
from collections.abc import Mapping, Sequence

from funding.budgets.rules import Planned
from funding.ledger.rules import Fund

SPENT_FREELY = (Fund.GENERAL, Fund.WELFARE)
"""The hardship reserve pays only for requests that were agreed."""


def lines_to_choose(planned: Mapping[str, Sequence[Planned]]) -> dict[str, list[Planned]]:
    """The lines of budgets, by fund, that share their cost with another: the cost alone does not say which is meant."""
    found = {}
    for fund, lines in planned.items():
        often = Counter(line.cost for line in lines)
        found[fund] = [line for line in lines if often[line.cost] > 1]
    return {fund: lines for fund, lines in found.items() if lines}


def fullest_fund(there: Mapping[tuple[str, str], int]) -> Fund:
    """Which fund to offer first: general money where there is any, else whichever holds more."""
    held = {fund: sum(amount for (_, code), amount in there.items() if code == fund) for fund in SPENT_FREELY}
    return Fund.GENERAL if held[Fund.GENERAL] > 0 else max(SPENT_FREELY, key=held.__getitem__)
