"""Setting objectives and steps, saying how they move, closing them, and carrying them over."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from groups.objectives import queries, rules
from groups.objectives.models import Objective, ObjectiveReview, ObjectiveState, ObjectiveStep, Outcome
from network import audit, clock
from network.db import db
from network.figures.rules import next_quarter, quarter_of
from network.tenancy.models import Group

CARRIED = ("position", "what", "member_id", "who", "by_on", "cost", "currency")
"""What goes along of a step that is carried over."""


class ObjectiveRefused(Exception):
    """The objective stays as it is; `refusal` says why."""

    def __init__(self, refusal: rules.Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


@dataclass(frozen=True)
class StepWords:
    """What is said of a step."""

    what: str
    member_id: uuid.UUID | None = None
    who: str = ""
    by_on: date | None = None
    cost: int | None = None


def quarters_to_set(group: Group, now: datetime) -> list[date]:
    """The present quarter and the next, on the group's calendar."""
    this = quarter_of(clock.today(group.time_zone, at=now))
    return [this, next_quarter(this)]


def set_objective(
    group: Group, *, quarter_on: date, title: str, why: str, by: uuid.UUID | None, now: datetime
) -> Objective:
    """Set an objective for a quarter, as the last in order. Raises `ObjectiveRefused`."""
    already = queries.count_in(quarter_on)
    _require(rules.why_not_set(quarter_on=quarter_on, choices=quarters_to_set(group, now), already=already))
    objective = Objective(
        quarter_on=quarter_on,
        position=queries.last_position(quarter_on) + 1,
        title=title,
        why=why,
        state=ObjectiveState.OPEN,
        created_at=now,
    )
    db.session.add(objective)
    db.session.flush()
    audit.record("objective.set", objective, by=by, now=now)
    return objective


def word_objective(
    objective: Objective, *, title: str, why: str, by: uuid.UUID | None, now: datetime
) -> None:
    """Change the words of an open objective. Raises `ObjectiveRefused`."""
    _require(rules.why_not_change(objective.state))
    objective.title, objective.why = title, why
    db.session.flush()
    audit.record("objective.worded", objective, by=by, now=now)


def raise_objective(objective: Objective, *, by: uuid.UUID | None, now: datetime) -> None:
    """Let it change places with the one before it; the first stays first."""
    in_order = queries.objectives_of(objective.quarter_on)
    place = in_order.index(objective)
    if place:
        in_order[place - 1], in_order[place] = in_order[place], in_order[place - 1]
    for position, each in enumerate(in_order, start=1):
        each.position = position
    db.session.flush()
    audit.record("objective.raised", objective, by=by, now=now)


def add_step(
    group: Group, objective: Objective, said: StepWords, *, by: uuid.UUID | None, now: datetime
) -> ObjectiveStep:
    """Add a step at the end. Raises `ObjectiveRefused`."""
    steps = objective.steps
    _require(
        rules.why_not_add_step(
            objective.state,
            already=len(steps),
            has_member=said.member_id is not None,
            has_name=bool(said.who),
        )
    )
    step = ObjectiveStep(objective_id=objective.id, position=max((s.position for s in steps), default=0) + 1)
    _say(step, said, group)
    db.session.add(step)
    db.session.flush()
    db.session.expire(objective, ["steps"])
    audit.record("objective.step_added", step, by=by, now=now)
    return step


def word_step(
    group: Group, step: ObjectiveStep, said: StepWords, *, by: uuid.UUID | None, now: datetime
) -> None:
    """Change what is said of a step. Raises `ObjectiveRefused`."""
    has_member = said.member_id is not None
    _require(
        rules.why_not_add_step(
            step.objective.state, already=0, has_member=has_member, has_name=bool(said.who)
        )
    )
    _say(step, said, group)
    db.session.flush()
    audit.record("objective.step_worded", step, by=by, now=now)


def _say(step: ObjectiveStep, said: StepWords, group: Group) -> None:
    step.what, step.member_id, step.who, step.by_on = said.what, said.member_id, said.who, said.by_on
    step.cost, step.currency = said.cost, group.currency if said.cost is not None else None


def turn_step(step: ObjectiveStep, *, by: uuid.UUID | None, now: datetime) -> None:
    """A step that was to do is done; one that was done is to do again. Raises `ObjectiveRefused`."""
    _require(rules.why_not_change(step.objective.state))
    step.done_at = None if step.done_at else now
    db.session.flush()
    audit.record("objective.step_done" if step.done_at else "objective.step_taken_up", step, by=by, now=now)


def remove_step(step: ObjectiveStep, *, by: uuid.UUID | None, now: datetime) -> None:
    """Take a step out of the plan. Raises `ObjectiveRefused`."""
    _require(rules.why_not_change(step.objective.state))
    audit.record("objective.step_removed", step, by=by, now=now)
    db.session.delete(step)
    db.session.flush()


def review_objective(
    objective: Objective,
    *,
    outcome: Outcome,
    words: str,
    by: uuid.UUID | None,
    now: datetime,
    meeting_id: uuid.UUID | None = None,
) -> None:
    """Keep what was said about an objective, and close it where that ends it. Raises `ObjectiveRefused`."""
    _require(rules.why_not_review(objective.state, outcome, words))
    review = queries.reviews_at(meeting_id).get(objective.id) if meeting_id else None
    review = review or ObjectiveReview(objective_id=objective.id, meeting_id=meeting_id)
    review.outcome, review.words, review.reviewed_at = outcome, words, now
    db.session.add(review)
    if outcome in rules.ENDS:
        objective.state, objective.closed_at, objective.closing_words = ObjectiveState(outcome), now, words
    if outcome == Outcome.CARRIED_OVER:
        _carry_over(objective, now=now)
    db.session.flush()
    audit.record(f"objective.{outcome}", objective, by=by, now=now)


def _carry_over(objective: Objective, *, now: datetime) -> None:
    """The next quarter takes it up with the steps that are still to do."""
    quarter_on = next_quarter(objective.quarter_on)
    following = Objective(
        id=uuid.uuid4(),
        quarter_on=quarter_on,
        position=queries.last_position(quarter_on) + 1,
        title=objective.title,
        why=objective.why,
        state=ObjectiveState.OPEN,
        carried_from_id=objective.id,
        created_at=now,
    )
    db.session.add(following)
    db.session.flush()  # its steps refer to it
    for step in objective.steps:
        if step.done_at is None:
            kept = {name: getattr(step, name) for name in CARRIED}
            db.session.add(ObjectiveStep(objective_id=following.id, **kept))


def reopen_objective(objective: Objective, *, by: uuid.UUID | None, now: datetime) -> None:
    """Take up again what was closed too soon. Raises `ObjectiveRefused`."""
    _require(rules.why_not_reopen(objective.state))
    objective.state, objective.closed_at, objective.closing_words = ObjectiveState.OPEN, None, ""
    db.session.flush()
    audit.record("objective.taken_up", objective, by=by, now=now)


def _require(refusal: rules.Refusal | None) -> None:
    if refusal:
        raise ObjectiveRefused(refusal)
