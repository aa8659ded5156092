"""Which part of a statement's line an entry of the book accounts for.

The database adds them up: a line is matched or split when its parts make it up, open when they do not, and an entry that
is taken back leaves its lines (see the migration and docs/decisions/statements.md).
"""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from network.tenancy.tables import GroupTable, args, within_group


class LineMatch(GroupTable):
    """A line, or a part of it, and the entry it belongs to; or the draft of one that waits for a second person."""

    __tablename__ = "line_matches"
    __table_args__ = args(
        within_group("line_id", "statement_lines"),
        within_group("journal_id", "journals"),
        within_group("draft_id", "drafts"),
        sa.UniqueConstraint("group_id", "line_id", "journal_id"),
        sa.UniqueConstraint("group_id", "line_id", "draft_id"),
        sa.CheckConstraint("(journal_id is null) <> (draft_id is null)", name="one_entry"),
        sa.CheckConstraint("amount <> 0", name="amount"),
        sa.Index("ix_line_matches_group_id_journal_id", "group_id", "journal_id"),
        sa.Index("ix_line_matches_group_id_draft_id", "group_id", "draft_id"),
    )

    line_id: Mapped[uuid.UUID]
    journal_id: Mapped[uuid.UUID | None]
    draft_id: Mapped[uuid.UUID | None]
    amount: Mapped[int]
    """Signed like the line."""
    joined_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("accounts.id"))
    joined_at: Mapped[datetime]
