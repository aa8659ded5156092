"""Counting somebody at the door, or adding them by nickname with a code of their own."""

import uuid
from datetime import datetime

import sqlalchemy as sa

from groups.arrivals import rules
from groups.meetings.models import MOST_PEOPLE, Meeting
from groups.membership.commands import add_member
from groups.membership.models import Member
from network import audit, clock
from network.db import db
from network.invitations.commands import give_invitation
from network.invitations.models import InvitationKind
from network.tenancy.models import Group


class DoorClosed(Exception):
    """Nobody is let in here now; `refusal` says why."""

    def __init__(self, refusal: rules.Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def count_guest(group: Group, meeting: Meeting, *, by: uuid.UUID | None, now: datetime) -> None:
    """Somebody looks in: one more is counted, and nothing else is kept. Raises `DoorClosed`."""
    _count(group, meeting, now=now)
    audit.record("meeting.guest_counted", meeting, by=by, now=now)


def let_in(group: Group, meeting: Meeting, nickname: str, *, by: uuid.UUID | None, now: datetime) -> Member:
    """Somebody joins: a member by nickname, with a code to take home. Raises `DoorClosed`, `CannotChangeMembers`."""
    _count(group, meeting, now=now)
    member = add_member(group, nickname, by=by, now=now)
    give_invitation(InvitationKind.MEMBER, language=group.language, now=now, by=by, member_id=member.id)
    return member


def _count(group: Group, meeting: Meeting, *, now: datetime) -> None:
    if refusal := rules.why_not_open(meeting, today=clock.today(group.time_zone, at=now)):
        raise DoorClosed(refusal)
    meeting.at_door = sa.func.least(
        Meeting.at_door + 1, MOST_PEOPLE
    )  # counted by the database: two officers may stand at the door
    db.session.flush()
