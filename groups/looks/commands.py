"""Noting that an officer looked at one member's private things."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from groups.looks.models import Look
from groups.looks.rules import looked_as
from network import clock
from network.access.actor import Actor
from network.data_map import period
from network.db import db
from network.tenancy import scope
from network.tenancy.models import Group


class SomebodyHere(Protocol):
    """A member, as far as a look needs them."""

    @property
    def id(self) -> uuid.UUID: ...
    @property
    def account_id(self) -> uuid.UUID | None: ...


def note_look(members: Iterable[SomebodyHere], *, actor: Actor, now: datetime) -> None:
    """Somebody opens a page that shows these members' private things; once a day for each office. One's own page is no look."""
    group = db.session.get_one(Group, scope.group_id())
    office, on_day = looked_as(actor.roles), clock.today(group.time_zone, at=now)
    rows = [
        {"id": uuid.uuid4(), "group_id": group.id, "member_id": one, "office": office, "on_day": on_day}
        for one in sorted({member.id for member in members if member.account_id != actor.account_id})
    ]
    if office and rows:
        db.session.execute(insert(Look).values(rows).on_conflict_do_nothing())


def forget_looks(*, now: datetime) -> None:
    """What is old is forgotten, in the group in scope."""
    before = (now - period("looks")).date()
    db.session.execute(sa.delete(Look).where(Look.on_day < before))
