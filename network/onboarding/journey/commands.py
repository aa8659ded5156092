"""Laying out the journey, wording its steps, and marking what is done."""

import uuid
from datetime import date, datetime

import sqlalchemy as sa

from network import audit
from network.db import db
from network.onboarding.journey import queries, rules
from network.onboarding.journey.models import Step, StepMark
from network.onboarding.seeds import STEPS, SeedText, write_seed
from network.tenancy import scope
from network.wording import commands as wording

PURPOSE = "onboarding_step"


class CannotMark(Exception):
    """The step cannot be marked like this; `refusal` says why."""

    def __init__(self, refusal: rules.Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def lay_out_journey(*, now: datetime) -> None:
    """Give the office in scope the usual steps, if it has none yet. Two visitors at once lay them out once."""
    lock = sa.func.pg_advisory_xact_lock(sa.func.hashtext(f"journey {scope.group_id()}"))
    db.session.execute(sa.select(lock))
    if db.session.scalar(sa.select(sa.exists().where(Step.position >= 0))):
        return
    for position, (code, words) in enumerate(STEPS.items()):
        _keep_step(words, code=code, position=position, now=now)
    db.session.flush()


def _keep_step(words: SeedText, *, code: str, position: int, now: datetime) -> None:
    text = write_seed(PURPOSE, words, now=now)
    db.session.add(Step(text_id=text.id, code=code, position=position))


def add_step(*, title: str, guide: str, language: str, by: uuid.UUID, now: datetime) -> Step:
    """Add a step of the office's own at the end."""
    text = wording.write_text(purpose=PURPOSE, language=language, title=title, body=guide or title, now=now)
    last = db.session.scalar(sa.select(sa.func.max(Step.position)))
    step = Step(id=uuid.uuid4(), text_id=text.id, position=0 if last is None else last + 1)
    db.session.add(step)
    audit.record("onboarding_step.added", step, by=by, now=now)
    db.session.flush()
    return step


def word_step(step: Step, *, title: str, guide: str, language: str, by: uuid.UUID, now: datetime) -> None:
    """Change the words of a step in one language: the original, or its translation."""
    if language == step.text.source_language:
        wording.change_original(step.text, title=title, body=guide or title, now=now)
    else:
        wording.translate(step.text, language=language, title=title, body=guide or title, now=now)
    audit.record("onboarding_step.worded", step, by=by, now=now)
    db.session.flush()


def switch_step(step: Step, *, on: bool, by: uuid.UUID, now: datetime) -> None:
    """Take a step out of the journeys to come, or back in. What is done stays done."""
    step.is_on = on
    audit.record(
        "onboarding_step.switched_on" if on else "onboarding_step.switched_off", step, by=by, now=now
    )
    db.session.flush()


def move_step_up(step: Step, *, by: uuid.UUID, now: datetime) -> None:
    """Put a step one place earlier."""
    listed = {one.id: one for one in queries.steps(with_those_off=True)}
    for position, step_id in enumerate(rules.swapped(list(listed), step.id)):
        listed[step_id].position = position
    audit.record("onboarding_step.moved", step, by=by, now=now)
    db.session.flush()


def mark_step(
    application_id: uuid.UUID, step: Step, *, done_on: date, today: date, note: str, by: uuid.UUID | None, now: datetime
) -> StepMark:  # fmt: skip
    """Note that an application has a step behind it, or correct the day and the sentence. Raises `CannotMark`."""
    if refusal := rules.why_not_mark(done_on, today=today):
        raise CannotMark(refusal)
    mark = queries.find_mark(application_id, step.id) or StepMark(
        id=uuid.uuid4(), application_id=application_id, step_id=step.id
    )
    mark.done_on, mark.note, mark.marked_by, mark.marked_at = done_on, note or None, by, now
    db.session.add(mark)
    db.session.flush()
    if by:
        audit.record("onboarding_step.done", mark, by=by, now=now)
    return mark


def unmark_step(mark: StepMark, *, by: uuid.UUID, now: datetime) -> None:
    """The step is not done after all; its sentence goes with the mark."""
    audit.record("onboarding_step.undone", mark, by=by, now=now)
    db.session.delete(mark)
    db.session.flush()


def erase_notes(application_id: uuid.UUID) -> None:
    """Forget the sentences; the days stay."""
    db.session.execute(sa.update(StepMark).where(StepMark.application_id == application_id).values(note=None))
