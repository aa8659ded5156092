"""A count of the cash box. Once two people have signed, the database lets nobody change it."""

import uuid
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from network.tenancy.tables import GroupTable, args, one_of, within_group
from network.vault.columns import Sealed


class CountState(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    TAKEN_AWAY = "taken_away"


class CashCount(GroupTable):
    """What two people found in the box, and what the book said at that moment."""

    __tablename__ = "cash_counts"
    __table_args__ = args(
        within_group("journal_id", "journals"),
        one_of("state", CountState),
        sa.CheckConstraint("amount >= 0 and other between 0 and amount", name="amount"),
        sa.CheckConstraint("(state = 'done') = (agreed_by_id is not null)", name="agreed"),
        sa.CheckConstraint("agreed_by_id is distinct from counted_by_id", name="two_people"),
        sa.CheckConstraint("(state = 'done') = (book is not null)", name="book"),
        sa.CheckConstraint("state <> 'done' or amount = book or why is not null", name="why"),
        sa.CheckConstraint(
            "(journal_id is not null) = (state = 'done' and amount <> book)", name="difference"
        ),
        sa.Index(
            "uq_cash_counts_waiting", "group_id", unique=True, postgresql_where=sa.text("state = 'waiting'")
        ),
        sa.Index("ix_cash_counts_group_id_counted_at", "group_id", "counted_at"),
    )

    counted_on: Mapped[date]
    currency: Mapped[str]
    pieces: Mapped[dict[str, int]] = mapped_column(JSONB)
    """How many there are of each note and coin, by its worth in minor units."""
    other: Mapped[int]
    """What no line was there for, in minor units."""
    amount: Mapped[int]
    """What all of it comes to."""
    why: Mapped[str | None] = mapped_column(Sealed("cash_counts.why"))
    """What the two say about a difference."""
    state: Mapped[CountState] = mapped_column(sa.Text, default=CountState.WAITING)
    counted_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("accounts.id"))
    counted_at: Mapped[datetime]
    agreed_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("accounts.id"))
    agreed_at: Mapped[datetime | None]
    journal_id: Mapped[uuid.UUID | None]
    """The entry that brings the book to what was counted, where they differed."""
    book: Mapped[int | None]
    """What the book said was in the box. This and the next two are written by the database."""
    entries: Mapped[int | None]
    head: Mapped[bytes | None]
    """The number and the seal of the book's last entry when it was signed."""
