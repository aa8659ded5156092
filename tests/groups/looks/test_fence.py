"""By SQL, as the ordinary role and as the owner of the tables: looks are seen and written in their own group alone."""

import uuid
from collections.abc import Iterator
from datetime import date
from typing import Any

import psycopg
import pytest

from groups.looks.models import Look
from network.db import db
from network.servers import Addresses
from network.servers.addresses import plain
from network.tenancy.models import Group
from tests.factories.groups import a_member
from tests.factories.network import make_group
from tests.support.app import in_group

Sql = psycopg.Connection[Any]
A_LOOK = "insert into looks (id, group_id, member_id, office, on_day) values (gen_random_uuid(), %s, %s, 'secretary', '2026-01-02')"


@pytest.fixture(params=["web_url", "owner_url"])
def sql(request: pytest.FixtureRequest, database_urls: Addresses) -> Iterator[Sql]:
    """Once as whoever serves the pages, once as whoever migrates."""
    with psycopg.connect(plain(getattr(database_urls, request.param))) as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def groups(app: object) -> tuple[Group, Group]:
    return make_group(), make_group()


@pytest.fixture
def looked_at(groups: tuple[Group, Group]) -> uuid.UUID:
    """A member of the first group at whose things the chair looked."""
    with in_group(groups[0]):
        member = a_member("Rain").id
        db.session.add(Look(member_id=member, office="chairperson", on_day=date(2026, 1, 1)))
    return member


def be_in(sql: Sql, group: Group | None) -> None:
    sql.execute("select set_config('app.group_id', %s, true)", (str(group.id) if group else "",))


def offices(sql: Sql, member: uuid.UUID) -> list[str]:
    asked = "select office from looks where member_id = %s order by office"
    return [office for (office,) in sql.execute(asked, (member,)).fetchall()]


def test_are_seen_in_their_own_group_alone(
    sql: Sql, groups: tuple[Group, Group], looked_at: uuid.UUID
) -> None:
    for group, seen in ((groups[0], ["chairperson"]), (groups[1], []), (None, [])):
        be_in(sql, group)
        assert offices(sql, looked_at) == seen


def test_are_taken_away_by_no_other_group(
    sql: Sql, groups: tuple[Group, Group], looked_at: uuid.UUID
) -> None:
    be_in(sql, groups[1])
    assert sql.execute("delete from looks where member_id = %s", (looked_at,)).rowcount == 0
    be_in(sql, groups[0])
    assert offices(sql, looked_at) == ["chairperson"]


@pytest.mark.parametrize("where", [0, 1])
def test_do_not_change_in_their_own_group_either(
    sql: Sql, groups: tuple[Group, Group], looked_at: uuid.UUID, where: int
) -> None:
    be_in(sql, groups[where])
    with pytest.raises(psycopg.errors.RestrictViolation):
        sql.execute("update looks set office = 'treasurer' where member_id = %s", (looked_at,))


def test_are_written_for_no_other_group_and_about_nobody_of_another(
    sql: Sql, groups: tuple[Group, Group], looked_at: uuid.UUID
) -> None:
    be_in(sql, groups[1])
    with pytest.raises(psycopg.errors.InsufficientPrivilege), sql.transaction():
        sql.execute(A_LOOK, (groups[0].id, looked_at))
    with pytest.raises(psycopg.errors.ForeignKeyViolation), sql.transaction():
        sql.execute(A_LOOK, (groups[1].id, looked_at))


def test_nobody_empties_the_table(sql: Sql, groups: tuple[Group, Group]) -> None:
    be_in(sql, groups[0])
    with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.RestrictViolation)):
        sql.execute("truncate looks")
