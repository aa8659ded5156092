"""Who may see to it that somebody without a sign-in is erased, and when."""

from datetime import datetime, timedelta
from enum import StrEnum

ALONE_AFTER = timedelta(days=3)
"""Where no second person was there, whoever wrote it down may go on alone: the wish weighs more than our order.

The law of Kenya gives seven days for it; three leave time for the rest."""


class Refusal(StrEnum):
    """Why not, or not yet."""

    NOBODY = "nobody"
    HAS_SIGN_IN = "has_sign_in"
    WRITTEN_ALREADY = "written_already"
    ANOTHER_FIRST = "another_first"


def why_not_ask_for(*, has_sign_in: bool, is_written: bool) -> Refusal | None:
    """Whoever signs in asks for themselves, on their own page; the others are written down once."""
    if has_sign_in:
        return Refusal.HAS_SIGN_IN
    return Refusal.WRITTEN_ALREADY if is_written else None


def why_not_carry_out(*, is_own_writing: bool, written_at: datetime, now: datetime) -> Refusal | None:
    """It takes two who heard it; after three days, one."""
    if is_own_writing and now < written_at + ALONE_AFTER:
        return Refusal.ANOTHER_FIRST
    return None
