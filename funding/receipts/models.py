"""A receipt: a number given once. What it says stands in the book and on the sheet, which do not change either."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from network.tenancy.tables import GroupTable, args, within_group


class Receipt(GroupTable):
    """The receipt for an entry that brought money in, or for what one member gave on a sheet.

    The database gives the number, one after the other in each place, and refuses an amount that did not come in.
    """

    __tablename__ = "receipts"
    __table_args__ = args(
        within_group("journal_id", "journals"),
        within_group("member_id", "members"),
        sa.UniqueConstraint("group_id", "number"),
        sa.UniqueConstraint("group_id", "journal_id", "member_id", postgresql_nulls_not_distinct=True),
        sa.CheckConstraint("number > 0", name="number"),
        sa.CheckConstraint("amount > 0", name="amount"),
    )

    number: Mapped[int]
    journal_id: Mapped[uuid.UUID]
    member_id: Mapped[uuid.UUID | None]
    amount: Mapped[int]
    currency: Mapped[str]
    made_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("accounts.id"))
    made_at: Mapped[datetime]
