"""Saying that two entries are two people, or letting one go that is the same person once more. Nothing is ever moved."""

import uuid
from datetime import datetime

from groups.duplicates import queries, rules
from groups.duplicates.models import DifferentPeople
from groups.duplicates.rules import Pair
from groups.membership import commands as membership
from groups.membership.queries import get_member
from network import audit
from network.db import db
from network.tenancy.models import Group


class CannotLetGo(Exception):
    """An entry stays; `refusal` says why."""

    def __init__(self, refusal: rules.Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def say_different(one: uuid.UUID, other: uuid.UUID, *, by: uuid.UUID | None, now: datetime) -> None:
    """These two are two people. Raises `CannotLetGo` where they do not look alike (any more)."""
    pair = _pair(one, other)
    if pair is None:
        raise CannotLetGo(rules.Refusal.NOT_ALIKE)
    first_id, second_id = pair.key
    kept = DifferentPeople(id=uuid.uuid4(), first_id=first_id, second_id=second_id, said_at=now)
    db.session.add(kept)
    db.session.flush()
    audit.record("members.two_people", kept, by=by, now=now)


def let_one_go(
    group: Group, *, stays: uuid.UUID, goes: uuid.UUID, by: uuid.UUID | None, now: datetime
) -> None:
    """The same person: the entry nothing hangs on leaves, the other stays as it is. Raises `CannotLetGo`."""
    hangs = bool(queries.with_something_on_them([goes]))
    refusal = rules.why_not_let_go(is_pair=_pair(stays, goes) is not None, hangs=hangs)
    if refusal:
        raise CannotLetGo(refusal)
    membership.let_member_go(group, get_member(goes), by=by, now=now)


def _pair(one: uuid.UUID, other: uuid.UUID) -> Pair | None:
    key = rules.key_of(one, other)
    return next((pair for pair in queries.lookalikes() if pair.key == key), None)
