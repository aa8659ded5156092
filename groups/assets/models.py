"""One thing the group owns."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from network.tenancy.tables import GroupTable, args
from network.vault.columns import Sealed

LONGEST = 120


class Asset(GroupTable):
    """What it is, since when, what it was worth if somebody says so, and until when the group had it."""

    __tablename__ = "assets"
    __table_args__ = args(
        sa.CheckConstraint("amount >= 0 and (amount is null) = (currency is null)", name="amount"),
        sa.CheckConstraint("gone_on >= since_on", name="dates"),
    )

    what: Mapped[str] = mapped_column(Sealed("assets.what"))
    since_on: Mapped[date]
    amount: Mapped[int | None]
    currency: Mapped[str | None]
    gone_on: Mapped[date | None]
    entered_at: Mapped[datetime]
