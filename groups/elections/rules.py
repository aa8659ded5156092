"""Decisions about elections: which step follows which, who may stand and tell, quorum, and what declaring brings about."""

import hashlib
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from groups.elections.counting import lot
from groups.elections.models import Contest, Election, ElectionKind, ElectionState, VotingMethod
from groups.officers.rules import CountingRule, months_later
from network import clock

FURTHEST = timedelta(days=366)
LONGEST_AGO = timedelta(days=60)
"""Until when an election held without this page can be written down: people must still know what they saw."""
STEPS: Mapping[ElectionState, frozenset[ElectionState]] = {
    ElectionState.CALLED: frozenset({ElectionState.NOMINATING, ElectionState.VOID}),
    ElectionState.NOMINATING: frozenset({ElectionState.VOTING, ElectionState.VOID}),
    ElectionState.VOTING: frozenset({ElectionState.COUNTED, ElectionState.VOID}),
    ElectionState.COUNTED: frozenset({ElectionState.DECLARED, ElectionState.VOID}),
    ElectionState.DECLARED: frozenset({ElectionState.CERTIFIED, ElectionState.VOID}),
    ElectionState.CERTIFIED: frozenset(),
    ElectionState.VOID: frozenset(),
}
"""Which state may follow which. The database keeps the same table, and lets a declared result fall by an upheld challenge only."""


class Refusal(StrEnum):
    """Why this cannot be done with an election."""

    NOT_NOW = "not_now"
    DAY_IS_PAST = "day_is_past"
    DAY_TOO_FAR = "day_too_far"
    DAY_IS_TO_COME = "day_is_to_come"
    TOO_LONG_AGO = "too_long_ago"
    NOTICE_TOO_SHORT = "notice_too_short"
    NO_OFFICE = "no_office"
    NO_VACANCY = "no_vacancy"
    ANOTHER_IS_OPEN = "another_is_open"
    NOT_A_MEMBER = "not_a_member"
    NAMED_ALREADY = "named_already"
    STANDS_ELSEWHERE = "stands_elsewhere"
    NOT_THE_DAY_YET = "not_the_day_yet"
    NOBODY_STANDS = "nobody_stands"
    NOBODY_ON_ROLL = "nobody_on_roll"
    TELLERS_ARE_ONE = "tellers_are_one"
    TELLER_IS_CANDIDATE = "teller_is_candidate"
    WRONG_SUMS = "wrong_sums"
    REASON_NEEDED = "reason_needed"
    NOT_TIED = "not_tied"
    TOO_FEW_NUMBERS = "too_few_numbers"
    LOT_NEEDED = "lot_needed"
    NOT_QUORATE = "not_quorate"
    ORDER_NEEDS_PAPER = "order_needs_paper"
    NOT_YOUR_TURN = "not_your_turn"
    COUNTED_BEFORE = "counted_before"
    STILL_OPEN_TO_CHALLENGE = "still_open_to_challenge"
    CHALLENGE_WAITS = "challenge_waits"


def may_become(state: ElectionState, wanted: ElectionState) -> bool:
    """Whether this step may be taken now."""
    return wanted in STEPS[state]


def why_not_call(
    *,
    today: date,
    held_on: date,
    notice_days: int,
    is_short_notice_agreed: bool,
    was_held: bool,
    offices: Collection[str],
) -> Refusal | None:
    """Why an election cannot be called for this day and these offices, or written down after it was held."""
    if not offices:
        return Refusal.NO_OFFICE
    if was_held and held_on != today:
        return _why_not_written_down(today=today, held_on=held_on)
    if held_on < today:
        return Refusal.DAY_IS_PAST
    if held_on - today > FURTHEST:
        return Refusal.DAY_TOO_FAR
    is_short = (held_on - today).days < notice_days
    return Refusal.NOTICE_TOO_SHORT if is_short and not is_short_notice_agreed else None


def _why_not_written_down(*, today: date, held_on: date) -> Refusal | None:
    if held_on > today:
        return Refusal.DAY_IS_TO_COME
    return Refusal.TOO_LONG_AGO if today - held_on > LONGEST_AGO else None


def is_written_later(election: Election, time_zone: str) -> bool:
    """Whether an election was held before anybody called it here: on paper or by hands, and written down later."""
    return election.held_on < clock.today(time_zone, at=election.called_at)


def day_of_result(election: Election, time_zone: str, *, at: datetime) -> date:
    """From which day terms are reckoned: the day of the result, or the day on which people voted without this page."""
    return election.held_on if is_written_later(election, time_zone) else clock.today(time_zone, at=at)


def seats_to_fill(kind: ElectionKind, seats: int, held: int) -> int:
    """All seats in the yearly election; in a by-election those that are empty."""
    return seats if kind == ElectionKind.YEARLY else max(0, seats - held)


def why_not_name(
    state: ElectionState, *, is_present: bool, is_named: bool, stands_elsewhere: bool
) -> Refusal | None:
    """Why somebody cannot be named for an office. One person stands for one office, so that two people sign for money."""
    if state != ElectionState.NOMINATING:
        return Refusal.NOT_NOW
    if not is_present:
        return Refusal.NOT_A_MEMBER
    if is_named:
        return Refusal.NAMED_ALREADY
    return Refusal.STANDS_ELSEWHERE if stands_elsewhere else None


def why_not_begin(
    state: ElectionState,
    *,
    today: date,
    held_on: date,
    standing: Collection[uuid.UUID],
    tellers: Sequence[uuid.UUID],
) -> Refusal | None:
    """Why the vote cannot begin with these two tellers."""
    if not may_become(state, ElectionState.VOTING):
        return Refusal.NOT_NOW
    if today < held_on:
        return Refusal.NOT_THE_DAY_YET
    if not standing:
        return Refusal.NOBODY_STANDS
    if len(set(tellers)) != 2:  # noqa: PLR2004 - two people count
        return Refusal.TELLERS_ARE_ONE
    return Refusal.TELLER_IS_CANDIDATE if set(tellers) & set(standing) else None


