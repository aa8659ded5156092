"""What a volunteer was asked to translate, and what came back."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from network.tenancy.tables import GroupTable, args, within_group
from network.vault.columns import Sealed


class TranslationRequest(GroupTable):
    """A few sentences went out to a volunteer, by a private link that shows these and nothing else."""

    __tablename__ = "translation_requests"
    __table_args__ = args(
        within_group("application_id", "applications"),
        sa.CheckConstraint("expires_at > made_at", name="dates"),
        sa.CheckConstraint("done_at is null or withdrawn_at is null", name="one_end"),
        sa.Index("ix_translation_requests_application", "group_id", "application_id"),
    )

    application_id: Mapped[uuid.UUID]
    from_language: Mapped[str]
    into: Mapped[str]
    made_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("accounts.id"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    volunteer: Mapped[str | None] = mapped_column(Sealed("translation_requests.volunteer"))
    """How the volunteer wishes to be named, if at all."""
    token: Mapped[str | None] = mapped_column(Sealed("translation_requests.token"))
    code: Mapped[str | None] = mapped_column(Sealed("translation_requests.code"))


class AskedPassage(GroupTable):
    """One of the passages that went out, and its translation once it is there."""

    __tablename__ = "asked_passages"
    __table_args__ = args(
        within_group("request_id", "translation_requests"),
        within_group("passage_id", "application_passages"),
        sa.UniqueConstraint("group_id", "request_id", "passage_id"),
        sa.Index("ix_asked_passages_passage", "group_id", "passage_id"),
    )

    request_id: Mapped[uuid.UUID]
    passage_id: Mapped[uuid.UUID]
    position: Mapped[int]
    body: Mapped[str | None] = mapped_column(Sealed("asked_passages.body"))
