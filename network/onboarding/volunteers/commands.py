"""Sending chosen passages out, keeping what comes back, closing the door behind it."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from network import audit
from network.accounts import commands as accounts
from network.accounts.models import LinkPurpose
from network.db import db
from network.onboarding.applications.models import Passage
from network.onboarding.volunteers import rules
from network.onboarding.volunteers.models import AskedPassage, TranslationRequest


class CannotAsk(Exception):
    """Nothing can be asked or kept like this; `refusal` says why."""

    def __init__(self, refusal: rules.Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def ask_volunteer(
    application_id: uuid.UUID, passages: Sequence[Passage], *, into: str, by: uuid.UUID, now: datetime
) -> TranslationRequest:
    """Open a door to exactly these passages. Raises `CannotAsk`."""
    if refusal := rules.why_not_ask(passages):
        raise CannotAsk(refusal)
    request = TranslationRequest(
        id=uuid.uuid4(), application_id=application_id, from_language=passages[0].language, into=into, made_by=by,
        made_at=now, expires_at=now + rules.LASTS,
    )  # fmt: skip
    request.token = accounts.give_link(LinkPurpose.TRANSLATION, request.id, lasts=rules.LASTS, now=now)
    request.code = accounts.give_code(LinkPurpose.TRANSLATION, request.id, lasts=rules.LASTS, now=now)
    db.session.add(request)
    db.session.flush()  # its passages refer to it
    db.session.add_all(
        AskedPassage(request_id=request.id, passage_id=passage.id, position=position)
        for position, passage in enumerate(passages)
    )
    audit.record("translation.asked", request, by=by, now=now)
    db.session.flush()
    return request


def keep_translations(
    request: TranslationRequest, words: Mapping[uuid.UUID, str | None], *, volunteer: str, now: datetime
) -> None:
    """Keep what the volunteer wrote, by passage, and close the door. Raises `CannotAsk`."""
    if refusal := rules.why_not_keep(words.values()):
        raise CannotAsk(refusal)
    for asked in db.session.scalars(sa.select(AskedPassage).where(AskedPassage.request_id == request.id)):
        asked.body = words.get(asked.id) or None
    request.done_at, request.volunteer = now, volunteer or None
    _close(request, now=now)
    db.session.flush()


def withdraw_request(request: TranslationRequest, *, by: uuid.UUID, now: datetime) -> None:
    """Close the door before an answer came."""
    if not rules.is_open(request, now=now):
        return
    request.withdrawn_at = now
    _close(request, now=now)
    audit.record("translation.withdrawn", request, by=by, now=now)
    db.session.flush()


def erase_requests(application_id: uuid.UUID, *, now: datetime) -> None:
    """Forget everything that went out about an application, and close every door to it."""
    for request in db.session.scalars(
        sa.select(TranslationRequest).where(TranslationRequest.application_id == application_id)
    ):
        _close(request, now=now)
        db.session.execute(sa.delete(AskedPassage).where(AskedPassage.request_id == request.id))
        db.session.delete(request)
    db.session.flush()


def _close(request: TranslationRequest, *, now: datetime) -> None:
    request.token = request.code = None
    accounts.end_links(LinkPurpose.TRANSLATION, request.id, now=now)
