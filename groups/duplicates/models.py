"""Two entries that look alike and are two people: said once, and not asked again."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from network.tenancy.tables import GroupTable, args, within_group


class DifferentPeople(GroupTable):
    """These two are two people, as somebody who keeps the list said."""

    __tablename__ = "different_people"
    __table_args__ = args(
        within_group("first_id", "members"),
        within_group("second_id", "members"),
        sa.UniqueConstraint("group_id", "first_id", "second_id"),
        sa.CheckConstraint("first_id < second_id", name="order"),
    )

    first_id: Mapped[uuid.UUID]
    second_id: Mapped[uuid.UUID]
    said_at: Mapped[datetime]
