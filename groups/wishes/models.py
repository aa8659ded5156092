"""That a member without a sign-in asked to be erased, until a second person says that they heard it too."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from groups.membership.models import Member
from network.tenancy.tables import GroupTable, args, within_group


class ErasureWish(GroupTable):
    """Written down once, never changed; it goes when it is carried out or taken back."""

    __tablename__ = "erasure_wishes"
    __table_args__ = args(within_group("member_id", "members"), sa.UniqueConstraint("group_id", "member_id"))

    member_id: Mapped[uuid.UUID]
    written_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("accounts.id"))
    written_at: Mapped[datetime]

    member: Mapped[Member] = relationship(viewonly=True, lazy="raise")
