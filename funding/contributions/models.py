"""Sheets of contributions, who gave what on them, and what the members agreed on. What stands is never changed (see the migration)."""

import uuid
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from network.tenancy.tables import GroupTable, args, within_group


class ContributionSheet(GroupTable):
    """One sheet, saved as one act and one entry in the book. Another on the same day adds to it."""

    __tablename__ = "contribution_sheets"
    __table_args__ = args(
        within_group("journal_id", "journals"),
        within_group("meeting_id", "meetings"),
        sa.UniqueConstraint("group_id", "journal_id"),
        sa.Index("ix_contribution_sheets_group_id_meeting_id", "group_id", "meeting_id"),
        sa.Index("ix_contribution_sheets_group_id_received_on", "group_id", "received_on"),
        sa.CheckConstraint("reserve_percent between 0 and 100", name="reserve_percent"),
    )

    received_on: Mapped[date]
    journal_id: Mapped[uuid.UUID]
    meeting_id: Mapped[uuid.UUID | None]
    """The meeting it was written at, if at one."""
    reserve_percent: Mapped[int] = mapped_column(sa.SmallInteger)
    recorded_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("accounts.id"))
    recorded_at: Mapped[datetime]


class Contribution(GroupTable):
    """What one member gave in one form of money. The book holds the sums; who gave is here."""

    __tablename__ = "contributions"
    __table_args__ = args(
        within_group("sheet_id", "contribution_sheets"),
        within_group("member_id", "members"),
        sa.UniqueConstraint("group_id", "sheet_id", "member_id", "place"),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.CheckConstraint("place in ('cash', 'mobile_money')", name="place"),
        sa.Index("ix_contributions_group_id_member_id", "group_id", "member_id"),
    )

    sheet_id: Mapped[uuid.UUID]
    member_id: Mapped[uuid.UUID]
    place: Mapped[str]
    amount: Mapped[int]

    sheet: Mapped[ContributionSheet] = relationship(viewonly=True)


class AgreedAmount(GroupTable):
    """What the members suggest to give each month, from a day on: a suggestion. A new decision is a new row; nothing ends it."""

    __tablename__ = "agreed_amounts"
    __table_args__ = args(
        within_group("meeting_id", "meetings"),
        within_group("motion_id", "motions"),
        sa.UniqueConstraint("group_id", "motion_id"),
        sa.CheckConstraint("amount >= 0", name="amount"),
        sa.CheckConstraint("decided_on <= from_on", name="from_on"),
        sa.Index("ix_agreed_amounts_group_id_from_on", "group_id", "from_on"),
    )

    amount: Mapped[int]
    currency: Mapped[str]
    from_on: Mapped[date]
    decided_on: Mapped[date]
    """The day of the meeting that decided it."""
    meeting_id: Mapped[uuid.UUID | None]
    motion_id: Mapped[uuid.UUID | None]
    """The members' decision it rests on, where they counted; the database holds both to the same amount."""
    recorded_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("accounts.id"))
    recorded_at: Mapped[datetime]
