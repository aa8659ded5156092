"""Keeping that somebody said yes, and that they took it back. What they told is kept elsewhere, and goes with it."""

import uuid
from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from groups.consents import queries, rules
from groups.consents.models import Consent, ConsentWords, Ended, Method, Purpose
from groups.consents.rules import How, Shown
from network.db import db


def give(
    member_id: uuid.UUID, purpose: Purpose, how: How, *, now: datetime, is_other: bool = False
) -> Consent:
    """Somebody says yes to one thing, which may be another than before (`is_other`).

    The same, said in the same way under the same words, stands as it did; anything else takes its place.
    """
    standing = queries.find_standing(member_id, purpose)
    if standing is not None:
        if not is_other and not rules.is_renewed(how, _how_of(standing)):
            return standing
        _end(standing, Ended.RENEWED, now=now)
    words_id = _words_id(how.shown) if how.shown else None
    consent = Consent(
        id=uuid.uuid4(), member_id=member_id, purpose=purpose, words_id=words_id, method=how.method,
        read_by_id=None if how.method == Method.SELF else how.read_by_id, given_at=now,
    )  # fmt: skip
    db.session.add(consent)
    db.session.flush()
    return consent


def note_brought(
    told: Iterable[tuple[uuid.UUID, Purpose]], *, read_by_id: uuid.UUID | None, now: datetime, method: Method = Method.LIST
) -> None:  # fmt: skip
    """These stood on a list that somebody brought, or in their invitation, about members who are new; they are asked
    themselves when they look.
    """
    db.session.add_all(
        Consent(
            id=uuid.uuid4(), member_id=member_id, purpose=purpose, method=method, read_by_id=read_by_id, given_at=now,
        )
        for member_id, purpose in told
    )  # fmt: skip
    db.session.flush()


def take_back(member_id: uuid.UUID, purpose: Purpose, *, ended: Ended, now: datetime) -> bool:
    """Somebody takes a yes back. Whether there was one."""
    standing = queries.find_standing(member_id, purpose)
    if standing is None:
        return False
    _end(standing, ended, now=now)
    return True


def end_all(member_id: uuid.UUID, *, now: datetime) -> None:
    """Somebody leaves: nothing they said yes to stands any more."""
    for standing in queries.standing_of(member_id).values():
        _end(standing, Ended.LEFT, now=now)


def forget_guardian(member_id: uuid.UUID) -> None:
    """Somebody has left: that a parent agreed, now or once, says how old they were and goes at once."""
    db.session.execute(
        sa.delete(Consent).where(Consent.member_id == member_id, Consent.purpose == Purpose.GUARDIAN)
    )


def erase_of_member(member_id: uuid.UUID) -> None:
    """Let go of everything a member who has left ever said yes to. The database refuses it for whoever is still here."""
    db.session.execute(sa.delete(Consent).where(Consent.member_id == member_id))


def _end(consent: Consent, ended: Ended, *, now: datetime) -> None:
    consent.withdrawn_at, consent.ended = max(now, consent.given_at), ended
    db.session.flush()


def _how_of(consent: Consent) -> How:
    """How somebody said the yes that stands."""
    words = consent.words
    shown = Shown(Purpose(words.purpose), words.version, words.language, words.words) if words else None
    return How(Method(consent.method), shown, consent.read_by_id)


def _words_id(shown: Shown) -> uuid.UUID:
    """These words, kept once however many people are shown them."""
    row = {
        "id": uuid.uuid4(), "purpose": shown.purpose, "version": shown.version, "language": shown.language,
        "digest": shown.digest, "words": shown.words,
    }  # fmt: skip
    if found := queries.find_words(shown.digest):
        return found.id
    db.session.execute(insert(ConsentWords).values(**row).on_conflict_do_nothing())
    kept = queries.find_words(shown.digest)
    if kept is None:
        raise LookupError("words that were just kept are not there")
    return kept.id
