"""Where a journey stands."""

import uuid
from collections.abc import Collection, Sequence
from datetime import date
from enum import StrEnum


class StepState(StrEnum):
    DONE = "done"
    CURRENT = "current"
    TODO = "todo"


class Refusal(StrEnum):
    """Why a step cannot be marked like this."""

    NOT_YET = "day_has_not_come"


def states(steps: Sequence[uuid.UUID], done: Collection[uuid.UUID]) -> list[StepState]:
    """Done ones are done in whatever order; the first that is not is where the journey stands."""
    ahead = next((step for step in steps if step not in done), None)
    return [
        StepState.DONE if step in done else StepState.CURRENT if step == ahead else StepState.TODO
        for step in steps
    ]


def why_not_mark(done_on: date, *, today: date) -> Refusal | None:
    """What is done was done today or before."""
    return Refusal.NOT_YET if done_on > today else None


def swapped(order: Sequence[uuid.UUID], step: uuid.UUID) -> list[uuid.UUID]:
    """The order with this step one place earlier; the first one stays first."""
    moved = list(order)
    at = moved.index(step)
    if at:
        moved[at - 1], moved[at] = moved[at], moved[at - 1]
    return moved
