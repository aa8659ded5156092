"""Reading applications, and putting each passage the way its reader can use it."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from network.db import db
from network.onboarding.applications import rules
from network.onboarding.applications.models import Application, ApplicationState, Passage, Question
from network.onboarding.journey.models import StepMark
from network.onboarding.volunteers.queries import Translation, translations_of
from network.web.languages import Language, named
from network.wording.commands import shown
from network.wording.models import Text
from network.wording.rules import ShownText

CONVERSATION = (Question.MESSAGE, Question.REPLY)
UNDER_WAY = (ApplicationState.RECEIVED, ApplicationState.ACCOMPANIED)


@dataclass(frozen=True)
class ShownPassage:
    """A passage with its language, and what somebody who does not read it can be offered."""

    passage: Passage
    language: Language
    is_read: bool
    translation: Translation | None
    translated_into: Language | None
    phrase: ShownText | None

    @property
    def is_from_applicant(self) -> bool:
        return self.passage.question != Question.REPLY


def get_application(application_id: uuid.UUID) -> Application:
    """The application, or a page that says there is nothing here."""
    return db.one_or_404(sa.select(Application).where(Application.id == application_id))


def hold_application(application_id: uuid.UUID) -> Application:
    """The application as it is now, held for this transaction so that it is opened once."""
    held = sa.select(Application).where(Application.id == application_id).with_for_update()
    return db.session.scalars(held.execution_options(populate_existing=True)).one()


def applications() -> sa.Select[Application]:
    """The office's applications: those that wait first, then the newest; a selection so that pages can page it."""
    closed = sa.case((Application.state.in_(UNDER_WAY), 0), else_=1)
    return sa.select(Application).order_by(
        closed, Application.waits_since.asc().nulls_last(), Application.sent_at.desc(), Application.id
    )


def count_under_way() -> int:
    """How many applications are being accompanied now."""
    counted = sa.select(sa.func.count()).select_from(Application).where(Application.state.in_(UNDER_WAY))
    return db.session.scalar(counted) or 0


def count_new_and_waiting() -> tuple[int, int, datetime | None]:
    """How many applications nobody has looked at, how many people wait for an answer, and since when the first of all."""
    is_new = Application.state == ApplicationState.RECEIVED
    row = db.session.execute(
        sa.select(
            sa.func.count().filter(is_new),
            sa.func.count().filter(~is_new),
            sa.func.min(Application.waits_since),
        ).where(Application.waits_since.is_not(None), Application.erased_at.is_(None))
    ).one()
    return row[0], row[1], row[2]


def unfollowed_since(before: datetime) -> list[Application]:
    """Applications about which nobody has written or marked anything since then."""
    written = sa.exists().where(Passage.application_id == Application.id, Passage.written_at >= before)
    marked = sa.exists().where(StepMark.application_id == Application.id, StepMark.marked_at >= before)
    asked = sa.select(Application).where(
        Application.erased_at.is_(None), Application.sent_at < before, ~written, ~marked
    )
    return list(db.session.scalars(asked.order_by(Application.sent_at)))


def with_invitations() -> list[Application]:
    """Applications that still hold the first chairperson's invitation."""
    return list(db.session.scalars(sa.select(Application).where(Application.invitation_token.is_not(None))))


def passages_of(application_id: uuid.UUID, *questions: Question) -> list[Passage]:
    """The passages of an application in the order they were written."""
    found = sa.select(Passage).where(Passage.application_id == application_id)
    if questions:
        found = found.where(Passage.question.in_(questions))
    asked = list(Question)
    return sorted(
        db.session.scalars(found),
        key=lambda one: (one.written_at, asked.index(Question(one.question)), one.id),
    )


def shown_passages(application_id: uuid.UUID, *, reads: Collection[str]) -> list[ShownPassage]:
    """Every passage as staff who read these languages see it, with a volunteer's translation where there is one."""
    passages, translated = passages_of(application_id), translations_of(application_id)
    phrases = _phrases_behind(passages)
    return [
        ShownPassage(
            passage=passage,
            language=named(passage.language),
            is_read=rules.is_read(passage.language, reads),
            translation=(found := translated.get(passage.id)),
            translated_into=named(found.language) if found else None,
            phrase=shown(phrases[passage.phrase_id]) if passage.phrase_id in phrases else None,
        )
        for passage in passages
    ]


def _phrases_behind(passages: list[Passage]) -> dict[uuid.UUID, Text]:
    wanted = {passage.phrase_id for passage in passages if passage.phrase_id}
    if not wanted:
        return {}
    return {text.id: text for text in db.session.scalars(sa.select(Text).where(Text.id.in_(wanted)))}


def passages_to_translate(application_id: uuid.UUID) -> list[Passage]:
    """What can be sent out: the applicant's sentences, never how to reach them, their name or their place."""
    return [one for one in passages_of(application_id) if one.question != Question.REPLY]
