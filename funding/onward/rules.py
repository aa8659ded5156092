"""What can be offered, sent and acknowledged, and how a part stands for both sides."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from funding.onward.models import GrantKind

__all__ = ["GrantKind"]
WORD_HOLDS = timedelta(days=31)
"""How long what a group said about how it stands counts: the database asks the same."""
SOON = timedelta(days=31)
"""How long before a part is due the group is asked how it stands."""
MOST_PARTS = 12


class Refusal(StrEnum):
    """Why nothing was changed."""

    PARTS_TOO_MUCH = "parts_too_much"
    PARTS_TOO_LITTLE = "parts_too_little"
    TOO_MANY_PARTS = "too_many_parts"
    OFFERED_ALREADY = "offered_already"
    NOT_IN_FORCE = "not_in_force"
    NOT_IN_ORDER = "not_in_order"
    CONDITION_OPEN = "condition_open"
    SENT_ALREADY = "sent_already"
    WAITING_ALREADY = "waiting_already"
    NOT_SENT = "not_sent"
    ANSWERED_ALREADY = "answered_already"
    RECEIVED_ALREADY = "received_already"
    OWN_GRANT_CLOSED = "own_grant_closed"
    CHANGED_MEANWHILE = "changed_meanwhile"
    PERIOD = "period"
    OUTSIDE_PERIOD = "outside_period"


class News(StrEnum):
    """What a group's officers are written about."""

    ON_ITS_WAY = "on_its_way"
    WORD_AWAITED = "word_awaited"


class PartState(StrEnum):
    """How a part stands."""

    TO_COME = "to_come"
    WAITING = "waiting"
    SENT = "sent"
    RECEIVED = "received"
    OTHERWISE = "otherwise"
    NOT_ARRIVED = "not_arrived"
    SETTLED = "settled"
    TAKEN_BACK = "taken_back"


class GrantState(StrEnum):
    """How a grant stands."""

    BEING_WRITTEN = "being_written"
    OFFERED = "offered"
    IN_FORCE = "in_force"
    DECLINED = "declined"
    ENDED = "ended"


@dataclass(frozen=True)
class Word:
    """What the group said about one condition, and when; nothing said is not in order."""

    is_in_order: bool
    said_at: datetime


def reference(grant_number: int, part_number: int) -> str:
    """What both books carry beside the payment, such as G3-2: the second part of the office's third grant."""
    return f"G{grant_number}-{part_number}"


def mark(answers: Mapping[str, bool]) -> str:
    """The words as somebody looked at them, so that others are not sent in their place."""
    return " ".join(f"{name}={'yes' if answers[name] else 'no'}" for name in sorted(answers))


def state_of_grant(
    *, offered_at: datetime | None, ended_at: datetime | None, accepts: bool | None
) -> GrantState:
    """From what the office did and what the group answered."""
    if offered_at is None:
        return GrantState.BEING_WRITTEN
    if accepts is False:
        return GrantState.DECLINED
    if ended_at:
        return GrantState.ENDED
    return GrantState.IN_FORCE if accepts else GrantState.OFFERED


def state_of_part(
    *,
    amount: int,
    is_waiting: bool,
    sent_on: date | None,
    taken_back_on: date | None,
    settled: str,
    arrived: tuple[int | None] | None,
) -> PartState:
    """From the office's row and the group's answer: `arrived` is nothing while the group has not said anything."""
    if taken_back_on:
        return PartState.TAKEN_BACK
    if sent_on is None:
        return PartState.WAITING if is_waiting else PartState.TO_COME
    if arrived is None:
        return PartState.SENT
    if arrived[0] == amount:
        return PartState.RECEIVED
    if settled:
        return PartState.SETTLED
    return PartState.NOT_ARRIVED if arrived[0] is None else PartState.OTHERWISE


def why_not_add_part(
    amount: int, *, due_on: date, already: Iterable[int], whole: int, starts_on: date, ends_on: date
) -> Refusal | None:
    """Parts come within the grant's time, and to no more than the grant."""
    already = list(already)
    if len(already) >= MOST_PARTS:
        return Refusal.TOO_MANY_PARTS
    if not starts_on <= due_on <= ends_on:
        return Refusal.OUTSIDE_PERIOD
    return Refusal.PARTS_TOO_MUCH if sum(already) + amount > whole else None


def why_not_offer(*, state: GrantState, whole: int, parts: Iterable[int]) -> Refusal | None:
    """A grant is offered once, when its parts come to the whole of it."""
    if state is not GrantState.BEING_WRITTEN:
        return Refusal.OFFERED_ALREADY
    return Refusal.PARTS_TOO_LITTLE if sum(parts) != whole else None


def not_in_order(asks: Collection[str], words: Mapping[str, Word], *, now: datetime) -> list[str]:
    """Which of the conditions the group has not said to be in order within the last month."""
    return [
        name
        for name in asks
        if not ((word := words.get(name)) and word.is_in_order and word.said_at > now - WORD_HOLDS)
    ]


def why_not_send(
    *, grant: GrantState, part: PartState, open_conditions: Collection[str], says_condition_is_met: bool
) -> Refusal | None:
    """A part is sent once, for a grant in force, when everything that was agreed is in order."""
    if grant is not GrantState.IN_FORCE:
        return Refusal.NOT_IN_FORCE
    if part is PartState.WAITING:
        return Refusal.WAITING_ALREADY
    if part is not PartState.TO_COME:
        return Refusal.SENT_ALREADY
    if open_conditions:
        return Refusal.NOT_IN_ORDER
    return None if says_condition_is_met else Refusal.CONDITION_OPEN


def why_not_receive(part: PartState) -> Refusal | None:
    """The group answers about what was sent; what has arrived stays so, and what had not can arrive later."""
    if part in (PartState.TO_COME, PartState.WAITING, PartState.TAKEN_BACK):
        return Refusal.NOT_SENT
    if part in (PartState.SENT, PartState.NOT_ARRIVED):
        return None
    return Refusal.RECEIVED_ALREADY
