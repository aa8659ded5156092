"""A meeting: a time, a place, and afterwards a number of people."""

from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from network.tenancy.tables import GroupTable, args
from network.vault.columns import Sealed

MOST_PEOPLE = 5000


class Need(StrEnum):
    """What was on people's minds, as broad as it can be said."""

    MEDICINE = "medicine"
    HEALTH_SERVICES = "health_services"
    VIOLENCE_AT_HOME = "violence_at_home"
    FOOD_AND_RENT = "food_and_rent"
    WORK = "work"
    HOUSING = "housing"
    FAMILY = "family"
    LONELINESS = "loneliness"
    STIGMA = "stigma"
    POLICE_AND_COURTS = "police_and_courts"
    PAPERS = "papers"
    TRANSPORT = "transport"


class Meeting(GroupTable):
    """One meeting of the group in scope."""

    __tablename__ = "meetings"
    __table_args__ = args(
        sa.UniqueConstraint("group_id", "starts_at"),
        sa.CheckConstraint(f"people between 0 and {MOST_PEOPLE}", name="people"),
        sa.CheckConstraint("newcomers >= 0 and newcomers <= people", name="newcomers"),
        sa.CheckConstraint(f"at_door between 0 and {MOST_PEOPLE}", name="at_door"),
        sa.CheckConstraint("(people is null) = (recorded_at is null)", name="recorded"),
        sa.CheckConstraint("cancelled_at is null or recorded_at is null", name="cancelled_or_held"),
    )

    starts_at: Mapped[datetime]
    zone: Mapped[str]
    """The clock on the wall where it was planned: what day it was does not change when the group's zone does."""
    place: Mapped[str] = mapped_column(Sealed("meetings.place"))
    people: Mapped[int | None]
    newcomers: Mapped[int | None]
    at_door: Mapped[int] = mapped_column(default=0)
    """New people counted at the door during the meeting; the count afterwards begins with it."""
    needs: Mapped[list[str]]
    note: Mapped[str] = mapped_column(Sealed("meetings.note"))
    recorded_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancelled_because: Mapped[str] = mapped_column(Sealed("meetings.cancelled_because"))

    @property
    def local(self) -> datetime:
        """When it starts, on its own clock."""
        return self.starts_at.astimezone(ZoneInfo(self.zone))

    @property
    def day(self) -> date:
        """The day it is on."""
        return self.local.date()

    @property
    def is_held(self) -> bool:
        return self.recorded_at is not None

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None
