"""Words let into the rows of somebody, or of everybody else, and every word a database holds, unsealed."""

import uuid
from collections.abc import Collection, Iterator
from contextlib import suppress
from typing import Any

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from sqlalchemy.exc import SQLAlchemyError

from network.accounts.models import RoleAssignment
from network.data_map import DataClass
from network.data_map.people import Row
from network.db import Base, db
from network.mine import rows
from network.mine.registry import who
from network.tenancy.fence import Fence
from network.tenancy.tables import kinds
from network.vault import keys
from network.vault.columns import PlatformSealed, Sealed
from tests.support.app import in_scope

OWN = frozenset({DataClass.PERSON, DataClass.CONTACT, DataClass.SENSITIVE})
"""Classes whose words go with their person."""

EVERYTHING = frozenset(DataClass) - {DataClass.NONE, DataClass.SECRET}

SENTENCE = 20
"""Shorter words may be somebody's own by chance."""

TABLES = {"returns.names", "returns.held", "people_counts.figures", "form_answers.answers"}
"""Words kept as a table of words: a canary alone is none."""


def words_columns(table: sa.Table, classes: frozenset[DataClass]) -> list[sa.Column[Any]]:
    """Columns that take free words, of these classes."""
    entries = rows.the_map().entries
    found = []
    for column in table.columns:
        entry = entries.get(f"{table.name}.{column.name}")
        takes_words = isinstance(column.type, sa.String | Sealed | PlatformSealed)
        if (
            entry
            and entry.data_class in classes
            and takes_words
            and not column.foreign_keys
            and entry.place not in TABLES
        ):
            found.append(column)
    return found


def let_into(
    table: sa.Table,
    where: Any,
    mark: str,
    classes: frozenset[DataClass],
    *,
    only: Collection[str] | None = None,
) -> set[str]:
    """Put a canary into each column (or `only` these) that takes it; which sang."""
    sang = set()
    for column in words_columns(table, classes):
        if only is not None and column.name not in only:
            continue
        canary = f"{mark}-{table.name}-{column.name}".replace("_", "")
        with suppress(SQLAlchemyError), db.session.begin_nested():
            ids = db.session.scalars(sa.select(table.c.id).where(where).order_by(table.c.id)).all()
            for number, one in enumerate(ids[:3]):
                text = f"{canary}-{number}"
                row = f"{table.name}_id"  # what is sealed goes in with its row
                changed = sa.update(table).where(table.c.id == sa.bindparam(row))
                db.session.execute(changed, {column.name: text, row: one})
            _ask_what_waits_for_the_end()
            sang |= {f"{canary}-{number}" for number, _ in enumerate(ids[:3])}
    return sang


def _ask_what_waits_for_the_end() -> None:
    """What the database would refuse at the commit, such as something private without a consent, it refuses now."""
    db.session.execute(sa.text("set constraints all immediate"))
    db.session.execute(sa.text("set constraints all deferred"))


def mine(
    account_id: uuid.UUID, *, classes: frozenset[DataClass], shown: bool = False, mark: str = "MINE", everywhere: bool = True
) -> set[str]:  # fmt: skip
    """Canaries in every row that is about somebody; `shown`, only in what they are shown of it."""
    sang = set()
    with in_scope(None, account_id):
        places = rows.places_ever(account_id) if everywhere else []
    for place in (None, *places):
        with in_scope(place, account_id):
            me = who(account_id) if place else rows.Me(account_id)
            for table in rows.tables(in_a_group=place is not None):
                links = [link for link in rows.people().of(table.name) if link.row is Row.THEIRS]
                led = [table.c[link.column].in_(me.ids(link.to)) for link in links]
                if led:
                    in_place = [table.c.group_id == place] if place and "group_id" in table.c else []
                    theirs = sa.and_(sa.or_(*led), *in_place)
                    seen = rows.shown_of_theirs(table) if shown else None
                    sang |= let_into(table, theirs, mark, classes, only=seen)
    return sang


