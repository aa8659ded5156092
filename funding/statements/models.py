"""What a group's bank and mobile money said: accounts, statements, their lines, and how to read files of one's own.

What a line may be, and that the names of those who paid do not outlive their use, is enforced by the database (see the
migration and docs/decisions/statements.md).
"""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from network.tenancy.tables import GroupTable, args, one_of, within_group
from network.vault.columns import Sealed


class AccountPlace(StrEnum):
    """Where the book says the money of an account lies."""

    MOBILE_MONEY = "mobile_money"
    BANK = "bank"


class Booked(StrEnum):
    """Whether the money of a line has moved."""

    BOOKED = "booked"
    PENDING = "pending"
    FAILED = "failed"


class Details(StrEnum):
    """What a line is about, as far as it can be told without naming anybody."""

    PAYMENT = "payment"
    CHARGE = "charge"
    REVERSAL = "reversal"
    INTEREST = "interest"


class LineState(StrEnum):
    """How a line ends. Every line is in exactly one of these."""

    OPEN = "open"
    MATCHED = "matched"
    SPLIT = "split"
    IGNORED = "ignored"


class StatementAccount(GroupTable):
    """A till, a paybill, a bank account: each has its own run of statements."""

    __tablename__ = "statement_accounts"
    __table_args__ = args(
        sa.UniqueConstraint("group_id", "place", "fingerprint"),
        sa.Index(
            "uq_statement_accounts_nameless",
            "group_id",
            "place",
            unique=True,
            postgresql_where=sa.text("fingerprint is null"),
        ),
        one_of("place", AccountPlace),
        sa.CheckConstraint("(number is null) = (fingerprint is null)", name="number"),
    )

    place: Mapped[AccountPlace] = mapped_column(sa.Text)
    number: Mapped[str | None] = mapped_column(Sealed("statement_accounts.number"))
    """As the files write it; none where no file has named it yet."""
    fingerprint: Mapped[bytes | None]
    created_at: Mapped[datetime]


class Statement(GroupTable):
    """One statement as it was brought: what it says of itself. Its lines may stand in others too."""

    __tablename__ = "statements"
    __table_args__ = args(
        within_group("account_id", "statement_accounts"),
        sa.UniqueConstraint("group_id", "account_id", "fingerprint", "part"),
        sa.CheckConstraint("starts_on <= ends_on", name="days"),
        sa.CheckConstraint("part > 0 and new_lines >= 0 and known_lines >= 0", name="counts"),
        sa.Index("ix_statements_group_id_account_id_ends_on", "group_id", "account_id", "ends_on"),
    )

    account_id: Mapped[uuid.UUID]
    format: Mapped[str]
    fingerprint: Mapped[bytes]
    """Of the whole file, so that the same one is known again."""
    part: Mapped[int] = mapped_column(sa.SmallInteger)
    """Which of the statements in the file."""
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    opening: Mapped[int | None]
    closing: Mapped[int | None]
    new_lines: Mapped[int]
    known_lines: Mapped[int]
    notes: Mapped[str | None] = mapped_column(Sealed("statements.notes"))
    """What reading the file raised, as sentences that can be said in any language."""
    brought_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("accounts.id"))
    brought_at: Mapped[datetime]

    account: Mapped[StatementAccount] = relationship(viewonly=True)


class StatementLine(GroupTable):
    """One movement on an account, however many statements list it. What it says never changes; how it ends does."""

    __tablename__ = "statement_lines"
    __table_args__ = args(
        within_group("account_id", "statement_accounts"),
        sa.UniqueConstraint("group_id", "account_id", "key", "occurrence"),
        one_of("status", Booked),
        one_of("details", Details),
        one_of("state", LineState),
        sa.CheckConstraint("occurrence > 0 and abs(amount) <= 1000000000000000", name="amount"),
        sa.CheckConstraint("status = 'booked' or state = 'open'", name="moved"),
        sa.CheckConstraint("(state = 'ignored') = (reason is not null)", name="reason"),
        sa.CheckConstraint("(state = 'open') = (settled_at is null)", name="settled"),
        sa.CheckConstraint("(settled_at is null) = (settled_by_id is null)", name="settled_by"),
        sa.CheckConstraint("state = 'open' or words is null", name="names"),
        sa.Index("ix_statement_lines_group_id_state_booked_on", "group_id", "state", "booked_on"),
        sa.Index("ix_statement_lines_group_id_account_id_booked_on", "group_id", "account_id", "booked_on"),
    )

    account_id: Mapped[uuid.UUID]
    key: Mapped[bytes]
    """What tells it from other lines of the account; see `rules.key_of`."""
    occurrence: Mapped[int] = mapped_column(sa.SmallInteger)
    """Which of several lines that are equal in everything."""
    booked_on: Mapped[date]
    amount: Mapped[int]
    """Signed, in minor units: negative is money out."""
    status: Mapped[Booked] = mapped_column(sa.Text)
    details: Mapped[Details] = mapped_column(sa.Text)
    reference: Mapped[str | None]
    """A receipt's number or a bank's code; never anything that could be a name or a telephone number."""
    words: Mapped[str | None] = mapped_column(Sealed("statement_lines.words"))
    """Who and what for, as the file says it: for the treasurer, and only while the line is open."""
    state: Mapped[LineState] = mapped_column(sa.Text, default=LineState.OPEN)
    reason: Mapped[str | None] = mapped_column(Sealed("statement_lines.reason"))
    """Why it was left aside."""
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("accounts.id"))
    brought_at: Mapped[datetime]

    account: Mapped[StatementAccount] = relationship(viewonly=True)


class StatementAppearance(GroupTable):
    """A line as one statement lists it: at which place, and with which balance beside it."""

    __tablename__ = "statement_appearances"
    __table_args__ = args(
        within_group("statement_id", "statements", ondelete="CASCADE"),
        within_group("line_id", "statement_lines", ondelete="CASCADE"),
        sa.UniqueConstraint("group_id", "statement_id", "position"),
        sa.UniqueConstraint("group_id", "statement_id", "line_id"),
        sa.Index("ix_statement_appearances_group_id_line_id", "group_id", "line_id"),
    )

    statement_id: Mapped[uuid.UUID]
    line_id: Mapped[uuid.UUID]
    position: Mapped[int]
    balance: Mapped[int | None]

    line: Mapped[StatementLine] = relationship(viewonly=True)


class StatementMapping(GroupTable):
    """How to read a CSV that only this group's bank writes: what its columns hold, said once."""

    __tablename__ = "statement_mappings"
    __table_args__ = args(sa.UniqueConstraint("group_id", "name"))

    name: Mapped[str]
    columns: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("accounts.id"))
    created_at: Mapped[datetime]


class StatementUpload(GroupTable):
    """A file that waits for somebody to say what its columns hold; gone afterwards, or after a day."""

    __tablename__ = "statement_uploads"
    __table_args__ = args(within_group("account_id", "statement_accounts"), one_of("place", AccountPlace))

    content: Mapped[str] = mapped_column(Sealed("statement_uploads.content"))
    place: Mapped[AccountPlace] = mapped_column(sa.Text)
    account_id: Mapped[uuid.UUID | None]
    brought_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("accounts.id"))
    brought_at: Mapped[datetime]
