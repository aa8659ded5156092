"""What is left of a grant goes somewhere, to the last minor unit."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funding.closings import rules
from funding.closings.rules import Refusal, Wish
from funding.ledger.rules import Place, Standing, require_balance

PLACES = list(Place)
FUNDS = ["general", "welfare", "reserve", "grant-2"]
amounts = st.integers(-(10**9), 10**12)


class TestWhyNot:
    @pytest.mark.parametrize(
        ("wish", "remaining", "refusal"),
        [
            (Wish(100, "bank", {}), 100, None),
            (Wish(101, "bank", {}), 100, Refusal.MORE_THAN_LEFT),
            (Wish(100, None, {}), 100, Refusal.WHERE_FROM),
            (Wish(99, "bank", {}), 100, Refusal.WHERE_TO),
            (Wish(0, None, {"general": 0}), 1, Refusal.WHERE_TO),
            (Wish(100, "bank", {"general": 1}), 100, Refusal.NOTHING_LEFT),
            (Wish(0, None, {"general": 1, "welfare": 2}), 100, None),
            (Wish(0, None, {}), 0, None),
        ],
    )
    def test_all_of_it_goes_somewhere(self, wish: Wish, remaining: int, refusal: Refusal | None) -> None:
        assert rules.why_not_close(wish, remaining=remaining) == refusal


@given(
    there=st.dictionaries(st.sampled_from(PLACES), amounts, min_size=1),
    share=st.fractions(0, 1),
    weights=st.dictionaries(st.sampled_from(FUNDS), st.integers(1, rules.MOST_PARTS), min_size=1),
    order=st.uuids(),
)
def test_the_parts_are_exactly_what_was_left(
    there: dict[str, int], share: object, weights: dict[str, int], order: object
) -> None:
    remaining = sum(there.values())
    if remaining < 0:
        return
    back = int(remaining * share)  # type: ignore[operator]
    wish = Wish(back, Place.BANK, weights)
    targets = rules.parts(remaining, wish, order=str(order))
    assert sum(targets.values()) + back == remaining
    assert min(targets.values()) >= 0
    left = Counter(there)
    left[Place.BANK] -= back
    lines = rules.moves("grant-1", left, targets)
    if lines:
        require_balance(lines)
    of_grant = Counter()
    of_funds = Counter()
    for line in lines:
        if line.account == Standing.BETWEEN_FUNDS:
            continue
        if line.fund == "grant-1":
            of_grant[line.account] += line.amount
        else:
            of_funds[line.fund] += line.amount
    assert {place: left[place] + of_grant[place] for place in left if left[place] + of_grant[place]} == {}
    assert {fund: amount for fund, amount in of_funds.items() if amount} == {
        fund: amount for fund, amount in targets.items() if amount
    } or sum(targets.values()) == 0
    places = Counter()
    for line in lines:
        if line.account != Standing.BETWEEN_FUNDS:
            places[line.account] += line.amount
    assert not any(places.values()), "money lies where it lay"


def test_the_same_parts_each_time_it_is_asked() -> None:
    wish = Wish(0, None, {"general": 1, "welfare": 1, "reserve": 1})
    assert rules.parts(100, wish, order="x") == rules.parts(100, wish, order="x")
