"""Motions, who counts, and what each of them counted. Who raised a hand for what is written down nowhere."""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from groups.membership.models import Member
from groups.officers.models import Majority
from network.tenancy.tables import GroupTable, args, one_of, within_group
from network.vault.columns import Sealed


class MotionState(StrEnum):
    """How far a motion has come."""

    CALLED = "called"
    COUNTING = "counting"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


class MotionMethod(StrEnum):
    """How people in the room decide; it stays with the outcome for ever."""

    HANDS = "hands"
    PAPER = "paper"
    SEALED = "sealed"
    """On folded papers; small figures are not kept."""


CARRIED = """state <> 'decided' or votes_for is null or is_carried = (
  present * 100 >= quorum_percent * roll and votes_for > 0 and case majority
    when 'half' then votes_for > votes_against
    when 'two_thirds' then votes_for * 3 >= (votes_for + votes_against) * 2
    else votes_for * 4 >= (votes_for + votes_against) * 3 end)"""


class Motion(GroupTable):
    """Something put to the members. Whether it is carried follows from the numbers, and the database does the same sum."""

    __tablename__ = "motions"
    __table_args__ = args(
        one_of("state", MotionState),
        one_of("majority", Majority),
        sa.CheckConstraint("method in ('hands', 'paper', 'sealed')", name="method"),
        sa.CheckConstraint("kind ~ '^[a-z_]{1,40}$'", name="kind"),
        sa.CheckConstraint("quorum_percent between 0 and 100", name="quorum_percent"),
        sa.CheckConstraint("roll is null or roll > 0", name="roll"),
        sa.CheckConstraint(
            "state not in ('counting', 'decided') or (roll is not null and method is not null and frozen_at is not null)",
            name="frozen",
        ),
        sa.CheckConstraint("(state = 'decided') = (decided_at is not null)", name="decided"),
        sa.CheckConstraint(
            "(state = 'decided') = (num_nonnulls(present, is_carried) = 2)"
            " and (state = 'decided' or num_nulls(present, votes_for, votes_against, abstain, is_carried) = 5)",
            name="outcome",
        ),
        sa.CheckConstraint(
            "num_nonnulls(votes_for, votes_against, abstain) in (0, 3)"
            " and (state <> 'decided' or votes_for is not null or method = 'sealed')"
            " and (method <> 'sealed' or votes_for is null or least(votes_for, votes_against) >= 3)",
            name="figures",
        ),
        sa.CheckConstraint(
            "votes_for >= 0 and votes_against >= 0 and abstain >= 0 and votes_for + votes_against + abstain = present"
            " and present <= roll",
            name="adds_up",
        ),
        sa.CheckConstraint(
            "is_short_notice or held_on - (called_at at time zone 'UTC')::date >= notice_days - 1", name="notice"
        ),
        sa.CheckConstraint(
            "frozen_at is null or (frozen_at at time zone 'UTC')::date >= held_on - 1", name="not_before_its_day"
        ),
        sa.CheckConstraint(CARRIED, name="carried"),
        sa.CheckConstraint("(state = 'withdrawn') = (withdrawn_at is not null)", name="withdrawn"),
        sa.Index(
            "uq_motions_one_constitution", "group_id", unique=True,
            postgresql_where=sa.text("kind = 'constitution' and state in ('called', 'counting')"),
        ),
        sa.Index("ix_motions_group_id_held_on", "group_id", "held_on"),
    )  # fmt: skip

    kind: Mapped[str]
    words: Mapped[str] = mapped_column(Sealed("motions.words"))
    """What is put to the members, in the group's own words; may be empty where the kind says it all."""
    subject_id: Mapped[uuid.UUID | None]
    """What it is about, where the kind has something."""
    value: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    """What a kind carries along, such as a percentage."""
    state: Mapped[MotionState] = mapped_column(sa.Text)
    held_on: Mapped[date]
    majority: Mapped[Majority] = mapped_column(sa.Text)
    quorum_percent: Mapped[int] = mapped_column(sa.SmallInteger)
    notice_days: Mapped[int] = mapped_column(sa.SmallInteger)
    is_short_notice: Mapped[bool] = mapped_column(default=False)
    """Called for a sooner day than the constitution asks, because whoever called it says the members agree."""
    called_at: Mapped[datetime]
    called_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("accounts.id"))
    method: Mapped[MotionMethod | None] = mapped_column(sa.Text)
    roll: Mapped[int | None]
    """How many members could decide when the count began."""
    frozen_at: Mapped[datetime | None]
    present: Mapped[int | None]
    votes_for: Mapped[int | None]
    """With the two below: not kept where it was sealed and few said yes or few said no. The database takes them away."""
    votes_against: Mapped[int | None]
    abstain: Mapped[int | None]
    is_carried: Mapped[bool | None]
    decided_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str] = mapped_column(Sealed("motions.withdrawn_reason"), default="")

    counters: Mapped[list["MotionCounter"]] = relationship(
        viewonly=True, order_by="MotionCounter.place", lazy="raise"
    )

    @property
    def is_open(self) -> bool:
        return self.state in {MotionState.CALLED, MotionState.COUNTING}


class MotionCounter(GroupTable):
    """One of the two who count hands or papers, each without seeing the other's numbers."""

    __tablename__ = "motion_counters"
    __table_args__ = args(
        within_group("motion_id", "motions"),
        within_group("member_id", "members"),
        sa.UniqueConstraint("group_id", "motion_id", "place"),
        sa.UniqueConstraint("group_id", "motion_id", "member_id"),
        sa.CheckConstraint("place in (1, 2)", name="place"),
    )

    motion_id: Mapped[uuid.UUID]
    member_id: Mapped[uuid.UUID]
    place: Mapped[int] = mapped_column(sa.SmallInteger)
    slip: Mapped[str | None] = mapped_column(Sealed("motion_counters.slip"))
    """The slip's code, while the count lasts."""

    motion: Mapped[Motion] = relationship(viewonly=True, lazy="raise")
    member: Mapped[Member] = relationship(viewonly=True, lazy="raise")
    counts: Mapped[list["MotionCount"]] = relationship(
        viewonly=True, order_by="MotionCount.version", lazy="raise"
    )


class MotionCount(GroupTable):
    """What one of the two counted. Counting again adds a version with its reason; earlier ones stay."""

    __tablename__ = "motion_counts"
    __table_args__ = args(
        within_group("motion_id", "motions"),
        within_group("counter_id", "motion_counters"),
        sa.UniqueConstraint("group_id", "counter_id", "version"),
        sa.CheckConstraint("version > 0", name="version"),
        sa.CheckConstraint(
            "votes_for >= 0 and votes_against >= 0 and abstain >= 0 and votes_for + votes_against + abstain = present",
            name="adds_up",
        ),
        sa.CheckConstraint("version = 1 or length(reason) > 0", name="reason"),
    )

    motion_id: Mapped[uuid.UUID]
    counter_id: Mapped[uuid.UUID]
    version: Mapped[int] = mapped_column(sa.SmallInteger)
    present: Mapped[int]
    votes_for: Mapped[int]
    votes_against: Mapped[int]
    abstain: Mapped[int]
    reason: Mapped[str] = mapped_column(default="")
    entered_at: Mapped[datetime]
