"""Changing keys while people are served: what is sealed is sealed anew in small transactions, then the old key goes.

All this runs as the owner of the tables: what people may not change any more, they cannot seal anew either.
"""

import secrets
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa
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

    @property
    def is_group(self) -> bool:
        """A group's key, or the platform's."""
        return isinstance(self.owner, uuid.UUID)

    @property
    def old(self) -> list[int]:
        """The versions that are to go."""
        return [version for version in self.secrets if version < self.newest]

    def anew(self, place: str, row: uuid.UUID, sealed: bytes) -> bytes:
        """The same words in the same place, closed with the newest version."""
        bound_to = f"{self.owner} {place} {row}"
        words = keys.unseal_in(self.secrets[keys.version_of(sealed)], sealed, bound_to=bound_to)
        return keys.seal_in(keys.Key(self.newest, self.secrets[self.newest]), words, bound_to=bound_to)


def prepare_tables(engine: sa.Engine) -> None:
    """Arrange that every table with something sealed in it can be sealed anew, those made since included."""
    for place in guarding.sealed_places():
        for _ in range(TRIES):
            try:
                with engine.begin() as connection:
                    connection.execute(sa.text("set local lock_timeout = '500ms'"))
                    if not guarding.lets_reseal(connection, place):
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
    wait: timedelta = UNTIL_READ,
    tell: Callable[[int], None] = lambda _: None,
) -> Rotation | None:
    """Give a group (or the platform's accounts) a new key, seal everything anew, and let the old one go after the last row.

    Whatever interrupts it, the next call goes on where it stopped. None where there is no key yet.
    """
    rotation = _begin(engine, owner, now=now)
    if rotation is None:
        return None
    while True:
        for table in Base.metadata.tables.values():
            _reseal_table(engine, rotation, table, tell)
        if _count_old(engine, rotation):
            time.sleep(STAND_STILL.total_seconds())
            continue
        time.sleep(wait.total_seconds())
        if _let_go(engine, rotation):
            return rotation


def rewrap_keys(engine: sa.Engine, *, now: datetime) -> int:
    """Wrap every key with the master key as it is now; nothing sealed with them is touched."""
    wrapped = 0
    with _as_owner(engine) as connection:
        stored = set(connection.execute(sa.select(PlatformKey.purpose)).scalars())
        for purpose in keys.PURPOSES:
            if purpose not in stored:
                _store(connection, purpose, 1, keys.first(purpose), now)
        for row in connection.execute(
            sa.select(PlatformKey.id, PlatformKey.purpose, PlatformKey.wrapped)
        ).all():
            anew = keys.wrap(keys.unwrap(row.wrapped, row.purpose), row.purpose)
            connection.execute(sa.update(PlatformKey).where(PlatformKey.id == row.id).values(wrapped=anew))
            wrapped += 1
    for group_id in groups_with_keys(engine):
        with _as_owner(engine, group_id) as connection:
            own = sa.select(GroupKey.id, GroupKey.wrapped).where(GroupKey.group_id == group_id)
            for kept in connection.execute(own.with_for_update()).all():
                anew = keys.wrap(keys.unwrap(kept.wrapped, group_id), group_id)
                connection.execute(sa.update(GroupKey).where(GroupKey.id == kept.id).values(wrapped=anew))
                wrapped += 1
    return wrapped


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


def _begin(engine: sa.Engine, owner: keys.Owner, *, now: datetime) -> Rotation | None:
    group_id = owner if isinstance(owner, uuid.UUID) else None
    with _as_owner(engine, group_id) as connection:
        if group_id is None:  # one at a time, also where no row can be held yet
            connection.execute(sa.text("lock table platform_keys in share row exclusive mode"))
        rows = connection.execute(keys.stored_keys(owner).with_for_update(key_share=True)).all()
        rotation = Rotation(owner, secrets={row.version: keys.unwrap(row.wrapped, owner) for row in rows})
        if not rows and isinstance(owner, str):
            rotation.secrets[1] = keys.first(owner)
            _store(connection, owner, 1, rotation.secrets[1], now)
        if not rotation.secrets:
            return None
        if len(rotation.secrets) == 1:  # else an earlier change goes on
            rotation.newest = max(rotation.secrets) + 1
            rotation.secrets[rotation.newest] = secrets.token_bytes(32)
            _store(connection, owner, rotation.newest, rotation.secrets[rotation.newest], now)
        rotation.newest = max(rotation.secrets)
    return rotation


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
        f"substring(nullif({column}, ''::bytea) from 1 for {keys.VERSION}) <> '\\x{prefix}'::bytea"
        for column in columns
    )
    return f"({old})" + (" and group_id = scope.group_id()" if rotation.is_group else "")


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
                if rows:
                    _put_back(connection, rotation, table.name, columns, rows)
            rotation.resealed += len(rows)
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
    return connection.execute(sa.text(rows.replace("::", r"\:\:")), {"after": after}).mappings().all()


def _put_back(
    connection: sa.Connection,
    rotation: Rotation,
    table: str,
    columns: Sequence[str],
    rows: Sequence[sa.RowMapping],
) -> None:
    anew = [
        {"row": row["id"]}
        | {
            column: row[column]
            if not row[column]
            else rotation.anew(f"{table}.{column}", row["id"], bytes(row[column]))
            for column in columns
        }
        for row in rows
    ]
    sets = ", ".join(f"{column} = :{column}" for column in columns)
    connection.execute(sa.text(f"update {table} set {sets} where id = :row"), anew)  # noqa: S608 - names of ours


def _count_old(engine: sa.Engine, rotation: Rotation) -> int:
    """How many rows still need an old key."""
    left = 0
    for table in Base.metadata.tables.values():
        if not (columns := _columns(rotation, table)):
            continue
        counted = f"select count(*) from {table.name} where {_is_old(columns, rotation)}"  # noqa: S608 - names of ours
        for group_id, account_id in _scopes(engine, rotation, table):
            with _as_owner(engine, group_id, account_id) as own:
                left += own.execute(sa.text(counted.replace("::", r"\:\:"))).scalar() or 0
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
