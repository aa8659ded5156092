"""Changing keys while people are served: what is sealed is sealed anew in small transactions, then the old key goes.

All this runs as the owner of the tables: what people may not change any more, they cannot seal anew either.
"""

import secrets
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from sqlalchemy.exc import OperationalError

from network.db import Base
from network.tenancy.fence import Fence
from network.tenancy.tables import kinds
from network.vault import guarding, keys
from network.vault.columns import PlatformSealed, Sealed, sealed_columns
from network.vault.keys import GroupKey, PlatformKey

AT_ONCE = 200
"""Rows sealed anew in one transaction: nobody waits long for one of them."""
UNTIL_READ = timedelta(seconds=60)
"""How long after the last row an old key still stands, for what was read before and is opened only now."""
STAND_STILL = timedelta(milliseconds=100)
TRIES = 50
NOBODY = uuid.UUID(int=0)


@dataclass
class Rotation:
    """Changing one key: whose, from which versions to which, and how it is kept."""

    owner: keys.Owner
    newest: int = 0
    secrets: dict[int, bytes] = field(default_factory=dict)
    resealed: int = 0
    unopened: dict[str, dict[uuid.UUID, list[str]]] = field(default_factory=dict)
    """What opens with no key there is, changed by hand or spoiled: table, row and columns. It stays as it is, and the old key too."""

    @property
    def is_group(self) -> bool:
        """A group's key, or the platform's."""
        return isinstance(self.owner, uuid.UUID)

    @property
    def old(self) -> list[int]:
        """The versions that are to go."""
        return [version for version in self.secrets if version < self.newest]

    def anew(self, table: str, column: str, row: uuid.UUID, sealed: bytes) -> bytes:
        """The same words in the same place, closed with the newest version; what does not open is noted and stays as it is."""
        if not sealed or keys.version_of(sealed) == self.newest:
            return sealed
        bound_to = f"{self.owner} {table}.{column} {row}"
        try:
            words = keys.unseal_in(self.secrets[keys.version_of(sealed)], sealed, bound_to=bound_to)
        except (InvalidTag, KeyError, ValueError):  # another place's, a version there never was, too short
            self.unopened.setdefault(table, {}).setdefault(row, []).append(column)
            return sealed
        return keys.seal_in(keys.Key(self.newest, self.secrets[self.newest]), words, bound_to=bound_to)

    def passed_over(self, table: str) -> list[uuid.UUID]:
        """Rows of a table that are left as they are."""
        return list(self.unopened.get(table, {}))


def prepare_tables(engine: sa.Engine) -> None:
    """Arrange that every table with something sealed in it can be sealed anew, those made since included."""
    with engine.connect() as connection:
        missing = [place for place in guarding.sealed_places() if not guarding.lets_reseal(connection, place)]
    for place in missing:
        for _ in range(TRIES):
            try:
                with engine.begin() as connection:
                    connection.execute(sa.text("set local lock_timeout = '500ms'"))
                    guarding.let_reseal(connection, [place])
                break
            except OperationalError:  # somebody is writing there: they go first
                time.sleep(STAND_STILL.total_seconds())


def groups_with_keys(engine: sa.Engine) -> list[uuid.UUID]:
    """Every group and office; those without a key have nothing sealed."""
    with engine.connect() as connection:
        return list(connection.execute(sa.text("select id from groups order by id")).scalars())


def rotate_key(
    engine: sa.Engine,
    owner: keys.Owner,
    *,
    now: datetime,
    is_another: bool = False,
    wait: timedelta = UNTIL_READ,
    tell: Callable[[int], None] = lambda _: None,
) -> Rotation | None:
    """Give a group (or the platform's accounts) a new key, seal everything anew, and let the old one go after the last row.

    Whatever interrupts it, the next call goes on where it stopped, unless another version is asked for. The old key stays
    while a row does not open. None where there is no key yet. Raises `InvalidTag` where the key itself does not open.
    """
    rotation = _begin(engine, owner, is_another=is_another, now=now)
    if rotation is None:
        return None
    while True:
        for table in Base.metadata.tables.values():
            _reseal_table(engine, rotation, table, tell)
        if _count_old(engine, rotation):
            time.sleep(STAND_STILL.total_seconds())
            continue
        if rotation.unopened:
            return rotation
        time.sleep(wait.total_seconds())
        if _let_go(engine, rotation):
            return rotation


