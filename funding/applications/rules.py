"""What an application can become, and why not; an award becomes the grant once."""

from collections.abc import Collection
from datetime import date
from enum import StrEnum

from funding.applications.models import ApplicationState
from funding.opportunities.models import Gives

State = ApplicationState
NEXT: dict[ApplicationState, frozenset[ApplicationState]] = {
    State.INTERESTED: frozenset({State.PREPARING, State.APPLIED, State.WITHDRAWN}),
    State.PREPARING: frozenset({State.APPLIED, State.WITHDRAWN}),
    State.APPLIED: frozenset({State.AWARDED, State.REFUSED, State.WITHDRAWN}),
    State.AWARDED: frozenset(),
    State.REFUSED: frozenset(),
    State.WITHDRAWN: frozenset(),
}
"""The database keeps the same table (`application_is_kept`)."""
GOING_ON = (State.INTERESTED, State.PREPARING, State.APPLIED)


class Refusal(StrEnum):
    """Why an application stays as it is."""

    OVER = "over"
    BEGUN_ALREADY = "begun_already"
    NOT_NOW = "not_now"
    WRITTEN_MEANWHILE = "written_meanwhile"
    IN_THE_FUTURE = "in_the_future"
    BEFORE_IT_WENT_OUT = "before_it_went_out"
    WHY_MISSING = "why_missing"
    NOT_AWARDED = "not_awarded"
    WRITTEN_ALREADY = "written_already"
    PAID_BACK = "paid_back"


def why_not_begin(*, is_over: bool, is_going_on: bool) -> Refusal | None:
    """Begun while it is open, and once at a time."""
    if is_going_on:
        return Refusal.BEGUN_ALREADY
    return Refusal.OVER if is_over else None


def why_not_become(state: str, wanted: ApplicationState) -> Refusal | None:
    """From one state only to those that follow it."""
    return None if wanted in NEXT[ApplicationState(state)] else Refusal.NOT_NOW


def why_not_day(on: date, *, today: date, applied_on: date | None = None) -> Refusal | None:
    """What happened, happened; and a funder answers after it was asked."""
    if on > today:
        return Refusal.IN_THE_FUTURE
    return Refusal.BEFORE_IT_WENT_OUT if applied_on and on < applied_on else None


def why_not_why(why: str) -> Refusal | None:
    """A no is kept with its reason, or with the word that none was given."""
    return None if why.strip() else Refusal.WHY_MISSING


def why_not_grant(state: str, *, has_grant: bool, gives: str) -> Refusal | None:
    """An award is written down as a grant once; money that is paid back is none."""
    if state != State.AWARDED:
        return Refusal.NOT_AWARDED
    if has_grant:
        return Refusal.WRITTEN_ALREADY
    return Refusal.PAID_BACK if gives == Gives.LOAN else None


def is_begun_in_earnest(said: Collection[str], gathered: Collection[str], keeper: object) -> bool:
    """Whether somebody has started to prepare: looks after it, has answered something or has a paper."""
    return bool(said or gathered or keeper)


def in_order(codes: Collection[str], all_codes: Collection[str]) -> list[str]:
    """Each of these once, in the order everybody knows them by."""
    return [code for code in all_codes if code in codes]
