"""Forgetting somebody: in one place, or altogether. Everything here can be done again without harm, as after a restore."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from network.accounts import commands as accounts
from network.accounts import queries
from network.accounts.models import Account
from network.data_map import DataClass
from network.data_map.people import Goes, Link, Row
from network.db import db
from network.messages import commands as messages
from network.mine import erasures, registry, rows
from network.mine.erasures import Erasure
from network.mine.registry import Me
from network.mine.words import neutral_name
from network.outbox import commands as outbox
from network.tenancy import scope


def forget_everywhere(account_id: uuid.UUID, *, now: datetime) -> None:
    """Somebody asked to be forgotten: it is written down, then done in each place by itself, and last in their account."""
    erasure = Erasure(account_id, now, _who_they_are(account_id))
    erasures.add(erasure)
    carry_out(erasure, now=now)


def forget_in(account_id: uuid.UUID, place_id: uuid.UUID, *, now: datetime) -> None:
    """Somebody asked to be forgotten in one group; elsewhere, and in their account, nothing changes."""
    found = _who_they_are(account_id)
    erasure = Erasure(account_id, now, {place_id: found.get(place_id, ())}, is_whole=False)
    erasures.add(erasure)
    carry_out(erasure, now=now)


def carry_out(erasure: Erasure, *, now: datetime) -> None:
    """Do it, or do it again."""
    reached = _reached_at(erasure.account_id)
    for place_id, members in erasure.places.items():
        _forget_in_place(Me(erasure.account_id, frozenset(members)), place_id, reached, now=now)
    if erasure.is_whole:
        erase_account(erasure.account_id, now=now)


def erase_account(account_id: uuid.UUID, *, now: datetime) -> None:
    """Nobody signs in with it, and it is called nothing. Its key stays where groups say that somebody did something."""
    with scope.visiting(None, account_id):
        account = db.session.get(Account, account_id)
        if account is None:
            return
        for identifier in queries.identifiers_of(account_id):
            accounts.forget_tries(what=identifier)
        _forget_rows(Me(account_id), in_a_group=False)
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


def _reached_at(account_id: uuid.UUID) -> set[str]:
    with scope.visiting(None, account_id):
        return set(queries.identifiers_of(account_id))


def _forget_in_place(me: Me, place_id: uuid.UUID, reached: set[str], *, now: datetime) -> None:
    with scope.visiting(place_id, me.account_id):
        me = Me(me.account_id, me.members | registry.who(me.account_id).members)
        messages.forget_letters(reached | _addresses(me))
        registry.forget_here(me, now=now)
        _forget_rows(me, in_a_group=True)
        registry.leave_here(me, now=now)
        outbox.forget_about(set(me.members))


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


def _forget_rows(me: Me, *, in_a_group: bool) -> None:
    """What the data map says, the rows that depend on others first."""
    for table in reversed(rows.tables(in_a_group=in_a_group)):
        for link in rows.people().of(table.name):
            _forget_link(table, link, me)


def _forget_link(table: sa.Table, link: Link, me: Me) -> None:
    theirs: sa.ColumnElement[bool] = table.c[link.column].in_(me.ids(link.to))
    if rows.is_in_group(table):
        theirs = sa.and_(table.c.group_id == scope.group_id(), theirs)
    if link.goes is Goes.ROW:
        db.session.execute(sa.delete(table).where(theirs))
    emptied = (link.column, *link.also) if link.goes is Goes.LINK else link.also
    if emptied and link.goes in (Goes.LINK, Goes.NAME):
        db.session.execute(sa.update(table).where(theirs).values(_emptied(table, emptied)))


def _emptied(table: sa.Table, names: Iterable[str]) -> dict[str, Any]:
    return {name: None if table.c[name].nullable else "" for name in names}
