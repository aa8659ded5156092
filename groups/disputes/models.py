"""Matters, what is written in them, and for whom each text is closed. The database shows them by account, to a few."""

import uuid
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from network.tenancy.tables import PublishedTable, SeatedTable, args, one_of, within_group


class MatterState(StrEnum):
    """How far it has come."""

    BROUGHT = "brought"
    HEARD = "heard"
    AGREED = "agreed"
    REVIEWED = "reviewed"
    CLOSED = "closed"


class TextKind(StrEnum):
    """What a text is."""

    WORDS = "words"
    """What whoever brought it wrote, and who it is about."""
    NOTES = "notes"
    """Of the panel, for the panel."""
    TOLD = "told"
    """What the panel tells somebody it concerns."""
    OUTCOME = "outcome"
    """What the panel agrees, for everybody concerned who knows of it."""
    REVIEW = "review"
    """What the panel found when it looked again."""
    ANSWER = "answer"
    """What somebody who was told answers, for the panel."""


class AskState(StrEnum):
    """How far another group was asked for somebody to help hear a matter."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    SEATED = "seated"


class Matter(SeatedTable):
    """Somebody brings something before a committee. Its group is the one whose committee hears it.

    Who it is about stands in its words, which are closed; the database does not know it.
    """

    __tablename__ = "matters"
    __table_args__ = args(
        one_of("state", MatterState),
        sa.CheckConstraint("cardinality(panel) > 0", name="panel"),
        sa.CheckConstraint("not brought_by_id = any (panel)", name="not_their_own"),
        sa.CheckConstraint("(state in ('brought', 'heard')) = (review_on is null)", name="review"),
        sa.CheckConstraint("(state = 'closed') = (closed_at is not null)", name="closed"),
        sa.CheckConstraint(
            "destroy_on <= (brought_at at time zone 'UTC')::date + 1100", name="destroyed_within_three_years"
        ),
    )

    brought_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("accounts.id"))
    """Nobody, where one of the panel wrote it down for a member who does not sign in: who that is stands in the words."""
    brought_at: Mapped[datetime]
    panel: Mapped[list[uuid.UUID]] = mapped_column(ARRAY(sa.Uuid()))
    """Accounts of the committee's members on the day it was brought, without those it concerns; and of whoever came to help."""
    set_aside: Mapped[list[uuid.UUID]] = mapped_column(ARRAY(sa.Uuid()), default=list, server_default="{}")
    """Those of them who stepped aside, each by themselves. Why is not kept."""
    state: Mapped[MatterState] = mapped_column(sa.Text, default=MatterState.BROUGHT)
    review_on: Mapped[date | None]
    closed_at: Mapped[datetime | None]
    destroy_on: Mapped[date]
    """The day everything about it is destroyed."""

    @property
    def is_spoken(self) -> bool:
        """Whether it was told aloud and written down by one of the panel."""
        return self.brought_by_id is None

    @property
    def sitting(self) -> list[uuid.UUID]:
        """Who is on the panel now."""
        return [one for one in self.panel if one not in self.set_aside]


class MatterText(SeatedTable):
    """A text, closed with a key of its own. Written once; it goes with its matter."""

    __tablename__ = "matter_texts"
    __table_args__ = args(
        within_group("matter_id", "matters", ondelete="CASCADE"),
        one_of("kind", TextKind),
        sa.CheckConstraint("(kind = 'told') = (for_account_id is not null)", name="told"),
        sa.Index("ix_matter_texts_group_id_matter_id", "group_id", "matter_id"),
        sa.Index("ix_matter_texts_for_account_id", "for_account_id"),
        sa.Index(
            "uq_matter_texts_words_once", "group_id", "matter_id", unique=True, postgresql_where=sa.text("kind = 'words'")
        ),
    )  # fmt: skip

    matter_id: Mapped[uuid.UUID]
    kind: Mapped[TextKind] = mapped_column(sa.Text)
    written_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("accounts.id"))
    written_at: Mapped[datetime]
    for_account_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("accounts.id"))
    """Whom the panel tells."""
    content: Mapped[bytes]


class MatterLock(SeatedTable):
    """A text's key, closed for one account with its public key. Without their password it is noise."""

    __tablename__ = "matter_locks"
    __table_args__ = args(
        within_group("matter_id", "matters", ondelete="CASCADE"),
        within_group("text_id", "matter_texts", ondelete="CASCADE"),
        sa.UniqueConstraint("group_id", "text_id", "account_id"),
        sa.Index("ix_matter_locks_account_id", "account_id"),
        sa.Index("ix_matter_locks_key_pair_id", "key_pair_id"),
        sa.Index("ix_matter_locks_group_id_matter_id", "group_id", "matter_id"),
    )

    matter_id: Mapped[uuid.UUID]
    text_id: Mapped[uuid.UUID]
    account_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("accounts.id"))
    key_pair_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("key_pairs.id", ondelete="CASCADE"))
    """The pair it was closed for: with a new one, it goes."""
    wrapped: Mapped[bytes]


class MatterAnswer(SeatedTable):
    """One of the panel agrees with an outcome as it is written; that it is over; or that whoever told it takes it back."""

    __tablename__ = "matter_answers"
    __table_args__ = args(
        within_group("matter_id", "matters", ondelete="CASCADE"),
        within_group("text_id", "matter_texts", ondelete="CASCADE"),
        sa.UniqueConstraint("group_id", "text_id", "account_id"),
        sa.Index("ix_matter_answers_group_id_matter_id", "group_id", "matter_id"),
    )

    matter_id: Mapped[uuid.UUID]
    text_id: Mapped[uuid.UUID]
    account_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("accounts.id"))
    answered_at: Mapped[datetime]


class MatterAsk(SeatedTable):
    """The panel asks another group's committee for somebody who helps to hear a matter. It says nothing about the matter."""

    __tablename__ = "matter_asks"
    __table_args__ = args(
        within_group("matter_id", "matters", ondelete="CASCADE"),
        one_of("state", AskState),
        sa.UniqueConstraint("group_id", "matter_id", "asked_group_id"),
        sa.CheckConstraint("asked_group_id <> group_id", name="another_group"),
        sa.CheckConstraint("(state = 'asked') = (answered_by_id is null)", name="answered"),
        sa.Index("ix_matter_asks_asked_group_id", "asked_group_id"),
    )

    matter_id: Mapped[uuid.UUID]
    asked_group_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("groups.id"))
    asked_at: Mapped[datetime]
    state: Mapped[AskState] = mapped_column(sa.Text, default=AskState.ASKED)
    answered_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("accounts.id"))
    declined_by: Mapped[list[uuid.UUID]] = mapped_column(ARRAY(sa.Uuid()), default=list, server_default="{}")
    """Who of them cannot come, each for themselves, and whoever said yes and was not let in."""


class HearingOffer(PublishedTable):
    """A group's committee would hear matters of other groups in its network. Every group reads that, while it holds."""

    __tablename__ = "hearing_offers"
    __table_args__ = args(
        sa.CheckConstraint("ended_at is null or ended_at >= offered_at", name="dates"),
        sa.Index(
            "uq_hearing_offers_once", "group_id", unique=True, postgresql_where=sa.text("ended_at is null")
        ),
    )

    offered_at: Mapped[datetime]
    offered_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("accounts.id"))
    ended_at: Mapped[datetime | None]
