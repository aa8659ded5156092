"""A fund's budget: its lines, how much for each quarter, and which line an expense belongs to. Agreed budgets stand for good."""

import uuid
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from network.tenancy.tables import GroupTable, args, one_of, within_group
from network.vault.columns import Sealed


class BudgetState(StrEnum):
    """How far a budget has come. The last agreed one is in force."""

    OPEN = "open"
    WAITING = "waiting"
    AGREED = "agreed"
    DROPPED = "dropped"


def _within_a_fund() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["group_id", "fund"], ["ledger_funds.group_id", "ledger_funds.code"])


class Budget(GroupTable):
    """One version of a fund's budget. Once agreed it is never changed: a later one takes its place."""

    __tablename__ = "budgets"
    __table_args__ = args(
        _within_a_fund(),
        sa.UniqueConstraint("group_id", "fund", "number"),
        one_of("state", BudgetState),
        sa.CheckConstraint("starts_on <= ends_on", name="period"),
        sa.CheckConstraint("number > 0", name="number"),
        sa.CheckConstraint("ceiling > 0", name="ceiling"),
        sa.CheckConstraint("(decided_at is null) = (decided_by_id is null)", name="decided"),
        sa.CheckConstraint(
            "state <> 'agreed' or decided_by_id is not null and decided_by_id <> written_by_id", name="two_people"
        ),
        sa.CheckConstraint("state not in ('waiting', 'agreed') or number = 1 or reason <> ''", name="reason"),
        sa.Index(
            "uq_budgets_one_being_written",
            "group_id",
            "fund",
            unique=True,
            postgresql_where=sa.text("state in ('open', 'waiting')"),
        ),
    )  # fmt: skip

    fund: Mapped[str]
    number: Mapped[int]
    state: Mapped[BudgetState] = mapped_column(sa.Text, default=BudgetState.OPEN)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    ceiling: Mapped[int | None]
    """What its lines may come to at most, such as the whole of the grant."""
    reason: Mapped[str] = mapped_column(default="")
    """Why it takes the place of an earlier one; read by the funder too."""
    written_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("accounts.id"))
    written_at: Mapped[datetime]
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]

    amounts: Mapped[list["BudgetAmount"]] = relationship(
        primaryjoin="Budget.id == foreign(BudgetAmount.budget_id)",
        order_by="BudgetAmount.quarter_on",
        viewonly=True,
    )

    @property
    def stamp(self) -> str:
        """Which writing of it somebody saw: another after every change that was asked about."""
        return f"{self.written_at.timestamp():.6f}"


class BudgetLine(GroupTable):
    """A line of a fund's budget: the same line in every version, so that what was spent on it stays beside it."""

    __tablename__ = "budget_lines"
    __table_args__ = args(
        _within_a_fund(),
        sa.Index("ix_budget_lines_group_id_fund", "group_id", "fund"),
        sa.CheckConstraint("length(words) between 1 and 120", name="words"),
    )

    fund: Mapped[str]
    position: Mapped[int]
    words: Mapped[str]
    cost: Mapped[str]
    """The cost of the book that it is spent on."""


class BudgetAmount(GroupTable):
    """How much of a line is meant for one quarter, in one version of the budget."""

    __tablename__ = "budget_amounts"
    __table_args__ = args(
        within_group("budget_id", "budgets"),
        within_group("line_id", "budget_lines"),
        sa.UniqueConstraint("group_id", "budget_id", "line_id", "quarter_on"),
        sa.CheckConstraint("amount between 0 and 1000000000000000", name="amount"),
        sa.CheckConstraint(
            "extract(day from quarter_on) = 1 and extract(month from quarter_on) in (1, 4, 7, 10)", name="quarter"
        ),
    )  # fmt: skip

    budget_id: Mapped[uuid.UUID]
    line_id: Mapped[uuid.UUID]
    quarter_on: Mapped[date]
    amount: Mapped[int]


class Charge(GroupTable):
    """Which line an expense belongs to, and by how much it went over. It has the id of the expense, waiting or posted."""

    __tablename__ = "budget_charges"
    __table_args__ = args(
        within_group("id", "drafts"),
        within_group("line_id", "budget_lines"),
        sa.CheckConstraint("over_line >= 0 and over_quarter >= 0", name="over"),
        sa.Index("ix_budget_charges_group_id_line_id", "group_id", "line_id"),
    )

    line_id: Mapped[uuid.UUID]
    over_line: Mapped[int] = mapped_column(default=0)
    """How much more it was than the line had left as a whole."""
    over_quarter: Mapped[int] = mapped_column(default=0)
    """How much more it was than the line had left for its quarter."""
    why: Mapped[str | None] = mapped_column(Sealed("budget_charges.why"))
