"""A signed count cannot be changed, whoever asks: the ordinary role or the owner of the tables."""

from collections.abc import Iterator

import psycopg
import pytest

from funding.counts import commands
from funding.counts.queries import get_waiting
from network import clock
from network.servers import Addresses
from tests.factories.funding import Officers, make_officers, post_income
from tests.support.app import in_scope

REFUSED = (psycopg.errors.IntegrityError, psycopg.errors.InsufficientPrivilege)


@pytest.fixture(params=["web_url", "owner_url"])
def sql(request: pytest.FixtureRequest, database_urls: Addresses) -> Iterator[psycopg.Connection]:
    with psycopg.connect(getattr(database_urls, request.param)) as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def people(app: object) -> Officers:
    made = make_officers()
    post_income(made, 1_000)
    return made


def count(people: Officers, amount: int, *, is_signed: bool = True) -> None:
    with in_scope(people.group, people.treasurer):
        waiting = commands.count_cash({}, amount, by=people.treasurer.id, now=clock.now()).id
    if is_signed:
        with in_scope(people.group, people.treasurer):
            commands.agree(
                get_waiting(waiting), by=people.chair.id, why="unknown", seen=1_000, now=clock.now()
            )


def enter(sql: psycopg.Connection, people: Officers) -> None:
    sql.execute(
        "select set_config('app.group_id', %s, true), set_config('app.account_id', %s, true)",
        (str(people.group.id), str(people.treasurer.id)),
    )


@pytest.mark.parametrize(
    "statement",
    [
        "update cash_counts set amount = 5, other = 5",
        "update cash_counts set why = null",
        "update cash_counts set state = 'taken_away'",
        "update cash_counts set agreed_by_id = counted_by_id",
        "delete from cash_counts",
        "truncate cash_counts",
    ],
)
def test_what_was_signed_stays(sql: psycopg.Connection, people: Officers, statement: str) -> None:
    count(people, 900)
    enter(sql, people)
    with pytest.raises(REFUSED):
        sql.execute(statement)


@pytest.mark.parametrize(
    "changes",
    [
        "state = 'done', agreed_at = now()",
        "state = 'done', agreed_at = now(), agreed_by_id = counted_by_id",
        "state = 'done', agreed_at = now(), agreed_by_id = (select id from accounts where id <> counted_by_id limit 1)",
        "other = 1000, amount = 1000",
        "pieces = '{\"100\": 1}'",
        "counted_by_id = (select id from accounts where id <> counted_by_id limit 1)",
    ],
)
def test_a_waiting_one_is_not_made_to_fit(sql: psycopg.Connection, people: Officers, changes: str) -> None:
    """Nine are there and the book says ten: signing by hand, without an entry, is refused."""
    count(people, 900, is_signed=False)
    enter(sql, people)
    with pytest.raises(REFUSED):
        sql.execute(f"update cash_counts set {changes}")


def test_parts_come_to_the_whole(sql: psycopg.Connection, people: Officers) -> None:
    enter(sql, people)
    insert = """insert into cash_counts (id, group_id, counted_on, currency, pieces, other, amount, state, counted_by_id, counted_at)
      values (gen_random_uuid(), %s, current_date, 'KES', '{"100": 2}', 50, 251, 'waiting', %s, now())"""
    with pytest.raises(REFUSED):
        sql.execute(insert, (people.group.id, people.treasurer.id))
