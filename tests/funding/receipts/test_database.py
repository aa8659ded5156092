"""What the database promises about receipts, asked as the ordinary role and as the owner of the tables."""

import threading
import uuid
from collections.abc import Iterator
from contextlib import suppress

import psycopg
import pytest
import sqlalchemy as sa

from funding.receipts import commands, queries
from funding.receipts.models import Receipt
from funding.verification import queries as checks
from network import clock
from network.db import db
from network.servers import Addresses
from tests.factories.funding import Officers, make_members, make_officers, post_income, save_sheet, take_back
from tests.support.app import in_scope

REFUSED = (psycopg.errors.IntegrityError, psycopg.errors.InsufficientPrivilege)
NEW = (
    "insert into receipts (id, group_id, number, journal_id, member_id, amount, currency, made_by_id, made_at)"
    " values (gen_random_uuid(), %(group)s, %(number)s, %(journal)s, %(member)s, %(amount)s, %(currency)s, %(by)s, now())"
)


@pytest.fixture(params=["web_url", "owner_url"])
def sql(request: pytest.FixtureRequest, database_urls: Addresses) -> Iterator[psycopg.Connection]:
    with psycopg.connect(getattr(database_urls, request.param)) as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def people(app: object) -> Officers:
    return make_officers()


def values(people: Officers, journal: uuid.UUID, **more: object) -> dict[str, object]:
    return {
        "group": people.group.id, "number": 1, "journal": journal, "member": None, "amount": 500, "currency": "KES",
        "by": people.treasurer.id, **more,
    }  # fmt: skip


def enter(sql: psycopg.Connection, people: Officers) -> None:
    sql.execute("select set_config('app.group_id', %s, true)", (str(people.group.id),))


def test_the_database_gives_the_numbers_whatever_was_asked_for(
    sql: psycopg.Connection, people: Officers
) -> None:
    journals = [post_income(people, 500).id for _ in range(3)]
    enter(sql, people)
    for asked, journal in zip((7, 1, -3), journals, strict=True):
        sql.execute(NEW, values(people, journal, number=asked))
    found = sql.execute("select number from receipts order by number").fetchall()
    assert found == [(1,), (2,), (3,)]


def test_what_was_undone_leaves_no_gap(sql: psycopg.Connection, people: Officers) -> None:
    first, second = (post_income(people, 500).id for _ in range(2))
    enter(sql, people)
    sql.execute(NEW, values(people, first))
    sql.rollback()
    enter(sql, people)
    sql.execute(NEW, values(people, second))
    assert sql.execute("select number from receipts").fetchall() == [(1,)]


@pytest.mark.parametrize(
    "statement",
    ["update receipts set number = number + 1", "delete from receipts", "truncate receipts"],
)
def test_a_receipt_stays(sql: psycopg.Connection, people: Officers, statement: str) -> None:
    journal = post_income(people, 500)
    with in_scope(people.group, people.treasurer):
        commands.make_receipt(queries.get_income(journal.id), by=people.treasurer.id, now=clock.now())
    enter(sql, people)
    with pytest.raises(REFUSED):
        sql.execute(statement)


@pytest.mark.parametrize(
    "wrong", [{"amount": 501}, {"amount": 0}, {"currency": "UGX"}, {"member": uuid.uuid4()}]
)
def test_a_receipt_is_for_what_came_in(
    sql: psycopg.Connection, people: Officers, wrong: dict[str, object]
) -> None:
    journal = post_income(people, 500)
    enter(sql, people)
    with pytest.raises(psycopg.errors.IntegrityError):
        sql.execute(NEW, values(people, journal.id, **wrong))


def test_a_sheet_as_a_whole_has_no_receipt_and_nobody_has_one_for_what_another_gave(
    sql: psycopg.Connection, people: Officers
) -> None:
    members = make_members(people, "Achieng", "Baraka")
    sheet = save_sheet(people, {members["Achieng"]: 500})
    enter(sql, people)
    for member in (None, members["Baraka"]):
        with pytest.raises(psycopg.errors.CheckViolation), sql.transaction():
            sql.execute(NEW, values(people, sheet.journal_id, member=member))
    sql.execute(NEW, values(people, sheet.journal_id, member=members["Achieng"]))
    with pytest.raises(psycopg.errors.UniqueViolation):
        sql.execute(NEW, values(people, sheet.journal_id, member=members["Achieng"]))


def test_what_was_taken_back_gets_no_receipt(sql: psycopg.Connection, people: Officers) -> None:
    journal = post_income(people, 500)
    take_back(people, journal.id)
    enter(sql, people)
    with pytest.raises(psycopg.errors.CheckViolation):
        sql.execute(NEW, values(people, journal.id))


def test_many_at_once_are_numbered_without_a_gap_and_each_once(people: Officers) -> None:
    """Six people at once ask for the receipts of three entries, each twice, and some give up half-way."""
    journals = [post_income(people, 500).id for _ in range(3)]
    ready, numbers = threading.Barrier(9), []

    def make(journal: uuid.UUID, *, gives_up: bool) -> None:
        ready.wait()
        with suppress(InterruptedError), in_scope(people.group, people.treasurer):
            found = queries.get_income(journal)
            made = commands.make_receipt(found, by=people.treasurer.id, now=clock.now())
            if gives_up:
                raise InterruptedError
            numbers.append((journal, made.number))

    workers = [
        threading.Thread(target=make, args=(journal,), kwargs={"gives_up": n == 2})
        for journal in journals
        for n in range(3)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(numbers) == 6
    assert len(set(numbers)) == 3
    with in_scope(people.group):
        assert sorted(db.session.scalars(sa.select(Receipt.number))) == [1, 2, 3]
        assert checks.faults() == []


def test_a_number_that_was_forced_is_found(database_urls: Addresses, people: Officers) -> None:
    journals = [post_income(people, 500).id for _ in range(2)]
    with in_scope(people.group, people.treasurer):
        for journal in journals:
            commands.make_receipt(queries.get_income(journal), by=people.treasurer.id, now=clock.now())
    with psycopg.connect(database_urls.owner_url) as owner:
        enter(owner, people)
        owner.execute("alter table receipts disable trigger append_only")
        owner.execute("delete from receipts where number = 1")
        owner.execute("alter table receipts enable always trigger append_only")
        owner.commit()
    with in_scope(people.group):
        assert [fault.row for fault in checks.faults()] == ["receipt 2"]