def rule_in_room(
    rule: CountingRule, *, method: VotingMethod, seats: int, is_asked_for: bool
) -> CountingRule | Refusal:
    """The rule for people in a room. Hands cannot show an order: several seats then go to those with most votes, unless the
    constitution asks for the order.
    """
    if rule != CountingRule.SCOTTISH_STV or method != VotingMethod.HANDS:
        return rule
    if is_asked_for:
        return Refusal.ORDER_NEEDS_PAPER
    return CountingRule.BLOCK_VOTE if seats > 1 else CountingRule.FIRST_PAST_THE_POST


def frozen_text(election: Election) -> str:
    """Everything that is frozen when the vote begins, a line each, for anybody to read and hash."""
    lines = [
        f"election {election.id}",
        f"day {election.held_on.isoformat()}",
        f"method {election.method}",
        f"roll {election.roll}",
    ]
    for contest in election.contests:
        until = f" until {contest.ends_on.isoformat()}" if contest.ends_on else ""
        lines.append(
            f"office {contest.office} {contest.rule} seats {contest.seats} months {contest.months}{until}"
        )
        lines += [f"candidate {one.position} {one.member_id}" for one in contest.candidates]
    return "\n".join(lines) + "\n"


def term_over_on(contest: Contest, *, today: date) -> date:
    """The day on which the term of whoever is elected is over: in a by-election that of the running term, if it still runs."""
    rest = contest.ends_on
    return rest if rest and rest > today else months_later(today, contest.months)


def fingerprint(text: str) -> str:
    """The SHA-256 of what was frozen, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def why_not_numbers(numbers: Sequence[int]) -> Refusal | None:
    """Why these numbers cannot draw a lot: three people at least call one out."""
    fine = len(numbers) >= lot.FEWEST_NUMBERS and all(0 <= number <= lot.LARGEST_NUMBER for number in numbers)
    return None if fine else Refusal.TOO_FEW_NUMBERS


def quorum(*, roll: int, percent: int) -> int:
    """So many must take part: the percentage of the roll, rounded up to a whole person."""
    return -(-percent * roll // 100)


def is_quorate(ballots: int, *, roll: int, percent: int) -> bool:
    """Whether enough took part."""
    return ballots >= quorum(roll=roll, percent=percent)


def why_not_declare(
    state: ElectionState, *, ballots: int, roll: int, percent: int, has_open_ties: bool
) -> Refusal | None:
    """Why the result cannot be declared."""
    if not may_become(state, ElectionState.DECLARED):
        return Refusal.NOT_NOW
    if not is_quorate(ballots, roll=roll, percent=percent):
        return Refusal.NOT_QUORATE
    return Refusal.LOT_NEEDED if has_open_ties else None


def why_not_void(state: ElectionState, reason: str) -> Refusal | None:
    """Why whoever runs it cannot call it void. A declared result falls by a challenge alone."""
    if state == ElectionState.DECLARED or not may_become(state, ElectionState.VOID):
        return Refusal.NOT_NOW
    return None if reason.strip() else Refusal.REASON_NEEDED


def why_not_certify(
    state: ElectionState, *, now: datetime, until: datetime | None, waiting: int
) -> Refusal | None:
    """Why the result is not final yet: it can still be challenged, or a challenge waits for its answer."""
    if not may_become(state, ElectionState.CERTIFIED) or until is None:
        return Refusal.NOT_NOW
    if now < until:
        return Refusal.STILL_OPEN_TO_CHALLENGE
    return Refusal.CHALLENGE_WAITS if waiting else None


def why_not_replace(
    state: ElectionState, *, reason: str, member_id: uuid.UUID, tellers: Collection[uuid.UUID], standing: Collection[uuid.UUID],
    counted_before: Collection[uuid.UUID],
) -> Refusal | None:  # fmt: skip
    """Why this person cannot go on in a teller's place. Whoever was a teller of this vote before does not come back."""
    if state != ElectionState.VOTING:
        return Refusal.NOT_NOW
    if not reason.strip():
        return Refusal.REASON_NEEDED
    if member_id in tellers:
        return Refusal.TELLERS_ARE_ONE
    if member_id in counted_before:
        return Refusal.COUNTED_BEFORE
    return Refusal.TELLER_IS_CANDIDATE if member_id in standing else None


def why_not_seat(
    seats_left: Mapping[str, int], *, came_in: Mapping[str, Collection[uuid.UUID]]
) -> Refusal | None:
    """Why those elected cannot all sit down: seats that were empty when the election was called may be held by now."""
    is_too_tight = any(len(members) > seats_left.get(office, 0) for office, members in came_in.items())
    return Refusal.NO_VACANCY if is_too_tight else None


@dataclass(frozen=True)
class Held:
    """A term that goes on, as plain values."""

    term_id: uuid.UUID
    member_id: uuid.UUID
    office: str


def terms_that_end(
    kind: ElectionKind,
    *,
    held: Iterable[Held],
    winners: Mapping[str, Collection[uuid.UUID]],
    one_each: Collection[str],
) -> set[uuid.UUID]:
    """Which terms end when the result is declared.

    In the yearly election all terms of an office somebody was elected to; an office nobody was elected to stays with whoever has
    it. And whoever is elected gives up what one person holds one of: another elected office, and the committee for disputes.
    """
    everybody = {member for members in winners.values() for member in members}
    return {
        term.term_id
        for term in held
        if (kind == ElectionKind.YEARLY and winners.get(term.office))
        or (term.member_id in everybody and term.office in one_each)
    }
