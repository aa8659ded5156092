"""Challenges of a result. The database shows them to whoever made them and to those who decide, and to nobody else."""

import uuid
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from network.tenancy.tables import SealedTable, args, one_of, within_group
from network.vault.columns import Sealed


class ChallengeState(StrEnum):
    """How a challenge stands."""

    OPEN = "open"
    UPHELD = "upheld"
    NOT_UPHELD = "not_upheld"
    WITHDRAWN = "withdrawn"


class Challenge(SealedTable):
    """Somebody on the roll says that something went wrong. Who decides is asked anew each time and kept in no row."""

    __tablename__ = "election_challenges"
    __table_args__ = args(
        within_group("election_id", "elections"),
        within_group("member_id", "members"),
        one_of("state", ChallengeState),
        sa.CheckConstraint("(state = 'open') = (closed_at is null)", name="closed"),
        sa.Index("ix_election_challenges_group_id_election_id", "group_id", "election_id"),
    )

    election_id: Mapped[uuid.UUID]
    member_id: Mapped[uuid.UUID]
    """Whose challenge it is."""
    account_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("accounts.id"))
    """Who wrote it down: themselves, or whoever helped a member without a phone."""
    words: Mapped[str | None] = mapped_column(Sealed("election_challenges.words"))
    """None once whoever said it asked to be forgotten."""
    state: Mapped[ChallengeState] = mapped_column(sa.Text, default=ChallengeState.OPEN)
    made_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class ChallengeAnswer(SealedTable):
    """What one of those who decide said about it; the others who decide see it while it is open, whoever answered later too, whoever challenged does not."""

    __tablename__ = "election_challenge_answers"
    __table_args__ = args(
        within_group("challenge_id", "election_challenges"),
        sa.UniqueConstraint("group_id", "challenge_id", "account_id"),
    )

    challenge_id: Mapped[uuid.UUID]
    account_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("accounts.id"))
    upholds: Mapped[bool]
    answered_at: Mapped[datetime]
