"""Finding what somebody said yes to, what stands now, and who has said yes to one thing."""

import uuid
from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from groups.consents.models import Consent, ConsentWords, Purpose
from network.db import db


def find_standing(member_id: uuid.UUID, purpose: Purpose) -> Consent | None:
    """What somebody said yes to and has not taken back."""
    asked = _of(member_id).where(Consent.purpose == purpose, Consent.withdrawn_at.is_(None))
    return db.session.scalar(asked)


def standing_of(member_id: uuid.UUID) -> dict[Purpose, Consent]:
    """Everything a member said yes to that stands, with the words."""
    found = db.session.scalars(_of(member_id).where(Consent.withdrawn_at.is_(None)))
    return {Purpose(consent.purpose): consent for consent in found}


def history_of(member_id: uuid.UUID) -> sa.Select[Consent]:
    """All of it, also what was taken back, the latest first; a selection so that pages can page it."""
    return _of(member_id).order_by(Consent.given_at.desc(), Consent.id)


def members_with(purpose: Purpose, member_ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Which of these members said yes to this, and it stands."""
    asked = sa.select(Consent.member_id).where(
        Consent.purpose == purpose, Consent.withdrawn_at.is_(None), Consent.member_id.in_(member_ids)
    )
    return set(db.session.scalars(asked))


def count_changed(purpose: Purpose, *, since: datetime) -> int:
    """How many people said yes to this, or took it back, at that moment or later."""
    of_it = sa.select(sa.func.count(sa.distinct(Consent.member_id))).where(
        Consent.purpose == purpose, sa.or_(Consent.given_at >= since, Consent.withdrawn_at >= since)
    )
    return db.session.scalar(of_it) or 0


def find_words(digest: str) -> ConsentWords | None:
    """Words that somebody was shown before."""
    return db.session.scalar(sa.select(ConsentWords).where(ConsentWords.digest == digest))


def _of(member_id: uuid.UUID) -> sa.Select[Consent]:
    return sa.select(Consent).where(Consent.member_id == member_id).options(joinedload(Consent.words))
