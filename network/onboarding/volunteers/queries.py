"""What was asked of volunteers and what came back."""

import uuid
from dataclasses import dataclass

import sqlalchemy as sa

from network.db import db
from network.onboarding.applications.models import Passage
from network.onboarding.volunteers.models import AskedPassage, TranslationRequest


@dataclass(frozen=True)
class Translation:
    """A passage in a volunteer's words."""

    body: str
    language: str
    volunteer: str | None


def get_request(application_id: uuid.UUID, request_id: uuid.UUID) -> TranslationRequest:
    """The request about this application, or a page that says there is nothing here."""
    return db.one_or_404(
        sa.select(TranslationRequest).where(
            TranslationRequest.id == request_id, TranslationRequest.application_id == application_id
        )
    )


def get_request_of_link(request_id: uuid.UUID, *, to_answer: bool) -> TranslationRequest:
    """The request a volunteer's link opens; held when it is answered, so that it is answered once."""
    found = sa.select(TranslationRequest).where(TranslationRequest.id == request_id)
    return db.one_or_404(found.with_for_update() if to_answer else found)


def requests_of(application_id: uuid.UUID) -> list[TranslationRequest]:
    """What was asked about an application, newest first."""
    found = sa.select(TranslationRequest).where(TranslationRequest.application_id == application_id)
    return list(db.session.scalars(found.order_by(TranslationRequest.made_at.desc()).limit(20)))


def asked_passages(request_id: uuid.UUID) -> list[tuple[AskedPassage, Passage]]:
    """The passages that went out with a request, in order."""
    found = (
        sa.select(AskedPassage, Passage)
        .join(Passage, Passage.id == AskedPassage.passage_id)
        .where(AskedPassage.request_id == request_id)
        .order_by(AskedPassage.position)
    )
    return [(asked, passage) for asked, passage in db.session.execute(found)]


def translations_of(application_id: uuid.UUID) -> dict[uuid.UUID, Translation]:
    """The newest translation of each passage of an application."""
    found = (
        sa.select(AskedPassage, TranslationRequest)
        .join(TranslationRequest, TranslationRequest.id == AskedPassage.request_id)
        .where(TranslationRequest.application_id == application_id, AskedPassage.body.is_not(None))
        .order_by(TranslationRequest.done_at)
    )
    return {
        asked.passage_id: Translation(str(asked.body), request.into, request.volunteer)
        for asked, request in db.session.execute(found)
    }
