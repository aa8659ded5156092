"""By SQL, as the ordinary role and as the owner of the tables: a sheet is its person's, and a share is picked up once."""

import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from network import clock
from network.accounts.models import Account
from network.accounts.queries import token_hash
from network.servers import Addresses
from network.support_sheets import commands, jobs
from tests.factories.network import make_account
from tests.network.support_sheets.test_views import a_sheet
from tests.support.app import in_scope, the_app

TABLES = ("support_sheets", "sheet_shares")


@pytest.fixture(params=["web_url", "owner_url"])
def sql(request: pytest.FixtureRequest, database_urls: Addresses) -> Iterator[psycopg.Connection[Any]]:
    """Once as whoever serves the pages, once as whoever migrates."""
    url = getattr(database_urls, request.param).replace("+psycopg", "")
    with psycopg.connect(url, autocommit=False) as connection:
        yield connection
        connection.rollback()


def be(sql: psycopg.Connection[Any], account: Account | None, token: str = "") -> None:
    sql.execute(
        "select set_config('app.account_id', %s, true), set_config('app.group_id', '', true), set_config('app.share', %s, true)",
        (str(account.id) if account else "", token_hash(token).hex() if token else ""),
    )


def counts(sql: psycopg.Connection[Any]) -> tuple[int, ...]:
    return tuple(sql.execute(f"select count(*) from {table}").fetchone()[0] for table in TABLES)  # type: ignore[index]


def shared(owner: Account, *, lasts: timedelta | None, back: timedelta = timedelta()) -> str:
    sheet = a_sheet(owner)
    with in_scope(account=owner):
        return commands.share_sheet(sheet, lock="x", lasts=lasts, now=clock.now() - back)


def test_another_account_and_nobody_read_and_write_nothing(sql: psycopg.Connection[Any]) -> None:
    owner, stranger = make_account(), make_account()
    shared(owner, lasts=timedelta(days=1))
    for who in (stranger, None):
        be(sql, who)
        assert counts(sql) == (0, 0)
        for table in TABLES:
            assert sql.execute(f"update {table} set lock = ''").rowcount == 0
            assert sql.execute(f"delete from {table} where account_id = %s", (owner.id,)).rowcount == 0
    be(sql, owner)
    assert counts(sql) == (1, 1)


def test_nobody_writes_a_sheet_for_somebody_else(sql: psycopg.Connection[Any]) -> None:
    owner, stranger = make_account(), make_account()
    be(sql, stranger)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        sql.execute(
            "insert into support_sheets (id, account_id, lock, content, changed_at) values (%s, %s, '', '', now())",
            (uuid.uuid4(), owner.id),
        )


def test_the_holder_of_a_token_reads_and_cannot_change(sql: psycopg.Connection[Any]) -> None:
    owner = make_account()
    token = shared(owner, lasts=timedelta(days=1))
    be(sql, None, token)
    assert counts(sql) == (1, 1)
    assert sql.execute("update support_sheets set content = ''").rowcount == 0
    assert sql.execute("delete from sheet_shares where account_id = %s", (owner.id,)).rowcount == 0
    assert sql.execute("update sheet_shares set keeper_id = gen_random_uuid()").rowcount == 0


def test_a_link_whose_time_has_passed_opens_nothing(sql: psycopg.Connection[Any]) -> None:
    owner = make_account()
    token = shared(owner, lasts=timedelta(days=1), back=timedelta(days=2))
    be(sql, None, token)
    assert counts(sql) == (0, 0)


def test_a_share_for_one_is_picked_up_once_and_never_changed(sql: psycopg.Connection[Any]) -> None:
    owner, keeper, late = make_account(), make_account(), make_account()
    token = shared(owner, lasts=None)
    pick_up = "update sheet_shares set keeper_id = %s, ends_at = null"
    be(sql, keeper, token)
    with pytest.raises(psycopg.errors.InsufficientPrivilege), sql.transaction():
        sql.execute(pick_up, (late.id,))
    with pytest.raises(psycopg.errors.RestrictViolation), sql.transaction():
        sql.execute(pick_up + ", lock = 'y'", (keeper.id,))
    assert sql.execute(pick_up, (keeper.id,)).rowcount == 1
    be(sql, keeper)
    assert counts(sql) == (1, 1)
    be(sql, late, token)
    assert counts(sql) == (0, 0)
    assert sql.execute(pick_up, (late.id,)).rowcount == 0
    be(sql, owner)
    with pytest.raises(psycopg.errors.RestrictViolation), sql.transaction():
        sql.execute("update sheet_shares set ends_at = now(), keeper_id = null")
    be(sql, keeper)
    assert sql.execute("delete from sheet_shares where keeper_id = %s", (keeper.id,)).rowcount == 1, (
        "whoever keeps it can give it back"
    )


def test_a_share_is_of_ones_own_sheet(sql: psycopg.Connection[Any]) -> None:
    owner, stranger = make_account(), make_account()
    sheet = a_sheet(owner)
    be(sql, stranger)
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        sql.execute(
            "insert into sheet_shares (id, account_id, sheet_id, lock, token_hash, for_person, created_at, ends_at)"
            " values (%s, %s, %s, '', '', true, now(), now())",
            (uuid.uuid4(), stranger.id, sheet.id),
        )


def test_a_link_without_an_end_is_refused(sql: psycopg.Connection[Any]) -> None:
    owner = make_account()
    sheet = a_sheet(owner)
    be(sql, owner)
    with pytest.raises(psycopg.errors.CheckViolation):
        sql.execute(
            "insert into sheet_shares (id, account_id, sheet_id, lock, token_hash, for_person, created_at)"
            " values (%s, %s, %s, '', '', false, now())",
            (uuid.uuid4(), owner.id, sheet.id),
        )


def test_the_nightly_work_forgets_what_has_ended_and_nothing_else(database_urls: Addresses) -> None:
    ended, going_on = make_account(), make_account()
    shared(ended, lasts=timedelta(days=1), back=timedelta(days=2))
    shared(going_on, lasts=timedelta(days=1))
    with the_app().app_context():
        jobs.forget_ended_shares(now=clock.now())
    with psycopg.connect(database_urls.owner_url.replace("+psycopg", "")) as sql:
        be(sql, ended)
        assert counts(sql) == (1, 0)
        be(sql, going_on)
        assert counts(sql) == (1, 1)


def test_destroying_leaves_no_row_even_for_the_one_who_steps_over_the_fence(database_urls: Addresses) -> None:
    owner = make_account()
    shared(owner, lasts=timedelta(days=1))
    with in_scope(account=owner):
        from network.support_sheets.queries import get_own_sheet

        commands.destroy_sheet(get_own_sheet(owner.id))
    with psycopg.connect(database_urls.admin_url.replace("+psycopg", "")) as sql:
        for table in TABLES:
            found = sql.execute(f"select count(*) from {table} where account_id = %s", (owner.id,)).fetchone()
            assert found == (0,)
