"""An application, and the words that went to and fro about it. It belongs to the network's office."""

import uuid
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from network.tenancy.tables import GroupTable, args, one_of, within_group
from network.vault.columns import Sealed


class ApplicationState(StrEnum):
    RECEIVED = "received"
    ACCOMPANIED = "accompanied"
    OPENED = "opened"
    TAKEN_BACK = "taken_back"


class Application(GroupTable):
    """Somebody wants to start a group. The only thing they must tell is a way to be reached."""

    __tablename__ = "applications"
    __table_args__ = args(
        one_of("state", ApplicationState),
        sa.CheckConstraint("erased_at is not null or reach is not null", name="reach"),
        sa.CheckConstraint("(state = 'opened') = (opened_group_id is not null)", name="opened"),
        sa.CheckConstraint("state <> 'taken_back' or erased_at is not null", name="taken_back"),
        sa.Index("ix_applications_group_id_sent_at", "group_id", "sent_at"),
    )

    state: Mapped[ApplicationState] = mapped_column(sa.Text, default=ApplicationState.RECEIVED)
    language: Mapped[str]
    reach: Mapped[str | None] = mapped_column(Sealed("applications.reach"))
    called: Mapped[str | None] = mapped_column(Sealed("applications.called"))
    place: Mapped[str | None] = mapped_column(Sealed("applications.place"))
    code: Mapped[str | None] = mapped_column(Sealed("applications.code"))
    """The applicant's way back, to read on their own page and write down."""
    sent_at: Mapped[datetime]
    waits_since: Mapped[datetime | None]
    """Since when the applicant has been waiting for a word from the office."""
    erased_at: Mapped[datetime | None]
    opened_group_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("groups.id"))
    invitation_token: Mapped[str | None] = mapped_column(Sealed("applications.invitation_token"))
    invitation_code: Mapped[str | None] = mapped_column(Sealed("applications.invitation_code"))
    is_invitation_shown: Mapped[bool] = mapped_column(default=False)
    """Whether the applicant's own page leads to the first chairperson's invitation."""


class Question(StrEnum):
    """What a passage answers; the last two are the conversation."""

    FOR_WHOM = "for_whom"
    SPOKEN = "spoken"
    WHY = "why"
    MESSAGE = "message"
    REPLY = "reply"


class Arrival(StrEnum):
    """How a passage reached its reader."""

    OWN = "own"
    """In the writer's language, which is also the applicant's."""
    REVIEWED = "reviewed"
    DRAFT = "draft"
    UNTRANSLATED = "untranslated"


class Passage(GroupTable):
    """A few sentences in an application, as they were written and in the language they were written in."""

    __tablename__ = "application_passages"
    __table_args__ = args(
        within_group("application_id", "applications"),
        within_group("phrase_id", "texts"),
        one_of("question", Question),
        one_of("arrival", Arrival),
        sa.CheckConstraint("phrase_id is null or question = 'reply'", name="phrase"),
        sa.Index("ix_application_passages_application", "group_id", "application_id", "written_at"),
    )

    application_id: Mapped[uuid.UUID]
    question: Mapped[Question] = mapped_column(sa.Text)
    body: Mapped[str] = mapped_column(Sealed("application_passages.body"))
    language: Mapped[str]
    arrival: Mapped[Arrival] = mapped_column(sa.Text, default=Arrival.OWN)
    phrase_id: Mapped[uuid.UUID | None]
    """The phrase it was made from, so that staff see it in their own language."""
    written_at: Mapped[datetime]
    written_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("accounts.id"))
