"""Decisions and proposals of the group in scope: called, counted, adopted."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from groups.constitution import commands as constitution
from groups.decisions import commands
from groups.decisions.models import Motion, MotionMethod
from groups.decisions.queries import get_motion
from groups.decisions.rules import Count
from groups.membership.models import Member
from groups.officers import commands as officers
from groups.officers.models import Constitution
from groups.officers.queries import articles_in_force
from network import clock
from network.tenancy import scope
from network.tenancy.queries import get_group

YES = Count(present=8, votes_for=6, votes_against=1, abstain=1)
NO = Count(present=8, votes_for=3, votes_against=4, abstain=1)


def a_motion(by: UUID, *, kind: str = "other", words: str = "We paint the hall", **more: Any) -> Motion:
    """Something put to the members today."""
    group, now = get_group(scope.group_id()), clock.now()
    return commands.call_motion(
        group, kind=kind, words=words, held_on=clock.today(group.time_zone, at=now), by=by, now=now, is_short_notice_agreed=True, **more
    )  # fmt: skip


def begin(motion: Motion, counters: list[Member], *, method: str = "hands") -> Motion:
    """Two people count, hands unless something else is said."""
    group = get_group(scope.group_id())
    commands.begin_count(
        group, motion, method=MotionMethod(method), counters=counters, by=None, now=clock.now()
    )
    return get_motion(motion.id)


def count(motion: Motion, *counts: Count, reason: str = "") -> Motion:
    """Both enter what they counted; given one count, both the same."""
    group = get_group(scope.group_id())
    for counter, counted in zip(motion.counters, counts * 2 if len(counts) == 1 else counts, strict=True):
        commands.enter_count(group, get_motion(motion.id), counter, counted, now=clock.now(), reason=reason)
    return get_motion(motion.id)


def a_proposal(by: UUID, **changed: Any) -> Constitution:
    """What holds now, with something changed."""
    group, now = get_group(scope.group_id()), clock.now()
    officers.ensure_constitution(group, now=now)
    articles = replace(articles_in_force(), **(changed or {"quorum_percent": 40}))
    return officers.propose_constitution(
        group, articles, words="We listen.", language="en", reason="Fewer of us can come", by=by, now=now
    )


def put(proposed: Constitution, by: UUID) -> Motion:
    """The proposal is before the members today."""
    group, now = get_group(scope.group_id()), clock.now()
    return constitution.call_decision(
        group, proposed, held_on=clock.today(group.time_zone, at=now), by=by, now=now, is_short_notice_agreed=True
    )  # fmt: skip


def adopt(by: UUID, members: list[Member], **changed: Any) -> Constitution:
    """A change the members agreed to."""
    proposed = a_proposal(by, **changed)
    count(begin(put(proposed, by), members[:2]), YES)
    return proposed
