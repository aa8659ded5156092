"""Books that were found not to add up."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from network.tenancy.tables import GroupTable, args


class BookAlarm(GroupTable):
    """While one of these is open, the database writes nothing in the group's book."""

    __tablename__ = "book_alarms"
    __table_args__ = args(
        sa.Index(
            "uq_book_alarms_open", "group_id", unique=True, postgresql_where=sa.text("cleared_at is null")
        ),
    )

    found_at: Mapped[datetime]
    faults: Mapped[list[Any]] = mapped_column(JSONB)
    """Each as [row, what is wrong], for whoever looks after the machine."""
    cleared_at: Mapped[datetime | None]
