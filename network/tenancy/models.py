"""Networks in a tree, groups (a network's office is a row in `groups` too), and who is affiliated with whom."""

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from network.tenancy.tables import PlatformTable, one_of


class GroupKind(StrEnum):
    GROUP = "group"
    OFFICE = "office"


class GroupState(StrEnum):
    FORMING = "forming"
    OPEN = "open"
    CLOSED = "closed"


class AffiliationKind(StrEnum):
    HOME = "home"
    AFFILIATED = "affiliated"
    SUPPORTED = "supported"


class Group(PlatformTable):
    """A tenant: an independent group, or the office of a network. Its name and language, nothing about people."""

    __tablename__ = "groups"
    __table_args__ = (
        sa.UniqueConstraint("slug"),
        one_of("kind", GroupKind),
        one_of("state", GroupState),
        sa.CheckConstraint("band between 1 and 8", name="band"),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
        sa.CheckConstraint("length(name) between 1 and 120", name="name"),
    )

    kind: Mapped[GroupKind] = mapped_column(sa.Text)
    state: Mapped[GroupState] = mapped_column(sa.Text, default=GroupState.OPEN)
    slug: Mapped[str]
    name: Mapped[str]
    locality: Mapped[str] = mapped_column(default="")
    language: Mapped[str]
    currency: Mapped[str]
    time_zone: Mapped[str]
    band: Mapped[int] = mapped_column(sa.SmallInteger, default=1)
    created_at: Mapped[datetime]


class Network(PlatformTable):
    """A node of the tree of networks, from the world network down to a region."""

    __tablename__ = "networks"
    __table_args__ = (sa.UniqueConstraint("office_id"), sa.UniqueConstraint("slug"))

    parent_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("networks.id"))
    office_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("groups.id"))
    slug: Mapped[str]
    name: Mapped[str]
    country: Mapped[str] = mapped_column(default="")

    parent: Mapped["Network | None"] = relationship(remote_side="Network.id")
    office: Mapped[Group] = relationship()


class NetworkSetting(PlatformTable):
    """One value a network has decided; where it is silent, the nearest network above speaks."""

    __tablename__ = "network_settings"
    __table_args__ = (sa.UniqueConstraint("network_id", "name"),)

    network_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("networks.id"))
    name: Mapped[str]
    value: Mapped[Any] = mapped_column(JSONB)


class Affiliation(PlatformTable):
    """A group belongs to a network from one day until another: exactly one home at a time."""

    __tablename__ = "affiliations"
    __table_args__ = (
        sa.Index(
            "uq_affiliations_one_home",
            "group_id",
            unique=True,
            postgresql_where=sa.text("kind = 'home' and until_on is null"),
        ),
        one_of("kind", AffiliationKind),
        sa.CheckConstraint("until_on is null or until_on > from_on", name="dates"),
    )

    group_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("groups.id"))
    network_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("networks.id"))
    kind: Mapped[AffiliationKind] = mapped_column(sa.Text)
    from_on: Mapped[date]
    until_on: Mapped[date | None]

    group: Mapped[Group] = relationship()
    network: Mapped[Network] = relationship()
