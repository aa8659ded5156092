"""Shares kept for hardship by date, and requests that only those concerned can see."""

import uuid
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from groups.membership.models import Member
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
        within_group("motion_id", "motions"),
        sa.UniqueConstraint("group_id", "motion_id"),
        sa.CheckConstraint("percent between 0 and 100", name="percent"),
        sa.Index("ix_reserve_shares_group_id_from_on", "group_id", "from_on"),
    )

    percent: Mapped[int] = mapped_column(sa.SmallInteger)
    from_on: Mapped[date]
    decided_on: Mapped[date]
    """The day of the meeting that decided it."""
    motion_id: Mapped[uuid.UUID | None]
    """The members' decision it rests on, where they counted; the database holds both to the same share."""
    recorded_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("accounts.id"))
    recorded_at: Mapped[datetime]


class HardshipRequest(SealedTable):
    """Somebody asks for help from the reserve. The database shows it to them and to those who decide now, and to nobody else.

    Who decides is not written down: the database asks, each time, who holds a deciding office at that moment, without
    whoever asked and whoever stands aside (`hardship_panel`; docs/decisions/hardship.md).
    """

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
    reply: Mapped[str | None] = mapped_column(Sealed("hardship_requests.reply"))
    """What those who decide leave for whoever asked, if they want to."""
    member_id: Mapped[uuid.UUID | None]
    requester_account_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("accounts.id"))
    filed_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("accounts.id"))
    set_aside: Mapped[list[uuid.UUID]] = mapped_column(ARRAY(sa.Uuid()), default=list, server_default="{}")
    """Accounts that never see, decide or pay this one: they live with whoever asked, or stepped aside. Why is not kept."""
    filed_at: Mapped[datetime]
    state: Mapped[RequestState] = mapped_column(sa.Text, default=RequestState.WAITING)
    decided_at: Mapped[datetime | None]
    draft_id: Mapped[uuid.UUID | None]
    closes_on: Mapped[date]
    """When a request that nobody settled is closed and its page destroyed; fixed when it was filed."""
    destroy_on: Mapped[date | None]
    """When the page of a settled one is destroyed; the book keeps its code and amount."""

    member: Mapped[Member | None] = relationship(viewonly=True, lazy="joined")

    @property
    def asker_id(self) -> uuid.UUID | None:
        """The account of whoever asked; of a member for whom it was filed at the door, once they sign in."""
        return self.requester_account_id or (self.member.account_id if self.member else None)

    def is_asked_by(self, account_id: uuid.UUID | None) -> bool:
        return account_id is not None and self.asker_id == account_id


class HardshipAnswer(SealedTable):
    """What somebody who decides said, once and for good; those who decide see it, whoever asked sees only what was decided."""

    __tablename__ = "hardship_answers"
    __table_args__ = args(
        within_group("request_id", "hardship_requests", ondelete="CASCADE"),
        sa.UniqueConstraint("group_id", "request_id", "account_id"),
    )

    request_id: Mapped[uuid.UUID]
    account_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("accounts.id"))
    agrees: Mapped[bool]
    answered_at: Mapped[datetime]
