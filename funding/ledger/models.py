"""The book's tables. What may not happen to them is enforced by the database (see the migration and docs/decisions/ledger.md)."""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from network.tenancy.tables import GroupTable, args, one_of, within_group
from network.vault.columns import Sealed


class Fund(StrEnum):
    """What money is for, in every book. Each grant has a fund of its own besides, coded `grant-1`, `grant-2` and so on."""

    GENERAL = "general"
    WELFARE = "welfare"
    RESERVE = "reserve"


class FundKind(StrEnum):
    GENERAL = "general"
    WELFARE = "welfare"
    RESERVE = "reserve"
    GRANT = "grant"


class AccountKind(StrEnum):
    ASSET = "asset"
    LIABILITY = "liability"
    INCOME = "income"
    EXPENSE = "expense"
    EQUITY = "equity"


class EntryKind(StrEnum):
    OPENING = "opening"
    CONTRIBUTIONS = "contributions"
    GRANT = "grant"
    OTHER_INCOME = "other_income"
    EXPENSE = "expense"
    HARDSHIP = "hardship"
    TRANSFER = "transfer"
    REVERSAL = "reversal"
    SEED = "seed"
    COUNT = "count"
    BETWEEN_FUNDS = "between_funds"


class DraftState(StrEnum):
    WAITING = "waiting"
    POSTED = "posted"
    REFUSED = "refused"


class Book(GroupTable):
    """How far a group's book has come: the last entry's number and seal. Changed by the book's own triggers only."""

    __tablename__ = "books"
    __table_args__ = args(sa.UniqueConstraint("group_id"))

    entries: Mapped[int]
    head: Mapped[bytes]
    closed_through: Mapped[date | None]
    """The last day of the last closed month; nothing is written for this day or before it."""
    stopped_at: Mapped[datetime | None]
    """When the nightly check found that the book does not add up; nothing is written until that is cleared."""


class LedgerFund(GroupTable):
    """What money is for. Every entry adds up to nothing within each fund, so a fund never pays for another unseen."""

    __tablename__ = "ledger_funds"
    __table_args__ = args(
        sa.UniqueConstraint("group_id", "code"),
        one_of("kind", FundKind),
        sa.CheckConstraint(
            "case kind when 'grant' then code ~ '^grant-[1-9][0-9]*$' and name is not null"
            " else code = kind and closed_on is null end",
            name="code",
        ),
    )

    code: Mapped[str]
    kind: Mapped[FundKind] = mapped_column(sa.Text)
    name: Mapped[str | None]
    """A grant's own name, as the group wrote it; the other three have theirs in every language."""
    closed_on: Mapped[date | None]
    """Nothing goes in or out of it any more; it closes when nothing is left in it."""


def _within_a_fund() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["group_id", "fund"], ["ledger_funds.group_id", "ledger_funds.code"])


class LedgerAccount(GroupTable):
    """A place, a source, a cost: opened in a group's book when first used."""

    __tablename__ = "ledger_accounts"
    __table_args__ = args(sa.UniqueConstraint("group_id", "code"), one_of("kind", AccountKind))

    code: Mapped[str]
    kind: Mapped[AccountKind] = mapped_column(sa.Text)


class Journal(GroupTable):
    """One entry. Posted once and for good; a mistake is taken back by another entry."""

    __tablename__ = "journals"
    __table_args__ = args(
        sa.UniqueConstraint("group_id", "number"),
        sa.UniqueConstraint("group_id", "reverses_id"),
        within_group("reverses_id", "journals"),
        one_of("kind", EntryKind),
        sa.CheckConstraint("(kind = 'reversal') = (reverses_id is not null)", name="reversal"),
        sa.CheckConstraint("confirmed_by_id is distinct from recorded_by_id", name="two_people"),
        sa.CheckConstraint(
            "kind not in ('expense', 'hardship', 'reversal', 'count', 'between_funds') or confirmed_by_id is not null",
            name="second_person",
        ),
        sa.CheckConstraint("kind <> 'hardship' or code is not null", name="hardship_code"),
        sa.CheckConstraint("number > 0", name="number"),
        sa.Index("ix_journals_group_id_kind_effective_on", "group_id", "kind", "effective_on"),
        sa.Index("ix_journals_group_id_effective_on", "group_id", "effective_on"),
        sa.Index(
            "ix_journals_hardship_code", "group_id", "code", postgresql_where=sa.text("kind = 'hardship'")
        ),
    )

    number: Mapped[int]
    kind: Mapped[EntryKind] = mapped_column(sa.Text)
    currency: Mapped[str]
    effective_on: Mapped[date]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("accounts.id"))
    confirmed_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("accounts.id"))
    code: Mapped[str | None]
    reverses_id: Mapped[uuid.UUID | None]
    memo_hash: Mapped[bytes | None]
    previous_hash: Mapped[bytes]
    hash: Mapped[bytes]
    posted_in: Mapped[int] = mapped_column(server_default=sa.text("0"))
    """The transaction it was posted in, written by the database: legs come in that transaction or never."""

    legs: Mapped[list["Leg"]] = relationship(viewonly=True, order_by="Leg.amount.desc()")
    memo: Mapped["Memo | None"] = relationship(viewonly=True)

    @property
    def lines(self) -> list[tuple[str, str, int]]:
        """The legs as account, fund and amount."""
        return [(leg.account.code, leg.fund, leg.amount) for leg in self.legs]

    @property
    def size(self) -> int:
        """How much money the entry is about."""
        return sum(leg.amount for leg in self.legs if leg.amount > 0)


