"""What waits to leave."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from network.tenancy.tables import PlatformTable, one_of


class OutboxState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class OutboxItem(PlatformTable):
    """One thing to do after the commit. Its payload holds identifiers only, never words about people."""

    __tablename__ = "outbox"
    __table_args__ = (
        one_of("state", OutboxState),
        sa.Index("ix_outbox_due", "state", "run_at"),
        sa.Index("uq_outbox_once", "once", unique=True, postgresql_where=sa.text("once is not null")),
    )

    kind: Mapped[str]
    group_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("groups.id"))
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    once: Mapped[str | None]
    """A key under which the same thing is put in only once."""
    state: Mapped[OutboxState] = mapped_column(sa.Text, default=OutboxState.WAITING)
    run_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    failure: Mapped[str | None]
