"""Forgetting somebody: in one place, or altogether. Everything here can be done again without harm, as after a restore."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from network.accounts import commands as accounts
from network.accounts import queries
from network.accounts.models import Account, RoleAssignment
from network.data_map import DataClass
from network.data_map.people import Goes, Link, Row
from network.db import db
from network.messages import commands as messages
from network.mine import erasures, registry, rows
from network.mine.erasures import Erasure
from network.mine.registry import Me
from network.mine.words import neutral_name
from network.outbox import commands as outbox
from network.outbox import periodic
from network.tenancy import scope
from network.tenancy.models import Group
from network.vault.columns import PlatformSealed, Sealed


class NotEverywhere(Exception):
    """Some places could not be done; the others were. It is tried again by itself."""


def forget_everywhere(account_id: uuid.UUID, *, now: datetime) -> bool:
    """Somebody asked to be forgotten: it is written down, then done in each place by itself, and last in their account.

    False where something is left that will be tried again by itself.
    """
    return _begin(Erasure(account_id, now, _who_they_are(account_id)), now=now)


def forget_in(account_id: uuid.UUID, place_id: uuid.UUID, *, now: datetime) -> bool:
    """The same in one group; elsewhere, and in their account, nothing changes."""
    found = _who_they_are(account_id)
    return _begin(Erasure(account_id, now, {place_id: found.get(place_id, ())}, is_whole=False), now=now)


def forget_member(member_id: uuid.UUID, place_id: uuid.UUID, *, now: datetime) -> bool:
    """The same for somebody without a sign-in, who asked the people of their group."""
    return _begin(Erasure(None, now, {place_id: (member_id,)}, is_whole=False), now=now)


def _begin(erasure: Erasure, *, now: datetime) -> bool:
    erasures.add(erasure)
    try:
        carry_out(erasure, now=now)
    except NotEverywhere:
        return False  # the wish is on the list, and what is left is tried again by itself
    erasures.finish(erasure, now=now)
    return True


def finish_what_was_begun(*, now: datetime) -> None:
    """Try again what could not be done everywhere."""
    with periodic.each_by_itself() as one:
        for erasure in erasures.read().open:
            with one("forgetting somebody", erasure.id):
                carry_out(erasure, now=now)
                erasures.finish(erasure, now=now)


def shorten_the_list(*, now: datetime) -> None:
    """Who was forgotten before the oldest backup was made need not be forgotten again, and stands on the list no more."""
    erasures.let_go(now=now)


def carry_out(erasure: Erasure, *, now: datetime) -> None:
    """Do it, or do it again. Raises `NotEverywhere` once everything that could be done is."""
    is_there, reached = _account_now(erasure.account_id)
    with scope.visiting():
        there = set(db.session.scalars(sa.select(Group.id).where(Group.id.in_(erasure.places))))
    try:
        with periodic.each_by_itself() as one:
            for place_id in (
                place for place in erasure.places if place in there
            ):  # others are younger than the backup
                with one("forgetting somebody in a place", place_id):
                    _forget_in_place(erasure, place_id, reached, is_there=is_there, now=now)
            if erasure.is_whole and erasure.account_id and is_there:
                with one("forgetting an account", erasure.account_id):
                    erase_account(erasure.account_id, now=now)
    except periodic.SomeFailed as some:
        raise NotEverywhere(f"{some} could not be done; the log says where") from some


def erase_account(account_id: uuid.UUID, *, now: datetime) -> None:
    """Nobody signs in with it, and it is called nothing. Its key stays where groups say that somebody did something."""
    with scope.visiting(None, account_id):
        account = db.session.get_one(Account, account_id)
        for identifier in queries.identifiers_of(account_id):
            accounts.forget_tries(what=identifier)
        _forget_rows(Me(account_id), in_a_group=False, until=None)
        if account.suspended_at is None or account.password_hash:
            account.shown_name = neutral_name(account.language, account_id.hex[:4].upper())
        account.password_hash = account.language = ""
        account.suspended_at = account.suspended_at or now
        outbox.forget_about({account_id})


def _who_they_are(account_id: uuid.UUID) -> dict[uuid.UUID, tuple[uuid.UUID, ...]]:
    """Every place they ever had a part in, with who they are there."""
    found = {}
    with scope.visiting(None, account_id):
        places = rows.places_ever(account_id)
    for place_id in places:
        with scope.visiting(place_id, account_id):
            found[place_id] = tuple(sorted(registry.who(account_id).members))
    return found


def _account_now(account_id: uuid.UUID | None) -> tuple[bool, set[str]]:
    """Whether there is such an account (a backup may be older), and how it is reached."""
    if account_id is None:
        return False, set()
    with scope.visiting(None, account_id):
        is_there = db.session.get(Account, account_id) is not None
        return is_there, set(queries.identifiers_of(account_id))


def _forget_in_place(
    erasure: Erasure, place_id: uuid.UUID, reached: set[str], *, is_there: bool, now: datetime
) -> None:
    """In one place. Whoever asked for this place alone, and came back to it later, keeps what is newer than their wish."""
    listed = frozenset(erasure.places[place_id])
    with scope.visiting(place_id, erasure.account_id if is_there else None):
        known = registry.who(erasure.account_id).members
        until = None if erasure.is_whole else erasure.at
        has_come_back = until is not None and (bool(known - listed) or _has_newer_roles(erasure))
        me = Me(erasure.account_id, listed if until else listed | known)
        if not has_come_back:
            messages.forget_letters(reached | _addresses(me))
            registry.forget_here(me, now=now)
        _forget_rows(me, in_a_group=True, until=until if has_come_back else None)
        registry.leave_here(me, now=now)
        outbox.forget_about(set(me.members))


def _has_newer_roles(erasure: Erasure) -> bool:
    newer = sa.exists().where(
        RoleAssignment.account_id == erasure.account_id,
        RoleAssignment.group_id == scope.group_id(),
        RoleAssignment.starts_at > erasure.at,
    )
    return bool(db.session.scalar(sa.select(newer)))


def _addresses(me: Me) -> set[str]:
    """How they are reached, as this place knows it."""
    entries = rows.the_map().entries
    found = (found for table in rows.tables(in_a_group=True) for found in rows.rows_of(table, me))
    return {
        value
        for one in found
        if one.row is Row.THEIRS
        for name, value in one.values.items()
        if value and (e := entries.get(f"{one.table}.{name}")) and e.data_class is DataClass.CONTACT
    }


def _forget_rows(me: Me, *, in_a_group: bool, until: datetime | None) -> None:
    """What the data map says, the rows that depend on others first; with `until`, of the account's only what is not newer."""
    for table in reversed(rows.tables(in_a_group=in_a_group)):
        for link in rows.people().of(table.name):
            _forget_link(table, link, me, until)


