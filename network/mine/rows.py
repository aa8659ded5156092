"""Finding every row that is about somebody, or in which they did something, as the data map says."""

import re
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa

from network import data_map
from network.accounts.models import RoleAssignment
from network.data_map import DataClass
from network.data_map.people import Link, People, Row, read_people
from network.db import Base, db
from network.mine.registry import Me, who
from network.tenancy import scope
from network.tenancy.fence import IN_A_GROUP, Fence
from network.tenancy.tables import kinds

UNSEEN = {Row.THEIRS: frozenset({DataClass.SECRET}), Row.ACTS: frozenset(DataClass) - {DataClass.NONE}}
"""Of a row about somebody they see all but what opens a door; of one they did something in, that and when."""
MOMENT = re.compile(r"(^|_)(at|on)$|^on_day$")
MYSELF, SOMEBODY = "me", "somebody else"


@dataclass(frozen=True)
class Found:
    """A row, with what may be shown of it to its person."""

    table: str
    row: Row
    values: dict[str, Any]


@cache
def people() -> People:
    """Whom each table is about."""
    return read_people(data_map.files(), data_map.kept_columns())


@cache
def the_map() -> data_map.DataMap:
    """What each column is for."""
    return data_map.read_map(data_map.files())


def tables(*, in_a_group: bool) -> list[sa.Table]:
    """Tables that lead to somebody: those of a place, or those of the platform and of the person alone."""
    led = {link.table for link in people().links.values()}
    fences = kinds()
    return [
        table
        for table in Base.metadata.sorted_tables
        if table.name in led and (fences[table.name] in IN_A_GROUP) == in_a_group
    ]


def places_ever(account_id: uuid.UUID, *, with_seated: bool = True) -> list[uuid.UUID]:
    """Every group and office in which anything leads to somebody, in a stable order. Runs in the account's scope.

    Roles tell most of them; what somebody did where they held none (opened a group, helped to hear something) the database
    tells to that person alone (`places_of_mine`). Without `with_seated`, nothing tells that they brought a matter before another
    group, or were told of one: that is shown once the door is open.
    """
    places = (
        sa.select(RoleAssignment.group_id)
        .where(RoleAssignment.account_id == account_id)
        .group_by(RoleAssignment.group_id)
        .order_by(sa.func.min(RoleAssignment.starts_at), RoleAssignment.group_id)
    )
    known = list(db.session.scalars(places))
    told = db.session.scalars(sa.text("select * from places_of_mine() order by 1")).all()
    seated = _seated_in(Me(account_id)) if with_seated else []
    return list(dict.fromkeys((*known, *told, *seated)))


def _seated_in(me: Me) -> list[uuid.UUID]:
    """Places whose rows name somebody for whom they open anywhere, as one who helps another group to hear a matter."""
    seated = [table for table in tables(in_a_group=True) if is_seated(table)]
    asked = [
        sa.select(table.c.group_id).where(table.c[link.column].in_(me.ids(link.to)))
        for table in seated
        for link in people().of(table.name)
        if link.to == "accounts"
    ]
    return sorted(db.session.scalars(sa.union(*asked))) if asked else []


def in_place(
    account_id: uuid.UUID,
    place_id: uuid.UUID,
    *,
    names: Sequence[str] | None = None,
    latest: int | None = None,
    with_seated: bool = True,
) -> list[Found]:
    """All of it in one group or office, in that place's scope; or the latest of each of these tables."""
    with scope.visiting(place_id, account_id):
        me = who(account_id)
        wanted = [t for t in _tables_there(with_seated) if names is None or t.name in names]
        return [found for table in wanted for found in rows_of(table, me, latest=latest)]


def of_member(member_id: uuid.UUID, *, is_whole: bool) -> list[Found]:
    """All that whoever asks may see about one member of the group in scope; only whole with what they told of themselves."""
    me = Me(None, frozenset({member_id}))
    found = [one for table in _tables_there(with_seated=False) for one in rows_of(table, me)]
    return found if is_whole else [_without_what_is_told(one) for one in found]


def _without_what_is_told(found: Found) -> Found:
    entries = the_map().entries
    kept = {
        name: value
        for name, value in found.values.items()
        if not ((e := entries.get(f"{found.table}.{name}")) and e.data_class is DataClass.SENSITIVE)
    }
    return Found(found.table, found.row, kept)


