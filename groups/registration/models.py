"""A certificate the group was given. Earlier ones stay in the list."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from network.tenancy.tables import GroupTable, args

LONGEST_NUMBER, LONGEST_NAME = 60, 120


class Registration(GroupTable):
    """One certificate: from whom, its number, since when and until when it holds, and what was paid for it."""

    __tablename__ = "registrations"
    __table_args__ = args(
        sa.CheckConstraint("authority ~ '^[a-z_]{1,30}$'", name="authority"),
        sa.CheckConstraint("(authority = 'other') = (called <> '')", name="called"),
        sa.CheckConstraint(f"length(called) <= {LONGEST_NAME} and length(number) <= {LONGEST_NUMBER}", name="lengths"),
        sa.CheckConstraint("holds_until >= issued_on", name="dates"),
        sa.CheckConstraint("fee >= 0 and (fee is null) = (currency is null)", name="fee"),
        sa.Index(
            "uq_registrations_certificate_once", "group_id", "authority", "called", "issued_on", unique=True
        ),
    )  # fmt: skip

    authority: Mapped[str]
    """A code of the country profile, or `other`."""
    called: Mapped[str] = mapped_column(default="")
    """What the group calls an authority that no profile knows."""
    number: Mapped[str] = mapped_column(default="")
    """The certificate's."""
    issued_on: Mapped[date]
    holds_until: Mapped[date | None]
    """The last day it holds; nothing where it has no end."""
    fee: Mapped[int | None]
    currency: Mapped[str | None]
    entered_at: Mapped[datetime]
