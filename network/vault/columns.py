"""Sealed column types: words in Python, noise in the database and in its backups.

What is sealed is bound to its group, table, column, row and version of the key. The row is not known where a value
meets its column, so it comes along: from the statement's own parameters on the way in, and as an expression beside the
column (`column_expression`) on the way out.
"""

import uuid
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DontWrapMixin
from sqlalchemy.orm import Mapper

from network.db import Base
from network.tenancy import scope
from network.vault import keys

ROW = 16
"""Bytes of a row's identifier, which the database puts in front of what it hands out."""

EMPTIED = b""
"""What was emptied in many rows at once; there is nothing to seal in it."""


class RowUnknown(DontWrapMixin, Exception):
    """A sealed column is written or read without its row; write it through its object, or one dictionary a row."""


class _InRow(str):
    """Words on their way into a row."""

    __slots__ = ("row",)
    row: uuid.UUID


class _Sealed(sa.types.TypeDecorator[str]):
    """What both kinds share."""

    impl = sa.LargeBinary
    cache_ok = True

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def owner(self) -> keys.Owner:
        """Whose key closes it."""
        raise NotImplementedError

    def bound_to(self, owner: keys.Owner, row: uuid.UUID) -> str:
        """Where it belongs: whose it is, in which table and column, and in which row."""
        return f"{owner} {self.place} {row}"

    def column_expression(self, column: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
        """Hand the row out with the column, wherever it is read."""
        kept = column.element if isinstance(column, sa.Label) else column
        row = getattr(getattr(kept, "table", None), "c", {}).get("id")
        if row is None:
            raise RowUnknown(f"{self.place} is read where its row is not known")
        return sa.func.byteacat(sa.func.uuid_send(row), kept, type_=self)

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> bytes | None:  # noqa: ARG002 - the library's signature
        if value is None:
            return None
        owner = self.owner()
        if not isinstance(value, _InRow):
            if value == "":
                return EMPTIED
            raise RowUnknown(f"{self.place} is written where its row is not known")
        return keys.seal_in(keys.sealing_key(owner), value, bound_to=self.bound_to(owner, value.row))

    def process_result_value(self, value: bytes | None, dialect: sa.Dialect) -> str | None:  # noqa: ARG002 - the library's signature
        if value is None or len(value) == ROW:
            return None if value is None else ""
        owner, row, sealed = self.owner(), uuid.UUID(bytes=bytes(value[:ROW])), bytes(value[ROW:])
        key = keys.opening_key(owner, keys.version_of(sealed))
        return keys.unseal_in(key, sealed, bound_to=self.bound_to(owner, row))


class Sealed(_Sealed):
    """Text sealed with the key of the group in scope and bound to its group, table, column and row."""

    cache_ok = True

    def owner(self) -> keys.Owner:
        """The group in scope."""
        return scope.group_id()


class PlatformSealed(_Sealed):
    """Text about an account, sealed with a key of the platform and bound to its table, column and row."""

    cache_ok = True

    def owner(self) -> keys.Owner:
        """The platform."""
        return keys.ACCOUNTS


def sealed_columns(table: sa.Table) -> list[sa.Column[str]]:
    """The columns of a table that are sealed."""
    if "sealed" not in table.info:
        table.info["sealed"] = [column for column in table.columns if isinstance(column.type, _Sealed)]
    return table.info["sealed"]


@sa.event.listens_for(Base, "before_insert", propagate=True)
def _name_the_row(mapper: Mapper[Any], connection: sa.Connection, target: Any) -> None:  # noqa: ARG001 - the library's signature
    """A row with something sealed in it has its identifier before it is written."""
    sealed = sealed_columns(mapper.local_table)  # type: ignore[arg-type] # our classes are mapped to tables
    if sealed and target.id is None:
        target.id = uuid.uuid4()
    for column in sealed:
        attribute = mapper.get_property_by_column(column).key
        if column.default is not None and attribute not in target.__dict__:
            setattr(target, attribute, column.default.arg)  # type: ignore[attr-defined] # sealed columns have plain defaults


@sa.event.listens_for(sa.Engine, "before_execute", retval=True)
def _send_the_row_along(
    connection: sa.Connection,  # noqa: ARG001 - the library's signature
    statement: Any,
    several: Any,
    one: Any,
    options: Mapping[str, Any],  # noqa: ARG001 - the library's signature
) -> tuple[Any, Any, Any]:
    """Parameters of a row say which row they are; sealed words among them take that along."""
    if isinstance(statement, sa.Insert | sa.Update) and (sealed := sealed_columns(statement.table)):  # type: ignore[arg-type] # as above
        row = "id" if isinstance(statement, sa.Insert) else f"{statement.table.name}_id"  # type: ignore[union-attr] # rows go into tables

        several = [_in_row(each, row, sealed) for each in several]
        one = _in_row(one, row, sealed) if one else one
    return statement, several, one


def _in_row(values: Mapping[str, Any], row: str, sealed: list[sa.Column[str]]) -> dict[str, Any]:
    sent = dict(values)
    if row == "id":
        sent.setdefault("id", uuid.uuid4())
        sent |= {c.key: c.default.arg for c in sealed if c.default is not None and c.key not in sent}  # type: ignore[attr-defined] # as above
    for column in sealed:
        if isinstance(words := sent.get(column.key), str) and isinstance(sent.get(row), uuid.UUID):
            sent[column.key] = _InRow(words)
            sent[column.key].row = sent[row]
    return sent
