"""Every promise of a book is asked again from its rows: each test breaks one as the owner could, with the triggers off."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from funding.ledger import commands as ledger
from funding.ledger.rules import Cost, Entry, EntryKind, Fund, Line, Place, Written, moved
from funding.periods import commands as periods
from funding.periods import queries as changes
from funding.periods.rules import end_of_month_before
from funding.verification import queries as checks
from funding.verification.rules import AsItStood
from network import clock
from network.db import db
from network.servers import Addresses
from tests.factories.funding import Officers, fill_reserve, make_officers, post_income
from tests.factories.hardship import make_paid_request
from tests.support.app import in_scope

BOOK = ("journals", "legs", "ledger_balances", "ledger_sums", "books")


@pytest.fixture
def people(app: object) -> Officers:
    return make_officers()


@contextmanager
def unguarded(addresses: Addresses, people: Officers, *tables: str) -> Iterator[sa.Connection]:
    """The owner's hand in these tables, and every trigger back in its place afterwards."""
    engine = sa.create_engine(addresses.owner_url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.execute(
            sa.text("select set_config('app.group_id', :g, true)"), {"g": str(people.group.id)}
        )
        for table in tables:
            connection.execute(sa.text(f"alter table {table} disable trigger user"))
        yield connection
        for table in tables:
            names = sa.text(
                "select tgname from pg_trigger where not tgisinternal and tgrelid = cast(:t as regclass)"
            )
            for name in connection.execute(names, {"t": table}).scalars().all():
                connection.execute(sa.text(f"alter table {table} enable always trigger {name}"))


def told(people: Officers) -> set[tuple[str, str]]:
    with in_scope(people.group):
        return {(fault.row, fault.what) for fault in checks.faults()}


def spend(people: Officers, amount: int) -> uuid.UUID:
    with in_scope(people.group, people.treasurer):
        lines = moved(Place.CASH, Cost.VENUE, Fund.GENERAL, amount)
        entry = Entry(EntryKind.EXPENSE, clock.now().date() - timedelta(days=1), lines)
        waiting = ledger.draft(entry, by=people.treasurer.id, now=clock.now())
        return ledger.confirm_draft(waiting, by=people.chair.id, now=clock.now()).id


def last_month() -> date:
    return end_of_month_before(clock.now().date() - timedelta(days=1))


def close_last_month(people: Officers) -> None:
    with in_scope(people.group, people.treasurer):
        change = periods.ask_to_close(last_month(), by=people.treasurer.id, now=clock.now())
        periods.agree(changes.get_change(change.id), by=people.chair.id, now=clock.now())


class TestAnEntryIsNamed:
    def test_that_leaves_less_than_nothing(self, people: Officers, database_urls: Addresses) -> None:
        post_income(people, 1000)
        spent = spend(people, 400)
        post_income(people, 100)
        assert told(people) == set()
        with unguarded(database_urls, people, *BOOK) as owner:
            owner.execute(
                sa.text("update legs set amount = amount * 9 where journal_id = :id"), {"id": spent}
            )
        found = told(people)
        for name in ("cash", "general"):
            assert (f"entry 2 ({spent})", f"it leaves less than nothing in {name}") in found
        assert not [
            row for row, what in found if "less than nothing" in what and not row.startswith("entry 2 ")
        ]

    def test_whose_money_left_by_one_persons_word(self, people: Officers, database_urls: Addresses) -> None:
        post_income(people, 1000)
        entry = post_income(people, 10)
        with unguarded(database_urls, people, *BOOK) as owner:
            owner.execute(
                sa.text("update legs set amount = -amount where journal_id = :id"), {"id": entry.id}
            )
        assert (f"entry 2 ({entry.id})", "it names no second person") in told(people)

    def test_written_for_a_month_that_was_closed(self, people: Officers, database_urls: Addresses) -> None:
        post_income(people, 1000, effective_on=last_month())
        close_last_month(people)
        entry = post_income(people, 10)
        assert told(people) == set()
        with unguarded(database_urls, people, *BOOK) as owner:
            owner.execute(
                sa.text("update journals set effective_on = :on where id = :id"),
                {"on": last_month(), "id": entry.id},
            )
        assert (f"entry 2 ({entry.id})", "it is for a time that was closed when it was written") in told(
            people
        )

    def test_that_pays_a_code_again(self, people: Officers, database_urls: Addresses) -> None:
        fill_reserve(people, 100_000)
        make_paid_request(people)
        make_paid_request(people)
        assert told(people) == set()
        with unguarded(database_urls, people, *BOOK) as owner:
            codes = "select min(code) from journals where kind = 'hardship'"
            owner.execute(sa.text(f"update journals set code = ({codes}) where kind = 'hardship'"))
        assert {row.partition(" (")[0] for row, what in told(people) if what == "its code was paid already"} == {"entry 3"}  # fmt: skip


def test_a_book_that_was_opened_behind_their_backs_is_named(
    people: Officers, database_urls: Addresses
) -> None:
    post_income(people, 1000, effective_on=last_month())
    close_last_month(people)
    with unguarded(database_urls, people, "books") as owner:
        owner.execute(sa.text("update books set closed_through = null"))
    assert told(people) == {(f"book of {people.group.id}", "it is not closed as far as two people agreed")}
    with unguarded(database_urls, people, "books") as owner:
        owner.execute(sa.text("update books set closed_through = :on"), {"on": last_month()})


def test_a_day_of_no_calendar_is_named_and_the_rule_that_is_gone(
    people: Officers, database_urls: Addresses
) -> None:
    entry = post_income(people, 1000)
    with unguarded(database_urls, people, "journals") as owner:
        rule = owner.execute(
            sa.text(
                "select pg_get_constraintdef(oid) from pg_constraint where conname = 'ck_journals_real_days'"
            )
        ).scalar_one()
        owner.execute(sa.text("alter table journals drop constraint ck_journals_real_days"))
        owner.execute(
            sa.text("update journals set effective_on = 'infinity' where id = :id"), {"id": entry.id}
        )
    try:
        assert told(people) == {(f"entry 1 ({entry.id})", "its day is in no calendar")}
        with in_scope(people.group):
            assert [fault.row for fault in checks.faults_of_guards()] == ["ck_journals_real_days on journals"]
    finally:
        with unguarded(database_urls, people, "journals") as owner:
            owner.execute(
                sa.text("update journals set effective_on = '2026-01-01' where id = :id"), {"id": entry.id}
            )
            owner.execute(sa.text(f"alter table journals add constraint ck_journals_real_days {rule}"))


def written(kind: EntryKind, *lines: Line, **more: object) -> Written:
    values = {
        "group_id": uuid.uuid4(), "number": 1, "id": uuid.uuid4(), "kind": kind, "currency": "KES",
        "effective_on": date(2026, 5, 4), "recorded_at": clock.now(), "recorded_by": uuid.uuid4(), "confirmed_by": None,
        "code": None, "reverses": None, "memo_hash": None, "previous_hash": b"", "lines": lines, **more,
    }  # fmt: skip
    return Written(**values)  # type: ignore[arg-type]


class TestTheSecondPerson:
    """What rows cannot even say while their checks stand."""

    @pytest.mark.parametrize("kind", ["expense", "hardship", "reversal", "count", "between_funds"])
    def test_is_asked_of_each_kind_that_needs_one(self, kind: str) -> None:
        found = list(AsItStood().faults_of(written(EntryKind(kind), code="H"), None))
        assert found == ["it names no second person"]

    @pytest.mark.parametrize(
        "kind", ["opening", "contributions", "grant", "other_income", "transfer", "seed"]
    )
    def test_is_not_asked_of_others(self, kind: str) -> None:
        assert list(AsItStood().faults_of(written(EntryKind(kind)), None)) == []

    def test_is_another_one(self) -> None:
        one = uuid.uuid4()
        entry = written(EntryKind.EXPENSE, recorded_by=one, confirmed_by=one)
        assert list(AsItStood().faults_of(entry, None)) == ["its second person is the first"]


def test_a_code_can_be_paid_again_once_its_payment_was_taken_back() -> None:
    stood, second = AsItStood(), {"confirmed_by": uuid.uuid4()}
    first = written(EntryKind.HARDSHIP, code="H1", **second)
    for entry, undone in (
        (first, None),
        (written(EntryKind.REVERSAL, code="H1", **second), first),
        (written(EntryKind.HARDSHIP, code="H1", **second), None),
    ):
        assert list(stood.faults_of(entry, undone)) == []
    assert list(stood.faults_of(written(EntryKind.HARDSHIP, code="H1", **second), None)) == [
        "its code was paid already"
    ]


class TestGuards:
    def test_every_trigger_around_the_book_is_named(self, people: Officers) -> None:
        """Add yours to GUARDS: only then is it missed when somebody switches it off.

        Those of the vault act only while a key is being changed; its own tests see to them.
        """
        tables = [table.name for table in checks.guarded_tables()]
        with in_scope(people.group):
            rows = db.session.execute(
                sa.text(
                    "select tgrelid::regclass::text, tgname from pg_trigger"
                    " where not tgisinternal and tgrelid::regclass::text = any(:tables)"
                    " and tgname not in ('only_seals', 'only_updates')"
                ),
                {"tables": tables},
            ).all()
        named = {(table, name) for table, names in checks.GUARDS.items() for name in names}
        assert {tuple(row) for row in rows} == named

    def test_nothing_is_missing(self, people: Officers) -> None:
        with in_scope(people.group):
            assert checks.faults_of_guards() == []

    def test_an_open_fence_is_named(self, people: Officers, database_urls: Addresses) -> None:
        with unguarded(database_urls, people) as owner:
            owner.execute(sa.text("alter table line_matches no force row level security"))
        try:
            with in_scope(people.group):
                assert [fault.row for fault in checks.faults_of_guards()] == ["line_matches"]
        finally:
            with unguarded(database_urls, people) as owner:
                owner.execute(sa.text("alter table line_matches force row level security"))