def of_other_people(account_id: uuid.UUID, places: Collection[uuid.UUID]) -> set[str]:
    """Canaries in what is held, outside groups, about those who are in the same places."""
    beside = sa.select(RoleAssignment.account_id).where(RoleAssignment.account_id != account_id)
    others: set[uuid.UUID] = set()
    for place in places:
        with in_scope(place):
            others |= set(db.session.scalars(beside.distinct().order_by(RoleAssignment.account_id).limit(3)))
    sang = set()
    for other in sorted(others):
        sang |= mine(other, classes=EVERYTHING, mark="OTHERS", everywhere=False)
    return sang


def of_others(account_id: uuid.UUID, place_id: uuid.UUID) -> set[str]:
    """Canaries beside somebody's own words: in rows they only acted in, in every other row of a place, and in what their own rows hold of others."""
    sang = set()
    with in_scope(place_id, account_id):
        me = who(account_id)
        for name, kind in kinds().items():
            if kind not in (Fence.GROUP, Fence.LINK, Fence.PUBLISHED, Fence.SEALED):
                continue
            table = Base.metadata.tables[name]
            here = table.c.group_id == place_id
            theirs, acted = (_led_to(table, me, kind) for kind in (Row.THEIRS, Row.ACTS))
            hidden = {column.name for column in table.columns} - rows.shown_of_theirs(table)
            sang |= let_into(table, sa.and_(here, ~theirs), "OTHERS", EVERYTHING)
            sang |= let_into(table, sa.and_(here, acted, ~theirs), "OTHERS", EVERYTHING)
            sang |= let_into(table, sa.and_(here, theirs), "OTHERS", EVERYTHING, only=hidden)
    return sang


def words_beside(account_id: uuid.UUID, place_id: uuid.UUID) -> set[str]:
    """Sentences of the story in rows that are not theirs: some cannot be changed, so no canary gets in there."""
    found: set[str] = set()
    with in_scope(place_id, account_id):
        me = who(account_id)
        for name, kind in kinds().items():
            if kind in (Fence.GROUP, Fence.LINK, Fence.PUBLISHED, Fence.SEALED):
                table = Base.metadata.tables[name]
                beside = sa.and_(table.c.group_id == place_id, ~_led_to(table, me, Row.THEIRS))
                for column in words_columns(table, EVERYTHING):
                    found |= {one for one in db.session.scalars(sa.select(column).where(beside)) if one}
    return {one for one in found if len(one) > SENTENCE and " " in one}


def _led_to(table: sa.Table, me: rows.Me, kind: Row) -> sa.ColumnElement[bool]:
    links = [link for link in rows.people().of(table.name) if link.row is kind]
    led = sa.or_(sa.false(), *(table.c[link.column].in_(me.ids(link.to)) for link in links))
    return sa.func.coalesce(led, sa.false())


def everything_in(admin_url: str) -> Iterator[str]:
    """Every row of every table as text, with what is sealed opened; read as the server's own administrator."""
    engine = sa.create_engine(admin_url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        for table in Base.metadata.tables.values():
            yield from connection.execute(sa.text(f"select t::text from {table.name} t")).scalars()
            for column in table.columns:
                if isinstance(column.type, Sealed | PlatformSealed):
                    yield from _unsealed(connection, table, column)


def _unsealed(connection: sa.Connection, table: sa.Table, column: sa.Column[Any]) -> Iterator[str]:
    group = "group_id" if "group_id" in table.c else "null"
    asked = sa.text(f"select {group}, id, {column.name} from {table.name} where {column.name} is not null")
    for group_id, row, sealed in connection.execute(asked).all():
        with in_scope(group_id), suppress(InvalidTag):
            owner = column.type.owner()
            key = keys.opening_key(owner, keys.version_of(bytes(sealed)))
            words = keys.unseal_in(key, bytes(sealed), bound_to=column.type.bound_to(owner, row))
            yield f"{column.type.place}: {words}"
