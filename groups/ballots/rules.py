"""Decisions about votes in envelopes: when the box takes them, when it may be opened, what a valid paper is."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from groups.ballots.models import BoxState
from groups.elections.counting.any_rule import PaperFault, fault_of

FEWEST_TO_OPEN = 5
"""Fewer envelopes are not opened: with so few, who chose what could be guessed."""
SHORTEST, LONGEST = timedelta(minutes=10), timedelta(days=14)


class Refusal(StrEnum):
    """Why this cannot be done with a box."""

    NOT_NOW = "not_now"
    CLOSED = "closed"
    NOT_OVER = "not_over"
    NOT_ON_ROLL = "not_on_roll"
    IN_THE_ROOM = "in_the_room"
    NOT_A_VOTE = "not_a_vote"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    RESULTS_DIFFER = "results_differ"
    DOES_NOT_ADD_UP = "does_not_add_up"
    KEEPERS_ARE_NOT_THREE = "keepers_are_not_three"
    KEEPER_STANDS = "keeper_stands"
    OPENED_BY_THEM = "opened_by_them"
    NOBODY_VOTES = "nobody_votes"
    HELD_ALREADY = "held_already"


@dataclass(frozen=True)
class Asked:
    """One contest as it stands on the paper."""

    position: int
    candidates: tuple[int, ...]
    most: int
    """How many candidates may be marked."""
    is_ranked: bool

    def fault_of(self, numbers: Sequence[int]) -> PaperFault | None:
        """What is wrong with what was chosen here."""
        return fault_of(numbers, candidates=self.candidates, most=self.most)


def why_not_cast(
    state: BoxState, *, now: datetime, closes_at: datetime | None, is_on_roll: bool, is_in_room: bool
) -> Refusal | None:
    """Why an envelope is not taken."""
    if not is_on_roll:
        return Refusal.NOT_ON_ROLL
    if state != BoxState.OPEN or closes_at is None or now >= closes_at:
        return Refusal.CLOSED
    return Refusal.IN_THE_ROOM if is_in_room else None


def why_not_channels(*, with_phones: bool, slips: int, roll: int) -> Refusal | None:
    """A box is for phones, for slips or for both; there is no use in more slips than people."""
    return Refusal.NOBODY_VOTES if (not with_phones and slips < 1) or slips > roll else None


def why_not_open_for(now: datetime, closes_at: datetime) -> Refusal | None:
    """Why the box cannot take envelopes until then."""
    if closes_at - now < SHORTEST:
        return Refusal.TOO_SHORT
    return Refusal.TOO_LONG if closes_at - now > LONGEST else None


def why_not_close(state: BoxState, *, now: datetime, closes_at: datetime | None) -> Refusal | None:
    """Why the box cannot be closed: the time was frozen with the roll."""
    if state != BoxState.OPEN or closes_at is None:
        return Refusal.NOT_NOW
    return Refusal.NOT_OVER if now < closes_at else None


def why_not_keepers(keepers: Sequence[object], standing: Collection[object]) -> Refusal | None:
    """Three different people keep the key, and none of them stands."""
    if len(set(keepers)) != 3:  # noqa: PLR2004 - any two of three open
        return Refusal.KEEPERS_ARE_NOT_THREE
    return Refusal.KEEPER_STANDS if set(keepers) & set(standing) else None


def in_order(ranks: Mapping[int, int]) -> tuple[tuple[int, ...], PaperFault | None]:
    """Candidates by the rank typed beside each; 1, 2, 3 without a gap, none twice."""
    order = sorted(ranks, key=lambda number: (ranks[number], number))
    typed = sorted(ranks.values())
    if len(set(typed)) != len(typed):
        return tuple(order), PaperFault.TWICE
    return tuple(order), None if typed == list(range(1, len(typed) + 1)) else PaperFault.GAP


def is_paper(paper: Mapping[int, Sequence[int]], asked: Sequence[Asked]) -> bool:
    """Whether an opened paper can be counted: everything asked is there, and nothing is wrong with it."""
    by_place = {one.position: one for one in asked}
    return paper.keys() == by_place.keys() and all(
        by_place[place].fault_of(numbers) is None for place, numbers in paper.items()
    )
