"""Who hears a matter, which step follows which, and when everything about it is destroyed."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from groups.disputes.models import AskState, MatterState, TextKind
from groups.nearness.rules import Person, steps_aside

__all__ = ["AskState", "MatterState", "TextKind"]

TWO = 2
"""So many of the panel hear a matter and agree on an outcome, at least."""
OPEN_FOR = timedelta(days=365)
KEPT_AFTER_REVIEW = timedelta(days=183)
KEPT_AFTER_CLOSE = timedelta(days=90)
LONGEST = timedelta(days=1095)
REVIEW_WITHIN = timedelta(days=366)
MOST_ANSWERS = 10
"""So often somebody who was told answers in writing; after that they speak with the panel."""

STEPS: Mapping[MatterState, frozenset[MatterState]] = {
    MatterState.BROUGHT: frozenset({MatterState.HEARD}),
    MatterState.HEARD: frozenset({MatterState.AGREED}),
    MatterState.AGREED: frozenset({MatterState.REVIEWED}),
    MatterState.REVIEWED: frozenset({MatterState.CLOSED}),
    MatterState.CLOSED: frozenset(),
}
"""Which state may follow which. The database keeps the same table."""
OPEN = (MatterState.BROUGHT, MatterState.HEARD)
"""Until an outcome is agreed whoever brought it can take it back."""
WRITTEN_IN: Mapping[TextKind, frozenset[MatterState]] = {
    TextKind.WORDS: frozenset({MatterState.BROUGHT}),
    TextKind.NOTES: frozenset(
        {MatterState.BROUGHT, MatterState.HEARD, MatterState.AGREED, MatterState.REVIEWED}
    ),
    TextKind.TOLD: frozenset({MatterState.HEARD, MatterState.AGREED, MatterState.REVIEWED}),
    TextKind.OUTCOME: frozenset({MatterState.HEARD}),
    TextKind.REVIEW: frozenset({MatterState.AGREED, MatterState.REVIEWED}),
    TextKind.ANSWER: frozenset({MatterState.HEARD, MatterState.AGREED, MatterState.REVIEWED}),
}
"""In which state which text is written: nobody is told before two have heard it. The database keeps the same table."""


class Refusal(StrEnum):
    """Why a matter is not taken, or does not go on."""

    NOBODY_TO_HEAR = "nobody_to_hear"
    NO_KEY = "no_key"
    LOST_KEY = "lost_key"
    TOO_FEW = "too_few"
    NOT_NOW = "not_now"
    TOO_EARLY = "too_early"
    OWN_OUTCOME = "own_outcome"
    ALREADY = "already"
    CANNOT_BE_TOLD = "cannot_be_told"
    CONCERNED = "concerned"
    NOT_OFFERED = "not_offered"
    BAD_DAY = "bad_day"
    SIGNS_IN = "signs_in"
    TOO_NEAR = "too_near"
    ENOUGH = "enough"
    NEAR_SITS = "near_sits"


@dataclass(frozen=True)
class About:
    """Somebody a matter is about, as it stands in its closed words."""

    name: str
    member_id: uuid.UUID | None = None
    account_id: uuid.UUID | None = None


@dataclass(frozen=True)
class Written:
    """What whoever brought it wrote, or told somebody of the committee who wrote it down."""

    words: str
    about: tuple[About, ...] = ()
    others: str = ""
    told_by: About | None = None
    """The member without a sign-in whose words these are, where they did not write themselves."""

    def concerned(self) -> set[uuid.UUID]:
        """Accounts it is about."""
        return {one.account_id for one in self.about if one.account_id}


@dataclass(frozen=True)
class Outcome:
    """What the panel agrees, and when it looks again."""

    words: str
    review_on: date


@dataclass(frozen=True)
class Panel:
    """Who hears it; and whether they can go on without help."""

    members: tuple[uuid.UUID, ...] = field(default=())

    @property
    def is_enough(self) -> bool:
        return len(self.members) >= TWO


def may_become(state: MatterState, wanted: MatterState) -> bool:
    """Whether this step may be taken."""
    return wanted in STEPS[state]


def seated(
    committee: Iterable[Person], parties: Collection[Person], *, with_keys: Collection[uuid.UUID]
) -> Panel:
    """Who of a committee hears a matter: everybody who can open it and does not step aside."""
    found = {
        one.account_id
        for one in committee
        if one.account_id and one.account_id in with_keys and not steps_aside(one, parties)
    }
    return Panel(tuple(sorted(found)))


def why_not_bring(panel: Panel, *, has_key: bool) -> Refusal | None:
    """Somebody has to be there to hear it, and whoever brings it must be able to open their own words."""
    if not has_key:
        return Refusal.NO_KEY
    return None if panel.members else Refusal.NOBODY_TO_HEAR


def why_not_write_down(
    panel: Panel, told_by: About | None, *, by: uuid.UUID, has_key: bool
) -> Refusal | None:
    """One of those who hear it writes it down, for a member who does not sign in. Being near keeps one from it as from hearing."""
    if not has_key:
        return Refusal.NO_KEY
    if told_by is None or told_by.account_id:
        return Refusal.SIGNS_IN
    return None if by in panel.members else Refusal.TOO_NEAR


def why_not_answer(*, may: bool, answers: int) -> Refusal | None:
    """Whoever was told can answer while the panel still works on it, as often as anybody reads."""
    if not may:
        return Refusal.NOT_NOW
    return Refusal.ENOUGH if answers >= MOST_ANSWERS else None


def why_not_write(kind: TextKind, state: MatterState, *, sitting: int) -> Refusal | None:
    """Why the panel does not write this now. It takes two to go on; one alone can note down, and ask for help."""
    if state not in WRITTEN_IN[kind]:
        return Refusal.NOT_NOW
    return Refusal.TOO_FEW if kind != TextKind.NOTES and sitting < TWO else None


def why_not_tell(
    told: uuid.UUID, *, apart: Collection[uuid.UUID | None], has_key: bool, is_near: bool
) -> Refusal | None:
    """Whoever is told signs in and has a pair of keys, is neither of the panel nor the one who brought it, and near to nobody who hears it."""
    if told in apart:
        return Refusal.CONCERNED
    if is_near:
        return Refusal.NEAR_SITS
    return None if has_key else Refusal.CANNOT_BE_TOLD


def agreed(answers: Collection[uuid.UUID], sitting: Collection[uuid.UUID]) -> bool:
    """Whether two of those who sit now agree with the outcome as it is written."""
    return len(set(answers) & set(sitting)) >= TWO


def why_not_review(state: MatterState, *, review_on: date | None, today: date) -> Refusal | None:
    """The panel looks again on the day it set, or later."""
    if state not in {MatterState.AGREED, MatterState.REVIEWED} or review_on is None:
        return Refusal.NOT_NOW
    return Refusal.TOO_EARLY if today < review_on else None


def why_not_review_on(day: date | None, *, today: date, brought_on: date) -> Refusal | None:
    """A day ahead, within a year, and so that nothing is kept longer than three years."""
    if day is None or not today < day <= today + REVIEW_WITHIN:
        return Refusal.BAD_DAY
    return Refusal.BAD_DAY if day > brought_on + LONGEST else None


def why_not_take_back(state: MatterState, *, is_own: bool) -> Refusal | None:
    """Whoever brought it takes it back whenever they like, until an outcome is agreed."""
    return None if is_own and state in OPEN else Refusal.NOT_NOW


def is_taken_back(said_so: Collection[uuid.UUID], sitting: Collection[uuid.UUID]) -> bool:
    """Whether two of the panel say that whoever told them takes it back; where one is left, they alone. The database counts so too."""
    return bool(sitting) and len(set(said_so) & set(sitting)) >= min(TWO, len(sitting))


def why_not_seat(
    account_id: uuid.UUID, *, concerned: Collection[uuid.UUID], panel: Collection[uuid.UUID]
) -> Refusal | None:
    """Why somebody who came to help has no part in this: it concerns them, or they had their place already."""
    if account_id in concerned:
        return Refusal.CONCERNED
    return Refusal.ALREADY if account_id in panel else None


def destroyed_unless_closed(brought_on: date) -> date:
    """When a matter that nobody settles is destroyed."""
    return brought_on + OPEN_FOR


def destroyed_after_review(review_on: date, *, brought_on: date) -> date:
    """When a matter with an outcome is destroyed, where nobody looks again and closes it."""
    return min(review_on + KEPT_AFTER_REVIEW, brought_on + LONGEST)


def destroyed_after_close(closed_on: date, *, brought_on: date) -> date:
    """When a closed matter is destroyed."""
    return min(closed_on + KEPT_AFTER_CLOSE, brought_on + LONGEST)
