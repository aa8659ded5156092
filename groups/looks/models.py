"""That somebody in an office looked at what one member keeps to few; never who it was, nor how often in a day."""

import uuid
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from network.tenancy.tables import GroupTable, args, within_group


class Look(GroupTable):
    """One office, one member, one day."""

    __tablename__ = "looks"
    __table_args__ = args(
        within_group("member_id", "members"),
        sa.UniqueConstraint("group_id", "member_id", "office", "on_day"),
        sa.Index("ix_looks_group_id_on_day", "group_id", "on_day"),
    )

    member_id: Mapped[uuid.UUID]
    office: Mapped[str]
    """The code of the office as which they looked."""
    on_day: Mapped[date]
