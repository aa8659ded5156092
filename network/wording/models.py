"""A text and its words in each language."""

import uuid
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from network.tenancy.tables import PublishedTable, args, one_of, within_group


class WordingState(StrEnum):
    """How far a translation has come; the original is always approved by whoever wrote it."""

    DRAFT = "draft"
    APPROVED = "approved"


class Text(PublishedTable):
    """A text somebody wrote once in one language. `is_open` says whether other groups and visitors may read it."""

    __tablename__ = "texts"

    purpose: Mapped[str]
    """What the text is of: `resource`, `onboarding_step`, `charter`, `phrase`, …"""
    source_language: Mapped[str]
    source_version: Mapped[int] = mapped_column(default=1)
    is_open: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]

    wordings: Mapped[list["Wording"]] = relationship(
        back_populates="text", order_by="Wording.language", lazy="selectin", cascade="all, delete-orphan"
    )


class Wording(PublishedTable):
    """The words of a text in one language, and which version of the original they were made from."""

    __tablename__ = "wordings"
    __table_args__ = args(
        within_group("text_id", "texts"),
        sa.UniqueConstraint("group_id", "text_id", "language"),
        one_of("state", WordingState),
        sa.CheckConstraint("length(body) between 1 and 20000", name="body"),
        sa.CheckConstraint("state <> 'approved' or reviewed_by <> ''", name="approval_is_named"),
    )

    text_id: Mapped[uuid.UUID] = mapped_column(index=True)
    language: Mapped[str]
    title: Mapped[str] = mapped_column(default="")
    body: Mapped[str]
    of_version: Mapped[int]
    state: Mapped[WordingState] = mapped_column(sa.Text)
    is_open: Mapped[bool] = mapped_column(default=False)
    made_by: Mapped[str] = mapped_column(default="")
    """How the author or translator wishes to be named; may stay empty."""
    reviewed_by: Mapped[str] = mapped_column(default="")
    changed_at: Mapped[datetime]

    text: Mapped[Text] = relationship(back_populates="wordings")


class EarlierOriginal(PublishedTable):
    """An original as it was before it changed, so that a translator sees what changed since the translation was made.

    It is open only if it was open when it was replaced: drafts of a text stay with their author when it opens.
    """

    __tablename__ = "earlier_originals"
    __table_args__ = args(
        within_group("text_id", "texts"), sa.UniqueConstraint("group_id", "text_id", "version")
    )

    text_id: Mapped[uuid.UUID]
    version: Mapped[int]
    title: Mapped[str] = mapped_column(default="")
    body: Mapped[str]
    is_open: Mapped[bool] = mapped_column(default=False)
    replaced_at: Mapped[datetime]
