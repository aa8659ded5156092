"""What two people decided about months: closed up to here, or open again from here. Decided rows stand for good."""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from network.tenancy.tables import GroupTable, args, one_of
from network.vault.columns import Sealed


class ChangeKind(StrEnum):
    CLOSE = "close"
    REOPEN = "reopen"


class ChangeState(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"


class PeriodChange(GroupTable):
    """Close the book up to the end of a month, or open it again. The database locks the days when a second person agrees."""

    __tablename__ = "period_changes"
    __table_args__ = args(
        one_of("kind", ChangeKind),
        one_of("state", ChangeState),
        sa.CheckConstraint(
            "through is null and kind = 'reopen' or extract(day from through + 1) = 1", name="through"
        ),
        sa.CheckConstraint("kind = 'close' or reason is not null", name="reason"),
        sa.CheckConstraint("(state = 'waiting') = (decided_by_id is null)", name="decided"),
        sa.CheckConstraint(
            "decided_by_id is distinct from asked_by_id or state = 'refused'", name="two_people"
        ),
        sa.Index(
            "uq_period_changes_waiting",
            "group_id",
            unique=True,
            postgresql_where=sa.text("state = 'waiting'"),
        ),
    )

    kind: Mapped[ChangeKind] = mapped_column(sa.Text)
    through: Mapped[date | None]
    """The last day that is closed afterwards; nothing where no day stays closed."""
    reason: Mapped[str | None] = mapped_column(Sealed("period_changes.reason"))
    state: Mapped[ChangeState] = mapped_column(sa.Text, default=ChangeState.WAITING)
    asked_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("accounts.id"))
    asked_at: Mapped[datetime]
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]
    entries: Mapped[int | None]
    """How many entries the book had when it was decided; with `head` and `balances` written by the database."""
    head: Mapped[bytes | None]
    balances: Mapped[list[Any] | None] = mapped_column(JSONB)
    """What stood on each account and fund at the end of the day `through`: [account, fund, amount in minor units]."""
