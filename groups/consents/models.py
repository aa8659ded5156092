"""Consents, one purpose at a time, without what was told; and the words people were shown, each version once."""

import uuid
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from network.tenancy.tables import GroupTable, args, one_of, within_group


class Purpose(StrEnum):
    """What is asked, each for itself. Those that keep a value are called as its column in `members`."""

    CONTACT = "contact"
    REACH = "reach"
    """How the group tells them of news, and at what number or address: kept in `reaches`."""
    LANGUAGE = "language"
    LIVED_EXPERIENCE = "lived_experience"
    AGE_BAND = "age_band"
    SEX = "sex"
    DISABILITY_REGISTERED = "disability_registered"
    NAMED_ON_RETURN = "named_on_return"
    GUARDIAN = "guardian"
    """A parent or guardian agreed that messages are sent to somebody under 18."""


SAID_ELSEWHERE = (Purpose.REACH, Purpose.GUARDIAN)
"""What is taken back on one's own page, and said somewhere else."""


class Method(StrEnum):
    """How somebody said yes."""

    SELF = "self"
    ALOUD = "aloud"
    PAPER = "paper"
    """It was agreed in writing: the words are on the paper, and not ours to say."""
    INVITATION = "invitation"
    """It came with the invitation they joined by; they have not been shown any words yet."""
    LIST = "list"
    """Somebody who writes the list of members brought it; they have not been shown any words yet."""
    BEFORE = "before"
    """It was kept before consents were."""


class Ended(StrEnum):
    """How a consent came to its end."""

    SELF = "self"
    ALOUD = "aloud"
    LEFT = "left"
    RENEWED = "renewed"
    """The same was said yes to again, under other words or by oneself."""


UNASKED = (Method.LIST, Method.INVITATION, Method.BEFORE)
"""Nobody has shown them our words yet; they are asked the next time they look."""
WORDLESS = (*UNASKED, Method.PAPER)
MAY_BE_BROUGHT = (Purpose.CONTACT, Purpose.LANGUAGE)
"""What a list of members or an invitation may bring; everything else is told by the person, in their own time."""


class ConsentWords(GroupTable):
    """The words somebody was shown, in their language; each version is kept once, as long as the group is here."""

    __tablename__ = "consent_words"
    __table_args__ = args(
        sa.UniqueConstraint("group_id", "digest"),
        one_of("purpose", Purpose),
        sa.CheckConstraint("digest ~ '^[0-9a-f]{64}$'", name="digest"),
        sa.CheckConstraint("version > 0", name="version"),
    )

    purpose: Mapped[Purpose] = mapped_column(sa.Text)
    version: Mapped[int] = mapped_column(sa.SmallInteger)
    language: Mapped[str]
    digest: Mapped[str]
    words: Mapped[str]


class Consent(GroupTable):
    """One person said yes to one thing, then; and took it back, then. Added to and ended, never changed."""

    __tablename__ = "consents"
    __table_args__ = args(
        within_group("member_id", "members"),
        within_group("words_id", "consent_words"),
        within_group("read_by_id", "members"),
        sa.Index(
            "uq_consents_standing",
            "group_id",
            "member_id",
            "purpose",
            unique=True,
            postgresql_where=sa.text("withdrawn_at is null"),
        ),
        one_of("purpose", Purpose),
        one_of("method", Method),
        one_of("ended", Ended),
        sa.CheckConstraint(
            "(method in ('list', 'invitation', 'before', 'paper')) = (words_id is null)", name="words"
        ),
        sa.CheckConstraint(
            "method not in ('list', 'invitation') or purpose in ('contact', 'language')", name="brought"
        ),
        sa.CheckConstraint(
            "method <> 'self' or (read_by_id is null and purpose <> 'guardian')", name="by_whom"
        ),
        sa.CheckConstraint("read_by_id is distinct from member_id", name="by_another"),
        sa.CheckConstraint("method <> 'paper' or purpose in ('guardian', 'reach')", name="in_writing"),
        sa.CheckConstraint("(withdrawn_at is null) = (ended is null)", name="ended_when"),
        sa.CheckConstraint("withdrawn_at is null or withdrawn_at >= given_at", name="order"),
    )

    member_id: Mapped[uuid.UUID]
    purpose: Mapped[Purpose] = mapped_column(sa.Text)
    words_id: Mapped[uuid.UUID | None]
    method: Mapped[Method] = mapped_column(sa.Text)
    read_by_id: Mapped[uuid.UUID | None]
    """The member who read it aloud, or brought the list."""
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    ended: Mapped[Ended | None] = mapped_column(sa.Text)

    words: Mapped[ConsentWords | None] = relationship(viewonly=True, lazy="raise")
