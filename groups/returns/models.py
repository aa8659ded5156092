"""A return or a report of a quarter, what forms ask and nothing else here knows, a count of everybody together, stamped copies."""

import json
import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from network.authorities.guide import Kind
from network.tenancy.tables import GroupTable, args, one_of, within_group
from network.vault.columns import Sealed


class ReturnState(StrEnum):
    """How far it has come. What was handed in stays as it was."""

    DRAFT = "draft"
    HANDED_IN = "handed_in"


class CopyKind(StrEnum):
    """What kind of file a stamped copy is kept as."""

    JPEG = "jpg"
    PDF = "pdf"


class FormAnswers(GroupTable):
    """What forms ask about the group itself: where it is, its bank. One row a group."""

    __tablename__ = "form_answers"
    __table_args__ = args(sa.UniqueConstraint("group_id"))

    answers: Mapped[str] = mapped_column(Sealed("form_answers.answers"))
    """A table of codes and words, as JSON."""
    changed_at: Mapped[datetime]

    @property
    def read(self) -> dict[str, str]:
        found: dict[str, str] = json.loads(self.answers)
        return found


class PeopleCount(GroupTable):
    """Everybody counted together, once a month at most: two counts with one person between them would tell what they answered."""

    __tablename__ = "people_counts"
    __table_args__ = args(
        sa.UniqueConstraint("group_id", "month"),
        sa.CheckConstraint("extract(day from month) = 1", name="month"),
        sa.CheckConstraint("date_trunc('month', counted_on) = month", name="counted_on"),
    )

    month: Mapped[date]
    counted_on: Mapped[date]
    figures: Mapped[str] = mapped_column(Sealed("people_counts.figures"))

    @property
    def read(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.figures)
        return found


class Return(GroupTable):
    """What one authority gets for one stretch of time."""

    __tablename__ = "returns"
    __table_args__ = args(
        within_group("count_id", "people_counts"),
        one_of("kind", Kind),
        one_of("state", ReturnState),
        sa.CheckConstraint("authority ~ '^[a-z_]{1,30}$'", name="authority"),
        sa.CheckConstraint("(authority = 'other') = (called <> '') and length(called) <= 120", name="called"),
        sa.CheckConstraint("covers_until >= covers_from", name="dates"),
        sa.CheckConstraint(
            "(state = 'handed_in') = (handed_in_on is not null) and (state = 'handed_in') = (held is not null)"
            " and (handed_in_on is null or handed_in_on >= covers_from)",
            name="handed_in",
        ),
        sa.CheckConstraint("(looked_over_by_id is null) = (looked_over_at is null)", name="looked_over"),
        sa.CheckConstraint("looked_over_by_id <> prepared_by_id", name="second_person"),
        sa.Index(
            "uq_returns_one_draft", "group_id", "authority", "called", "kind", unique=True, postgresql_where=sa.text("state = 'draft'")
        ),
    )  # fmt: skip

    authority: Mapped[str]
    called: Mapped[str] = mapped_column(default="")
    kind: Mapped[Kind] = mapped_column(sa.Text)
    profile: Mapped[str]
    """Which country's form it follows, and in which version."""
    covers_from: Mapped[date]
    covers_until: Mapped[date]
    state: Mapped[ReturnState] = mapped_column(sa.Text, default=ReturnState.DRAFT)
    words: Mapped[str | None] = mapped_column(Sealed("returns.words"))
    """The report in the group's own words; nothing while the one drafted from the figures stands."""
    count_id: Mapped[uuid.UUID | None]
    prepared_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("accounts.id"))
    prepared_at: Mapped[datetime]
    looked_over_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("accounts.id"))
    looked_over_at: Mapped[datetime | None]
    seen_digest: Mapped[bytes | None]
    """A fingerprint of what that person read: what stands there now may be something else."""
    handed_in_on: Mapped[date | None]
    held: Mapped[str | None] = mapped_column(Sealed("returns.held"), deferred=True)
    """Everything that stood in it, as JSON; people are in it by key only."""
    names: Mapped[str | None] = mapped_column(Sealed("returns.names"), deferred=True)
    """What those people were called in it. Beside it, so that somebody can be forgotten and the figures stay."""

    @property
    def is_draft(self) -> bool:
        return self.state == ReturnState.DRAFT


class ReturnMention(GroupTable):
    """That somebody's name stands in what was handed in, so that they can see it on their own page."""

    __tablename__ = "return_mentions"
    __table_args__ = args(
        within_group("return_id", "returns"),
        within_group("member_id", "members"),
        sa.UniqueConstraint("group_id", "return_id", "member_id"),
    )

    return_id: Mapped[uuid.UUID]
    member_id: Mapped[uuid.UUID]
    handed_in_on: Mapped[date]


class ReturnCopy(GroupTable):
    """The copy an authority stamped, as a photo or a PDF without what a camera adds. It can be taken away."""

    __tablename__ = "return_copies"
    __table_args__ = args(
        within_group("return_id", "returns"),
        one_of("kind", CopyKind),
        sa.Index("ix_return_copies_group_id_return_id", "group_id", "return_id"),
    )

    return_id: Mapped[uuid.UUID]
    kind: Mapped[CopyKind] = mapped_column(sa.Text)
    content: Mapped[str] = mapped_column(Sealed("return_copies.content"), deferred=True)
    """Its bytes in base 64."""
    kept_at: Mapped[datetime]