class Leg(GroupTable):
    """One side of an entry: plus is debit, minus is credit."""

    __tablename__ = "legs"
    __table_args__ = args(
        sa.UniqueConstraint("group_id", "journal_id", "account_id", "fund"),
        within_group("journal_id", "journals"),
        within_group("account_id", "ledger_accounts"),
        _within_a_fund(),
        sa.CheckConstraint("amount <> 0 and abs(amount) <= 1000000000000000", name="amount"),
        sa.Index("ix_legs_of_grants", "group_id", "fund", postgresql_where=sa.text("fund like 'grant-%'")),
    )

    journal_id: Mapped[uuid.UUID]
    account_id: Mapped[uuid.UUID]
    fund: Mapped[str]
    amount: Mapped[int]

    account: Mapped[LedgerAccount] = relationship(viewonly=True)


class LedgerBalance(GroupTable):
    """What moved on an account, in a fund, in a month; balances are sums of these. Kept by a trigger on legs."""

    __tablename__ = "ledger_balances"
    __table_args__ = args(
        sa.UniqueConstraint("group_id", "account_id", "fund", "month"),
        within_group("account_id", "ledger_accounts"),
        _within_a_fund(),
        sa.CheckConstraint("debit >= 0 and credit >= 0", name="sides"),
        sa.Index("ix_ledger_balances_group_id_month", "group_id", "month"),
    )

    account_id: Mapped[uuid.UUID]
    fund: Mapped[str]
    month: Mapped[date]
    debit: Mapped[int]
    credit: Mapped[int]

    account: Mapped[LedgerAccount] = relationship(viewonly=True)


class Span(StrEnum):
    """Over how long a kept sum is; those over a month stand in `ledger_balances`."""

    DAY = "day"
    YEAR = "year"
    EVER = "ever"


class LedgerSum(GroupTable):
    """The same over a day, over a year and over all time, so that a balance on any day is a few rows, however long the book."""

    __tablename__ = "ledger_sums"
    __table_args__ = args(
        sa.UniqueConstraint("group_id", "span", "starts_on", "account_id", "fund"),
        within_group("account_id", "ledger_accounts"),
        _within_a_fund(),
        one_of("span", Span),
        sa.CheckConstraint("debit >= 0 and credit >= 0", name="sides"),
        sa.CheckConstraint(
            "case span when 'year' then extract(doy from starts_on) = 1"
            " when 'ever' then starts_on = '0001-01-01' else true end",
            name="starts_on",
        ),
    )

    account_id: Mapped[uuid.UUID]
    fund: Mapped[str]
    span: Mapped[Span] = mapped_column(sa.Text)
    starts_on: Mapped[date]
    debit: Mapped[int]
    credit: Mapped[int]

    account: Mapped[LedgerAccount] = relationship(viewonly=True)


class Memo(GroupTable):
    """Words beside an entry. They can be erased; the chain holds a salted hash of them only."""

    __tablename__ = "memos"
    __table_args__ = args(
        sa.UniqueConstraint("group_id", "journal_id"),
        within_group("journal_id", "journals"),
        sa.CheckConstraint("(words is null) = (salt is null)", name="erased"),
    )

    journal_id: Mapped[uuid.UUID]
    words: Mapped[str | None] = mapped_column(Sealed("memos.words"))
    salt: Mapped[bytes | None]


class Draft(GroupTable):
    """An entry that waits for a second person."""

    __tablename__ = "drafts"
    __table_args__ = args(
        within_group("journal_id", "journals"),
        within_group("reverses_id", "journals"),
        one_of("kind", EntryKind),
        one_of("state", DraftState),
        sa.CheckConstraint("(state = 'posted') = (journal_id is not null)", name="posted"),
        sa.CheckConstraint("(state = 'waiting') = (decided_by_id is null)", name="decided"),
        sa.CheckConstraint(
            "decided_by_id is distinct from recorded_by_id or state = 'refused'", name="two_people"
        ),
        sa.Index("ix_drafts_group_id_state", "group_id", "state"),
        sa.Index(
            "uq_drafts_hardship_waiting",
            "group_id",
            "code",
            unique=True,
            postgresql_where=sa.text("kind = 'hardship' and state = 'waiting'"),
        ),
    )

    kind: Mapped[EntryKind] = mapped_column(sa.Text)
    effective_on: Mapped[date]
    lines: Mapped[list[Any]] = mapped_column(JSONB)
    size: Mapped[int] = mapped_column("amount")
    currency: Mapped[str]
    words: Mapped[str | None] = mapped_column(Sealed("drafts.words"))
    code: Mapped[str | None]
    reverses_id: Mapped[uuid.UUID | None]
    state: Mapped[DraftState] = mapped_column(sa.Text, default=DraftState.WAITING)
    recorded_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("accounts.id"))
    recorded_at: Mapped[datetime]
    decided_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("accounts.id"))
    decided_at: Mapped[datetime | None]
    why_not: Mapped[str | None] = mapped_column(Sealed("drafts.why_not"))
    journal_id: Mapped[uuid.UUID | None]
