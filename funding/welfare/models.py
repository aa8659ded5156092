"""Shares kept for hardship by date, and requests that only those concerned can see."""

import uuid
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from network.tenancy.tables import GroupTable, SealedTable, args, one_of, within_group
from network.vault.columns import Sealed


class Need(StrEnum):
    """What help is asked for."""

    MEDICINE = "medicine"
    FUNERAL = "funeral"
    WEDDING = "wedding"
    TRAVEL = "travel"
    OTHER = "other"


class RequestState(StrEnum):
    WAITING = "waiting"
    AGREED = "agreed"
    DECLINED = "declined"


class ReserveShare(GroupTable):
    """What percentage of contributions the group keeps for hardship, from a day on. A new decision is a new row."""

    __tablename__ = "reserve_shares"
    __table_args__ = args(
        sa.CheckConstraint("percent between 0 and 100", name="percent"),
        sa.Index("ix_reserve_shares_group_id_from_on", "group_id", "from_on"),
    )

    percent: Mapped[int] = mapped_column(sa.SmallInteger)
    from_on: Mapped[date]
    decided_on: Mapped[date]
    """The day of the meeting that decided it."""
    recorded_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("accounts.id"))
    recorded_at: Mapped[datetime]


class HardshipRequest(SealedTable):
    """Somebody asks for help from the reserve. The database shows it to them and to its panel, and to nobody else."""

    __tablename__ = "hardship_requests"
    __table_args__ = args(
        sa.UniqueConstraint("group_id", "code"),
        within_group("member_id", "members"),
        within_group("draft_id", "drafts"),
        one_of("need", Need),
        one_of("state", RequestState),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.CheckConstraint("(state = 'waiting') = (decided_at is null)", name="decided"),
        sa.CheckConstraint("draft_id is null or state = 'agreed'", name="paid"),
    )

    code: Mapped[str]
    """What the book and the report call it."""
    need: Mapped[Need] = mapped_column(sa.Text)
    amount: Mapped[int]
    currency: Mapped[str]
    words: Mapped[str | None] = mapped_column(Sealed("hardship_requests.words"))
    member_id: Mapped[uuid.UUID | None]
    requester_account_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("accounts.id"))
    filed_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("accounts.id"))
    filed_at: Mapped[datetime]
    state: Mapped[RequestState] = mapped_column(sa.Text, default=RequestState.WAITING)
    decided_at: Mapped[datetime | None]
    draft_id: Mapped[uuid.UUID | None]
    destroy_on: Mapped[date | None]
    """When this page is destroyed; the book keeps its code and amount."""


class HardshipSeat(SealedTable):
    """An account that may see and answer a request. Each account sees its own seats only."""

    __tablename__ = "hardship_seats"
    __table_args__ = args(
        within_group("request_id", "hardship_requests", ondelete="CASCADE"),
        sa.UniqueConstraint("group_id", "request_id", "account_id"),
    )

    request_id: Mapped[uuid.UUID]
    account_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("accounts.id"))


class HardshipAnswer(SealedTable):
    """What one of the panel said; the panel sees it, whoever asked sees only what was decided."""

    __tablename__ = "hardship_answers"
    __table_args__ = args(
        within_group("request_id", "hardship_requests", ondelete="CASCADE"),
        sa.UniqueConstraint("group_id", "request_id", "account_id"),
    )

    request_id: Mapped[uuid.UUID]
    account_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("accounts.id"))
    agrees: Mapped[bool]
    answered_at: Mapped[datetime]
