"""Putting something to the members, counting it, and what follows the moment it is carried.

Packages say which kinds of thing can be decided and what each brings about:

    decisions.register(Kind("close_group", carry=…, is_weighty=True))
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from blinker import Signal

from groups.decisions import emails, queries, rules
from groups.decisions.models import Motion, MotionCount, MotionCounter, MotionMethod, MotionState
from groups.decisions.rules import Count, Outcome, Refusal
from groups.membership.models import Member
from groups.officers import commands as officers
from groups.officers.queries import count_voters_now
from groups.officers.rules import Majority
from network import audit, clock
from network.accounts import commands as accounts
from network.accounts.models import LinkPurpose
from network.db import db
from network.support import commands as support
from network.tenancy.models import Group

SLIP_LASTS = timedelta(days=7)
motion_called = Signal("something is put to the members; sent with `by` and `now`")
motion_withdrawn = Signal("something is taken back before it was decided; sent with `now`")
motion_decided = Signal("the members have decided; sent with `now`")
Carry = Callable[[Group, Motion, datetime], None]


def _nothing_more(group: Group, motion: Motion, now: datetime) -> None:
    """That it is written down is all that follows."""


def one_by_one(say: Callable[[Motion], str]) -> Callable[[Sequence[Motion]], Mapping[uuid.UUID, str]]:
    """For a kind whose motions carry all that is said of them."""
    return lambda motions: {motion.id: say(motion) for motion in motions}


@dataclass(frozen=True)
class Kind:
    """Something the members can decide: its code, its words, and what happens when it is carried."""

    code: str
    name: Any
    carry: Carry = _nothing_more
    """Called in the same transaction, at the moment both counts agree."""
    is_weighty: bool = False
    """Asks for the majority the constitution wants for changing itself."""
    is_in_own_words: bool = False
    """Is put in words the group writes; offered where something is put to the members."""
    say: Callable[[Sequence[Motion]], Mapping[uuid.UUID, str]] | None = None
    """What each of some motions decides, in a sentence made of what it carries; asked of many at once."""
    href: Callable[[Motion], str] | None = None
    """Where to read more about it."""
    asked_at: str = ""
    """The page on which it is put to the members, where it asks for more than words."""
    follows: Any = ""
    """What happens once the members agree, in a sentence or two."""
    came_of: Callable[[Motion], str | None] | None = None
    """Where to see what came of it."""


_kinds: dict[str, Kind] = {}


class CannotDecide(Exception):
    """It cannot be done; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def _unless(refusal: Refusal | None) -> None:
    if refusal:
        raise CannotDecide(refusal)


def register(kind: Kind) -> None:
    """Let the members decide about something."""
    _kinds[kind.code] = kind


def kinds() -> list[Kind]:
    """Everything the members can decide, in the order it was registered."""
    return list(_kinds.values())


def kind_of(motion: Motion) -> Kind:
    """What a motion is about; one whose package is gone is still shown by its words."""
    return _kinds.get(motion.kind, Kind(motion.kind, motion.kind))


def call_motion(
    group: Group, *, kind: str, held_on: date, by: uuid.UUID, now: datetime, words: str = "", subject_id: uuid.UUID | None = None,
    value: dict[str, Any] | None = None, is_short_notice_agreed: bool = False,
) -> Motion:  # fmt: skip
    """Put something to the members on a day. Raises `CannotDecide`."""
    articles, today = officers.ensure_constitution(group, now=now), clock.today(group.time_zone, at=now)
    described = _kinds[kind]
    if described.is_in_own_words and not words.strip():
        raise CannotDecide(Refusal.WORDS_NEEDED)
    _unless(
        rules.why_not_call(
            today=today, held_on=held_on, notice_days=articles.notice_days, is_short_notice_agreed=is_short_notice_agreed
        )
    )  # fmt: skip
    if kind == "constitution" and queries.has_open(kind):
        raise CannotDecide(Refusal.ANOTHER_IS_OPEN)
    motion = Motion(
        id=uuid.uuid4(), kind=kind, words=words.strip(), subject_id=subject_id, value=value, state=MotionState.CALLED, held_on=held_on,
        majority=articles.amend_majority if described.is_weighty else Majority.HALF, quorum_percent=articles.quorum_percent,
        notice_days=articles.notice_days, called_at=now, called_by_id=by,
        is_short_notice=(held_on - today).days < articles.notice_days,
    )  # fmt: skip
    db.session.add(motion)
    db.session.flush()
    audit.record("motion.called", motion, by=by, now=now)
    motion_called.send(motion, group=group, by=by, now=now)
    return queries.reload(motion)


