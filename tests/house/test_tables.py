"""The database is what the models and the fence say it is."""

import re

import pytest
import sqlalchemy as sa

from network import migrating
from network.config import Settings
from network.db import Base, db
from network.tenancy.fence import Fence
from network.tenancy.tables import kinds
from tests.support.app import in_scope

RANDOM_IDS = re.compile(r"^pk_")


def own() -> list[str]:
    """Tables of a person, in no group: for these the account stands where the group stands for others."""
    return [name for name, kind in kinds().items() if kind is Fence.OWN]


def by_account() -> list[str]:
    """Tables whose rows say themselves which accounts write them, wherever these stand."""
    return [*own(), *(name for name, kind in kinds().items() if kind is Fence.SEATED)]


@pytest.fixture
def catalogue(app: object) -> sa.Connection:
    with in_scope():
        yield db.session.connection()


def test_models_and_database_agree(test_settings: Settings) -> None:
    assert migrating.differences(test_settings.owner_url) == []


def test_every_table_is_of_one_kind(catalogue: sa.Connection) -> None:
    there = set(
        catalogue.execute(sa.text("select tablename from pg_tables where schemaname = 'public'")).scalars()
    )
    assert there - {"alembic_version"} == set(kinds()), (
        "build each table on one of the classes of network.tenancy.tables"
    )


def test_every_fenced_table_has_forced_row_security_for_reading_and_writing(catalogue: sa.Connection) -> None:
    fenced = [name for name, kind in kinds().items() if kind is not Fence.PLATFORM]
    bare = catalogue.execute(
        sa.text(
            """select c.relname from pg_class c where c.relname = any(:fenced) and c.relnamespace = 'public'::regnamespace
               and (not c.relrowsecurity or not c.relforcerowsecurity
                 or (select count(distinct cmd) from (
                       select unnest(case polcmd when '*' then array['r','a','w','d'] else array[polcmd::text] end) cmd
                       from pg_policy p where p.polrelid = c.oid) x) < 4
                 or not exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attnotnull
                                and a.attname = case when c.relname = any(:own) then 'account_id' else 'group_id' end))"""
        ),
        {"fenced": fenced, "own": own()},
    ).scalars()
    assert list(bare) == [], "put these behind the fence in their migration"


def test_what_may_be_written_is_always_the_groups_own(catalogue: sa.Connection) -> None:
    checks = catalogue.execute(
        sa.text(
            """select polrelid::regclass::text, pg_get_expr(coalesce(polwithcheck, polqual), polrelid) from pg_policy
               where polcmd <> 'r' and polcmd <> 'd'"""
        )
    ).all()
    assert checks
    for name, check in checks:
        whose = "scope.account_id()" if name in by_account() else "group_id = scope.group_id()"
        assert whose in check, f"{name} can be written from another group"


def test_unique_keys_of_fenced_tables_start_with_the_group(catalogue: sa.Connection) -> None:
    """A unique key over several groups would tell one group what another holds."""
    fenced = [name for name, kind in kinds().items() if kind is not Fence.PLATFORM]
    rows = catalogue.execute(
        sa.text(
            """select i.indexrelid::regclass::text, c.relname, (select attname from pg_attribute where attrelid = i.indrelid and attnum = i.indkey[0])
               from pg_index i join pg_class c on c.oid = i.indrelid
               where i.indisunique and c.relname = any(:fenced) and c.relnamespace = 'public'::regnamespace"""
        ),
        {"fenced": fenced},
    ).all()
    wrong = [
        name
        for name, table, first in rows
        if first != ("account_id" if table in own() else "group_id") and not RANDOM_IDS.match(name)
    ]
    assert wrong == []


def test_references_between_fenced_tables_cannot_leave_the_group(catalogue: sa.Connection) -> None:
    fenced = {name for name, kind in kinds().items() if kind is not Fence.PLATFORM}
    wrong = [
        f"{table.name}.{key.name}"
        for table in Base.metadata.tables.values()
        for key in table.foreign_key_constraints
        if table.name in fenced
        and key.referred_table.name in fenced
        and key.column_keys[0] != ("account_id" if table.name in own() else "group_id")
    ]
    assert wrong == [], "use within_group(...): checks of plain foreign keys do not ask the fence"


class TestTheOrdinaryRole:
    def test_owns_nothing_and_cannot_step_over_the_fence(self, catalogue: sa.Connection) -> None:
        role = catalogue.execute(
            sa.text(
                "select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles where rolname = current_user"
            )
        ).one()
        assert not any(role)
        owned = catalogue.execute(
            sa.text(
                "select relname from pg_class where relowner = (select oid from pg_roles where rolname = current_user)"
            )
        ).scalars()
        assert list(owned) == []

    def test_truncates_nothing(self, catalogue: sa.Connection) -> None:
        may = catalogue.execute(
            sa.text(
                "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and has_table_privilege(oid, 'TRUNCATE')"
            )
        ).scalars()
        assert list(may) == []
