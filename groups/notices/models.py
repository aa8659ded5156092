"""How each member may be reached, what everybody is told about, and who has been told. Never what was said."""

import uuid
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from groups.membership.models import Member
from network.tenancy.tables import GroupTable, args, one_of, within_group
from network.vault.columns import Sealed


class Channel(StrEnum):
    """How the group may reach somebody. Without a word from them: in person."""

    NONE = "none"
    SMS = "sms"
    WHATSAPP = "whatsapp"
    EMAIL = "email"


class Asked(StrEnum):
    """How a member's choice came here."""

    THEMSELVES = "themselves"
    IN_PERSON = "in_person"
    BY_PHONE = "by_phone"
    IN_WRITING = "in_writing"


class About(StrEnum):
    """What everybody is told about; the last three are told to officers alone."""

    ELECTION_CALLED = "election_called"
    VOTE_OPEN = "vote_open"
    VOTE_CLOSING = "vote_closing"
    RESULT_DECLARED = "result_declared"
    DECISION_CALLED = "decision_called"
    CONSTITUTION_PUT = "constitution_put"
    RESULT_FELL = "result_fell"
    CALLED_OFF = "called_off"
    RENEWAL_AHEAD = "renewal_ahead"
    RENEWAL_NEAR = "renewal_near"
    REPORT_AHEAD = "report_ahead"


AHEAD = (About.ELECTION_CALLED, About.DECISION_CALLED, About.CONSTITUTION_PUT)
"""What is told before its day comes."""


class Reach(GroupTable):
    """How one member wants to be told, and at what number or address. Gone when they leave."""

    __tablename__ = "reaches"
    __table_args__ = args(
        within_group("member_id", "members"),
        sa.UniqueConstraint("group_id", "member_id"),
        one_of("channel", Channel),
        one_of("asked", Asked),
        sa.CheckConstraint("(channel = 'none') = (address is null)", name="address"),
    )

    member_id: Mapped[uuid.UUID]
    channel: Mapped[Channel] = mapped_column(sa.Text)
    address: Mapped[str | None] = mapped_column(Sealed("reaches.address"))
    asked: Mapped[Asked] = mapped_column(sa.Text)
    chosen_at: Mapped[datetime]


class Notice(GroupTable):
    """One thing everybody is told about, once. Its words are made anew for each reader and kept nowhere."""

    __tablename__ = "notices"
    __table_args__ = args(
        one_of("about", About),
        sa.UniqueConstraint("group_id", "about", "subject_id"),
        sa.Index("ix_notices_group_id_made_at", "group_id", "made_at"),
    )

    about: Mapped[About] = mapped_column(sa.Text)
    subject_id: Mapped[uuid.UUID]
    on_day: Mapped[date]
    """The day it is about."""
    until: Mapped[datetime | None]
    """The time something closes, where it does."""
    made_at: Mapped[datetime]


class Telling(GroupTable):
    """One member to be told of one thing: how, and when it was done."""

    __tablename__ = "tellings"
    __table_args__ = args(
        within_group("notice_id", "notices"),
        within_group("member_id", "members"),
        sa.UniqueConstraint("group_id", "notice_id", "member_id"),
        one_of("channel", Channel),
    )

    notice_id: Mapped[uuid.UUID]
    member_id: Mapped[uuid.UUID]
    channel: Mapped[Channel] = mapped_column(sa.Text)
    told_at: Mapped[datetime | None]

    notice: Mapped[Notice] = relationship(viewonly=True, lazy="raise")
    member: Mapped[Member] = relationship(viewonly=True, lazy="raise")