def begin_count(
    group: Group, motion: Motion, *, method: MotionMethod, counters: Sequence[Member], by: uuid.UUID | None, now: datetime
) -> None:  # fmt: skip
    """Freeze how many may decide and how; give each of the two who count a slip. Raises `CannotDecide`."""
    motion = queries.hold(motion)
    roll = count_voters_now(group, now=now)
    _unless(
        rules.why_not_begin(
            motion.state, today=clock.today(group.time_zone, at=now), held_on=motion.held_on, roll=roll,
            counters=[one.id for one in counters if one.is_present],
        )
    )  # fmt: skip
    for place, member in enumerate(counters, start=1):
        counter = MotionCounter(id=uuid.uuid4(), motion_id=motion.id, member_id=member.id, place=place)
        counter.slip = accounts.give_code(LinkPurpose.COUNTER, counter.id, lasts=SLIP_LASTS, now=now)
        db.session.add(counter)
    db.session.flush()
    motion.method, motion.roll, motion.frozen_at = method, roll, now
    _step(motion, MotionState.COUNTING)
    audit.record("motion.count_began", motion, by=by, now=now)
    queries.reload(motion)


def enter_count(
    group: Group, motion: Motion, counter: MotionCounter, count: Count, *, now: datetime, reason: str = ""
) -> list[str]:
    """Keep what somebody counted. When both have counted the same, it is decided. Raises `CannotDecide`.

    Returns which numbers differ, never the other's.
    """
    motion = queries.hold(motion)
    counter = next(one for one in motion.counters if one.id == counter.id)
    is_again = bool(counter.counts)
    _unless(rules.why_not_count(motion.state, count, roll=motion.roll or 0, is_again=is_again, reason=reason))
    kept = MotionCount(
        motion_id=motion.id, counter_id=counter.id, version=len(counter.counts) + 1, present=count.present,
        votes_for=count.votes_for, votes_against=count.votes_against, abstain=count.abstain, reason=reason.strip(), entered_at=now,
    )  # fmt: skip
    db.session.add(kept)
    db.session.flush()
    audit.record("motion.counted", kept, now=now)
    motion = queries.reload(motion)
    if rules.agree([queries.newest_count(one) for one in motion.counters]):
        _decide(group, motion, count, now=now)
    return queries.differences(motion)


def _decide(group: Group, motion: Motion, count: Count, *, now: datetime) -> None:
    """The outcome stands for ever, and what it brings about happens in the same moment."""
    for counter in motion.counters:
        counter.slip = None  # the door stays until its time is over, and says that both counted the same
    db.session.flush()
    came = rules.outcome(
        count, roll=motion.roll or 0, quorum_percent=motion.quorum_percent, majority=Majority(motion.majority)
    )
    motion.present, motion.votes_for = count.present, count.votes_for
    motion.votes_against, motion.abstain = count.votes_against, count.abstain
    motion.is_carried, motion.decided_at = came == Outcome.CARRIED, now
    _step(motion, MotionState.DECIDED)
    motion = queries.reload(motion)  # small figures of what was sealed are gone
    audit.record("motion.decided", motion, now=now)
    if motion.is_carried:
        kind_of(motion).carry(group, motion, now)
    motion_decided.send(motion, now=now)


def ask_network_to_close(group: Group, motion: Motion, now: datetime) -> None:
    """Tell the network's office, which goes through the closing with the group. Without a network it is only written down."""
    _tell_network(group, motion, emails.note_of_closing(group), now=now)


def tell_network_of_charter(group: Group, motion: Motion, now: datetime) -> None:
    """Tell the network's office that the group joins its charter; what has to be signed comes from there."""
    _tell_network(group, motion, emails.note_of_charter(group), now=now)


def _tell_network(group: Group, motion: Motion, note: tuple[str, str], *, now: datetime) -> None:
    title, words = note
    with suppress(support.SupportRefused):
        support.ask_for_support(
            group, title=title, words=words, by=motion.called_by_id, now=now, about=motion.id
        )


def withdraw_motion(motion: Motion, reason: str, *, by: uuid.UUID | None, now: datetime) -> None:
    """Take it back before it is decided, with the reason. Raises `CannotDecide`."""
    motion = queries.hold(motion)
    if not reason.strip():
        raise CannotDecide(Refusal.REASON_NEEDED)
    for counter in motion.counters:
        accounts.end_links(LinkPurpose.COUNTER, counter.id, now=now)
        if motion.state == MotionState.COUNTING:
            counter.slip = None
    db.session.flush()
    motion.withdrawn_reason, motion.withdrawn_at = reason.strip(), now
    _step(motion, MotionState.WITHDRAWN)
    audit.record("motion.withdrawn", motion, by=by, now=now)
    motion_withdrawn.send(motion, now=now)


def _step(motion: Motion, wanted: MotionState) -> None:
    if not rules.may_become(motion.state, wanted):
        raise CannotDecide(Refusal.NOT_NOW)
    motion.state = wanted
    db.session.flush()
