"""A letter on its way."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from network.tenancy.tables import GroupTable
from network.vault.columns import Sealed


class Letter(GroupTable):
    """Recipient and words are sealed, and the row is deleted once the letter has left."""

    __tablename__ = "letters"

    recipient: Mapped[str] = mapped_column(Sealed("letters.recipient"))
    subject: Mapped[str] = mapped_column(Sealed("letters.subject"))
    body: Mapped[str] = mapped_column(Sealed("letters.body"))
    created_at: Mapped[datetime]
