"""The office's steps and an application's marks."""

import uuid
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from network.db import db
from network.onboarding.journey import rules
from network.onboarding.journey.models import Step, StepMark
from network.wording.commands import shown
from network.wording.rules import ShownText


@dataclass(frozen=True)
class StepOfJourney:
    """A step as somebody reads it, with how far this application is."""

    id: uuid.UUID
    words: ShownText
    state: rules.StepState
    done_on: date | None
    note: str | None


def steps(*, with_those_off: bool = False) -> list[Step]:
    """The steps of the office in scope, in order."""
    found = sa.select(Step).order_by(Step.position, Step.id)
    return list(db.session.scalars(found if with_those_off else found.where(Step.is_on)))


def get_step(step_id: uuid.UUID) -> Step:
    """The step, or a page that says there is nothing here."""
    return db.one_or_404(sa.select(Step).where(Step.id == step_id))


def find_step(code: str) -> Step | None:
    """One of the usual steps, if the office still has it."""
    return db.session.scalar(sa.select(Step).where(Step.code == code))


def find_mark(application_id: uuid.UUID, step_id: uuid.UUID) -> StepMark | None:
    """The mark of a step, once it is done."""
    return db.session.scalar(
        sa.select(StepMark).where(StepMark.application_id == application_id, StepMark.step_id == step_id)
    )


def journey_of(
    application_id: uuid.UUID, *, languages: list[str] | None = None, approved_only: bool = False
) -> list[StepOfJourney]:
    """The journey of one application, in the reader's language."""
    marks = {
        mark.step_id: mark
        for mark in db.session.scalars(sa.select(StepMark).where(StepMark.application_id == application_id))
    }
    listed = [step for step in steps(with_those_off=True) if step.is_on or step.id in marks]
    stands = rules.states([step.id for step in listed], marks.keys())
    return [
        StepOfJourney(
            id=step.id,
            words=shown(step.text, wanted=languages, approved_only=approved_only),
            state=state,
            done_on=marks[step.id].done_on if step.id in marks else None,
            note=marks[step.id].note if step.id in marks else None,
        )
        for step, state in zip(listed, stands, strict=True)
    ]
