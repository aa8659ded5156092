"""A support sheet and the people it is opened to. Nothing here can be read without four words that are not here."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from network.tenancy.tables import OwnTable
from network.vault.columns import PlatformSealed


class SupportSheet(OwnTable):
    """One person's sheet, closed. The master key closes it once more, so that a stolen backup alone cannot be tried out."""

    __tablename__ = "support_sheets"
    __table_args__ = (sa.UniqueConstraint("account_id"), sa.UniqueConstraint("account_id", "id"))

    lock: Mapped[str] = mapped_column(PlatformSealed("support_sheets.lock"))
    """The sheet's key, closed with the owner's words; see `locks`."""
    content: Mapped[str] = mapped_column(PlatformSealed("support_sheets.content"))
    changed_at: Mapped[datetime]


class SheetShare(OwnTable):
    """The same key, closed with other four words, for one person or for whoever holds a link."""

    __tablename__ = "sheet_shares"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["account_id", "sheet_id"],
            ["support_sheets.account_id", "support_sheets.id"],
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint("account_id", "token_hash"),
        sa.CheckConstraint("for_person or (ends_at is not null and keeper_id is null)", name="links_end"),
        sa.CheckConstraint("keeper_id <> account_id", name="keeper_is_another"),
        sa.CheckConstraint("(keeper_id is null) = (ends_at is not null)", name="kept_until_stopped"),
        sa.Index("ix_sheet_shares_sheet_id", "sheet_id"),
        sa.Index("ix_sheet_shares_token_hash", "token_hash"),
    )

    sheet_id: Mapped[uuid.UUID]
    lock: Mapped[str] = mapped_column(PlatformSealed("sheet_shares.lock"))
    token_hash: Mapped[bytes]
    for_person: Mapped[bool]
    """For one person with a sign-in, who keeps it on their page; else for whoever has the link and the words."""
    keeper_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("accounts.id", ondelete="CASCADE"), index=True
    )
    created_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
