"""Decisions about spending."""

from collections.abc import Mapping

from funding.ledger.rules import Fund

SPENT_FREELY = (Fund.GENERAL, Fund.WELFARE)
"""The hardship reserve pays only for requests that were agreed."""


def fullest_fund(there: Mapping[tuple[str, str], int]) -> Fund:
    """Which fund to offer first: general money where there is any, else whichever holds more."""
    held = {fund: sum(amount for (_, code), amount in there.items() if code == fund) for fund in SPENT_FREELY}
    return Fund.GENERAL if held[Fund.GENERAL] > 0 else max(SPENT_FREELY, key=held.__getitem__)
