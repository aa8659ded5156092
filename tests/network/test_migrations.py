"""The database goes up, down and up again, with rows in between."""

import uuid

import psycopg
import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from network import migrating
from network.servers import Addresses

ROLE = "pamoja_web"


def revisions() -> list[str]:
    config = Config()
    config.set_main_option("script_location", str(migrating.SCRIPTS))
    script = ScriptDirectory.from_config(config)
    assert len(script.get_heads()) == 1, "two people added a migration: give yours the next number"
    return [each.revision for each in script.walk_revisions()][::-1]


def fill(db: psycopg.Connection[tuple[object, ...]]) -> uuid.UUID:
    group = uuid.uuid4()
    db.execute("select set_config('app.group_id', %s, true)", (str(group),))
    db.execute(
        "insert into groups (id, kind, state, slug, name, locality, language, currency, time_zone, band, created_at)"
        " values (%s, 'group', 'open', %s, 'A group', '', 'sw', 'KES', 'Africa/Nairobi', 1, now())",
        (group, str(group)),
    )
    db.execute(
        "insert into audit_events (id, group_id, event, at) values (%s, %s, 'opened', now())",
        (uuid.uuid4(), group),
    )
    db.execute(
        "insert into outbox (id, kind, group_id, payload, state, run_at, tries) values (%s, 'letter', %s, '{}', 'waiting', now(), 0)",
        (uuid.uuid4(), group),
    )
    return group


def test_numbers_follow_each_other_with_one_head() -> None:
    found = revisions()
    assert found == sorted(found)
    assert len(set(found)) == len(found)


def test_up_down_and_up_again_with_rows_in_between(empty_database: Addresses) -> None:
    owner = empty_database.owner_url
    plain = owner.replace("+psycopg", "")
    migrating.upgrade(owner, ROLE, "0001")
    with psycopg.connect(plain) as db:
        group = fill(db)
    migrating.upgrade(owner, ROLE)
    assert migrating.differences(owner) == []
    with psycopg.connect(plain) as db:
        db.execute("select set_config('app.group_id', %s, true)", (str(group),))
        assert db.execute("select event from audit_events").fetchall() == [("opened",)]
    migrating.downgrade(owner, ROLE, "base")
    with psycopg.connect(plain) as db:
        left = db.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
        assert left == [("alembic_version",)]
        functions = db.execute(
            "select proname from pg_proc where pronamespace in (select oid from pg_namespace where nspname in ('public', 'scope'))"
        ).fetchall()
        assert functions == []
    migrating.upgrade(owner, ROLE)
    assert migrating.differences(owner) == []


@pytest.mark.parametrize("step", range(1, 4))
def test_the_last_steps_each_go_down_and_up(empty_database: Addresses, step: int) -> None:
    owner = empty_database.owner_url
    migrating.upgrade(owner, ROLE)
    migrating.downgrade(owner, ROLE, f"-{min(step, len(revisions()))}")
    migrating.upgrade(owner, ROLE)
    assert migrating.differences(owner) == []


def test_tables_made_later_are_the_ordinary_roles_to_use_and_not_to_own(empty_database: Addresses) -> None:
    migrating.upgrade(empty_database.owner_url, ROLE)
    with psycopg.connect(empty_database.web_url.replace("+psycopg", "")) as db:
        db.execute("select 1 from audit_events")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            db.execute("truncate audit_events")
        db.rollback()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            db.execute("alter table audit_events disable row level security")
        db.rollback()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            db.execute("create table mine (id int)")
