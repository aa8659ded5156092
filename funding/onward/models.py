"""What the office gives, in its own rows, and what the group answers, in its own: each reads what the other published."""

import uuid
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from network.tenancy.models import Group
from network.tenancy.tables import PublishedTable, args, one_of, within_group


class GrantKind(StrEnum):
    """What the money is in the group's book: seed money among the general, or a grant with a fund of its own."""

    SEED = "seed"
    PROJECT = "project"


class OnwardGrant(PublishedTable):
    """The office's: an amount for a group, for a purpose and a time. The group reads it once it is offered."""

    __tablename__ = "onward_grants"
    __table_args__ = args(
        sa.UniqueConstraint("group_id", "number"),
        sa.UniqueConstraint("group_id", "id", "for_group_id"),
        sa.ForeignKeyConstraint(["group_id", "fund"], ["ledger_funds.group_id", "ledger_funds.code"]),
        one_of("kind", GrantKind),
        sa.CheckConstraint("for_group_id <> group_id", name="for_another"),
        sa.CheckConstraint("amount > 0 and number > 0", name="amount"),
        sa.CheckConstraint("ends_on > starts_on", name="period"),
        sa.CheckConstraint("length(title) between 1 and 120 and length(purpose) between 1 and 1000", name="words"),
        sa.CheckConstraint("ended_at is null or offered_at is not null", name="ended"),
        sa.CheckConstraint("(offered_at is null) = (offered_on is null)", name="offered"),
        sa.Index("ix_onward_grants_for_group_id", "for_group_id"),
    )  # fmt: skip

    for_group_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("groups.id"))
    number: Mapped[int]
    """Counted from 1 in each office; with a part's number it makes the reference both books carry."""
    kind: Mapped[GrantKind] = mapped_column(sa.Text)
    title: Mapped[str]
    purpose: Mapped[str]
    amount: Mapped[int]
    currency: Mapped[str]
    fund: Mapped[str]
    """Which of the office's funds it is paid from, by its code."""
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    made_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("accounts.id"))
    made_at: Mapped[datetime]
    offered_on: Mapped[date | None]
    """The day it was awarded, on the office's clock."""
    offered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    """When the office ended it before its time; no further part is sent."""

    recipient: Mapped[Group] = relationship(foreign_keys="OnwardGrant.for_group_id", viewonly=True)
    giver: Mapped[Group] = relationship(foreign_keys="OnwardGrant.group_id", viewonly=True)
    parts: Mapped[list["OnwardPart"]] = relationship(
        viewonly=True, order_by="OnwardPart.number", back_populates="grant"
    )


class OnwardPart(PublishedTable):
    """The office's: one of the sums the grant is sent in, when, and what has to be in order before."""

    __tablename__ = "onward_parts"
    __table_args__ = args(
        sa.UniqueConstraint("group_id", "grant_id", "number"),
        sa.UniqueConstraint("group_id", "journal_id"),
        sa.ForeignKeyConstraint(
            ["group_id", "grant_id", "for_group_id"],
            ["onward_grants.group_id", "onward_grants.id", "onward_grants.for_group_id"],
        ),
        within_group("draft_id", "drafts"),
        within_group("journal_id", "journals"),
        sa.CheckConstraint("amount > 0 and number > 0", name="amount"),
        sa.CheckConstraint("length(condition) <= 300 and length(settled_words) <= 500", name="words"),
        sa.CheckConstraint("(journal_id is null) = (sent_on is null)", name="sent"),
        sa.CheckConstraint("journal_id is null or draft_id is not null", name="drafted"),
        sa.CheckConstraint("taken_back_on is null or journal_id is not null", name="taken_back"),
        sa.Index("ix_onward_parts_group_id_draft_id", "group_id", "draft_id"),
    )  # fmt: skip

    grant_id: Mapped[uuid.UUID]
    for_group_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("groups.id"))
    number: Mapped[int]
    amount: Mapped[int]
    due_on: Mapped[date]
    condition: Mapped[str] = mapped_column(default="")
    """What else was agreed, in words; whoever sends the money says that it is so."""
    asks: Mapped[list[str]]
    """The conditions of `network.standing` that have to be in order."""
    draft_id: Mapped[uuid.UUID | None]
    """What was last written down for it in the office's book, waiting or decided."""
    journal_id: Mapped[uuid.UUID | None]
    sent_on: Mapped[date | None]
    taken_back_on: Mapped[date | None]
    settled_words: Mapped[str] = mapped_column(default="")
    """What the office says where money arrived otherwise than it was sent."""

    grant: Mapped[OnwardGrant] = relationship(viewonly=True, back_populates="parts")


class OnwardAnswer(PublishedTable):
    """The group's: whether it takes the grant. Only then is a word about how it stands asked for."""

    __tablename__ = "onward_answers"
    __table_args__ = args(sa.UniqueConstraint("group_id", "grant_id"), within_group("own_grant_id", "grants"))

    for_office_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("groups.id"))
    grant_id: Mapped[uuid.UUID]
    """The office's row, so no key leads to it."""
    accepts: Mapped[bool]
    own_grant_id: Mapped[uuid.UUID | None]
    """What it became among the group's own grants, where it is for a purpose only."""
    answered_at: Mapped[datetime]


class StandingWord(PublishedTable):
    """The group's: for one grant, whether one condition is in order, as of a day. Nothing behind it."""

    __tablename__ = "standing_words"
    __table_args__ = args(sa.UniqueConstraint("group_id", "grant_id", "condition"))

    for_office_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("groups.id"))
    grant_id: Mapped[uuid.UUID]
    condition: Mapped[str]
    is_in_order: Mapped[bool]
    said_at: Mapped[datetime]


class PartReceipt(PublishedTable):
    """The group's: what became of a part that was sent. What arrived stands in the group's own book."""

    __tablename__ = "part_receipts"
    __table_args__ = args(
        sa.UniqueConstraint("group_id", "part_id"),
        sa.UniqueConstraint("group_id", "journal_id"),
        within_group("journal_id", "journals"),
        sa.CheckConstraint(
            "(amount is null) = (journal_id is null) and (amount is null) = (received_on is null)", name="arrived"
        ),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.CheckConstraint("length(words) <= 300", name="words"),
    )  # fmt: skip

    for_office_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("groups.id"))
    grant_id: Mapped[uuid.UUID]
    part_id: Mapped[uuid.UUID]
    amount: Mapped[int | None]
    """Nothing while it has not arrived."""
    received_on: Mapped[date | None]
    words: Mapped[str] = mapped_column(default="")
    journal_id: Mapped[uuid.UUID | None]
    said_at: Mapped[datetime]
