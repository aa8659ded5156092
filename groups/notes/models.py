"""Notes of an office. The database shows them to whoever holds that office now; to their writer as long as they may write."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from groups.officers.models import Term
from network.tenancy.tables import SealedTable, args, within_group
from network.vault.columns import Sealed


class OfficeNote(SealedTable):
    """Something the next person should know. Added to, never changed: a later note says what is different now."""

    __tablename__ = "office_notes"
    __table_args__ = args(
        within_group("term_id", "terms"), sa.Index("ix_office_notes_group_id_term_id", "group_id", "term_id")
    )

    term_id: Mapped[uuid.UUID]
    """The term in which, or soon after which, it was written: it says for which office, and by whom."""
    words: Mapped[str] = mapped_column(Sealed("office_notes.words"))
    written_at: Mapped[datetime]

    term: Mapped[Term] = relationship(viewonly=True, lazy="raise")
