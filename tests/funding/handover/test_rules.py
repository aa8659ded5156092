"""When a handover is needed, who signs it, what is posted."""

import uuid
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funding.handover.rules import Refusal, is_needed, lines_to_post, why_not_sign, without_words
from funding.ledger.rules import Fund, Place, find_shortage, require_balance

IN, OUT, CHAIR, SOMEBODY = (uuid.uuid4() for _ in range(4))


@pytest.mark.parametrize(
    ("more", "needed"),
    [
        ({}, True), ({"last": IN}, False), ({"last": None}, False), ({"others_in_office": True}, False), ({"entries": 0}, False),
    ],
)  # fmt: skip
def test_it_follows_when_somebody_else_keeps_a_book_with_something_in_it(
    more: dict[str, object],
    needed: bool,  # noqa: FBT001 - a case of the table
) -> None:
    fine = {"incoming": IN, "last": OUT, "others_in_office": False, "entries": 7}
    assert is_needed(**{**fine, **more}) is needed


@pytest.mark.parametrize(
    ("signers", "why_not"),
    [
        ({IN, OUT}, None), ({IN, CHAIR}, None), ({IN}, Refusal.OWN_SECOND), ({OUT, CHAIR}, Refusal.INCOMING_SIGNS),
        ({IN, SOMEBODY}, Refusal.NOT_AN_OFFICER),
    ],
)  # fmt: skip
def test_both_sign_or_somebody_in_office_for_whoever_cannot_come(
    signers: set[uuid.UUID], why_not: Refusal | None
) -> None:
    assert why_not_sign(signers, incoming=IN, outgoing=OUT, officers={IN, CHAIR} & signers) == why_not


def test_without_a_sign_in_of_the_outgoing_one_an_officer_signs() -> None:
    assert why_not_sign({IN, SOMEBODY}, incoming=IN, outgoing=None, officers={IN}) == Refusal.NOT_AN_OFFICER
    assert why_not_sign({IN, CHAIR}, incoming=IN, outgoing=None, officers={IN, CHAIR}) is None


def test_every_difference_needs_words() -> None:
    counted, book = {"cash": 5, "bank": 7}, {"cash": 5, "bank": 8}
    assert without_words(counted, book, {}) == ["bank"]
    assert without_words(counted, book, {"bank": "a fee"}) == []


amounts = st.integers(0, 10**9)


@given(
    st.dictionaries(
        st.sampled_from([*Place]), st.dictionaries(st.sampled_from([*Fund, "grant-1"]), amounts), min_size=1
    ),
    st.fixed_dictionaries(dict.fromkeys([str(place) for place in Place], amounts)),
    st.sets(st.sampled_from([str(place) for place in Place])),
)
def test_what_is_posted_brings_each_place_to_what_was_counted_and_no_fund_below_nothing(
    lying: dict[Place, dict[str, int]], counted: dict[str, int], posting: set[str]
) -> None:
    there = {
        (str(place), str(fund)): amount for place, funds in lying.items() for fund, amount in funds.items()
    }
    lines = lines_to_post(counted, there, posting=posting)
    after = Counter({place: sum(a for (at, _), a in there.items() if at == place) for place in posting})
    for line in lines:
        if line.account in posting:
            after[line.account] += line.amount
    assert all(after[place] == counted[place] for place in posting)
    if lines:
        require_balance(lines)
        assert find_shortage(lines, there) is None
