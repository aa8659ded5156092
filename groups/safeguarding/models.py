"""Who young people of a group can turn to. A group that has this row says it is for young people."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from groups.membership.models import Member
from network.tenancy.tables import GroupTable, args, within_group
from network.vault.columns import Sealed


class Safeguarding(GroupTable):
    """One grown-up, of the group or from outside. Nobody, for a while, where they have left.

    A member stands there for the others to see only once they have said yes.
    """

    __tablename__ = "safeguarding"
    __table_args__ = args(
        within_group("member_id", "members"),
        sa.UniqueConstraint("group_id"),
        sa.CheckConstraint("num_nonnulls(member_id, name) <= 1", name="one_person"),
        sa.CheckConstraint("name is null or contact is not null", name="outside"),
        sa.CheckConstraint("num_nonnulls(member_id, name) = 1 or contact is null", name="nobody"),
    )

    member_id: Mapped[uuid.UUID | None]
    name: Mapped[str | None] = mapped_column(Sealed("safeguarding.name"))
    contact: Mapped[str | None] = mapped_column(Sealed("safeguarding.contact"))
    changed_at: Mapped[datetime]
    agreed_at: Mapped[datetime | None]
    """When the member said yes to being named, with this way to reach them."""

    member: Mapped[Member | None] = relationship(viewonly=True, lazy="raise")

    @property
    def has_somebody(self) -> bool:
        return self.member_id is not None or self.name is not None

    @property
    def waits_for_yes(self) -> bool:
        return self.member_id is not None and self.agreed_at is None
