"""However a statement is cut into files, and however they overlap: exactly its lines, each once."""

from collections import defaultdict
from datetime import date, timedelta
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funding.statements.models import AccountPlace
from funding.statements.rules import Known, Seen, occurrences
from tests.factories.funding import Officers, make_officers
from tests.factories.statements import bring, lines_of

FIRST = date(2026, 9, 1)
MOVES = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from([-50, -20, 50]), st.sampled_from(["Tea", "Dues"])),
    min_size=1,
    max_size=14,
)
CUTS = st.lists(st.tuples(st.integers(0, 14), st.integers(1, 14)), min_size=1, max_size=5)
numbers = count(600_000)

Row = tuple[date, int, str, int]


def rows_of(moves: list[tuple[int, int, str]]) -> list[Row]:
    """Day, amount, words and balance afterwards; now and then several on a day that are equal but for the balance."""
    rows: list[Row] = []
    day, balance = FIRST, 1000
    for pause, amount, words in moves:
        day, balance = day + timedelta(days=pause), balance + amount
        if (day, amount, words, balance) not in rows:  # these two nobody could tell apart
            rows.append((day, amount, words, balance))
        else:
            balance -= amount
    return rows


def files_of(rows: list[Row], cuts: list[tuple[int, int]]) -> list[list[Row]]:
    """Files that overlap as they like, and between them hold every row, in the order in which they were cut."""
    files = [rows[start : start + length] for start, length in cuts]
    reached = 0
    for start in range(0, len(rows), 3):
        files.append(rows[start : start + 3])
        reached = start + 3
    assert reached >= len(rows)
    return [file for file in files if file]


def whole_days(rows: list[Row], file: list[Row]) -> list[Row]:
    """The same file, grown to whole days."""
    days = {row[0] for row in file}
    return [row for row in rows if row[0] in days]


class Store:
    """What is known, kept in memory."""

    def __init__(self, *, balances: bool) -> None:
        self.balances = balances
        self.known: dict[bytes, list[Known]] = defaultdict(list)

    def add(self, file: list[Row]) -> int:
        seen = [
            Seen(f"{day} {amount} {words}".encode(), balance if self.balances else None, may_be_cut=day in {file[0][0], file[-1][0]})
            for day, amount, words, balance in file
        ]  # fmt: skip
        new = 0
        for line, (occurrence, is_known) in zip(seen, occurrences(seen, self.known), strict=True):
            if not is_known:
                new += 1
                self.known[line.key].append(Known(occurrence))
            if line.balance is not None:
                same = next(one for one in self.known[line.key] if one.occurrence == occurrence)
                same.balances.add(line.balance)
        return new

    @property
    def total(self) -> int:
        return sum(len(found) for found in self.known.values())


@settings(max_examples=500)
@given(MOVES, CUTS)
def test_with_balances_any_cut_gives_each_line_once(
    moves: list[tuple[int, int, str]], cuts: list[tuple[int, int]]
) -> None:
    rows, store = rows_of(moves), Store(balances=True)
    for file in files_of(rows, cuts):
        store.add(file)
    assert store.total == len(rows)
    assert store.add(rows) == 0


@settings(max_examples=500)
@given(MOVES, CUTS)
def test_without_balances_files_of_whole_days_give_each_line_once(
    moves: list[tuple[int, int, str]], cuts: list[tuple[int, int]]
) -> None:
    rows, store = rows_of(moves), Store(balances=False)
    for file in files_of(rows, cuts):
        store.add(whole_days(rows, file))
    assert store.total == len(rows)
    assert store.add(rows) == 0


@settings(max_examples=200)
@given(MOVES, st.booleans())
def test_the_same_file_twice_adds_nothing(moves: list[tuple[int, int, str]], balances: bool) -> None:  # noqa: FBT001
    rows, store = rows_of(moves), Store(balances=balances)
    assert store.add(rows) == len(rows)
    assert store.add(rows) == 0


@pytest.fixture(scope="module")
def people(app: object) -> Officers:
    return make_officers()


@settings(max_examples=15)
@given(MOVES, CUTS)
def test_in_the_database_too(
    people: Officers, moves: list[tuple[int, int, str]], cuts: list[tuple[int, int]]
) -> None:
    rows, account = rows_of(moves), next(numbers)
    before = len(lines_of(people))
    for file in files_of(rows, cuts):
        text = [f"Account Number,{account}", "Date,Description,Amount,Balance"]
        text += [f"{day},{words},{amount},{balance}" for day, amount, words, balance in file]
        bring(people, "\n".join(text).encode(), place=AccountPlace.BANK)
    mine = [line for line in lines_of(people) if line.account.number == str(account)]
    assert sorted((line.booked_on, line.amount, line.words) for line in mine) == sorted(
        (day, amount * 100, words) for day, amount, words, _ in rows
    )
    assert len(lines_of(people)) == before + len(rows)
