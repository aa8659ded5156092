"""Whose turn it is, what may follow, and until when somebody at the door is known to the group."""

from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum

from groups.referrals.models import Answer, ReferralState

MOST_WAITING = 200
KEPT_UNANSWERED = timedelta(days=90)
KEPT_ANSWERED = timedelta(days=30)
MONTHS = (3, 6, 12)
YEAR = 12


class Act(StrEnum):
    """What somebody does about it."""

    ANSWER = "answer"
    LEAVE_OPEN = "leave_open"
    ASK = "ask"
    COME_BACK = "come_back"


class Refusal(StrEnum):
    """Why it stays as it is."""

    TOO_MANY_WAITING = "too_many_waiting"
    NOBODY_READS = "nobody_reads"
    NOT_NOW = "not_now"
    NOT_YET = "not_yet"
    NOT_THESE_MONTHS = "not_these_months"
    AGE_FIRST = "age_first"
    WAITS_FOR_WORD = "waits_for_word"
    THEIRS_ALONE = "theirs_alone"


_S = ReferralState
MOVES: dict[tuple[ReferralState, Act], ReferralState] = {
    (_S.WAITING, Act.ANSWER): _S.ANSWERED,
    (_S.WAITING, Act.LEAVE_OPEN): _S.RESTING,
    (_S.ANSWERED, Act.LEAVE_OPEN): _S.RESTING,
    (_S.ASKED, Act.LEAVE_OPEN): _S.RESTING,
    (_S.RESTING, Act.ASK): _S.ASKED,
    (_S.RESTING, Act.COME_BACK): _S.WAITING,
    (_S.ASKED, Act.COME_BACK): _S.WAITING,
}
"""What follows what. Closing the door is possible from everywhere and leaves nothing.

After an asking only the person goes on: no office answers what nobody said, nor writes a second time.
"""
SENT = (_S.ANSWERED, _S.ASKED)
"""Where the group sends a note."""


def why_not_take(waiting: int, *, readers: int) -> Refusal | None:
    """Requests stop where nobody could read them, and where the group cannot be answering them any more."""
    if readers == 0:
        return Refusal.NOBODY_READS
    return Refusal.TOO_MANY_WAITING if waiting >= MOST_WAITING else None


def why_not_reach(reach: str, *, was_said: bool, asks_age_first: bool) -> Refusal | None:
    """A group for young people takes no way to reach somebody before it was said that they are old enough, or that a parent agrees."""
    return Refusal.AGE_FIRST if reach and asks_age_first and not was_said else None


def why_not_write(*, was_said: bool, asks_age_first: bool) -> Refusal | None:
    """Nor does it write to somebody of whom nobody said so, however long they have stood at the door."""
    return Refusal.WAITS_FOR_WORD if asks_age_first and not was_said else None


def why_not_note_open(state: ReferralState) -> Refusal | None:
    """What somebody said about later can be noted for them once. After they were asked, they open the door themselves or it closes."""
    return Refusal.THEIRS_ALONE if state == ReferralState.ASKED else None


def why_not(
    state: ReferralState, act: Act, *, today: date | None = None, ask_again_on: date | None = None
) -> Refusal | None:
    """Whether this can follow; asking again only on the day that was named, or later."""
    if (state, act) not in MOVES:
        return Refusal.NOT_NOW
    if act is Act.ASK and (today is None or ask_again_on is None or today < ask_again_on):
        return Refusal.NOT_YET
    return None


def why_not_open_for(months: int) -> Refusal | None:
    """A door is left open for one of three times, so that nobody is asked next week."""
    return None if months in MONTHS else Refusal.NOT_THESE_MONTHS


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or that month's last."""
    year, month = divmod(day.month - 1 + months, YEAR)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def erase_on(state: ReferralState, *, today: date, ask_again_on: date | None = None) -> date:
    """The day it is erased, whatever nobody does meanwhile."""
    if state is ReferralState.WAITING:
        return today + KEPT_UNANSWERED
    return (ask_again_on or today) + KEPT_ANSWERED


def may_carry_invitation(answer: Answer) -> bool:
    """Only a welcome can: nobody is joined by an answer, everybody by accepting what it carries."""
    return answer is Answer.WELCOME
