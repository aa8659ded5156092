"""Sheets of contributions and who gave what on them."""

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
        sa.Index("ix_contribution_sheets_group_id_received_on", "group_id", "received_on"),
        sa.CheckConstraint("reserve_percent between 0 and 100", name="reserve_percent"),
    )

    received_on: Mapped[date]
    journal_id: Mapped[uuid.UUID]
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
