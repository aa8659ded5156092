"""A handover between two treasurers. Once both have signed, the database lets nobody change it."""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from funding.ledger.rules import Place
from groups.membership.models import Member
from network.tenancy.tables import GroupTable, args, one_of, within_group
from network.vault.columns import Sealed


class HandoverState(StrEnum):
    OPEN = "open"
    COUNTED = "counted"
    DONE = "done"
    DROPPED = "dropped"


class Handover(GroupTable):
    """It opens by itself when somebody else becomes treasurer, and closes when both have signed."""

    __tablename__ = "handovers"
    __table_args__ = args(
        within_group("incoming_member_id", "members"),
        within_group("outgoing_member_id", "members"),
        within_group("journal_id", "journals"),
        one_of("state", HandoverState),
        sa.CheckConstraint("incoming_member_id <> outgoing_member_id", name="members"),
        sa.CheckConstraint("(state in ('counted', 'done')) = (counted_by_id is not null)", name="counted"),
        sa.CheckConstraint("(state = 'done') = (agreed_by_id is not null)", name="agreed"),
        sa.CheckConstraint("agreed_by_id is distinct from counted_by_id or state in ('open', 'dropped')", name="two_people"),
        sa.CheckConstraint("other >= 0", name="other"),
        sa.CheckConstraint("journal_id is null or state = 'done'", name="difference"),
        sa.Index(
            "uq_handovers_open", "group_id", unique=True, postgresql_where=sa.text("state in ('open', 'counted')")
        ),
    )  # fmt: skip

    incoming_member_id: Mapped[uuid.UUID]
    outgoing_member_id: Mapped[uuid.UUID]
    opened_at: Mapped[datetime]
    state: Mapped[HandoverState] = mapped_column(sa.Text, default=HandoverState.OPEN)
    currency: Mapped[str]
    pieces: Mapped[dict[str, int]] = mapped_column(JSONB, default=dict)
    """How many there are of each note and coin, by its worth in minor units."""
    other: Mapped[int] = mapped_column(default=0)
    words: Mapped[str | None] = mapped_column(Sealed("handovers.words"))
    """What else changed hands: keys, cards, papers."""
    counted_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("accounts.id"))
    counted_at: Mapped[datetime | None]
    counted_on: Mapped[date | None]
    agreed_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("accounts.id"))
    agreed_at: Mapped[datetime | None]
    journal_id: Mapped[uuid.UUID | None]
    """The entry that brings the book to what was counted, where both agreed to post it."""
    outgoing_signed: Mapped[bool | None]
    """Whether the outgoing treasurer was one of the two. This and what follows is written by the database."""
    funds: Mapped[list[Any] | None] = mapped_column(JSONB)
    """What each fund holds, by code."""
    open_requests: Mapped[int | None]
    drafts_waiting: Mapped[int | None]
    entries: Mapped[int | None]
    head: Mapped[bytes | None]
    """The number and the seal of the book's last entry when it was signed."""

    incoming: Mapped[Member] = relationship(
        viewonly=True, lazy="joined", foreign_keys="[Handover.incoming_member_id, Handover.group_id]",
        primaryjoin="and_(Member.id == Handover.incoming_member_id, Member.group_id == Handover.group_id)",
    )  # fmt: skip
    outgoing: Mapped[Member] = relationship(
        viewonly=True, lazy="joined", foreign_keys="[Handover.outgoing_member_id, Handover.group_id]",
        primaryjoin="and_(Member.id == Handover.outgoing_member_id, Member.group_id == Handover.group_id)",
    )  # fmt: skip

    def has_party(self, account_id: uuid.UUID | None) -> bool:
        """Whether this is the account of one of the two treasurers."""
        return account_id is not None and account_id in (self.incoming.account_id, self.outgoing.account_id)


class HandoverPlace(GroupTable):
    """What was found at one place, beside the book."""

    __tablename__ = "handover_places"
    __table_args__ = args(
        within_group("handover_id", "handovers"),
        sa.UniqueConstraint("group_id", "handover_id", "place"),
        one_of("place", Place),
        sa.CheckConstraint("counted >= 0", name="counted"),
        sa.CheckConstraint("not is_posted or counted <> book", name="posted"),
    )

    handover_id: Mapped[uuid.UUID]
    place: Mapped[str]
    counted: Mapped[int]
    book: Mapped[int | None]
    """What the book said when it was signed."""
    why: Mapped[str | None] = mapped_column(Sealed("handover_places.why"))
    is_posted: Mapped[bool] = mapped_column(default=False)
    """Whether both agreed to write the difference in the book."""
