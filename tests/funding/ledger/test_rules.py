"""The book's plain decisions."""

import uuid
from datetime import UTC, date, datetime
from itertools import pairwise
from types import MappingProxyType

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from funding.ledger.rules import (
    CHART,
    GENESIS,
    Cost,
    Fund,
    Line,
    Place,
    Refusal,
    Source,
    Standing,
    UnbalancedEntry,
    Written,
    find_shortage,
    memo_hash,
    mirrored,
    moved,
    moved_between_funds,
    require_balance,
    seal,
    share_out,
    spread,
    tidy,
    why_not_on,
    why_not_second,
)

amounts = st.integers(1, 10**12)
lines = st.lists(
    st.builds(moved, st.sampled_from(list(Place)), st.sampled_from(list(Cost)), st.sampled_from(list(Fund)), amounts), min_size=1
).map(lambda pairs: tuple(line for pair in pairs for line in pair))  # fmt: skip
ANN, BEN = uuid.uuid4(), uuid.uuid4()


@given(lines)
def test_what_is_moved_always_balances_and_turning_it_gives_nothing(moves: tuple[Line, ...]) -> None:
    require_balance(moves)
    assert tidy([*moves, *mirrored(moves)]) == ()
    assert sum(line.amount for line in tidy(moves)) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        (),
        (Line("cash", "general", 1),),
        (Line("cash", "general", 1), Line("grants", "welfare", -1)),
        (Line("pocket", "general", 1), Line("grants", "general", -1)),
    ],
)
def test_what_does_not_balance_is_a_mistake_in_the_program(wrong: tuple[Line, ...]) -> None:
    with pytest.raises(UnbalancedEntry):
        require_balance(wrong)


@given(amounts, st.dictionaries(st.sampled_from(list(Fund)), st.integers(-(10**6), 10**9)))
def test_spreading_loses_nothing(amount: int, there: dict[str, int]) -> None:
    parts = spread(amount, there, otherwise=Fund.GENERAL)
    assert sum(parts.values()) == amount
    assert all(part > 0 for part in parts.values())


@given(amounts, st.dictionaries(st.sampled_from(list(Fund)), st.integers(0, 10**9), min_size=1))
def test_spreading_takes_no_more_than_there_is_where_there_is_enough(
    amount: int, there: dict[str, int]
) -> None:
    parts = spread(amount, there, otherwise=Fund.GENERAL)
    if amount <= sum(there.values()):
        assert all(part <= there[fund] for fund, part in parts.items())


class TestFindShortage:
    there = MappingProxyType({("cash", "general"): 100, ("bank", "reserve"): 50})

    def test_a_place_holds_no_less_than_nothing(self) -> None:
        shortage = find_shortage(moved(Place.CASH, Cost.VENUE, Fund.GENERAL, 101), self.there)
        assert shortage
        assert (shortage.refusal, shortage.there) == (Refusal.NOT_ENOUGH_IN_PLACE, 100)

    def test_a_fund_holds_no_less_than_nothing(self) -> None:
        shortage = find_shortage(moved(Place.CASH, Cost.HARDSHIP, Fund.RESERVE, 60), self.there)
        assert shortage
        assert (shortage.refusal, shortage.there) == (Refusal.NOT_ENOUGH_IN_FUND, 50)

    def test_the_last_shilling_can_go(self) -> None:
        assert find_shortage(moved(Place.CASH, Cost.VENUE, Fund.GENERAL, 100), self.there) is None

    def test_what_comes_in_is_never_short(self) -> None:
        assert find_shortage(moved(Source.GRANTS, Place.CASH, Fund.GENERAL, 10**9), {}) is None


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2026, 3, 2), Refusal.IN_THE_FUTURE),
        (date(2026, 3, 1), None),
        (date(2025, 2, 28), None),
        (date(2025, 2, 27), Refusal.TOO_LONG_AGO),
    ],
)
def test_days_up_to_a_year_back(day: date, why: Refusal | None) -> None:
    assert why_not_on(day, today=date(2026, 3, 1)) == why


