"""The columns there are, as the models tell them."""

import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from network.db import Base
from network.tenancy.fence import Fence
from network.tenancy.tables import kinds
from network.vault.columns import PlatformSealed, Sealed

PEOPLE = {"accounts", "members"}
"""Whoever points at a row of these points at a person."""
ORDINARY = re.compile(r"^(id|group_id|position|version|at|\w+_at|\w+_on)$")
CODES = re.compile(r"'(\w+)'")


@dataclass(frozen=True)
class Column:
    """What the map has to know of one column."""

    table: str
    name: str
    is_sealed: bool = False
    sealed_for: str | None = None
    """The place its seal is bound to."""
    is_bytes: bool = False
    is_reference: bool = False
    points_at: str | None = None
    """The people it points at: `accounts` or `members`."""
    is_loose: bool = False
    """An identifier that the database does not hold to any table."""
    rows_are_sealed: bool = False
    rows_are_published: bool = False
    codes: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        return f"{self.table}.{self.name}"

    @property
    def names_a_person(self) -> bool:
        return self.points_at is not None

    @property
    def is_ordinary(self) -> bool:
        """Keys, moments and order speak for themselves; who a row is about never does."""
        return not self.names_a_person and (self.is_reference or bool(ORDINARY.match(self.name)))


def kept_columns() -> dict[str, Column]:
    """Every column of every table, by its place."""
    return columns_of(Base.metadata.tables.values(), kinds())


def columns_of(tables: Iterable[sa.Table], fences: Mapping[str, Fence]) -> dict[str, Column]:
    """The columns of these tables."""
    found = [_column(table, column, fences[table.name]) for table in tables for column in table.columns]
    return {column.place: column for column in found}


def files() -> dict[Path, set[str]]:
    """The map that lies beside each module of models, with the tables it has to speak of."""
    beside: dict[Path, set[str]] = {}
    for mapper in Base.registry.mappers:
        module = Path(str(sys.modules[mapper.class_.__module__].__file__))
        beside.setdefault(module.parent / "data_map.toml", set()).add(mapper.class_.__tablename__)
    return beside


def _column(table: sa.Table, column: sa.Column, fence: Fence) -> Column:
    pointed_at = {key.column.table.name for key in column.foreign_keys} & PEOPLE
    return Column(
        table=table.name,
        name=column.name,
        is_sealed=isinstance(column.type, Sealed | PlatformSealed),
        sealed_for=getattr(column.type, "place", None),
        is_bytes=isinstance(column.type, sa.LargeBinary),
        is_reference=bool(column.foreign_keys),
        rows_are_sealed=fence in {Fence.SEALED, Fence.SEATED},
        points_at=next(iter(pointed_at), None) if column.name != "group_id" else None,
        is_loose=isinstance(column.type, sa.Uuid) and not column.primary_key and not column.foreign_keys,
        rows_are_published=fence is Fence.PUBLISHED,
        codes=_codes(table, column.name),
    )


def _codes(table: sa.Table, name: str) -> tuple[str, ...]:
    """The codes a column may hold, where the database holds it to some (`one_of`)."""
    checks = [c for c in table.constraints if isinstance(c, sa.CheckConstraint)]
    lists = [str(c.sqltext) for c in checks if str(c.sqltext).startswith(f"{name} in (")]
    return tuple(code for listed in lists for code in CODES.findall(listed))
