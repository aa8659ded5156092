"""Somebody who asks to join or is introduced, until the day it is erased; and each time they were asked again."""

import uuid
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from network.tenancy.tables import SealedTable, args, one_of, within_group
from network.vault.columns import Sealed


class Introducer(StrEnum):
    """Who wrote."""

    ONESELF = "oneself"
    FAMILY = "family"
    FRIEND = "friend"
    PROFESSIONAL = "professional"
    ANOTHER = "another"


class ReferralState(StrEnum):
    """Whose turn it is. A closed door is no state: then the row is gone."""

    WAITING = "waiting"
    ANSWERED = "answered"
    RESTING = "resting"
    ASKED = "asked"


class Answer(StrEnum):
    """What the group said."""

    WELCOME = "welcome"
    COME = "come"
    NOT_HERE = "not_here"


class Referral(SealedTable):
    """Somebody at the door. Two offices read it, and whoever holds the person's own code, or the group's note; it is erased on its day."""

    __tablename__ = "referrals"
    __table_args__ = args(
        within_group("invitation_id", "invitations"),
        sa.UniqueConstraint("group_id", "key_hash"),
        one_of("introduced_by", Introducer),
        one_of("state", ReferralState),
        one_of("answer", Answer),
        sa.CheckConstraint(
            "introduced_by = 'oneself' or (agreement_hash is not null and agreement_language is not null)",
            name="agreed",
        ),
        sa.CheckConstraint("introduced_by = 'oneself' or words is null", name="no_reason"),
        sa.CheckConstraint("introduced_by <> 'oneself' or writer_name is null", name="writer"),
        sa.CheckConstraint(
            "(state = 'answered') = (answer is not null) and (answer is not null or answer_words is null)",
            name="answered",
        ),
        sa.CheckConstraint(
            "case when state = 'resting' then opened_on is not null and months is not null and months in (3, 6, 12)"
            " and ask_again_on is not null and ask_again_on = (opened_on + months * interval '1 month')::date"
            " else opened_on is null and months is null and ask_again_on is null end",
            name="door",
        ),
        sa.CheckConstraint(
            "erase_on <= case state when 'waiting' then changed_on + 90 when 'resting' then ask_again_on + 30"
            " else changed_on + 30 end",
            name="erased_in_time",
        ),
        sa.CheckConstraint(
            "(note_code is null) = (note_hash is null) and (note_hash is null or state in ('answered', 'asked'))",
            name="note",
        ),
        sa.Index("ix_referrals_erase_on", "erase_on"),
    )

    introduced_by: Mapped[Introducer] = mapped_column(sa.Text)
    writer_name: Mapped[str | None] = mapped_column(Sealed("referrals.writer_name"))
    called: Mapped[str] = mapped_column(Sealed("referrals.called"))
    reach: Mapped[str | None] = mapped_column(Sealed("referrals.reach"))
    words: Mapped[str | None] = mapped_column(Sealed("referrals.words"))
    language: Mapped[str]
    agreement_hash: Mapped[bytes | None]
    """A print of the very words that were ticked, in the language they were shown in."""
    agreement_language: Mapped[str | None]
    old_enough_hash: Mapped[bytes | None]
    """A print of the words that were ticked: 18 or older, or a parent or guardian agrees. Which of them is not asked."""
    key_hash: Mapped[bytes]
    """A print of the person's own code, which is kept nowhere: whoever brings it sees the row, as the two offices do.

    Of somebody who was introduced it is a print of nothing, until they answer and get a code of their own.
    """
    note_code: Mapped[str | None] = mapped_column(Sealed("referrals.note_code"))
    """What the group's note carries: it opens this one answer, or asking, and ends with it."""
    note_hash: Mapped[bytes | None]
    state: Mapped[ReferralState] = mapped_column(sa.Text)
    answer: Mapped[Answer | None] = mapped_column(sa.Text)
    answer_words: Mapped[str | None] = mapped_column(Sealed("referrals.answer_words"))
    invitation_id: Mapped[uuid.UUID | None]
    received_at: Mapped[datetime]
    changed_on: Mapped[date]
    opened_on: Mapped[date | None]
    months: Mapped[int | None] = mapped_column(sa.SmallInteger)
    ask_again_on: Mapped[date | None]
    erase_on: Mapped[date]

    @property
    def is_own(self) -> bool:
        """The person wrote themselves."""
        return self.introduced_by == Introducer.ONESELF


class ReferralAsking(SealedTable):
    """Somebody who had left the door open was asked once. The database takes it on no other terms."""

    __tablename__ = "referral_askings"
    __table_args__ = args(
        within_group("referral_id", "referrals", ondelete="CASCADE"),
        sa.UniqueConstraint("group_id", "referral_id", "opened_on"),
    )

    referral_id: Mapped[uuid.UUID]
    opened_on: Mapped[date]
    """The day the door was left open for this once."""
    asked_at: Mapped[datetime]
    asked_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("accounts.id"))