@pytest.mark.parametrize(
    ("second", "is_officer", "why"),
    [(ANN, True, Refusal.OWN_SECOND), (BEN, False, Refusal.NOT_AN_OFFICER), (BEN, True, None)],
)
def test_the_second_person_is_somebody_else_in_office(
    second: uuid.UUID, is_officer: int, why: Refusal | None
) -> None:
    assert why_not_second(second=second, first=ANN, is_officer=bool(is_officer)) == why


def written(**more: object) -> Written:
    values = {
        "group_id": ANN, "number": 1, "id": BEN, "kind": "grant", "currency": "KES", "effective_on": date(2026, 1, 1),
        "recorded_at": datetime(2026, 1, 1, tzinfo=UTC), "recorded_by": ANN, "confirmed_by": None, "code": None, "reverses": None,
        "memo_hash": None, "previous_hash": GENESIS, "lines": moved(Source.GRANTS, Place.CASH, Fund.GENERAL, 5), **more,
    }  # fmt: skip
    return Written(**values)


class TestSeal:
    def test_is_the_same_for_the_same_entry_in_any_order_of_legs(self) -> None:
        whole = written()
        assert seal(whole) == seal(written(lines=tuple(reversed(whole.lines))))

    @pytest.mark.parametrize(
        "changed",
        [
            {"number": 2},
            {"kind": "other_income"},
            {"currency": "USD"},
            {"effective_on": date(2026, 1, 2)},
            {"recorded_by": BEN},
            {"confirmed_by": BEN},
            {"code": "H-2345"},
            {"reverses": ANN},
            {"memo_hash": b"x"},
            {"previous_hash": b"x" * 32},
            {"lines": moved(Source.GRANTS, Place.CASH, Fund.GENERAL, 6)},
        ],
    )
    def test_changes_with_everything_it_covers(self, changed: dict[str, object]) -> None:
        assert seal(written()) != seal(written(**changed))

    def test_a_memo_cannot_be_guessed_without_its_salt(self) -> None:
        seals = [memo_hash(bytes([salt]), "Rent") for salt in range(5)]
        assert all(one != other for one, other in pairwise(seals))


@given(
    st.integers(0, 10**12),
    st.dictionaries(st.sampled_from(["grant-1", "grant-2", "general", "welfare", "reserve"]), st.integers(0, 100), min_size=1),
    st.uuids(),
)  # fmt: skip
def test_what_is_shared_out_comes_to_the_whole_and_nobody_is_a_unit_off(
    amount: int, weights: dict[str, int], key: uuid.UUID
) -> None:
    whole = sum(weights.values())
    assume(whole > 0)
    parts = share_out(amount, weights, order=str(key))
    assert sum(parts.values()) == amount
    assert all(abs(parts[name] * whole - amount * weight) < whole for name, weight in weights.items())


def test_who_gets_the_odd_unit_changes_from_one_time_to_another() -> None:
    first = {
        max(parts, key=parts.__getitem__)
        for n in range(50)
        if (parts := share_out(4, {"a": 1, "b": 1, "c": 1}, order=str(n)))
    }
    assert first == {"a", "b", "c"}


@pytest.mark.parametrize(
    ("amount", "weights"), [(-1, {"a": 1}), (5, {}), (5, {"a": 0}), (5, {"a": 2, "b": -1})]
)
def test_what_cannot_be_shared_out_is_a_mistake_in_the_program(amount: int, weights: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        share_out(amount, weights, order="x")


def test_money_moved_between_funds_adds_up_in_each() -> None:
    lines = moved_between_funds("bank", "grant-1", "general", 700)
    require_balance(lines)
    assert {(line.account, line.fund): line.amount for line in lines if line.account == "bank"} == {
        ("bank", "grant-1"): -700,
        ("bank", "general"): 700,
    }


def test_every_account_has_one_kind_and_one_name() -> None:
    assert len(CHART) == len(set(CHART)) == len(Place) + len(Source) + len(Cost) + len(Standing)