def on_platform(account_id: uuid.UUID) -> list[Found]:
    """What is held wherever somebody is."""
    with scope.visiting(None, account_id):
        me = Me(account_id)
        return [found for table in tables(in_a_group=False) for found in rows_of(table, me)]


def _tables_there(with_seated: bool) -> list[sa.Table]:  # noqa: FBT001 - as it was asked
    return [table for table in tables(in_a_group=True) if with_seated or not is_seated(table)]


def is_seated(table: sa.Table) -> bool:
    """Whether its rows open for the accounts they name alone, and so are shown only behind somebody's password."""
    return kinds()[table.name] is Fence.SEATED


def count_in_place(account_id: uuid.UUID, place_id: uuid.UUID, *, with_seated: bool = True) -> dict[str, int]:
    """How many rows of each table lead to somebody in one place."""
    with scope.visiting(place_id, account_id):
        me = who(account_id)
        counts = {
            table.name: sa.select(sa.func.count())
            .select_from(table)
            .where(leads_to(table, me))
            .scalar_subquery()
            for table in _tables_there(with_seated)
        }
        asked = db.session.execute(sa.select(*(count.label(name) for name, count in counts.items()))).one()
        return {name: number for name, number in asked._mapping.items() if number}  # noqa: SLF001 - the library's name for it


def leads_to(table: sa.Table, me: Me) -> sa.ColumnElement[bool]:
    """The rows of a table that lead to somebody; of a published table only those of the place in scope."""
    links = people().of(table.name)
    led = sa.or_(*(table.c[link.column].in_(me.ids(link.to)) for link in links))
    return sa.and_(table.c.group_id == scope.group_id(), led) if is_in_group(table) else led


def rows_of(table: sa.Table, me: Me, *, latest: int | None = None) -> Iterator[Found]:
    """The rows of one table, oldest first as far as its key of time says; or only the latest."""
    shown = {kind: _shown(table, kind) for kind in Row}
    columns = [table.c[name] for name in dict.fromkeys((*shown[Row.THEIRS], *shown[Row.ACTS]))]
    if not columns:
        return
    links = people().of(table.name)
    needed = [table.c[link.column] for link in links if table.c[link.column] not in columns]
    moments = [c for c in table.columns if MOMENT.search(c.name)]
    order = [*moments[:1], table.c.id]
    asked = sa.select(*columns, *needed).where(leads_to(table, me))
    asked = asked.order_by(*(one.desc() for one in order)).limit(latest) if latest else asked.order_by(*order)
    found = db.session.execute(asked).mappings().all()
    for row in reversed(found) if latest else found:
        kind = _kind(row, links, me)
        yield Found(table.name, kind, {name: _told(table, name, row[name], me) for name in shown[kind]})


def _kind(row: Any, links: list[Link], me: Me) -> Row:
    are_theirs = any(link.row is Row.THEIRS and row[link.column] in me.ids(link.to) for link in links)
    return Row.THEIRS if are_theirs else Row.ACTS


def is_in_group(table: sa.Table) -> bool:
    """Whether its rows belong to a place."""
    return kinds()[table.name] in IN_A_GROUP


def _shown(table: sa.Table, kind: Row) -> list[str]:
    """Columns of a row that its person is shown: never a secret, never what is about others."""
    links = people().of(table.name)
    without = {"group_id", *(column for link in links for column in link.without)}
    led = {link.column for link in links} | {name for link in links for name in link.shows}
    entries = the_map().entries
    hidden = {
        c.name
        for c in table.columns
        if c.name not in led and (e := entries.get(f"{table.name}.{c.name}")) and e.data_class in UNSEEN[kind]
    }
    closed = {c.name for c in table.columns if type(c.type) is sa.LargeBinary}
    return [c.name for c in table.columns if c.name not in without | hidden | closed]


def shown_of_theirs(table: sa.Table) -> set[str]:
    """Columns that somebody is shown of a row about them; the others are about others, or open a door."""
    return set(_shown(table, Row.THEIRS))


def _told(table: sa.Table, name: str, value: Any, me: Me) -> Any:
    """The value, or whether it is oneself where it names a person."""
    link = people().links.get(f"{table.name}.{name}")
    if link is None or value is None or name == "id":
        return value
    return MYSELF if me.is_me(value) else SOMEBODY if link.to else value
