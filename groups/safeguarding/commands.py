"""Naming whom young people can turn to, and saying that the group is not for young people any more."""

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from groups.membership import commands as membership
from groups.membership.models import Member
from groups.membership.queries import told_by
from groups.safeguarding import queries, rules
from groups.safeguarding.models import Safeguarding
from network import audit
from network.db import db


class CannotName(Exception):
    """Somebody cannot be named; `refusal` says why."""

    def __init__(self, refusal: rules.Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def name_contact(
    member: Member | None, *, name: str = "", contact: str = "", was_heard: bool = False, by: uuid.UUID | None, now: datetime
) -> Safeguarding:  # fmt: skip
    """Say whom young people can turn to: a grown-up of the group, or somebody from outside. Raises `CannotName`.

    Nobody else sees a member there before their own yes; another way to reach them asks for another.
    """
    age_band = told_by(member.id)["age_band"] if member else None
    refusal = rules.why_not_named(is_member=member is not None, name=name, contact=contact, age_band=age_band)
    if refusal:
        raise CannotName(refusal)
    kept = queries.find_safeguarding() or Safeguarding(id=uuid.uuid4())
    is_same = member is not None and (kept.member_id, kept.contact) == (member.id, contact or None)
    kept.member_id, kept.name, kept.contact = member.id if member else None, name or None, contact or None
    if not is_same:
        kept.agreed_at = None
    if member is not None and rules.says_yes_at_once(
        is_own=by is not None and member.account_id == by, has_sign_in=member.has_sign_in, was_heard=was_heard
    ):
        kept.agreed_at = now
    kept.changed_at = now
    db.session.add(kept)
    db.session.flush()
    audit.record("safeguarding.named", kept, by=by, now=now)
    return kept


def say_yes(kept: Safeguarding, *, by: uuid.UUID | None, now: datetime) -> None:
    """Whoever was named says yes: from now on every member sees it."""
    kept.agreed_at = now
    db.session.flush()
    audit.record("safeguarding.agreed", kept, by=by, now=now)


def take_name_away(kept: Safeguarding, *, by: uuid.UUID | None, now: datetime) -> None:
    """Nobody is named any more; the group stays one for young people, and is asked to name somebody else."""
    kept.member_id = kept.name = kept.contact = kept.agreed_at = None
    kept.changed_at = now
    db.session.flush()
    audit.record("safeguarding.name_taken_away", kept, by=by, now=now)


def stop(kept: Safeguarding, *, by: uuid.UUID | None, now: datetime) -> None:
    """The group is not for young people any more; whom they could turn to is forgotten."""
    audit.record("safeguarding.stopped", kept, by=by, now=now)
    db.session.delete(kept)
    db.session.flush()


@membership.member_left.connect
def _forget_member(member: Member, *, now: datetime, **_: Any) -> None:
    """Whoever has left is not there to turn to; the group is asked to name somebody else."""
    db.session.execute(
        sa.update(Safeguarding)
        .where(Safeguarding.member_id == member.id)
        .values(member_id=None, contact=None, agreed_at=None, changed_at=now)
    )
