"""The constitution's offices, and terms: who holds a seat of which office, since when, until when."""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from groups.membership.models import Member
from network.tenancy.tables import GroupTable, args, one_of, within_group
from network.vault.columns import Sealed


class TermSource(StrEnum):
    """How somebody came to an office."""

    APPOINTED = "appointed"
    ELECTED = "elected"
    NOMINATED = "nominated"


class Majority(StrEnum):
    """How many of those who say yes or no have to say yes."""

    HALF = "half"
    TWO_THIRDS = "two_thirds"
    THREE_QUARTERS = "three_quarters"


class ConstitutionState(StrEnum):
    """How far a version has come. One that was adopted stays readable for ever; the newest adopted one holds."""

    PROPOSED = "proposed"
    ADOPTED = "adopted"
    DROPPED = "dropped"


class Constitution(GroupTable):
    """What the group agreed, or what somebody proposes that it agree. What it says never changes: a change is a new version.

    The first is the network's template. Every later one is adopted by a decision of the members, which the database asks for.
    """

    __tablename__ = "constitutions"
    __table_args__ = args(
        one_of("state", ConstitutionState),
        one_of("amend_majority", Majority),
        within_group("motion_id", "motions"),
        sa.UniqueConstraint("group_id", "version"),
        sa.CheckConstraint("version > 0", name="version"),
        sa.CheckConstraint("quorum_percent between 0 and 100", name="quorum_percent"),
        sa.CheckConstraint("notice_days between 0 and 365", name="notice_days"),
        sa.CheckConstraint("challenge_days between 0 and 60", name="challenge_days"),
        sa.CheckConstraint("voting_after_days between 0 and 366", name="voting_after_days"),
        sa.CheckConstraint(
            "(state = 'adopted') = (version is not null) and (version is null) = (adopted_on is null)",
            name="adopted",
        ),
        sa.CheckConstraint(
            "(motion_id is not null) = (state = 'adopted' and proposed_by_id is not null)", name="by_decision"
        ),
    )

    state: Mapped[ConstitutionState] = mapped_column(sa.Text)
    version: Mapped[int | None]
    adopted_on: Mapped[date | None]
    motion_id: Mapped[uuid.UUID | None]
    """The members' decision that adopted it."""
    offices: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """Each office: `code`, `seats`, `months` of a term, `method` (`elected`, `appointed` or `nominated`)."""
    quorum_percent: Mapped[int] = mapped_column(sa.SmallInteger)
    notice_days: Mapped[int] = mapped_column(sa.SmallInteger)
    challenge_days: Mapped[int] = mapped_column(sa.SmallInteger)
    """So many days a result can be challenged."""
    voting_after_days: Mapped[int] = mapped_column(sa.SmallInteger)
    """So many days after joining a member may vote."""
    amend_majority: Mapped[Majority] = mapped_column(sa.Text)
    words: Mapped[str | None] = mapped_column(Sealed("constitutions.words"))
    """The constitution in the group's own words, as it was written or pasted."""
    language: Mapped[str]
    """The language of these words."""
    fills_rest: Mapped[bool] = mapped_column(default=True)
    """Whoever comes in by a by-election stays for the rest of the running term; else for a whole one."""
    reason: Mapped[str | None] = mapped_column(Sealed("constitutions.reason"))
    follows: Mapped[int]
    """The version it was written against; 0 for the first."""
    proposed_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("accounts.id"))
    proposed_at: Mapped[datetime]


class Term(GroupTable):
    """A member holds one seat of an office. It goes on until it is ended: a day that passes leaves no group without officers."""

    __tablename__ = "terms"
    __table_args__ = args(
        within_group("member_id", "members"),
        within_group("election_id", "elections"),
        within_group("ended_by_election_id", "elections"),
        one_of("source", TermSource),
        sa.CheckConstraint("seat > 0", name="seat"),
        sa.CheckConstraint("ends_at is null or ends_at >= starts_at", name="dates"),
        sa.CheckConstraint("(source = 'elected') = (election_id is not null)", name="election"),
        sa.Index(
            "uq_terms_seat_once",
            "group_id",
            "office",
            "seat",
            unique=True,
            postgresql_where=sa.text("ends_at is null"),
        ),
        sa.Index(
            "uq_terms_member_once",
            "group_id",
            "office",
            "member_id",
            unique=True,
            postgresql_where=sa.text("ends_at is null"),
        ),
        sa.Index("ix_terms_group_id_member_id", "group_id", "member_id"),
    )

    member_id: Mapped[uuid.UUID]
    office: Mapped[str]
    seat: Mapped[int] = mapped_column(sa.SmallInteger, default=1)
    source: Mapped[TermSource] = mapped_column(sa.Text)
    election_id: Mapped[uuid.UUID | None]
    starts_at: Mapped[datetime]
    due_on: Mapped[date]
    """The day the constitution's term is over and an election should have been held."""
    ends_at: Mapped[datetime | None]
    """The moment it really ended; nothing while it goes on."""
    ended_by_election_id: Mapped[uuid.UUID | None]
    """The election whose result ended it; where that result falls, it begins again."""

    member: Mapped[Member] = relationship(viewonly=True, lazy="raise")

    @property
    def goes_on(self) -> bool:
        return self.ends_at is None
