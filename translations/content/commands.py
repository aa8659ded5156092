"""Translating a text of one's own, offering a translation to others, reviewing, and taking over."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from network import audit
from network.audit import AuditEvent
from network.db import db
from network.mine.registry import Me
from network.mine.words import neutral_name
from network.tenancy import scope
from network.tenancy.models import Group
from network.wording import commands as wording
from network.wording.models import Text, Wording
from translations.content import queries, rules
from translations.content.models import Answer, OfferAnswer, TranslationOffer

APPROVED = "wording.approved"
APPROVED_OFFER = "translation.approved"


class CannotTranslate(Exception):
    """The translation is not kept, approved or taken over; `refusal` says why."""

    def __init__(self, refusal: rules.Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


@dataclass(frozen=True)
class Words:
    """What a translator wrote, and which version of the original was beside it."""

    title: str
    body: str
    of_version: int
    made_by: str = ""


def keep_translation(
    text: Text, into: str, words: Words, *, by: uuid.UUID, now: datetime
) -> Wording | TranslationOffer:
    """Keep a draft: directly where the text belongs to this place, else as an offer to its owners."""
    if refusal := rules.why_not_translate(source_language=text.source_language, into=into):
        raise CannotTranslate(refusal)
    if text.group_id != scope.group_id():
        return _offer(text, into, words, by=by, now=now)
    kept = wording.translate(
        text,
        language=into,
        title=words.title,
        body=words.body,
        made_by=words.made_by,
        of_version=words.of_version,
        now=now,
    )
    audit.record(queries.TRANSLATED, kept, by=by, now=now)
    return kept


def _offer(text: Text, into: str, words: Words, *, by: uuid.UUID, now: datetime) -> TranslationOffer:
    offer = queries.find_own_offer(text.id, into)
    if offer is None:
        offer = TranslationOffer(
            id=uuid.uuid4(), text_id=text.id, owner_group_id=text.group_id, language=into, revision=0
        )
        db.session.add(offer)
    offer.title, offer.body, offer.of_version = words.title, words.body, words.of_version
    offer.made_by, offer.translator_id, offer.reviewed_by = words.made_by, by, ""
    offer.revision, offer.changed_at = offer.revision + 1, now
    db.session.flush()
    audit.record("translation.offered", offer, by=by, now=now)
    return offer


def approve_offer(
    offer: TranslationOffer, *, seen: str, by: uuid.UUID, reviewed_by: str, now: datetime
) -> None:
    """Stand behind a translation a colleague made here, before or after its owners took it over."""
    _check_reviewer(offer, offer.translator_id, seen=seen, by=by, reviewed_by=reviewed_by)
    offer.reviewed_by, offer.revision, offer.changed_at = reviewed_by, offer.revision + 1, now
    db.session.flush()
    audit.record(APPROVED_OFFER, offer, by=by, now=now)


def approve_wording(kept: Wording, *, seen: str, by: uuid.UUID, reviewed_by: str, now: datetime) -> None:
    """Stand behind a translation of a text of one's own."""
    _check_reviewer(kept, queries.find_translator(kept), seen=seen, by=by, reviewed_by=reviewed_by)
    wording.approve(kept, reviewed_by=reviewed_by)
    audit.record(APPROVED, kept, by=by, now=now)


def take_over(offer: TranslationOffer, text: Text, *, revision: int, by: uuid.UUID, now: datetime) -> Wording:
    """Let an offered translation stand beside the original, reviewed if somebody reviewed it."""
    _check_unchanged(offer, revision)
    kept = wording.translate(
        text,
        language=offer.language,
        title=offer.title,
        body=offer.body,
        made_by=offer.made_by,
        of_version=offer.of_version,
        now=now,
    )
    if offer.reviewed_by:
        wording.approve(kept, reviewed_by=offer.reviewed_by)
    _answer(offer, Answer.TAKEN, now=now)
    audit.record("translation.taken_over", kept, by=by, now=now)
    audit.record(
        queries.TRANSLATED, kept, by=offer.translator_id, now=now
    )  # who cannot approve it here either
    return kept


