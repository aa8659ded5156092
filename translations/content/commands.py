"""Translating a text of one's own, offering a translation to others, reviewing, and taking over."""

import uuid
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

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
    audit.record("translation.approved", offer, by=by, now=now)


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
    """Thanks to a translator who asked to be forgotten stand nowhere, neither here nor beside texts that took their words over."""
    _forget_thanks(me.account_id)
    theirs = (TranslationOffer.translator_id == me.account_id, TranslationOffer.group_id == scope.group_id())
    for owner_id in db.session.scalars(
        sa.select(TranslationOffer.owner_group_id).where(*theirs).distinct()
    ).all():
        with scope.visiting(owner_id, me.account_id):
            _forget_thanks(me.account_id)


def _forget_thanks(account_id: uuid.UUID) -> None:
    for event, column in ((queries.TRANSLATED, "made_by"), (APPROVED, "reviewed_by")):
        said = sa.select(AuditEvent.subject_id).where(
            AuditEvent.event == event, AuditEvent.account_id == account_id
        )
        group = db.session.get_one(Group, scope.group_id())
        name = "" if column == "made_by" else neutral_name(group.language, account_id.hex[:4].upper())
        db.session.execute(
            sa.update(Wording)
            .where(Wording.group_id == scope.group_id(), Wording.id.in_(said), getattr(Wording, column) != "")
            .values({column: name})
        )


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
