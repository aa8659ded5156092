"""The kinds of table as classes to build on, and the one list that says which table is of which kind."""

import uuid
from enum import StrEnum
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from network.db import Base, Id
from network.tenancy import scope
from network.tenancy.fence import Fence


def within_group(column: str, table: str, **options: Any) -> sa.ForeignKeyConstraint:
    """A foreign key that cannot leave the group: checks of plain foreign keys do not ask the fence."""
    return sa.ForeignKeyConstraint(["group_id", column], [f"{table}.group_id", f"{table}.id"], **options)


def one_of(column: str, codes: type[StrEnum]) -> sa.CheckConstraint:
    """The column holds one of these codes: codes in the database, words at the edge."""
    allowed = ", ".join(f"'{code}'" for code in codes)
    return sa.CheckConstraint(f"{column} in ({allowed})", name=column)


class _InAGroup(Base):
    __abstract__ = True
    __fence__: ClassVar[Fence]

    id: Mapped[Id]

    @declared_attr
    @classmethod
    def group_id(cls) -> Mapped[uuid.UUID]:
        return mapped_column(sa.ForeignKey("groups.id"), default=scope.group_id)

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> Any:
        return (sa.UniqueConstraint("group_id", "id"),)


class GroupTable(_InAGroup):
    """A group's own rows."""

    __abstract__ = True
    __fence__ = Fence.GROUP


class LinkTable(_InAGroup):
    """Rows that tie an account to a group."""

    __abstract__ = True
    __fence__ = Fence.LINK


class SealedTable(_InAGroup):
    """Rows for a few accounts inside a group."""

    __abstract__ = True
    __fence__ = Fence.SEALED


class SeatedTable(_InAGroup):
    """Rows for the accounts they name, also where these stand in another group."""

    __abstract__ = True
    __fence__ = Fence.SEATED


class PublishedTable(_InAGroup):
    """Rows written in a group and readable where it published them."""

    __abstract__ = True
    __fence__ = Fence.PUBLISHED


class OwnTable(Base):
    """A person's own rows, in no group."""

    __abstract__ = True
    __fence__ = Fence.OWN

    id: Mapped[Id]

    @declared_attr
    @classmethod
    def account_id(cls) -> Mapped[uuid.UUID]:
        return mapped_column(sa.ForeignKey("accounts.id", ondelete="CASCADE"), default=scope.account_id)


class PlatformTable(Base):
    """Rows of the platform itself."""

    __abstract__ = True
    __fence__ = Fence.PLATFORM

    id: Mapped[Id]


def args(*more: Any) -> tuple[Any, ...]:
    """`__table_args__` of a fenced table: its own constraints, and the key that composite references need."""
    return (sa.UniqueConstraint("group_id", "id"), *more)


def kinds() -> dict[str, Fence]:
    """Every table by name with its kind: the one list the database is held against."""
    return {mapper.class_.__tablename__: mapper.class_.__fence__ for mapper in Base.registry.mappers}
