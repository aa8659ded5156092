"""What a group asks of its network's office, and what the office answers: each writes its own rows only."""

import uuid
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from network.tenancy.models import Group
from network.tenancy.tables import PublishedTable, args, one_of


class RequestState(StrEnum):
    """How a request stands, as the group says. Whether it was answered is seen from the answers."""

    OPEN = "open"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"


class SupportRequest(PublishedTable):
    """Words a group sent to its network's office, and read there; nothing behind them is."""

    __tablename__ = "support_requests"
    __table_args__ = args(
        one_of("state", RequestState),
        sa.Index("ix_support_requests_network_office_id_sent_at", "network_office_id", "sent_at"),
        sa.CheckConstraint("length(title) between 1 and 120", name="title"),
        sa.CheckConstraint("length(words) between 1 and 2000", name="words"),
    )

    network_office_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("groups.id"))
    subject_id: Mapped[uuid.UUID | None]
    """What it is about inside the group; the office learns nothing from it."""
    title: Mapped[str]
    words: Mapped[str]
    language: Mapped[str]
    state: Mapped[RequestState] = mapped_column(sa.Text, default=RequestState.OPEN)
    sent_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    group: Mapped[Group] = relationship(foreign_keys="SupportRequest.group_id", viewonly=True)


class SupportAnswer(PublishedTable):
    """Words of the office, read in the group that asked. The request is another group's row, so no key leads to it."""

    __tablename__ = "support_answers"
    __table_args__ = args(
        sa.Index("ix_support_answers_request_id", "request_id"),
        sa.CheckConstraint("length(words) between 1 and 4000", name="words"),
    )

    for_group_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("groups.id"))
    request_id: Mapped[uuid.UUID]
    words: Mapped[str]
    signed: Mapped[str]
    """How whoever answered is called."""
    answered_at: Mapped[datetime]
