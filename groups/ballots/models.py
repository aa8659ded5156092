"""The box of an election: its key, who is on the roll, slips, envelopes while it is open, papers once it was opened.

No row here has a time of its own, and none that is readable names a person: what could be put side by side is not kept.
"""

import uuid
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from groups.membership.models import Member
from network.tenancy.tables import GroupTable, args, one_of, within_group
from network.vault.columns import Sealed


class BoxState(StrEnum):
    """How far a box has come. One that holds too few envelopes is emptied unopened."""

    PREPARED = "prepared"
    OPEN = "open"
    CLOSED = "closed"
    OPENED = "opened"
    EMPTIED = "emptied"


class Channel(StrEnum):
    """How somebody on the roll votes where it is not their own phone."""

    ROOM = "room"
    SLIP = "slip"


class BallotBox(GroupTable):
    """The box of an election. The server has the lock and the closed key, never what opens it."""

    __tablename__ = "ballot_boxes"
    __table_args__ = args(
        within_group("election_id", "elections"),
        sa.UniqueConstraint("group_id", "election_id"),
        one_of("state", BoxState),
        sa.CheckConstraint("(state = 'prepared') = (closes_at is null)", name="closes_at"),
        sa.CheckConstraint("state not in ('opened') or (opened + spoilt = envelopes)", name="adds_up"),
        sa.CheckConstraint("(state in ('prepared', 'open')) = (envelopes is null)", name="envelopes"),
        sa.CheckConstraint("length between 64 and 65536", name="length"),
    )

    election_id: Mapped[uuid.UUID]
    state: Mapped[BoxState] = mapped_column(sa.Text, default=BoxState.PREPARED)
    public_key: Mapped[bytes]
    wrapped_key: Mapped[bytes | None]
    """The private key, closed with a seed that only the keepers' shares give back; gone when the result is certified."""
    length: Mapped[int]
    with_phones: Mapped[bool]
    closes_at: Mapped[datetime | None]
    envelopes: Mapped[int | None]
    opened: Mapped[int | None]
    spoilt: Mapped[int | None]


class Keeper(GroupTable):
    """One of three members who hold a share of the key. Any two open the box, one alone cannot."""

    __tablename__ = "ballot_keepers"
    __table_args__ = args(
        within_group("box_id", "ballot_boxes"),
        within_group("member_id", "members"),
        sa.UniqueConstraint("group_id", "box_id", "place"),
        sa.UniqueConstraint("group_id", "box_id", "member_id"),
        sa.CheckConstraint("place between 1 and 3", name="place"),
        sa.CheckConstraint("(digest is null) = (papers is null)", name="opened"),
    )

    box_id: Mapped[uuid.UUID]
    member_id: Mapped[uuid.UUID]
    place: Mapped[int] = mapped_column(sa.SmallInteger)
    digest: Mapped[bytes | None]
    """The hash of what this keeper's opening gave, to hold the second against the first."""
    papers: Mapped[int | None]


class RollEntry(GroupTable):
    """Somebody who may vote in this election, as it was when the vote began."""

    __tablename__ = "roll_entries"
    __table_args__ = args(
        within_group("election_id", "elections"),
        within_group("member_id", "members"),
        sa.UniqueConstraint("group_id", "election_id", "member_id"),
        sa.CheckConstraint("channel in ('room', 'slip')", name="channel"),
    )

    election_id: Mapped[uuid.UUID]
    member_id: Mapped[uuid.UUID]
    channel: Mapped[Channel | None] = mapped_column(sa.Text)
    """Where somebody was handed a paper or a slip; nothing says who voted on a phone."""

    member: Mapped[Member] = relationship(viewonly=True, lazy="raise")


class BallotSlip(GroupTable):
    """A code drawn from a hat. Nothing ties it to whoever drew it."""

    __tablename__ = "ballot_slips"
    __table_args__ = args(
        within_group("election_id", "elections"), sa.UniqueConstraint("group_id", "election_id", "number")
    )

    election_id: Mapped[uuid.UUID]
    number: Mapped[int] = mapped_column(sa.SmallInteger)
    code: Mapped[str | None] = mapped_column(Sealed("ballot_slips.code"))
    """So that the sheet of slips can be printed again while the box is open."""


class Envelope(GroupTable):
    """A sealed vote with its sender outside, as in a vote by post. Another one of the same sender takes its place."""

    __tablename__ = "envelopes"
    __table_args__ = args(
        within_group("election_id", "elections"),
        within_group("entry_id", "roll_entries"),
        within_group("slip_id", "ballot_slips"),
        sa.UniqueConstraint("group_id", "entry_id"),
        sa.UniqueConstraint("group_id", "slip_id"),
        sa.CheckConstraint("(entry_id is null) <> (slip_id is null)", name="one_sender"),
    )

    election_id: Mapped[uuid.UUID]
    entry_id: Mapped[uuid.UUID | None]
    slip_id: Mapped[uuid.UUID | None]
    sealed: Mapped[bytes]


class BoxedEnvelope(GroupTable):
    """A sealed vote without its sender, once the box is closed, under the letters its voter can find it by."""

    __tablename__ = "boxed_envelopes"
    __table_args__ = args(
        within_group("election_id", "elections"), sa.UniqueConstraint("group_id", "election_id", "tracker")
    )

    election_id: Mapped[uuid.UUID]
    tracker: Mapped[str]
    sealed: Mapped[bytes | None]
    """Gone when the result is certified; the letters stay."""


class OpenedMark(GroupTable):
    """A candidate on an opened paper. Papers are numbered by what stands on them, not by when they came."""

    __tablename__ = "opened_marks"
    __table_args__ = args(
        within_group("contest_id", "contests"),
        sa.UniqueConstraint("group_id", "contest_id", "paper", "rank"),
        sa.UniqueConstraint("group_id", "contest_id", "paper", "candidate"),
        sa.CheckConstraint("paper > 0 and rank > 0", name="numbers"),
    )

    contest_id: Mapped[uuid.UUID]
    paper: Mapped[int]
    candidate: Mapped[int] = mapped_column(sa.SmallInteger)
    rank: Mapped[int] = mapped_column(sa.SmallInteger)
