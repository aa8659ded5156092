"""From the id of a row to people, columns and readers. Ids, classes and days only: nothing sealed is opened, no word is read."""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from network import clock
from network.accounts.models import Account, RoleAssignment
from network.audit import AuditEvent
from network.data_map import Column, DataClass, kept_columns
from network.db import Base, db
from network.mine import rows
from network.mine.registry import who
from network.tenancy import scope
from network.tenancy.fence import IN_A_GROUP, Fence
from network.tenancy.queries import ids_of_groups
from network.tenancy.tables import kinds

LATELY = timedelta(days=30)
OPENS_ALL = "group_keys"
"""Whoever has a row of this table and the master key can open all that is sealed in the group: everybody there is touched."""


class NotFound(Exception):
    """There is no such table or row; the words say which."""


@dataclass(frozen=True)
class Kept:
    """A column of the row: its class, how it is held, and whether there is anything in it."""

    column: str
    data_class: str
    held: str
    is_filled: bool


@dataclass(frozen=True)
class Touched:
    """People of one group, or of the platform, and who was at what is theirs lately."""

    group_id: uuid.UUID | None
    accounts: list[uuid.UUID]
    members: list[uuid.UUID]
    looks: list[dict[str, Any]] = field(default_factory=list)
    done: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Breach:
    """What is known of one row."""

    table: str
    row_id: uuid.UUID
    group_id: uuid.UUID | None
    at: datetime
    """When this was asked."""
    since: datetime
    columns: list[Kept]
    touched: list[Touched]
    nobody: str
    """Why the row leads to nobody we know, in a sentence; empty where it leads to somebody."""


def trace(name: str, row_id: uuid.UUID, *, now: datetime) -> Breach:
    """All of it for one row. Raises `NotFound`."""
    table = Base.metadata.tables.get(name)
    if table is None or "id" not in table.c:
        raise NotFound(f"No table is called {name}.")
    for place, account in _places(kinds()[name]):
        with scope.visiting(place, account):
            if found := _read(table, row_id, place):
                break
    else:
        raise NotFound(f"No row of {name} has this id. It may be gone already.")
    row, columns = found
    accounts, members = _people_in(table, row)
    since = now - LATELY
    group_id = place or row.get("group_id")
    touched = [
        one
        for at in ([group_id] if group_id else [None, *ids_of_groups()])
        if (one := _touched(table, row_id, at, accounts=accounts, members=members, since=since))
    ]
    has_people = any(one.accounts or one.members for one in touched)
    why = rows.people().nobody.get(name, "It leads to no account and no member.")
    return Breach(name, row_id, group_id, now, since, columns, touched, "" if has_people else why)


def _places(fence: Fence) -> Iterator[tuple[uuid.UUID | None, uuid.UUID | None]]:
    """Every scope in which a row behind this fence may show itself."""
    if fence is Fence.PLATFORM:
        yield None, None
    elif fence is Fence.OWN:
        with scope.visiting():
            accounts = list(db.session.scalars(sa.select(Account.id)))
        yield from ((None, account) for account in accounts)
    else:
        for group_id in ids_of_groups():
            yield from ((group_id, account) for account in _readers(fence, group_id))


def _readers(fence: Fence, group_id: uuid.UUID) -> Iterable[uuid.UUID | None]:
    """As whom the row may be read there; rows for a few accounts are asked for as each who ever had a role."""
    if fence not in (Fence.SEALED, Fence.SEATED):
        return [None]
    with scope.visiting(group_id):
        return list(
            db.session.scalars(
                sa.select(RoleAssignment.account_id).where(RoleAssignment.group_id == group_id).distinct()
            )
        )


def _read(
    table: sa.Table, row_id: uuid.UUID, place: uuid.UUID | None
) -> tuple[dict[str, Any], list[Kept]] | None:
    """Whom the row points at, and which of its columns hold anything."""
    named = {link.column for link in rows.people().of(table.name)} | {"id", "group_id"}
    named |= {"account_id"} if table.name == "members" else set()
    pointing = [column for column in table.c if column.name in named]
    filled = [column.is_not(None).label(f"has_{column.name}") for column in table.c]
    asked = sa.select(*pointing, *filled).where(table.c.id == row_id)
    if place and kinds()[table.name] in IN_A_GROUP:
        asked = asked.where(table.c.group_id == place)
    found = db.session.execute(asked).mappings().first()
    if found is None:
        return None
    columns = kept_columns()
    kept = [_kept(columns[f"{table.name}.{c.name}"], has=found[f"has_{c.name}"]) for c in table.c]
    return {column.name: found[column.name] for column in pointing}, kept


def _kept(column: Column, *, has: bool) -> Kept:
    entry = rows.the_map().entries.get(column.place)
    held = "sealed" if column.is_sealed else (entry.held if entry else None) or "readable"
    return Kept(column.name, entry.data_class if entry else DataClass.NONE, held, has)


def _people_in(table: sa.Table, row: dict[str, Any]) -> tuple[set[uuid.UUID], set[uuid.UUID]]:
    """Accounts and members the row points at, or is."""
    found: dict[str, set[uuid.UUID]] = {"accounts": set(), "members": set()}
    if table.name in found:
        found[table.name].add(row["id"])
    for link in rows.people().of(table.name):
        value = row[link.column]
        several = value if isinstance(value, list | tuple) else [value]
        found[link.to] |= {uuid.UUID(str(one)) for one in several if one is not None}
    return found["accounts"], found["members"]


def _touched(
    table: sa.Table, row_id: uuid.UUID, at: uuid.UUID | None, *,
    accounts: set[uuid.UUID], members: set[uuid.UUID], since: datetime,
) -> Touched | None:  # fmt: skip
    """Those people in one place, each with both their ids, and who was at what is theirs."""
    if at is None:
        return Touched(None, sorted(accounts), []) if accounts else None
    with scope.visiting(at):
        people = Base.metadata.tables["members"]
        if table.name == OPENS_ALL:
            members = set(db.session.scalars(sa.select(people.c.id)))
        here = members.union(*(who(account).members for account in accounts))
        if not here and table.c.get("group_id") is None:
            return None
        asked = sa.select(people.c.account_id).where(people.c.id.in_(here), people.c.account_id.is_not(None))
        known = accounts | set(db.session.scalars(asked))
        return Touched(at, sorted(known), sorted(here), _looks(here, since), _done({row_id, *here}, since))


def _looks(members: set[uuid.UUID], since: datetime) -> list[dict[str, Any]]:
    """As which office somebody opened a page with these members' private things, and on which day."""
    looks = Base.metadata.tables["looks"]
    asked = sa.select(looks.c.member_id, looks.c.office, looks.c.on_day).where(
        looks.c.member_id.in_(members), looks.c.on_day >= since.date()
    )
    found = db.session.execute(asked.order_by(looks.c.on_day.desc(), looks.c.office, looks.c.member_id))
    return [{"member": one.member_id, "office": one.office, "day": one.on_day} for one in found]


def _done(subjects: set[uuid.UUID], since: datetime) -> list[dict[str, Any]]:
    """What the diary says was done with the row, or with these members, and by which account."""
    asked = sa.select(AuditEvent.event, AuditEvent.account_id, AuditEvent.at).where(
        AuditEvent.subject_id.in_(subjects), AuditEvent.at >= since
    )
    return [
        {"event": one.event, "account": one.account_id, "day": clock.today("UTC", at=one.at)}
        for one in db.session.execute(asked.order_by(AuditEvent.at.desc(), AuditEvent.id))
    ]
