"""Finding motions with everything their page shows."""

import uuid
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from groups.decisions import rules
from groups.decisions.models import Motion, MotionCounter, MotionState
from groups.decisions.rules import Count, Outcome
from network.db import db

OPEN = (MotionState.CALLED, MotionState.COUNTING)


def motions() -> sa.Select[Motion]:
    """All motions of the group in scope, the latest day first; a selection so that pages can page it."""
    return sa.select(Motion).order_by(Motion.held_on.desc(), Motion.called_at.desc(), Motion.id)


def open_motions() -> list[Motion]:
    """What the members are to decide, the earliest day first."""
    return list(
        db.session.scalars(
            sa.select(Motion)
            .where(Motion.state.in_(OPEN))
            .options(*_whole())
            .order_by(Motion.held_on, Motion.id)
        )
    )


def motions_on(day: date) -> list[Motion]:
    """What is or was decided on a day."""
    that_day = sa.select(Motion).where(Motion.held_on == day, Motion.state != MotionState.WITHDRAWN)
    return list(db.session.scalars(that_day.order_by(Motion.called_at, Motion.id)))


def get_motion(motion_id: uuid.UUID) -> Motion:
    """A motion with its counts, or a page that says there is nothing here."""
    return db.one_or_404(sa.select(Motion).where(Motion.id == motion_id).options(*_whole()))


def find_motion(motion_id: uuid.UUID | None) -> Motion | None:
    """The same, or nothing."""
    return db.session.get(Motion, motion_id) if motion_id else None


def find_open_about(kind: str, subject_id: uuid.UUID) -> Motion | None:
    """The motion of a kind that is open about something."""
    asked = sa.select(Motion).where(
        Motion.kind == kind, Motion.subject_id == subject_id, Motion.state.in_(OPEN)
    )
    return db.session.scalar(asked.limit(1))


def has_open(kind: str) -> bool:
    """Whether a motion of this kind is open."""
    asked = sa.select(Motion.id).where(Motion.kind == kind, Motion.state.in_(OPEN))
    return db.session.scalar(asked.limit(1)) is not None


def get_counter(counter_id: uuid.UUID) -> MotionCounter:
    """Somebody who counts, with their own counts, or a page that says there is nothing here."""
    return db.one_or_404(
        sa.select(MotionCounter)
        .where(MotionCounter.id == counter_id)
        .options(joinedload(MotionCounter.member), selectinload(MotionCounter.counts))
    )


def hold(motion: Motion) -> Motion:
    """The motion as it now stands, held for this transaction so that two people cannot both take the next step."""
    db.session.execute(sa.select(Motion.id).where(Motion.id == motion.id).with_for_update())
    return reload(motion)


def reload(motion: Motion) -> Motion:
    """The motion as it now stands in the database."""
    fresh = sa.select(Motion).where(Motion.id == motion.id).options(*_whole())
    return db.session.scalars(fresh.execution_options(populate_existing=True)).one()


def newest_count(counter: MotionCounter) -> Count | None:
    """What somebody counted last."""
    last = counter.counts[-1] if counter.counts else None
    return Count(last.present, last.votes_for, last.votes_against, last.abstain) if last else None


def differences(motion: Motion) -> list[str]:
    """Which numbers the two differ in, once both have counted."""
    counts = [count for counter in motion.counters if (count := newest_count(counter))]
    return rules.differing(*counts) if len(counts) == 2 else []  # noqa: PLR2004 - two people count


def outcome_of(motion: Motion) -> Outcome | None:
    """How a motion came out, once it is decided."""
    if motion.state != MotionState.DECIDED:
        return None
    if not rules.is_quorate(motion.present or 0, roll=motion.roll or 0, quorum_percent=motion.quorum_percent):
        return Outcome.TOO_FEW
    return Outcome.CARRIED if motion.is_carried else Outcome.NOT_CARRIED


def _whole() -> list[ExecutableOption]:
    return [
        selectinload(Motion.counters).options(
            joinedload(MotionCounter.member), selectinload(MotionCounter.counts)
        )
    ]