def rewrap_keys(engine: sa.Engine, *, now: datetime) -> tuple[int, list[keys.Owner]]:
    """Wrap every key with the master key as it is now; nothing sealed with them is touched.

    Says how many are wrapped, and whose open with no master key we have: these stay as they are.
    """
    _store_first(engine, keys.PURPOSES, now=now)
    with _as_owner(engine) as connection:
        stored = sa.select(PlatformKey.id, PlatformKey.purpose.label("owner"), PlatformKey.wrapped)
        wrapped, closed = _wrap_anew(connection, PlatformKey, stored)
    for group_id in groups_with_keys(engine):
        with _as_owner(engine, group_id) as connection:
            own = sa.select(GroupKey.id, GroupKey.group_id.label("owner"), GroupKey.wrapped)
            count, not_opened = _wrap_anew(connection, GroupKey, own.where(GroupKey.group_id == group_id))
        wrapped, closed = wrapped + count, closed + not_opened
    return wrapped, closed


def _wrap_anew(
    connection: sa.Connection, table: type[GroupKey | PlatformKey], stored: sa.Select[*tuple[Any, ...]]
) -> tuple[int, list[keys.Owner]]:
    wrapped, closed = 0, []
    for row in connection.execute(stored.with_for_update(key_share=True)).all():
        try:
            anew = keys.wrap(keys.unwrap(row.wrapped, row.owner), row.owner)
        except InvalidTag:
            closed.append(row.owner)
            continue
        connection.execute(sa.update(table).where(table.id == row.id).values(wrapped=anew))
        wrapped += 1
    return wrapped, closed


@contextmanager
def _as_owner(
    engine: sa.Engine, group_id: uuid.UUID | None = None, account_id: uuid.UUID | None = None
) -> Iterator[sa.Connection]:
    with engine.begin() as connection:
        connection.execute(
            sa.text(
                "select set_config('app.resealing', 'on', true), set_config('app.group_id', :group, true),"
                " set_config('app.account_id', :account, true)"
            ),
            {"group": str(group_id or ""), "account": str(account_id or "")},
        )
        yield connection


def _begin(engine: sa.Engine, owner: keys.Owner, *, is_another: bool, now: datetime) -> Rotation | None:
    group_id = owner if isinstance(owner, uuid.UUID) else None
    if group_id is None:
        _store_first(engine, [str(owner)], now=now)
    with _as_owner(engine, group_id) as connection:
        one_at_a_time = sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(f"key of {owner}", 0))
        connection.execute(sa.select(one_at_a_time))
        rows = connection.execute(keys.stored_keys(owner).with_for_update(key_share=True)).all()
        rotation = Rotation(owner, secrets={row.version: keys.unwrap(row.wrapped, owner) for row in rows})
        if not rotation.secrets:
            return None
        if len(rotation.secrets) == 1 or is_another:  # else an earlier change goes on
            rotation.newest = max(rotation.secrets) + 1
            rotation.secrets[rotation.newest] = secrets.token_bytes(32)
            _store(connection, owner, rotation.newest, rotation.secrets[rotation.newest], now)
        rotation.newest = max(rotation.secrets)
    return rotation


def _store_first(engine: sa.Engine, purposes: Sequence[str], *, now: datetime) -> None:
    """Store keys of the platform that were only made from the master key so far.

    Whoever seals with such a key could hold no row of it, but has asked this table. We take it when nobody is in between,
    asking for it shortly and often; whoever comes after us finds the row and holds it.
    """
    while missing := set(purposes) - _stored_purposes(engine):
        with suppress(OperationalError), _as_owner(engine) as connection:  # whoever seals goes first
            connection.execute(sa.text("set local lock_timeout = '500ms'"))
            connection.execute(sa.text("lock table platform_keys in exclusive mode"))
            there = set(connection.execute(sa.select(PlatformKey.purpose)).scalars())
            for purpose in sorted(missing - there):
                _store(connection, purpose, 1, keys.first(purpose), now)
            return
        time.sleep(STAND_STILL.total_seconds())


def _stored_purposes(engine: sa.Engine) -> set[str]:
    with engine.connect() as connection:
        return set(connection.execute(sa.select(PlatformKey.purpose)).scalars())


def _store(connection: sa.Connection, owner: keys.Owner, version: int, secret: bytes, now: datetime) -> None:
    made = {"id": uuid.uuid4(), "version": version, "wrapped": keys.wrap(secret, owner), "created_at": now}
    if isinstance(owner, str):
        connection.execute(sa.insert(PlatformKey), {**made, "purpose": owner})
    else:
        connection.execute(sa.insert(GroupKey), {**made, "group_id": owner})


def _columns(rotation: Rotation, table: sa.Table) -> list[str]:
    kind = Sealed if rotation.is_group else PlatformSealed
    return [column.name for column in sealed_columns(table) if isinstance(column.type, kind)]


