"""The office's phrases."""

import uuid
from dataclasses import dataclass

import sqlalchemy as sa

from network.db import db
from network.onboarding.applications.models import Arrival
from network.onboarding.applications.rules import arrival_of_phrase
from network.tenancy import scope
from network.web.languages import Language, named
from network.wording.commands import shown, wording_in
from network.wording.models import Text
from network.wording.rules import ShownText

PURPOSE = "phrase"
MOST = 40


@dataclass(frozen=True)
class OfferedPhrase:
    """A phrase in the words of whoever picks it, and the words in which it will arrive."""

    id: uuid.UUID
    words: ShownText
    body: str
    language: Language
    arrival: Arrival


def phrases() -> list[Text]:
    """The phrases of the office in scope, oldest first; an office keeps a few dozen at most."""
    found = sa.select(Text).where(Text.purpose == PURPOSE, Text.group_id == scope.group_id())
    return list(db.session.scalars(found.order_by(Text.created_at, Text.id).limit(MOST)))


def find_phrase(text_id: uuid.UUID) -> Text | None:
    """One of the office's own phrases."""
    return next((text for text in phrases() if text.id == text_id), None)


def phrases_in(texts: list[Text], *, wanted: str, approved_only: bool) -> list[OfferedPhrase]:
    """Each phrase as the reader of the page sees it and as it will arrive."""
    return [offered(text, wanted=wanted, approved_only=approved_only) for text in texts]


def offered(text: Text, *, wanted: str, approved_only: bool) -> OfferedPhrase:
    """One phrase, both ways."""
    language, arrival = arrival_of_phrase(
        {wording.language: wording for wording in text.wordings}, source_language=text.source_language,
        source_version=text.source_version, wanted=wanted, approved_only=approved_only,
    )  # fmt: skip
    return OfferedPhrase(
        id=text.id,
        words=shown(text),
        body=wording_in(text, language).body,
        language=named(language),
        arrival=arrival,
    )
