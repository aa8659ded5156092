"""An objective of a quarter, its steps, and what each meeting said about it."""

import uuid
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from groups.meetings.models import Meeting
from groups.membership.models import Member
from network.tenancy.tables import GroupTable, args, one_of, within_group
from network.vault.columns import Sealed


class ObjectiveState(StrEnum):
    """How an objective stands."""

    OPEN = "open"
    ACHIEVED = "achieved"
    CARRIED_OVER = "carried_over"
    DROPPED = "dropped"


class Outcome(StrEnum):
    """What is said about an objective at a meeting, or when it ends."""

    MOVED = "moved"
    NOT_MOVED = "not_moved"
    ACHIEVED = "achieved"
    CARRIED_OVER = "carried_over"
    DROPPED = "dropped"


class Objective(GroupTable):
    """Something the group in scope wants to change in one quarter."""

    __tablename__ = "objectives"
    __table_args__ = args(
        within_group("carried_from_id", "objectives"),
        one_of("state", ObjectiveState),
        sa.Index("ix_objectives_group_id_quarter_on", "group_id", "quarter_on"),
        sa.CheckConstraint("extract(day from quarter_on) = 1 and extract(month from quarter_on) in (1, 4, 7, 10)", name="quarter"),
        sa.CheckConstraint("(state = 'open') = (closed_at is null)", name="closed"),
        sa.CheckConstraint("length(title) between 1 and 120", name="title"),
    )  # fmt: skip

    quarter_on: Mapped[date]
    """The first day of the quarter."""
    position: Mapped[int]
    """The first one matters most."""
    title: Mapped[str]
    why: Mapped[str] = mapped_column(default="")
    state: Mapped[ObjectiveState] = mapped_column(sa.Text, default=ObjectiveState.OPEN)
    closed_at: Mapped[datetime | None]
    closing_words: Mapped[str] = mapped_column(default="")
    carried_from_id: Mapped[uuid.UUID | None]
    created_at: Mapped[datetime]

    steps: Mapped[list["ObjectiveStep"]] = relationship(
        primaryjoin="Objective.id == foreign(ObjectiveStep.objective_id)",
        order_by="ObjectiveStep.position, ObjectiveStep.id",
        viewonly=True,
    )
    reviews: Mapped[list["ObjectiveReview"]] = relationship(
        primaryjoin="Objective.id == foreign(ObjectiveReview.objective_id)",
        order_by="ObjectiveReview.reviewed_at, ObjectiveReview.id",
        viewonly=True,
    )

    @property
    def is_open(self) -> bool:
        return self.state == ObjectiveState.OPEN


class ObjectiveStep(GroupTable):
    """One thing to do for an objective: who, by when, at what cost, as far as the group wants to say."""

    __tablename__ = "objective_steps"
    __table_args__ = args(
        within_group("objective_id", "objectives"),
        within_group("member_id", "members"),
        sa.Index("ix_objective_steps_objective_id", "objective_id"),
        sa.CheckConstraint("cost >= 0", name="cost"),
        sa.CheckConstraint("(cost is null) = (currency is null)", name="money"),
        sa.CheckConstraint("length(what) between 1 and 200", name="what"),
    )

    objective_id: Mapped[uuid.UUID]
    position: Mapped[int]
    what: Mapped[str]
    member_id: Mapped[uuid.UUID | None]
    who: Mapped[str] = mapped_column(Sealed("objective_steps.who"), default="")
    by_on: Mapped[date | None]
    cost: Mapped[int | None]
    currency: Mapped[str | None]
    done_at: Mapped[datetime | None]

    objective: Mapped[Objective] = relationship(
        foreign_keys="ObjectiveStep.objective_id",
        primaryjoin="ObjectiveStep.objective_id == Objective.id",
        viewonly=True,
    )
    member: Mapped[Member | None] = relationship(
        foreign_keys="ObjectiveStep.member_id",
        primaryjoin="ObjectiveStep.member_id == Member.id",
        viewonly=True,
    )


class ObjectiveReview(GroupTable):
    """What a meeting said about an objective."""

    __tablename__ = "objective_reviews"
    __table_args__ = args(
        within_group("objective_id", "objectives"),
        within_group("meeting_id", "meetings"),
        sa.UniqueConstraint("group_id", "objective_id", "meeting_id"),
        sa.Index("ix_objective_reviews_meeting_id", "meeting_id"),
        one_of("outcome", Outcome),
    )

    objective_id: Mapped[uuid.UUID]
    meeting_id: Mapped[uuid.UUID | None]
    outcome: Mapped[Outcome] = mapped_column(sa.Text)
    words: Mapped[str] = mapped_column(default="")
    reviewed_at: Mapped[datetime]

    meeting: Mapped[Meeting | None] = relationship(
        foreign_keys="ObjectiveReview.meeting_id",
        primaryjoin="ObjectiveReview.meeting_id == Meeting.id",
        viewonly=True,
    )
