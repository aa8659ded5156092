"""Reading objectives: a quarter's, one of them, and the totals of a time."""

import uuid
from collections.abc import Iterable
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from groups.objectives.models import Objective, ObjectiveReview, ObjectiveState, ObjectiveStep
from network.db import db


def objectives_of(quarter_on: date) -> list[Objective]:
    """A quarter's objectives with their steps, what matters most first."""
    found = (
        sa.select(Objective).where(Objective.quarter_on == quarter_on).options(selectinload(Objective.steps))
    )
    return list(db.session.scalars(found.order_by(Objective.position, Objective.created_at, Objective.id)))


def objectives_between(start: date, end: date, *, most: int = 100) -> list[Objective]:
    """The objectives of the quarters that begin in this time, in order."""
    found = sa.select(Objective).where(Objective.quarter_on >= start, Objective.quarter_on < end)
    ordered = found.order_by(Objective.quarter_on, Objective.position, Objective.created_at, Objective.id)
    return list(db.session.scalars(ordered.limit(most)))


def get_objective(objective_id: uuid.UUID) -> Objective:
    """An objective with its steps and reviews, or a page that says there is nothing here."""
    whole = sa.select(Objective).options(
        selectinload(Objective.steps).joinedload(ObjectiveStep.member),
        selectinload(Objective.reviews).joinedload(ObjectiveReview.meeting),
    )
    return db.one_or_404(whole.where(Objective.id == objective_id))


def get_step(step_id: uuid.UUID) -> ObjectiveStep:
    """A step with its objective, or a page that says there is nothing here."""
    return db.one_or_404(
        sa.select(ObjectiveStep)
        .options(joinedload(ObjectiveStep.objective))
        .where(ObjectiveStep.id == step_id)
    )


def open_in(quarter_on: date) -> list[Objective]:
    """The objectives of a quarter that a meeting can still say something about, in order."""
    return [objective for objective in objectives_of(quarter_on) if objective.is_open]


def reviews_at(meeting_id: uuid.UUID) -> dict[uuid.UUID, ObjectiveReview]:
    """What a meeting has said already, by objective."""
    found = db.session.scalars(sa.select(ObjectiveReview).where(ObjectiveReview.meeting_id == meeting_id))
    return {review.objective_id: review for review in found}


def count_in(quarter_on: date) -> int:
    """How many objectives a quarter has."""
    found = sa.select(sa.func.count()).select_from(Objective).where(Objective.quarter_on == quarter_on)
    return db.session.scalar(found) or 0


def last_position(quarter_on: date) -> int:
    """The place of the last objective of a quarter."""
    found = sa.select(sa.func.max(Objective.position)).where(Objective.quarter_on == quarter_on)
    return db.session.scalar(found) or 0


def states_in(quarter_on: date) -> list[str]:
    """How the objectives of a quarter stand."""
    return list(db.session.scalars(sa.select(Objective.state).where(Objective.quarter_on == quarter_on)))


def _count(start: date, end: date, states: Iterable[ObjectiveState]) -> int | None:
    if db.session.scalar(sa.select(Objective.id).limit(1)) is None:
        return None
    within = sa.and_(
        Objective.quarter_on >= start, Objective.quarter_on < end, Objective.state.in_(list(states))
    )
    return db.session.scalar(sa.select(sa.func.count()).select_from(Objective).where(within)) or 0


def count_objectives_set(start: date, end: date) -> int | None:
    """Objectives of the quarters that begin in this time. None where the group keeps none here."""
    return _count(start, end, ObjectiveState)


def count_objectives_achieved(start: date, end: date) -> int | None:
    """Those of them that were achieved."""
    return _count(start, end, [ObjectiveState.ACHIEVED])
