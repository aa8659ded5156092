"""A pair of keys for each account. The private half is closed with the owner's password, which is nowhere here."""

import uuid
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from network.tenancy.tables import PlatformTable
from network.vault.columns import PlatformSealed


class KeyPair(PlatformTable):
    """Somebody's pair. Both halves are sealed once more with the platform's key: a stolen backup alone tells nothing,
    and whoever only writes to the database puts no key of theirs in another's place.
    """

    __tablename__ = "key_pairs"
    __table_args__ = (sa.UniqueConstraint("account_id"),)

    account_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"))
    public: Mapped[str] = mapped_column(PlatformSealed("key_pairs.public"))
    """Whose it is, and the key: what is said inside the seal must fit the row."""
    lock: Mapped[str] = mapped_column(PlatformSealed("key_pairs.lock"))
    """The private half, closed with the password; see `boxes`."""
    made_at: Mapped[datetime]
