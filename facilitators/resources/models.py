"""A guide in the library, and that a group used it."""

import uuid
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from network.tenancy.tables import PublishedTable, args, one_of, within_group
from network.wording.models import Text

PURPOSE = "resource"
"""The purpose its text is kept under."""


class ResourceKind(StrEnum):
    """What it is."""

    GROUND_RULES = "ground_rules"
    GUIDE = "guide"
    CHARTER = "charter"
    FORM = "form"
    FILM = "film"


class Licence(StrEnum):
    """What others may do with it."""

    CC0 = "cc0"
    CC_BY = "cc_by"
    CC_BY_SA = "cc_by_sa"
    ASK_US = "ask_us"


class Audience(StrEnum):
    """For whom it was written."""

    EVERYBODY = "everybody"
    FACILITATORS = "facilitators"
    OFFICERS = "officers"
    NEW_MEMBERS = "new_members"
    FAMILIES = "families"


class Resource(PublishedTable):
    """A guide, a form, a charter or a film. Until it is published it is its group's own draft."""

    __tablename__ = "resources"
    __table_args__ = args(
        within_group("text_id", "texts"),
        sa.UniqueConstraint("group_id", "text_id"),
        sa.Index("ix_resources_published_at", "published_at", postgresql_where=sa.text("is_open")),
        one_of("kind", ResourceKind),
        one_of("licence", Licence),
        one_of("audience", Audience),
        sa.CheckConstraint("is_open = (published_at is not null)", name="published"),
        sa.CheckConstraint("link = '' or link like 'https://%'", name="link"),
    )

    text_id: Mapped[uuid.UUID]
    kind: Mapped[ResourceKind] = mapped_column(sa.Text)
    licence: Mapped[Licence] = mapped_column(sa.Text)
    audience: Mapped[Audience] = mapped_column(sa.Text)
    link: Mapped[str] = mapped_column(default="")
    """Where a film can be watched."""
    is_open: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]

    text: Mapped[Text] = relationship(lazy="selectin")


class ResourceUse(PublishedTable):
    """A group used a guide. Others see how many did, never what for or with whom."""

    __tablename__ = "resource_uses"
    __table_args__ = args(
        sa.UniqueConstraint("group_id", "resource_id"),
        sa.Index("ix_resource_uses_resource_id", "resource_id"),
    )

    resource_id: Mapped[uuid.UUID]
    used_on: Mapped[date]
    is_open: Mapped[bool] = mapped_column(default=True)
