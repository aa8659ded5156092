"""The office's steps, and which of them an application has behind it."""

import uuid
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from network.tenancy.tables import GroupTable, args, within_group
from network.vault.columns import Sealed
from network.wording.models import Text


class Step(GroupTable):
    """One step of the journey. Its name and its guide are a text in several languages."""

    __tablename__ = "onboarding_steps"
    __table_args__ = args(
        within_group("text_id", "texts"),
        sa.UniqueConstraint("group_id", "code"),
        sa.CheckConstraint("position >= 0", name="position"),
    )

    text_id: Mapped[uuid.UUID]
    code: Mapped[str | None]
    """Which of the usual steps it is; none for a step the office thought of itself."""
    position: Mapped[int]
    is_on: Mapped[bool] = mapped_column(default=True)

    text: Mapped[Text] = relationship(lazy="joined", viewonly=True)


class StepMark(GroupTable):
    """A step that one application has behind it: the day, and a sentence if there is something to remember."""

    __tablename__ = "onboarding_marks"
    __table_args__ = args(
        within_group("application_id", "applications"),
        within_group("step_id", "onboarding_steps"),
        sa.UniqueConstraint("group_id", "application_id", "step_id"),
    )

    application_id: Mapped[uuid.UUID]
    step_id: Mapped[uuid.UUID]
    done_on: Mapped[date]
    note: Mapped[str | None] = mapped_column(Sealed("onboarding_marks.note"))
    marked_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("accounts.id"))
    marked_at: Mapped[datetime]
