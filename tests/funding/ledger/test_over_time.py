"""The book on any past day, from kept sums and from the legs alone; and what is told when a kept sum is not theirs."""

import threading
from collections import Counter
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from funding.ledger import commands, queries
from funding.ledger.queries.whole import whole_book
from funding.ledger.rules import Entry, EntryKind, Fund, Place, Source, moved
from funding.verification import jobs
from funding.verification import queries as checks
from network import clock
from network.db import db
from network.servers import Addresses
from tests.factories.funding import (
    Officers,
    make_members,
    make_officers,
    post_income,
    save_sheet,
    take_back,
    today,
)
from tests.support.app import in_scope, the_app

Balances = dict[tuple[str, str], int]


@pytest.fixture
def people(app: object) -> Officers:
    return make_officers()


def from_legs(day: date) -> Balances:
    """What stood at the end of a day, added up from every leg."""
    sums: Counter[tuple[str, str]] = Counter()
    for stored in whole_book():
        for line in stored.written.lines if stored.written.effective_on <= day else ():
            sums[line.account, line.fund] += line.amount
    return {key: amount for key, amount in sums.items() if amount}


moves = st.lists(
    st.tuples(st.sampled_from(list(Place)), st.sampled_from(list(Fund)), st.integers(1, 900), st.integers(0, 360)),
    min_size=1, max_size=8,
)  # fmt: skip


@settings(max_examples=8)
@given(moves, st.lists(st.integers(0, 420), min_size=4, max_size=8))
def test_any_past_day_is_the_sum_of_its_legs(app: object, wanted: list[tuple], days: list[int]) -> None:
    people = make_officers()
    with in_scope(people.group, people.treasurer):
        for place, fund, amount, ago in wanted:
            entry = Entry(
                EntryKind.OTHER_INCOME,
                today() - timedelta(days=ago),
                moved(Source.OTHER_INCOME, place, fund, amount),
            )
            commands.post(entry, by=people.treasurer.id, now=clock.now())
    turns = [date(today().year, 1, 1), date(today().year - 1, 12, 31), today().replace(day=1)]
    with in_scope(people.group):
        for day in (*(today() - timedelta(days=ago) for ago in days), *turns):
            assert queries.balances_on(day) == from_legs(day)
        start, end = today() - timedelta(days=max(days)), today() - timedelta(days=min(days))
        for one in queries.movements(start, end):
            before, after = from_legs(start - timedelta(days=1)), from_legs(end - timedelta(days=1))
            key = one.account, one.fund
            assert (one.before, one.before + one.debit - one.credit) == (
                before.get(key, 0),
                after.get(key, 0),
            )
        assert checks.faults() == []


class TestWhatIsDatedBack:
    def test_changes_that_day_and_every_day_after_it(self, people: Officers) -> None:
        member = make_members(people, "Achieng")["Achieng"]
        ago = [today() - timedelta(days=days) for days in (200, 90, 40, 3)]
        sheets = [save_sheet(people, {member: 100 + n}, received_on=day) for n, day in enumerate(ago)]
        post_income(people, 7, effective_on=today() - timedelta(days=100))
        take_back(people, sheets[1].journal_id)
        with in_scope(people.group):
            for days in (201, 200, 101, 100, 99, 90, 89, 40, 3, 1, 0, -1):
                day = today() - timedelta(days=days)
                assert queries.balances_on(day) == from_legs(day)
            assert {key: amount for key, amount in queries.held().items() if amount} == {
                key: amount
                for key, amount in from_legs(today() + timedelta(days=2)).items()
                if key[0] == Place.CASH
            }
            assert queries.find_first_day() == ago[0].replace(day=1)


class TestAKeptSumThatIsNotThatOfItsLegs:
    @pytest.mark.parametrize(
        ("table", "where"),
        [("ledger_balances", "true"), ("ledger_sums", "span = 'day'"), ("ledger_sums", "span = 'year'"), ("ledger_sums", "span = 'ever'")],
    )  # fmt: skip
    def test_is_named(self, database_urls: Addresses, people: Officers, table: str, where: str) -> None:
        post_income(people, 500)
        engine = sa.create_engine(database_urls.owner_url, poolclass=sa.NullPool)
        with engine.begin() as connection:
            connection.execute(
                sa.text("select set_config('app.group_id', :g, true)"), {"g": str(people.group.id)}
            )
            connection.execute(sa.text(f"alter table {table} disable trigger kept"))
            connection.execute(sa.text(f"update {table} set debit = debit + 1 where debit > 0 and {where}"))
            connection.execute(sa.text(f"alter table {table} enable always trigger kept"))
        with in_scope(people.group):
            assert ["cash" in fault.row for fault in checks.faults()] == [True]


def test_asking_every_promise_while_people_write_finds_no_fault(people: Officers) -> None:
    post_income(people, 1)
    is_over = threading.Event()

    def write() -> None:
        while not is_over.is_set():
            post_income(people, 1)

    writers = [threading.Thread(target=write) for _ in range(2)]
    for writer in writers:
        writer.start()
    with the_app().app_context():
        for _ in range(15):
            assert jobs._ask(people.group.id) == []
    is_over.set()
    for writer in writers:
        writer.join(20)
    with in_scope(people.group):
        assert (
            db.session.scalar(sa.select(sa.func.count()).select_from(queries.entries().subquery())) or 0
        ) > 2
