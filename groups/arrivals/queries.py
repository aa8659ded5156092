"""Finding somebody who was let in at the door of a meeting."""

import uuid
from dataclasses import dataclass
from datetime import date

from flask import abort

from groups.arrivals import rules
from groups.meetings.models import Meeting
from groups.meetings.queries import get_meeting
from groups.membership.models import Member
from groups.membership.queries import get_member
from network import clock
from network.invitations.models import Invitation
from network.invitations.queries import find_waiting_for_member
from network.tenancy import scope
from network.tenancy.queries import get_group


@dataclass(frozen=True)
class Newcomer:
    """Somebody new, the meeting they came to, and the code that waits for them."""

    meeting: Meeting
    member: Member
    invitation: Invitation


def get_newcomer(meeting_id: uuid.UUID, member_id: uuid.UUID) -> Newcomer:
    """Somebody whom whoever asks let in here today and who has not used their code; anybody else is not found from here."""
    meeting, member = get_meeting(meeting_id), get_member(member_id)
    invitation = find_waiting_for_member(member.id, now=clock.now())
    if invitation is None or member.has_sign_in or invitation.made_by != scope.account_id():
        abort(404)
    if rules.why_not_open(meeting, today=member.joined_on) or rules.why_not_open(meeting, today=_today()):
        abort(404)
    return Newcomer(meeting, member, invitation)


def _today() -> date:
    return clock.today(get_group(scope.group_id()).time_zone)