def decline(offer: TranslationOffer, *, revision: int, by: uuid.UUID, now: datetime) -> None:
    """Leave an offered translation aside. Changed by its translator, it is offered again."""
    _check_unchanged(offer, revision)
    _answer(offer, Answer.DECLINED, now=now)
    audit.record("translation.declined", offer, by=by, now=now)


def forget_translator(me: Me, *, now: datetime) -> None:  # noqa: ARG001 - whoever is asked to forget takes both
    """Thanks to somebody who asked to be forgotten stand nowhere, neither here nor beside texts that took their words over."""
    if me.account_id is None:
        return
    read_over = _done_last(APPROVED_OFFER, me.account_id)
    here = TranslationOffer.group_id == scope.group_id()
    touched = sa.or_(TranslationOffer.translator_id == me.account_id, TranslationOffer.id.in_(read_over))
    offers = db.session.scalars(sa.select(TranslationOffer).where(here, touched)).all()
    taken = [(one.owner_group_id, one.text_id, one.language, one.reviewed_by) for one in offers]
    neutral = _nobody(me.account_id)
    db.session.execute(
        sa.update(TranslationOffer)
        .where(here, TranslationOffer.id.in_(read_over), TranslationOffer.reviewed_by != "")
        .values(reviewed_by=neutral)
    )
    _forget_thanks(me.account_id)
    for owner_id, text_id, language, reviewer in taken:
        with scope.visiting(owner_id, me.account_id):
            _forget_thanks(me.account_id)
            theirs = (Wording.group_id == owner_id, Wording.text_id == text_id, Wording.language == language)
            if reviewer:
                db.session.execute(
                    sa.update(Wording)
                    .where(*theirs, Wording.reviewed_by == reviewer)
                    .values(reviewed_by=neutral)
                )


def _forget_thanks(account_id: uuid.UUID) -> None:
    """Of words that are still theirs: whoever translated or read them over later keeps their own thanks."""
    for event, column, name in (
        (queries.TRANSLATED, Wording.made_by, ""),
        (APPROVED, Wording.reviewed_by, _nobody(account_id)),
    ):
        db.session.execute(
            sa.update(Wording)
            .where(
                Wording.group_id == scope.group_id(),
                Wording.id.in_(_done_last(event, account_id)),
                column != "",
            )
            .values({column: name})
        )


def _nobody(account_id: uuid.UUID) -> str:
    return neutral_name(db.session.get_one(Group, scope.group_id()).language, account_id.hex[:4].upper())


def _done_last(event: str, account_id: uuid.UUID) -> sa.Select[Any]:
    """Things that this account did this to, and nobody after them."""
    last = (
        sa.select(AuditEvent.subject_id, AuditEvent.account_id)
        .where(AuditEvent.event == event)
        .ext(distinct_on(AuditEvent.subject_id))
        .order_by(AuditEvent.subject_id, AuditEvent.at.desc())
        .subquery()
    )
    return sa.select(last.c.subject_id).where(last.c.account_id == account_id)


def _answer(offer: TranslationOffer, answer: Answer, *, now: datetime) -> None:
    db.session.add(
        OfferAnswer(
            offer_id=offer.id,
            offering_group_id=offer.group_id,
            revision=offer.revision,
            answer=answer,
            answered_at=now,
        )
    )
    db.session.flush()


def _check_unchanged(offer: TranslationOffer, revision: int) -> None:
    if offer.revision != revision:
        raise CannotTranslate(rules.Refusal.CHANGED_MEANWHILE)


def _check_reviewer(
    words: Wording | TranslationOffer,
    translator_id: uuid.UUID | None,
    *,
    seen: str,
    by: uuid.UUID,
    reviewed_by: str,
) -> None:
    db.session.refresh(words, with_for_update={"of": type(words)})
    if refusal := rules.why_not_approve(
        translator_id=translator_id, reviewer_id=by, reviewed_by=reviewed_by,
        is_as_seen=rules.mark(words.title, words.body) == seen,
    ):  # fmt: skip
        raise CannotTranslate(refusal)
