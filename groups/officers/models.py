"""The constitution's offices, and terms: who holds a seat of which office, since when, until when."""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from groups.membership.models import Member
from network.tenancy.tables import GroupTable, args, one_of, within_group


class TermSource(StrEnum):
    """How somebody came to an office."""

    APPOINTED = "appointed"
    ELECTED = "elected"


class Constitution(GroupTable):
    """A version of what the group has agreed about its offices. The newest adopted one holds."""

    __tablename__ = "constitutions"
    __table_args__ = args(
        sa.UniqueConstraint("group_id", "version"),
        sa.CheckConstraint("version > 0", name="version"),
        sa.CheckConstraint("quorum_percent between 0 and 100", name="quorum_percent"),
        sa.CheckConstraint("notice_days between 0 and 365", name="notice_days"),
    )

    version: Mapped[int]
    adopted_on: Mapped[date]
    offices: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """Each office: `code`, `seats`, `months` of a term, `method` (`elected` or `appointed`)."""
    quorum_percent: Mapped[int] = mapped_column(sa.SmallInteger)
    notice_days: Mapped[int] = mapped_column(sa.SmallInteger)


class Term(GroupTable):
    """A member holds one seat of an office. It goes on until it is ended: a day that passes leaves no group without officers."""

    __tablename__ = "terms"
    __table_args__ = args(
        within_group("member_id", "members"),
        within_group("election_id", "elections"),
        one_of("source", TermSource),
        sa.CheckConstraint("seat > 0", name="seat"),
        sa.CheckConstraint("ends_at is null or ends_at >= starts_at", name="dates"),
        sa.CheckConstraint("(source = 'elected') = (election_id is not null)", name="election"),
        sa.Index(
            "uq_terms_seat_once",
            "group_id",
            "office",
            "seat",
            unique=True,
            postgresql_where=sa.text("ends_at is null"),
        ),
        sa.Index(
            "uq_terms_member_once",
            "group_id",
            "office",
            "member_id",
            unique=True,
            postgresql_where=sa.text("ends_at is null"),
        ),
        sa.Index("ix_terms_group_id_member_id", "group_id", "member_id"),
    )

    member_id: Mapped[uuid.UUID]
    office: Mapped[str]
    seat: Mapped[int] = mapped_column(sa.SmallInteger, default=1)
    source: Mapped[TermSource] = mapped_column(sa.Text)
    election_id: Mapped[uuid.UUID | None]
    starts_at: Mapped[datetime]
    due_on: Mapped[date]
    """The day the constitution's term is over and an election should have been held."""
    ends_at: Mapped[datetime | None]
    """The moment it really ended; nothing while it goes on."""

    member: Mapped[Member] = relationship(viewonly=True, lazy="raise")

    @property
    def goes_on(self) -> bool:
        return self.ends_at is None