def _forget_link(table: sa.Table, link: Link, me: Me, until: datetime | None) -> None:
    which: list[sa.ColumnElement[bool]] = [table.c[link.column].in_(me.ids(link.to))]
    if rows.is_in_group(table):
        which.append(table.c.group_id == scope.group_id())
    moments = [c for c in table.columns if c.name == "at" or c.name.endswith("_at")]
    if until is not None and link.to == "accounts" and moments:
        which.append(moments[0] <= until)
    if link.goes is Goes.ROW:
        db.session.execute(sa.delete(table).where(*which))
    emptied = (link.column, *link.also) if link.goes is Goes.LINK else link.also
    if emptied and link.goes in (Goes.LINK, Goes.NAME):
        # Only where something is left to empty: some rows may be touched once and never again.
        which.append(sa.or_(*(_holds_something(table.c[name]) for name in emptied)))
        db.session.execute(sa.update(table).where(*which).values(_emptied(table, emptied)))


def _holds_something(column: sa.Column[Any]) -> sa.ColumnElement[bool]:
    if column.nullable:
        return column.is_not(None)
    return sa.true() if isinstance(column.type, Sealed | PlatformSealed) else column != ""


def _emptied(table: sa.Table, names: Iterable[str]) -> dict[str, Any]:
    return {name: None if table.c[name].nullable else "" for name in names}
