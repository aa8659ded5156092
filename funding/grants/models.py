"""A grant, the parts it comes in, what it is given on, and the reports its funder waits for. A grant has the id of its fund."""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from network.tenancy.tables import GroupTable, args, one_of, within_group


class FunderKind(StrEnum):
    """Who gives."""

    GOVERNMENT = "government"
    COUNTY = "county"
    DISABILITY_FUND = "disability_fund"
    WOMEN_FUND = "women_fund"
    YOUTH_FUND = "youth_fund"
    NGO = "ngo"
    FOUNDATION = "foundation"
    FAITH = "faith"
    BANK = "bank"
    NETWORK = "network"
    ANOTHER = "another"


class ConditionState(StrEnum):
    """How something that was promised stands."""

    OPEN = "open"
    MET = "met"
    LET_GO = "let_go"


class Grant(GroupTable):
    """Money for a purpose, in a fund of its own. Whether it is closed is a fact of the fund."""

    __tablename__ = "grants"
    __table_args__ = args(
        within_group("id", "ledger_funds"),
        sa.ForeignKeyConstraint(["group_id", "fund"], ["ledger_funds.group_id", "ledger_funds.code"]),
        sa.UniqueConstraint("group_id", "fund"),
        one_of("funder_kind", FunderKind),
        sa.CheckConstraint("starts_on <= ends_on", name="period"),
        sa.CheckConstraint("amount between 1 and 1000000000000000", name="amount"),
        sa.CheckConstraint("length(funder) between 1 and 120 and length(purpose) between 1 and 2000", name="words"),
    )  # fmt: skip

    fund: Mapped[str]
    funder: Mapped[str]
    funder_kind: Mapped[FunderKind] = mapped_column(sa.Text)
    reference: Mapped[str] = mapped_column(default="")
    purpose: Mapped[str]
    restriction: Mapped[str] = mapped_column(default="")
    """What it may not be used for, in the funder's words."""
    is_restricted: Mapped[bool]
    """It pays only for the costs its budget names; otherwise for whatever the group does."""
    amount: Mapped[int]
    currency: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]


class Tranche(GroupTable):
    """A part of a grant that is expected; it came when it is linked to the entry that says so."""

    __tablename__ = "grant_tranches"
    __table_args__ = args(
        within_group("grant_id", "grants"),
        within_group("entry_id", "journals"),
        sa.UniqueConstraint("group_id", "entry_id"),
        sa.Index("ix_grant_tranches_group_id_grant_id", "group_id", "grant_id"),
        sa.CheckConstraint("amount between 1 and 1000000000000000", name="amount"),
    )

    grant_id: Mapped[uuid.UUID]
    expected_on: Mapped[date | None]
    amount: Mapped[int]
    condition: Mapped[str] = mapped_column(default="")
    entry_id: Mapped[uuid.UUID | None]


class Condition(GroupTable):
    """Something the group promised for the grant."""

    __tablename__ = "grant_conditions"
    __table_args__ = args(
        within_group("grant_id", "grants"),
        one_of("state", ConditionState),
        sa.Index("ix_grant_conditions_group_id_grant_id", "group_id", "grant_id"),
        sa.CheckConstraint("(state = 'open') = (settled_on is null)", name="settled"),
        sa.CheckConstraint("length(words) between 1 and 600", name="words"),
    )

    grant_id: Mapped[uuid.UUID]
    words: Mapped[str]
    due_on: Mapped[date | None]
    state: Mapped[ConditionState] = mapped_column(sa.Text, default=ConditionState.OPEN)
    settled_on: Mapped[date | None]
    settled_words: Mapped[str] = mapped_column(default="")


class ReportDue(GroupTable):
    """A report the funder waits for, over a time; sent on a day, when the book stood at an entry."""

    __tablename__ = "grant_reports"
    __table_args__ = args(
        within_group("grant_id", "grants"),
        sa.Index("ix_grant_reports_group_id_grant_id", "group_id", "grant_id"),
        sa.CheckConstraint("from_on <= to_on", name="period"),
        sa.CheckConstraint("(sent_on is null) = (entries is null)", name="sent"),
        sa.CheckConstraint("(sent_on is null) = (kept is null)", name="kept"),
    )

    grant_id: Mapped[uuid.UUID]
    from_on: Mapped[date]
    to_on: Mapped[date]
    due_on: Mapped[date]
    sent_on: Mapped[date | None]
    entries: Mapped[int | None]
    """How many entries the book had when it was sent."""
    head: Mapped[bytes | None]
    """The seal of the last of them."""
    kept: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """What the report says besides the book's sums, as it was when it was sent (`Telling` in the rules)."""


class ClosingState(StrEnum):
    """How far the closing of a grant has come."""

    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"


class Closing(GroupTable):
    """What happens with what is left of a grant: given back, or for other things by shares. Two people; then its fund closes."""

    __tablename__ = "grant_closings"
    __table_args__ = args(
        within_group("grant_id", "grants"),
        one_of("state", ClosingState),
        sa.CheckConstraint("(state = 'waiting') = (decided_by_id is null)", name="decided"),
        sa.CheckConstraint(
            "decided_by_id is distinct from asked_by_id or state = 'refused'", name="two_people"
        ),
        sa.CheckConstraint("remaining >= given_back and given_back >= 0", name="amounts"),
        sa.CheckConstraint("given_back = 0 or place is not null", name="place"),
        sa.CheckConstraint("length(words) between 1 and 600", name="words"),
        sa.Index(
            "uq_grant_closings_one",
            "group_id",
            "grant_id",
            unique=True,
            postgresql_where=sa.text("state <> 'refused'"),
        ),
    )

    grant_id: Mapped[uuid.UUID]
    state: Mapped[ClosingState] = mapped_column(sa.Text, default=ClosingState.WAITING)
    closes_on: Mapped[date]
    remaining: Mapped[int]
    """What was left when it was asked; another amount by then is asked about anew."""
    given_back: Mapped[int]
    place: Mapped[str | None]
    """Where what is given back is paid from."""
    shares: Mapped[dict[str, int]] = mapped_column(JSONB)
    """How many parts of the rest are for which fund."""
    words: Mapped[str]
    """What was agreed with the funder; the funder reads it in the report."""
    asked_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("accounts.id"))
    asked_at: Mapped[datetime]
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]
