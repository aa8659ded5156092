"""Putting a proposal to the members, and what happens when they agree to it."""

import uuid
from datetime import date, datetime

from groups.decisions import commands as decisions
from groups.decisions.commands import CannotDecide
from groups.decisions.models import Motion
from groups.decisions.rules import Refusal
from groups.officers import commands as officers
from groups.officers.models import Constitution, ConstitutionState
from groups.officers.queries import articles_in_force, get_constitution
from network.tenancy.models import Group

KIND = "constitution"


def call_decision(
    group: Group, proposed: Constitution, *, held_on: date, by: uuid.UUID, now: datetime, is_short_notice_agreed: bool = False
) -> Motion:  # fmt: skip
    """Put a proposal to the members. One written against an older version has to be written anew. Raises `CannotDecide`."""
    if proposed.state != ConstitutionState.PROPOSED:
        raise CannotDecide(Refusal.NOT_NOW)
    if proposed.follows != articles_in_force().version:
        raise CannotDecide(Refusal.OUT_OF_DATE)
    return decisions.call_motion(
        group, kind=KIND, held_on=held_on, by=by, now=now, subject_id=proposed.id, is_short_notice_agreed=is_short_notice_agreed
    )  # fmt: skip


def carry(group: Group, motion: Motion, now: datetime) -> None:
    """The members agreed: the proposal is the constitution from this moment."""
    if motion.subject_id:
        officers.adopt_constitution(
            group, get_constitution(motion.subject_id), motion_id=motion.id, by=None, now=now
        )
