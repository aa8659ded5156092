"""Translations made elsewhere than where the text belongs, and what its owners answered."""

import uuid
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from network.tenancy.tables import PublishedTable, args, one_of


class Answer(StrEnum):
    """What the owners of a text did with an offered translation."""

    TAKEN = "taken"
    DECLINED = "declined"


class TranslationOffer(PublishedTable):
    """A translation written in the translator's own place and offered to the group the text belongs to.

    Its own group is the translator's; only that group and the owners of the text may read it.
    """

    __tablename__ = "translation_offers"
    __table_args__ = args(
        sa.UniqueConstraint("group_id", "text_id", "language"),
        sa.Index("ix_translation_offers_owner_group_id", "owner_group_id"),
        sa.CheckConstraint("length(body) between 1 and 20000", name="body"),
    )

    text_id: Mapped[uuid.UUID]
    owner_group_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("groups.id"))
    language: Mapped[str]
    title: Mapped[str] = mapped_column(default="")
    body: Mapped[str]
    of_version: Mapped[int]
    revision: Mapped[int] = mapped_column(default=1)
    """Goes up with each change and each review, so that an answer says what it answered."""
    translator_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("accounts.id"))
    made_by: Mapped[str] = mapped_column(default="")
    """How the translator wishes to be named; may stay empty."""
    reviewed_by: Mapped[str] = mapped_column(default="")
    changed_at: Mapped[datetime]


class OfferAnswer(PublishedTable):
    """What the owners of a text answered to an offer, readable where the offer was made."""

    __tablename__ = "offer_answers"
    __table_args__ = args(sa.UniqueConstraint("group_id", "offer_id", "revision"), one_of("answer", Answer))

    offer_id: Mapped[uuid.UUID]
    offering_group_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("groups.id"))
    revision: Mapped[int]
    answer: Mapped[Answer] = mapped_column(sa.Text)
    answered_at: Mapped[datetime]
