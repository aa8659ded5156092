"""An invitation on its way to somebody."""

import uuid
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from network.tenancy.tables import GroupTable, args, one_of
from network.vault.columns import Sealed


class InvitationKind(StrEnum):
    FIRST_CHAIRPERSON = "first_chairperson"
    MEMBER = "member"


class Invitation(GroupTable):
    """Somebody may join this group. The link and the code stay readable to the group until they are used."""

    __tablename__ = "invitations"
    __table_args__ = args(
        one_of("kind", InvitationKind),
        sa.CheckConstraint("expires_at > made_at", name="dates"),
        sa.CheckConstraint("accepted_at is null or withdrawn_at is null", name="one_end"),
        sa.CheckConstraint("(accepted_at is null) = (accepted_by is null)", name="accepted"),
        sa.Index("ix_invitations_group_id_member_id", "group_id", "member_id"),
    )

    kind: Mapped[InvitationKind] = mapped_column(sa.Text)
    office: Mapped[str | None]
    """The code of the office that goes with it, where one does."""
    member_id: Mapped[uuid.UUID | None]
    """The member it is for; members are known further up, so nothing here refers to them."""
    language: Mapped[str]
    made_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("accounts.id"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("accounts.id"))
    withdrawn_at: Mapped[datetime | None]
    token: Mapped[str | None] = mapped_column(Sealed("invitations.token"))
    code: Mapped[str | None] = mapped_column(Sealed("invitations.code"))
