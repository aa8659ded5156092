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
    member: Member | None, *, name: str = "", contact: str = "", by: uuid.UUID | None, now: datetime
) -> Safeguarding:
    """Say whom young people can turn to: a grown-up of the group, or somebody from outside. Raises `CannotName`."""
    age_band = told_by(member.id)["age_band"] if member else None
    refusal = rules.why_not_named(is_member=member is not None, name=name, contact=contact, age_band=age_band)
    if refusal:
        raise CannotName(refusal)
    kept = queries.find_safeguarding() or Safeguarding(id=uuid.uuid4())
    kept.member_id, kept.name, kept.contact = member.id if member else None, name or None, contact or None
    kept.changed_at = now
    db.session.add(kept)
    db.session.flush()
    audit.record("safeguarding.named", kept, by=by, now=now)
    return kept


def take_name_away(kept: Safeguarding, *, by: uuid.UUID | None, now: datetime) -> None:
    """Nobody is named any more; the group stays one for young people, and is asked to name somebody else."""
    kept.member_id = kept.name = kept.contact = None
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
        .values(member_id=None, contact=None, changed_at=now)
    )
