"""What was done, by whom and when: added to, never changed, and without the content itself."""

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from network import clock
from network.data_map import period
from network.db import db
from network.tenancy import scope
from network.tenancy.tables import GroupTable, args

RESTED_ON = ("support.answered",)
"""Events that stay: only they say whose signature goes when somebody asks to be forgotten. The database knows them too."""


class AuditEvent(GroupTable):
    """One thing that happened in a group. Names things by id; words and amounts stay where they belong."""

    __tablename__ = "audit_events"
    __table_args__ = args(
        sa.Index("ix_audit_events_group_id_at", "group_id", "at"),
        sa.Index("ix_audit_events_account_id_group_id", "account_id", "group_id"),
    )

    event: Mapped[str]
    subject_id: Mapped[uuid.UUID | None]
    account_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("accounts.id"))
    at: Mapped[datetime]


def record(
    event: str,
    subject: Any = None,
    *,
    by: uuid.UUID | None = None,
    now: datetime | None = None,
    is_unsigned: bool = False,
) -> None:
    """Note an event in the past tense (`meeting.cancelled`) about a thing of the group in scope.

    Unsigned is what somebody does with a code of their own: whoever is signed in on that phone did not do it.
    """
    db.session.add(
        AuditEvent(
            event=event,
            subject_id=getattr(subject, "id", None),
            account_id=None if is_unsigned else by or scope.account_id(),
            at=now or clock.now(),
        )
    )


def forget_old(*, now: datetime) -> None:
    """Let go of what was done long ago, in the group in scope. Nobody can hurry it: the database asks its own clock too."""
    before = sa.func.least(now, sa.func.now()) - period("audit")
    db.session.execute(
        sa.delete(AuditEvent).where(AuditEvent.at < before, AuditEvent.event.not_in(RESTED_ON))
    )
