"""What waits for translators, what was offered, and what an offer was answered."""

import uuid
from collections.abc import Iterable

import sqlalchemy as sa

from network.audit import AuditEvent
from network.db import db
from network.tenancy import scope
from network.tenancy.models import Group, GroupKind
from network.tenancy.queries import get_network_of_office
from network.tenancy.settings import STAFF_LANGUAGES, setting
from network.web import languages
from network.wording import registry
from network.wording.models import Text, Wording
from translations.content.models import OfferAnswer, TranslationOffer

TRANSLATED = "wording.translated"
"""The event that remembers who translated a text of one's own."""


def languages_into() -> list[languages.Language]:
    """The languages one can translate into."""
    return [one for one in languages.known().values() if one.code != languages.PSEUDO]


def languages_of(place: Group, own_language: str) -> list[str]:
    """The languages somebody here is asked to translate into: their own, and those of the group or office."""
    here = [place.language]
    if place.kind == GroupKind.OFFICE:
        here = setting(get_network_of_office(place.id).id, STAFF_LANGUAGES)
    return list(dict.fromkeys([own_language, *here]))


def get_translatable_text(text_id: uuid.UUID, **_: object) -> Text:
    """A text that may be read here and translated, or a page that says there is nothing here."""
    return db.one_or_404(sa.select(Text).where(Text.id == text_id, Text.purpose.in_(registry.purposes())))


def get_own_wording(text_id: uuid.UUID, into: str) -> Wording:
    """The translation of a text of this place, or a page that says there is nothing here."""
    own = (
        sa.select(Wording)
        .join(Text, Text.id == Wording.text_id)
        .where(
            Wording.group_id == scope.group_id(),
            Wording.text_id == text_id,
            Wording.language == into,
            Text.source_language != into,
        )
    )
    return db.one_or_404(own)


def waiting(into: str) -> sa.Select[Text]:
    """Texts without words in a language, or with words older than the original; one's own first, then the newest.

    What this place has offered already, from the present original, waits for the owners and not for us.
    """
    in_language = sa.and_(Wording.text_id == Text.id, Wording.language == into)
    offered = sa.exists().where(
        TranslationOffer.group_id == scope.group_id(),
        TranslationOffer.text_id == Text.id,
        TranslationOffer.language == into,
        TranslationOffer.of_version == Text.source_version,
    )
    return (
        sa.select(Text)
        .outerjoin(Wording, in_language)
        .where(
            Text.purpose.in_(registry.purposes()),
            Text.source_language != into,
            sa.or_(Wording.id.is_(None), Wording.of_version < Text.source_version),
            ~offered,
        )
        .order_by(sa.case((Text.group_id == scope.group_id(), 0), else_=1), Text.created_at.desc(), Text.id)
    )


def count_waiting(into: str) -> int:
    """How many texts wait to be translated into a language."""
    found = waiting(into).order_by(None).with_only_columns(Text.id).subquery()
    return db.session.scalar(sa.select(sa.func.count()).select_from(found)) or 0


def drafts(into: str) -> sa.Select[Text]:
    """Texts of this place whose translation nobody has approved yet."""
    return (
        sa.select(Text)
        .join(Wording, sa.and_(Wording.text_id == Text.id, Wording.language == into))
        .where(
            Text.group_id == scope.group_id(),
            Text.purpose.in_(registry.purposes()),
            Text.source_language != into,
            Wording.state == "draft",
        )
        .order_by(Wording.changed_at.desc(), Text.id)
    )


def get_offer(offer_id: uuid.UUID) -> TranslationOffer:
    """An offer made here or made to us, or a page that says there is nothing here."""
    return db.one_or_404(sa.select(TranslationOffer).where(TranslationOffer.id == offer_id))


def get_offer_to_us(offer_id: uuid.UUID) -> TranslationOffer:
    """An offer of words for a text of this place, or a page that says there is nothing here."""
    return db.one_or_404(offers_to_us().where(TranslationOffer.id == offer_id))


def get_offer_from_here(offer_id: uuid.UUID) -> TranslationOffer:
    """An offer that was written in this place, or a page that says there is nothing here."""
    return db.one_or_404(offers_from_here().where(TranslationOffer.id == offer_id))


def find_own_offer(text_id: uuid.UUID, language: str) -> TranslationOffer | None:
    """What this place offered for a text already."""
    return db.session.scalar(
        offers_from_here().where(TranslationOffer.text_id == text_id, TranslationOffer.language == language)
    )


def offers_to_us() -> sa.Select[TranslationOffer]:
    """Offers that wait for an answer from this place, the longest waiting first."""
    answered = sa.exists().where(
        OfferAnswer.group_id == scope.group_id(),
        OfferAnswer.offer_id == TranslationOffer.id,
        OfferAnswer.revision == TranslationOffer.revision,
    )
    still_there = sa.exists().where(Text.group_id == scope.group_id(), Text.id == TranslationOffer.text_id)
    return (
        sa.select(TranslationOffer)
        .where(TranslationOffer.owner_group_id == scope.group_id(), still_there, ~answered)
        .order_by(TranslationOffer.changed_at, TranslationOffer.id)
    )


def offers_from_here() -> sa.Select[TranslationOffer]:
    """What this place offered to others, the latest first."""
    return (
        sa.select(TranslationOffer)
        .where(TranslationOffer.group_id == scope.group_id())
        .order_by(TranslationOffer.changed_at.desc(), TranslationOffer.id)
    )


def count_offers_to_us() -> int:
    """How many offers wait for an answer from this place."""
    found = offers_to_us().order_by(None).subquery()
    return db.session.scalar(sa.select(sa.func.count()).select_from(found)) or 0


def count_offers_to_review(account_id: uuid.UUID) -> int:
    """How many translations from here nobody but their translator has looked at."""
    found = sa.select(sa.func.count()).where(
        TranslationOffer.group_id == scope.group_id(),
        TranslationOffer.reviewed_by == "",
        TranslationOffer.translator_id != account_id,
    )
    return db.session.scalar(found) or 0


def answers_to(offers: Iterable[TranslationOffer]) -> dict[uuid.UUID, OfferAnswer]:
    """The answers to these offers as they are now, by offer."""
    by_id = {offer.id: offer for offer in offers}
    rows = db.session.scalars(sa.select(OfferAnswer).where(OfferAnswer.offer_id.in_(by_id)))
    return {row.offer_id: row for row in rows if row.revision == by_id[row.offer_id].revision}


def texts_by_id(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Text]:
    """These texts, as far as they may be read here."""
    return {text.id: text for text in db.session.scalars(sa.select(Text).where(Text.id.in_(list(ids))))}


def owners_by_id(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Group]:
    """The groups and offices these texts belong to, whose names are public with what they published."""
    return {group.id: group for group in db.session.scalars(sa.select(Group).where(Group.id.in_(list(ids))))}


def find_translator(wording: Wording) -> uuid.UUID | None:
    """Who translated a text of one's own last, as the record of the group remembers."""
    return db.session.scalar(
        sa.select(AuditEvent.account_id)
        .where(AuditEvent.event == TRANSLATED, AuditEvent.subject_id == wording.id)
        .order_by(AuditEvent.at.desc())
        .limit(1)
    )
