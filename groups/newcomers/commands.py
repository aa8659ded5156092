"""Adding a list of people: all of them, or nobody."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from groups.membership.commands import members_joined, note_brought
from groups.membership.models import Member
from groups.newcomers import queries, rules
from groups.newcomers.rules import CannotRead, Looked, Refusal, Row
from network import audit, clock
from network.db import db
from network.tenancy.models import Group


class CannotAdd(Exception):
    """Some rows have to be put right first; `looked` says which."""

    def __init__(self, looked: Looked) -> None:
        super().__init__(looked)
        self.looked = looked


def add_newcomers(
    group: Group, rows: Sequence[Row], *, languages: Mapping[str, str], by: uuid.UUID | None, now: datetime
) -> list[Member]:
    """Add everybody of a list who is not left out. Raises `CannotAdd` with every row to be put right, or `CannotRead`."""
    today = clock.today(group.time_zone, at=now)
    looked = rules.looked_over(rows, here=queries.everybody_here(), today=today, languages=languages)
    if looked.faults:
        raise CannotAdd(looked)
    if not looked.newcomers:
        raise CannotRead(Refusal.NOBODY_NAMED)
    members = [
        Member(nickname=one.nickname, contact=one.contact, language=one.language, joined_on=one.joined_on)
        for one in looked.newcomers
    ]
    try:
        with db.session.begin_nested():
            db.session.add_all(members)
    except IntegrityError:  # somebody of the same name was added between the look and this moment
        raise CannotRead(Refusal.CHANGED_MEANWHILE) from None
    note_brought(members, by=by, now=now)
    for member in members:  # whoever let somebody in lately has no part in what concerns them
        audit.record("member.added", member, by=by, now=now)
    audit.record(f"members.added.{len(members)}", by=by, now=now)
    members_joined.send(members, today=today)
    return members
