"""Whether an invitation still opens the door."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

LASTS = timedelta(days=14)


class Ends(Protocol):
    """What is asked of an invitation."""

    expires_at: datetime
    accepted_at: datetime | None
    withdrawn_at: datetime | None


class Refusal(StrEnum):
    """Why an invitation opens nothing any more."""

    USED = "invitation_used"
    WITHDRAWN = "invitation_withdrawn"
    RUN_OUT = "invitation_run_out"


def why_not_accept(invitation: Ends, *, now: datetime) -> Refusal | None:
    """An invitation works once, until its day, unless it was taken back."""
    if invitation.accepted_at:
        return Refusal.USED
    if invitation.withdrawn_at:
        return Refusal.WITHDRAWN
    if invitation.expires_at <= now:
        return Refusal.RUN_OUT
    return None
