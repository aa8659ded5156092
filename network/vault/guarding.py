"""Letting the owner of the tables seal anew what people may not change any more, and nothing else.

Many rows stay as they were signed: triggers refuse a change, and some rows the database shows to a few accounts only.
Changing keys must reach them all. While the owner of the tables says `app.resealing`, these triggers stand aside for
that owner alone, and another one refuses whatever is more than a sealed column sealed anew.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from network.db import Base
from network.tenancy.fence import IN_A_GROUP, Fence
from network.tenancy.tables import kinds
from network.vault.columns import sealed_columns

FUNCTIONS = (
    # The one who asks must be the owner of the tables, and not a function that runs as one.
    """create function scope.resealing() returns boolean language sql stable as $$
  select coalesce(current_setting('app.resealing', true), '') = 'on' and session_user = current_user
     and session_user = (select pg_get_userbyid(relowner) from pg_class where oid = 'public.group_keys'::regclass)
$$""",
    """create function only_seals() returns trigger language plpgsql as $$
declare sealed text[] := tg_argv;
begin
  if to_jsonb(new) - sealed is distinct from to_jsonb(old) - sealed
     or exists (select 1 from unnest(sealed) c where (to_jsonb(new) ->> c) is null <> ((to_jsonb(old) ->> c) is null)) then
    raise exception 'nothing changes but the seals' using errcode = 'restrict_violation';
  end if;
  return null;
end $$""",
)
STANDS_ASIDE = "not scope.resealing()"
_WHEN = re.compile(r"(FOR EACH (?:ROW|STATEMENT)) (?:WHEN \((?P<when>.*)\) )?(EXECUTE FUNCTION)", re.DOTALL)
_ASIDE = re.compile(r"\(?NOT scope\.resealing\(\)\)?(?: AND )?", re.IGNORECASE)
UPDATES = """
select t.tgname, t.tgrelid::regclass::text as tab, pg_get_triggerdef(t.oid) as said, t.tgenabled
  from pg_trigger t where not t.tgisinternal and t.tgrelid = any (cast(:tables as regclass[])) and (t.tgtype & 16) <> 0
   and t.tgname not in ('only_seals', 'only_updates')
"""


@dataclass(frozen=True)
class SealedPlace:
    """A table with something sealed in it."""

    table: str
    kind: Fence
    columns: tuple[str, ...]


def sealed_places() -> list[SealedPlace]:
    """Every table with something sealed in it, as the models say; nobody keeps a list."""
    fences, tables = kinds(), Base.metadata.tables.values()
    return [
        SealedPlace(table.name, fences[table.name], tuple(column.name for column in sealed))
        for table in tables
        if (sealed := sealed_columns(table))
    ]


def lets_reseal(connection: sa.Connection, place: SealedPlace) -> bool:
    """Whether all is arranged for this table."""
    said = connection.execute(
        sa.text(
            "select pg_get_triggerdef(oid) from pg_trigger where tgname = 'only_seals' and tgrelid = cast(:table as regclass)"
        ),
        {"table": place.table},
    ).scalar()
    named = set(re.findall(r"'(\w+)'", said or ""))
    return named >= set(place.columns) and all(
        "resealing()" in guard[2] for guard in _guards(connection, [place.table])
    )


def let_reseal(connection: sa.Connection, places: Iterable[SealedPlace]) -> None:
    """Arrange it for these tables; what is arranged already stays."""
    there = [place for place in places if place.columns]
    for place in there:
        _say(connection, f"drop trigger if exists only_seals on {place.table}")
        _say(connection, f"drop trigger if exists only_updates on {place.table}")
        _say(
            connection,
            f"create trigger only_seals after update on {place.table} for each row when (scope.resealing())"
            f" execute function only_seals({', '.join(repr(column) for column in place.columns)})",
        )
        _say(
            connection,
            f"create trigger only_updates before insert or delete on {place.table} for each statement"
            " when (scope.resealing()) execute function refuse_change()",
        )
        for statement in _policies(place):
            _say(connection, statement)
    for name, table, said, enabled in _guards(connection, [place.table for place in there]):
        if "resealing()" not in said:
            _replace(connection, name, table, _WHEN.sub(_standing_aside, said, count=1), enabled)


def forbid_resealing(connection: sa.Connection) -> None:
    """Take it all away again, wherever it is."""
    rows = connection.execute(
        sa.text(
            "select distinct tgrelid::regclass::text from pg_trigger where tgname in ('only_seals', 'only_updates')"
        )
    )
    tables = list(rows.scalars())
    for table in tables:
        _say(connection, f"drop trigger only_seals on {table}")
        _say(connection, f"drop trigger only_updates on {table}")
        for policy in ("resealing_read", "resealing"):
            _say(connection, f"drop policy if exists {policy} on {table}")
    for name, table, said, enabled in _guards(connection, tables):
        _replace(connection, name, table, _WHEN.sub(_standing_there, said, count=1), enabled)


def _policies(place: SealedPlace) -> list[str]:
    """Rows shown to a few accounts only are sealed anew too, in their group's scope; a person's own, in the person's."""
    if place.kind not in (Fence.SEALED, Fence.OWN):
        return []
    inside = "group_id = scope.group_id() and scope.resealing()"
    drop = [f"drop policy if exists {policy} on {place.table}" for policy in ("resealing_read", "resealing")]
    if place.kind not in IN_A_GROUP:
        return [
            *drop,
            f"create policy resealing_read on {place.table} for select to current_user using (scope.resealing())",
        ]
    return [
        *drop,
        f"create policy resealing_read on {place.table} for select to current_user using ({inside})",
        f"create policy resealing on {place.table} for update to current_user using ({inside}) with check ({inside})",
    ]


def _guards(connection: sa.Connection, tables: list[str]) -> list[tuple[str, str, str, str]]:
    return [tuple(row) for row in connection.execute(sa.text(UPDATES), {"tables": tables})]  # type: ignore[misc] # four columns


def _replace(connection: sa.Connection, name: str, table: str, said: str, enabled: str) -> None:
    _say(connection, f"drop trigger {name} on {table}")
    _say(connection, said)
    if enabled == "A":
        _say(connection, f"alter table {table} enable always trigger {name}")


def _standing_aside(found: re.Match[str]) -> str:
    asked = f"({STANDS_ASIDE}) AND ({found['when']})" if found["when"] else STANDS_ASIDE
    return f"{found[1]} WHEN ({asked}) {found[3]}"


def _standing_there(found: re.Match[str]) -> str:
    rest = _ASIDE.sub("", found["when"] or "", count=1).strip()
    return f"{found[1]} WHEN {rest} {found[3]}" if rest.strip("() ") else f"{found[1]} {found[3]}"


def _say(connection: sa.Connection, statement: str) -> None:
    connection.execute(sa.text(statement.replace(":", r"\:")))
