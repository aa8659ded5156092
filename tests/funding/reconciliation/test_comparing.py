"""A statement beside the book: what explains the difference makes it up, to the last cent."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funding.ledger.rules import Place
from funding.matching import commands as matching
from funding.matching import queries as lines
from funding.reconciliation.queries import Difference, difference
from funding.reconciliation.rules import AccountRun, Joined, reconciled
from funding.statements.models import AccountPlace
from funding.statements.queries import get_statement
from network import clock
from tests.factories.funding import Officers, make_officers, post_income
from tests.factories.matching import confirm, draft_expense, join, write_income
from tests.factories.statements import Moved, a_day, bring, lines_of, mpesa
from tests.support.app import in_scope

AMOUNTS = st.integers(-(10**9), 10**9)


@given(
    st.lists(st.tuples(AMOUNTS, AMOUNTS, AMOUNTS), min_size=1, max_size=3),
    AMOUNTS,
    AMOUNTS,
    st.lists(st.builds(Joined, AMOUNTS, st.booleans(), st.booleans()), max_size=8),
    AMOUNTS,
)
def test_the_parts_always_make_up_the_difference(
    runs: list[tuple[int, int, int]], before: int, entries: int, joined: list[Joined], aside: int
) -> None:
    found = reconciled(
        [AccountRun(*run) for run in runs],
        book_before=before,
        book_after=before + entries,
        entries=entries,
        joined=joined,
        left_aside=aside,
    )
    assert found.explained == found.difference == found.book - found.statement


@pytest.fixture
def people(app: object) -> Officers:
    made = make_officers()
    post_income(made, 100_000, place=Place.MOBILE_MONEY, effective_on=a_day(20))
    return made


def compare(people: Officers, statement: Any) -> Difference:
    with in_scope(people.group, people.treasurer):
        found = difference(get_statement(statement.id))
    assert found is not None
    assert found.sums.explained == found.sums.difference
    return found


def test_a_statement_that_is_wholly_in_the_book_says_the_same(people: Officers) -> None:
    moves = [Moved("S1", a_day(9), 500), Moved("S2", a_day(8), -200, "Pay Bill")]
    statement = bring(people, mpesa(moves)).statements[0]
    one, two = lines_of(people)
    write_income(people, one, 500)
    confirm(people, draft_expense(people, two, 200))
    found = compare(people, statement)
    assert (found.sums.statement, found.sums.book, found.sums.difference) == (130_000, 130_000, 0)
    assert (found.open_lines, found.entries) == ([], [])


def test_what_is_open_and_what_is_only_in_the_book_explain_the_rest(people: Officers) -> None:
    moves = [Moved("S1", a_day(9), 500), Moved("S2", a_day(8), -200, "Pay Bill"), Moved("S3", a_day(7), 40)]
    statement = bring(people, mpesa(moves)).statements[0]
    one, _two, three = lines_of(people)
    write_income(people, one, 300)
    post_income(people, 7_000, place=Place.MOBILE_MONEY, effective_on=a_day(8))
    post_income(people, 9_000, place=Place.BANK, effective_on=a_day(8))
    with in_scope(people.group, people.treasurer):
        matching.leave_aside(
            lines.get_line(three.id), reason="Wrong till", by=people.treasurer.id, now=clock.now()
        )
    sums = compare(people, statement).sums
    assert (sums.not_in_book, sums.left_aside, sums.not_on_statement) == (0, 4_000, 7_000)
    assert (sums.before, sums.other_days, sums.missing) == (0, 0, 0)
    assert sums.difference == 7_000 - 4_000


def test_a_different_day_an_earlier_difference_and_a_missing_day_are_told_apart(people: Officers) -> None:
    first = bring(people, mpesa([Moved("S1", a_day(9), 500)], opening=900)).statements[0]
    late = post_income(people, 50_000, place=Place.MOBILE_MONEY, effective_on=a_day(1))
    join(people, lines_of(people)[0], late)
    sums = compare(people, first).sums
    assert (sums.before, sums.other_days, sums.not_in_book) == (10_000, -50_000, 0)
    second = bring(people, mpesa([Moved("S9", a_day(2), 10)], opening=1600)).statements[0]
    assert compare(people, second).sums.missing == 20_000


def test_several_accounts_of_a_place_are_added_together(people: Officers) -> None:
    bring(people, b"Short Code,1\n" + mpesa([Moved("S1", a_day(9), 500)], opening=400))
    statement = bring(
        people, b"Short Code,2\n" + mpesa([Moved("S1", a_day(8), 300)], opening=600)
    ).statements[0]
    found = compare(people, statement)
    assert (found.sums.statement, found.several_accounts, found.count_open) == (180_000, True, 2)


def test_one_balance_gives_the_other_and_none_gives_nothing(people: Officers) -> None:
    text = f"Date,Description,Amount\n{a_day(3)},Tea,-50\n"
    statement = bring(people, text.encode(), place=AccountPlace.BANK).statements[0]
    with in_scope(people.group, people.treasurer):
        assert difference(get_statement(statement.id)) is None
    closing = f"Date,Description,Amount,Balance\n{a_day(2)},Tea,-50,\n{a_day(1)},Closing balance,,100\n"
    told = bring(people, closing.encode(), place=AccountPlace.BANK).statements[0]
    assert compare(people, told).sums.statement == 10_000


def test_a_random_book_and_statement_always_add_up(people: Officers) -> None:
    """Lines in every state, entries on every side of the days, in one go."""
    moves = [Moved(f"S{n}", a_day(15 - n), 100 * (1 + n % 4) * (-1 if n % 3 == 2 else 1)) for n in range(12)]
    statements = [bring(people, mpesa(moves[:7])).statements[0]]
    balance = 1000 + sum(move.amount for move in moves[:4])
    statements.append(bring(people, mpesa(moves[4:], opening=balance)).statements[0])
    for number, line in enumerate(lines_of(people)):
        if number % 4 == 0:
            day = line.booked_on + timedelta(days=-3 if number % 8 else 0)
            sign = 1 if line.amount > 0 else 0
            if sign:
                join(
                    people,
                    line,
                    post_income(
                        people, line.amount + 100 * number, place=Place.MOBILE_MONEY, effective_on=day
                    ),
                )
        elif number % 4 == 1:
            post_income(people, 3_300 + number, place=Place.MOBILE_MONEY, effective_on=line.booked_on)
        elif number % 4 == 2 and line.amount > 0:
            write_income(people, line, 50, key=uuid.uuid4())
    for statement in statements:
        compare(people, statement)
