"""A signed handover cannot be changed, and none is signed that does not fit, whoever asks."""

import uuid
from collections.abc import Iterator

import psycopg
import pytest

from funding.handover import commands, queries
from funding.ledger.rules import Place
from network import clock
from network.servers import Addresses
from tests.funding.handover.test_handover import Two, make_two, take_office
from tests.support.app import in_scope

REFUSED = (psycopg.errors.IntegrityError, psycopg.errors.InsufficientPrivilege)


@pytest.fixture(params=["web_url", "owner_url"])
def sql(request: pytest.FixtureRequest, database_urls: Addresses) -> Iterator[psycopg.Connection]:
    with psycopg.connect(getattr(database_urls, request.param)) as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def two(app: object) -> Two:
    made = make_two()
    take_office(made.group, made.incoming)
    return made


def count(two: Two, cash: int = 125_000) -> uuid.UUID:
    with in_scope(two.group, two.incoming):
        waiting = queries.find_waiting()
        commands.count_together(
            waiting, {Place.CASH: cash, Place.BANK: 125_000}, pieces={}, other=cash, words="", by=two.incoming.id, now=clock.now()
        )  # fmt: skip
        return waiting.id


def sign(two: Two) -> None:
    with in_scope(two.group, two.incoming):
        commands.sign(
            queries.find_waiting(), by=two.outgoing.id, whys={"cash": "fares"}, posting=["cash"], seen=2, now=clock.now()
        )  # fmt: skip


def enter(sql: psycopg.Connection, two: Two) -> None:
    sql.execute(
        "select set_config('app.group_id', %s, true), set_config('app.account_id', %s, true)",
        (str(two.group.id), str(two.incoming.id)),
    )


@pytest.mark.parametrize(
    "statement",
    [
        "update handovers set words = null",
        "update handovers set other = 5",
        "update handovers set state = 'open', counted_by_id = null, agreed_by_id = null",
        "update handovers set funds = '[]', outgoing_signed = false",
        "update handovers set head = null",
        "delete from handovers",
        "truncate handovers cascade",
        "update handover_places set why = null",
        "update handover_places set counted = 1",
        "update handover_places set is_posted = false",
        "delete from handover_places",
        "truncate handover_places",
    ],
)
def test_what_was_signed_stays(sql: psycopg.Connection, two: Two, statement: str) -> None:
    count(two, 120_000)
    sign(two)
    enter(sql, two)
    with pytest.raises(REFUSED):
        sql.execute(statement)


def test_no_place_is_added_to_it(sql: psycopg.Connection, two: Two) -> None:
    which = count(two, 120_000)
    sign(two)
    enter(sql, two)
    with pytest.raises(REFUSED):
        sql.execute(
            "insert into handover_places (id, group_id, handover_id, place, counted, is_posted) values (gen_random_uuid(), %s, %s, 'mobile_money', 5, false)",
            (two.group.id, which),
        )


DONE = "update handovers set state = 'done', agreed_by_id = %s, agreed_at = now()"


def test_none_is_signed_whose_difference_nobody_explained(sql: psycopg.Connection, two: Two) -> None:
    count(two, 120_000)
    enter(sql, two)
    sql.execute("update handover_places set book = 125000")
    with pytest.raises(REFUSED):
        sql.execute(DONE, (two.outgoing.id,))


def test_nor_one_that_says_the_book_said_something_else(sql: psycopg.Connection, two: Two) -> None:
    count(two, 120_000)
    enter(sql, two)
    sql.execute("update handover_places set book = counted")
    with pytest.raises(REFUSED):
        sql.execute(DONE, (two.outgoing.id,))


def test_nor_without_whoever_takes_over_nor_by_one_alone(sql: psycopg.Connection, two: Two) -> None:
    count(two)
    enter(sql, two)
    sql.execute("update handover_places set book = counted")
    for second in (two.incoming.id,):
        with pytest.raises(REFUSED), sql.transaction():
            sql.execute(DONE, (second,))
    with pytest.raises(REFUSED):
        sql.execute(
            "update handovers set state = 'done', counted_by_id = %s, agreed_by_id = %s",
            (two.chair.id, two.outgoing.id),
        )


def test_one_that_fits_is_signed_by_hand_too(sql: psycopg.Connection, two: Two) -> None:
    count(two)
    enter(sql, two)
    sql.execute("update handover_places set book = counted")
    sql.execute(DONE, (two.outgoing.id,))
    kept = sql.execute("select outgoing_signed, entries, drafts_waiting from handovers").fetchone()
    assert kept == (True, 2, 0)


def test_another_group_sees_and_signs_nothing(sql: psycopg.Connection, two: Two) -> None:
    count(two)
    other = make_two()
    enter(sql, other)
    assert sql.execute("select count(*) from handovers").fetchone() == (0,)
    assert sql.execute("select count(*) from handover_places").fetchone() == (0,)
    assert sql.execute(DONE, (two.outgoing.id,)).rowcount == 0