def _scopes(
    engine: sa.Engine, rotation: Rotation, table: sa.Table
) -> list[tuple[uuid.UUID | None, uuid.UUID | None]]:
    """The scopes whose rows are to be seen: a group's, or for a person's own rows one person's after the other."""
    if isinstance(rotation.owner, uuid.UUID):
        return [(rotation.owner, None)]
    if kinds()[table.name] is not Fence.OWN:
        return [(None, None)]
    with _as_owner(engine) as connection:
        owners = connection.execute(sa.text(f"select distinct account_id from {table.name}")).scalars()  # noqa: S608 - a table of ours
        return [(None, each) for each in owners]


def _is_old(columns: Sequence[str], rotation: Rotation) -> str:
    prefix = rotation.newest.to_bytes(keys.VERSION).hex()
    old = " or ".join(
        f"substring(nullif({column}, cast('' as bytea)) from 1 for {keys.VERSION}) <> cast('\\x{prefix}' as bytea)"
        for column in columns
    )
    inside = " and group_id = scope.group_id()" if rotation.is_group else ""
    return f"({old}) and id <> all (cast(:passed_over as uuid[])){inside}"


def _reseal_table(
    engine: sa.Engine, rotation: Rotation, table: sa.Table, tell: Callable[[int], None]
) -> None:
    """Seal one table's old rows anew, some at a time and in order; rows somebody holds are met again on the next round."""
    if not (columns := _columns(rotation, table)):
        return
    for group_id, account_id in _scopes(engine, rotation, table):
        after: uuid.UUID | None = NOBODY
        while after is not None:
            with _as_owner(engine, group_id, account_id) as connection:
                rows = _take(connection, rotation, table.name, columns, after or NOBODY)
                resealed = _put_back(connection, rotation, table.name, columns, rows)
            rotation.resealed += resealed
            after = rows[-1]["id"] if rows else None
            if rows:
                tell(rotation.resealed)


def _take(
    connection: sa.Connection, rotation: Rotation, table: str, columns: Sequence[str], after: uuid.UUID
) -> Sequence[sa.RowMapping]:
    rows = (
        f"select id, {', '.join(columns)} from {table} where id > :after and {_is_old(columns, rotation)}"  # noqa: S608 - names of ours
        f" order by id limit {AT_ONCE} for no key update skip locked"
    )
    sent = {"after": after, "passed_over": rotation.passed_over(table)}
    return connection.execute(sa.text(rows), sent).mappings().all()


def _put_back(
    connection: sa.Connection,
    rotation: Rotation,
    table: str,
    columns: Sequence[str],
    rows: Sequence[sa.RowMapping],
) -> int:
    """How many are sealed anew."""
    anew = []
    for row in rows:
        changed = {
            column: row[column] and rotation.anew(table, column, row["id"], bytes(row[column]))
            for column in columns
        }
        if any(changed[column] != row[column] for column in columns):
            anew.append({"row": row["id"]} | changed)
    if anew:
        sets = ", ".join(f"{column} = :{column}" for column in columns)
        connection.execute(sa.text(f"update {table} set {sets} where id = :row"), anew)  # noqa: S608 - names of ours
    return len(anew)


def _count_old(engine: sa.Engine, rotation: Rotation) -> int:
    """How many rows still need an old key, but for those that open with none."""
    left = 0
    for table in Base.metadata.tables.values():
        if not (columns := _columns(rotation, table)):
            continue
        counted = sa.text(f"select count(*) from {table.name} where {_is_old(columns, rotation)}")  # noqa: S608 - names of ours
        passed_over = {"passed_over": rotation.passed_over(table.name)}
        for group_id, account_id in _scopes(engine, rotation, table):
            with _as_owner(engine, group_id, account_id) as own:
                left += own.execute(counted, passed_over).scalar() or 0
    return left


def _let_go(engine: sa.Engine, rotation: Rotation) -> bool:
    """Destroy the old versions, once nobody is sealing with one of them any more and nothing needs them."""
    group_id = rotation.owner if isinstance(rotation.owner, uuid.UUID) else None
    table, own = (GroupKey, GroupKey.group_id) if rotation.is_group else (PlatformKey, PlatformKey.purpose)
    old = sa.and_(own == rotation.owner, table.version.in_(rotation.old))
    with _as_owner(engine, group_id) as connection:
        connection.execute(sa.select(table.id).where(old).with_for_update()).all()
        if _count_old(engine, rotation):
            return False
        connection.execute(sa.delete(table).where(old))
    return True
