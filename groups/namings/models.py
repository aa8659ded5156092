"""Somebody is named for an office that is not elected. The database lets nobody into the committee for disputes another way."""

import uuid
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from groups.membership.models import Member
from network.tenancy.tables import GroupTable, args, one_of, within_group


class NamingState(StrEnum):
    """How far it has come."""

    NAMED = "named"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    SETTLED = "settled"
    """The members agreed: they are in the office."""


class Naming(GroupTable):
    """Who was named for what, by whom. Where fellow members name, nobody names themselves."""

    __tablename__ = "namings"
    __table_args__ = args(
        within_group("member_id", "members"),
        within_group("named_by_id", "members"),
        within_group("term_id", "terms"),
        one_of("state", NamingState),
        sa.CheckConstraint("method in ('appointed', 'nominated')", name="method"),
        sa.CheckConstraint("method <> 'nominated' or named_by_id <> member_id", name="by_a_fellow"),
        sa.CheckConstraint("(state = 'named') = (answered_at is null)", name="answered"),
        sa.CheckConstraint("(state = 'settled') = (term_id is not null)", name="settled"),
        sa.Index(
            "uq_namings_open", "group_id", "office", "member_id", unique=True,
            postgresql_where=sa.text("state in ('named', 'accepted')"),
        ),
    )  # fmt: skip

    office: Mapped[str]
    method: Mapped[str]
    """How the office was filled when they were named."""
    member_id: Mapped[uuid.UUID]
    named_by_id: Mapped[uuid.UUID]
    state: Mapped[NamingState] = mapped_column(sa.Text, default=NamingState.NAMED)
    named_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    term_id: Mapped[uuid.UUID | None]

    member: Mapped[Member] = relationship(
        viewonly=True, lazy="joined", foreign_keys="[Naming.member_id, Naming.group_id]",
        primaryjoin="and_(Member.id == Naming.member_id, Member.group_id == Naming.group_id)",
    )  # fmt: skip
    named_by: Mapped[Member] = relationship(
        viewonly=True, lazy="joined", foreign_keys="[Naming.named_by_id, Naming.group_id]",
        primaryjoin="and_(Member.id == Naming.named_by_id, Member.group_id == Naming.group_id)",
    )  # fmt: skip

    @property
    def is_open(self) -> bool:
        return self.state in {NamingState.NAMED, NamingState.ACCEPTED}
