"""Who hears a matter, which step follows which, and when everything about it is destroyed."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from groups.disputes.models import AskState, MatterState, TextKind

__all__ = ["AskState", "MatterState", "TextKind"]

TWO = 2
"""So many of the panel hear a matter and agree on an outcome, at least."""
LATELY = timedelta(days=90)
"""Whoever let somebody into the group within this time has no part in what concerns them, nor the other way round."""
OPEN_FOR = timedelta(days=365)
KEPT_AFTER_REVIEW = timedelta(days=183)
KEPT_AFTER_CLOSE = timedelta(days=90)
LONGEST = timedelta(days=1095)
REVIEW_WITHIN = timedelta(days=366)
RUN_TOGETHER = frozenset({"chairperson", "secretary", "treasurer", "committee"})
"""Offices whose holders run the group together: each is an office-mate of the others."""

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


@dataclass(frozen=True)
class Person:
    """Somebody of the group, as far as it matters for who steps aside."""

    account_id: uuid.UUID | None
    member_id: uuid.UUID | None = None
    offices: frozenset[str] = frozenset()
    let_in_by: uuid.UUID | None = None
    """The account that let them in lately."""


@dataclass(frozen=True)
class About:
    """Somebody a matter is about, as it stands in its closed words."""

    name: str
    member_id: uuid.UUID | None = None
    account_id: uuid.UUID | None = None


@dataclass(frozen=True)
class Written:
    """What whoever brought it wrote."""

    words: str
    about: tuple[About, ...] = ()
    others: str = ""

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


def are_office_mates(one: Collection[str], other: Collection[str]) -> bool:
    """Whether two people do the same office, or both are among those who run the group."""
    return bool(set(one) & set(other)) or bool(RUN_TOGETHER & set(one) and RUN_TOGETHER & set(other))


def steps_aside(person: Person, parties: Iterable[Person]) -> bool:
    """Whether somebody of the committee has no part in a matter: a party, an office-mate of one, let in by one lately or letting one in."""
    return any(
        person.account_id == party.account_id
        or are_office_mates(person.offices, party.offices)
        or (party.account_id is not None and person.let_in_by == party.account_id)
        or (person.account_id is not None and party.let_in_by == person.account_id)
        for party in parties
    )


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


def why_not_write(kind: TextKind, state: MatterState, *, sitting: int) -> Refusal | None:
    """Why the panel does not write this now. It takes two to go on; one alone can note down, and ask for help."""
    if state not in WRITTEN_IN[kind]:
        return Refusal.NOT_NOW
    return Refusal.TOO_FEW if kind != TextKind.NOTES and sitting < TWO else None


def why_not_tell(
    told: uuid.UUID, *, sitting: Collection[uuid.UUID], brought_by: uuid.UUID, has_key: bool
) -> Refusal | None:
    """Whoever is told signs in and has a pair of keys, and is neither of the panel nor the one who brought it."""
    if told in sitting or told == brought_by:
        return Refusal.CONCERNED
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
