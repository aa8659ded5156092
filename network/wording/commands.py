"""Writing a text, changing the original, adding and approving translations."""

import uuid
from datetime import datetime

import sqlalchemy as sa

from network.db import db
from network.tenancy import scope
from network.web.languages import languages_read, named
from network.wording.models import EarlierOriginal, Text, Wording, WordingState
from network.wording.rules import ShownText, choose


def write_text(
    *,
    purpose: str,
    language: str,
    body: str,
    now: datetime,
    title: str = "",
    is_open: bool = False,
    made_by: str = "",
) -> Text:
    """Keep a new text with its original words."""
    text = Text(
        id=uuid.uuid4(),
        group_id=scope.group_id(),
        purpose=purpose,
        source_language=language,
        source_version=1,
        is_open=is_open,
        created_at=now,
    )
    text.wordings.append(
        Wording(
            group_id=scope.group_id(),
            language=language,
            title=title,
            body=body,
            of_version=1,
            state=WordingState.DRAFT,
            is_open=is_open,
            made_by=made_by,
            changed_at=now,
        )
    )
    db.session.add(text)
    db.session.flush()
    return text


def change_original(text: Text, *, body: str, now: datetime, title: str = "") -> None:
    """Change the original. Translations stay and are shown as older than it from now on."""
    original = wording_in(text, text.source_language)
    if (original.title, original.body) == (title, body):
        return
    _keep_as_earlier(text, original, now=now)
    text.source_version += 1
    original.title, original.body, original.of_version, original.changed_at = (
        title,
        body,
        text.source_version,
        now,
    )
    db.session.flush()


def _keep_as_earlier(text: Text, original: Wording, *, now: datetime) -> None:
    db.session.add(
        EarlierOriginal(
            group_id=text.group_id,
            text_id=text.id,
            version=text.source_version,
            title=original.title,
            body=original.body,
            is_open=text.is_open,
            replaced_at=now,
        )
    )


def find_original(text: Text, version: int) -> EarlierOriginal | Wording | None:
    """The original as it was in this version, as far as it may be read from here."""
    if version == text.source_version:
        return wording_in(text, text.source_language)
    return db.session.scalar(
        sa.select(EarlierOriginal).where(
            EarlierOriginal.text_id == text.id, EarlierOriginal.version == version
        )
    )


def translate(
    text: Text,
    *,
    language: str,
    body: str,
    now: datetime,
    title: str = "",
    made_by: str = "",
    of_version: int | None = None,
) -> Wording:
    """Keep a draft translation, in place of an earlier one in that language.

    It is of the present original, unless it was made `of_version` before.
    """
    if language == text.source_language:
        raise ValueError(
            "the original is changed by `change_original`, so that translations are known to be older"
        )
    wording = next((w for w in text.wordings if w.language == language), None)
    if wording is None:
        wording = Wording(group_id=text.group_id, language=language, is_open=text.is_open)
        text.wordings.append(wording)
    wording.title, wording.body, wording.made_by = title, body, made_by
    wording.of_version, wording.state, wording.reviewed_by, wording.changed_at = (
        of_version or text.source_version,
        WordingState.DRAFT,
        "",
        now,
    )
    db.session.flush()
    return wording


def approve(wording: Wording, *, reviewed_by: str) -> None:
    """Record that a named reviewer stands behind a translation."""
    wording.state, wording.reviewed_by = WordingState.APPROVED, reviewed_by
    db.session.flush()


def open_to_all(text: Text) -> None:
    """Let other groups and visitors read a text and all its translations."""
    text.is_open = True
    for wording in text.wordings:
        wording.is_open = True
    db.session.flush()


def close_again(text: Text) -> None:
    """Let nobody else read a text any more: neither its words in any language nor what they were before."""
    text.is_open = False
    for wording in text.wordings:
        wording.is_open = False
    db.session.execute(
        sa.update(EarlierOriginal).where(EarlierOriginal.text_id == text.id).values(is_open=False)
    )
    db.session.flush()


def erase_text(text: Text) -> None:
    """Erase a text with all its words, and what they were before."""
    db.session.execute(sa.delete(EarlierOriginal).where(EarlierOriginal.text_id == text.id))
    db.session.delete(text)
    db.session.flush()


def wording_in(text: Text, language: str) -> Wording:
    """The words of a text in a language. Raises `KeyError` where there are none."""
    found = {wording.language: wording for wording in text.wordings}
    return found[language]


def shown(text: Text, *, wanted: list[str] | None = None, approved_only: bool = False) -> ShownText:
    """What to show of a text to somebody who reads these languages, best first; by default the page's own."""
    return choose(
        {wording.language: wording for wording in text.wordings},
        source_language=text.source_language,
        source_version=text.source_version,
        wanted=wanted or languages_read(),
        approved_only=approved_only,
        named=named,
    )
