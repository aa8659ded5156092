"""A group's application for money, one at a time for each chance. The database keeps the order of its states."""

import uuid
from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from funding.opportunities.models import Ask, Paper, some_of
from groups.membership.models import Member
from network.tenancy.tables import GroupTable, args, one_of, within_group


class ApplicationState(StrEnum):
    """How far it has come."""

    INTERESTED = "interested"
    PREPARING = "preparing"
    APPLIED = "applied"
    AWARDED = "awarded"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class GrantApplication(GroupTable):
    """Nothing is awarded without how much and since when, nothing refused without why, and what is settled stays so."""

    __tablename__ = "grant_applications"
    __table_args__ = args(
        within_group("keeper_id", "members"),
        within_group("grant_id", "grants"),
        sa.UniqueConstraint("group_id", "grant_id"),
        one_of("state", ApplicationState),
        some_of("said_yes", Ask),
        some_of("said_no", Ask),
        some_of("gathered", Paper),
        sa.Index(
            "uq_grant_applications_one",
            "group_id",
            "opportunity_id",
            unique=True,
            postgresql_where=sa.text("state in ('interested', 'preparing', 'applied')"),
        ),
        sa.CheckConstraint(
            "(state in ('awarded', 'refused', 'withdrawn')) = (settled_on is not null)", name="settled"
        ),
        sa.CheckConstraint(
            "case when state in ('interested', 'preparing') then applied_on is null"
            " when state in ('applied', 'awarded', 'refused') then applied_on is not null else true end",
            name="applied",
        ),
        sa.CheckConstraint("settled_on >= applied_on", name="order"),
        sa.CheckConstraint("(state = 'awarded') = (amount is not null)", name="awarded"),
        sa.CheckConstraint("amount between 1 and 1000000000000000", name="amount"),
        sa.CheckConstraint("(state <> 'refused' or length(why) > 0) and length(why) <= 1000", name="why"),
        sa.CheckConstraint("grant_id is null or state = 'awarded'", name="grant"),
        sa.CheckConstraint("length(notes) <= 2000", name="notes"),
    )

    opportunity_id: Mapped[uuid.UUID]
    """Often the office's row, so no key leads to it; the database asks whether it can be read from here."""
    state: Mapped[ApplicationState] = mapped_column(sa.Text, default=ApplicationState.INTERESTED)
    begun_on: Mapped[date]
    applied_on: Mapped[date | None]
    settled_on: Mapped[date | None]
    """The day of the funder's word, or the day the group took it back."""
    amount: Mapped[int | None]
    """How much was awarded, in the group's money."""
    currency: Mapped[str]
    why: Mapped[str] = mapped_column(default="")
    """What the funder said, or why the group took it back: it helps next time."""
    keeper_id: Mapped[uuid.UUID | None]
    said_yes: Mapped[list[str]] = mapped_column(default=list)
    said_no: Mapped[list[str]] = mapped_column(default=list)
    gathered: Mapped[list[str]] = mapped_column(default=list)
    notes: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)
    """Which writing of what is kept this is: whoever saves says which one they saw."""
    grant_id: Mapped[uuid.UUID | None]
    """What it became in the group's book."""

    keeper: Mapped[Member | None] = relationship(viewonly=True)
