"""Finding somebody who was let in at the door of a meeting."""

import uuid
from dataclasses import dataclass

from flask import abort

from groups.meetings.models import Meeting
from groups.meetings.queries import get_meeting
from groups.membership.models import Member
from groups.membership.queries import get_member
from network import clock
from network.invitations.models import Invitation
from network.invitations.queries import find_waiting_for_member


@dataclass(frozen=True)
class Newcomer:
    """Somebody new, the meeting they came to, and the code that waits for them."""

    meeting: Meeting
    member: Member
    invitation: Invitation


def get_newcomer(meeting_id: uuid.UUID, member_id: uuid.UUID) -> Newcomer:
    """Somebody who joined on the meeting's day and has not used their code; anybody else is not found from here."""
    meeting, member = get_meeting(meeting_id), get_member(member_id)
    invitation = find_waiting_for_member(member.id, now=clock.now())
    days = (member.joined_on - meeting.day).days
    if invitation is None or member.has_sign_in or days not in {0, 1}:
        abort(404)
    return Newcomer(meeting, member, invitation)
