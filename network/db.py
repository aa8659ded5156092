"""The database: naming convention, column types, and the session that carries the fence and what waits for the commit."""

import logging
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Annotated, Any

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import event
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import (
    DeclarativeBase,
    SessionTransaction,
    mapped_column,
    registry,
)

from network.config import UnsafeSettings

log = logging.getLogger(__name__)

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcTime(sa.types.TypeDecorator[datetime]):
    """An aware moment. A naive one is a mistake that would surface as a wrong hour on somebody's phone."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002 - the library's signature
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002 - the library's signature
        return value.astimezone(UTC) if value is not None else None


class Base(DeclarativeBase):
    """Every table. Names of constraints follow one convention, so that a refusal can be traced to its field."""

    registry = registry(
        metadata=sa.MetaData(naming_convention=NAMING),
        type_annotation_map={
            uuid.UUID: sa.Uuid(),
            datetime: UtcTime(),
            date: sa.Date(),
            str: sa.Text(),
            int: sa.BigInteger(),
            bytes: sa.LargeBinary(),
            dict[str, Any]: JSONB(),
            list[str]: JSONB(),
        },
    )


class FencedSession(FlaskSession):
    """A session belongs to one scope for as long as it lives; each transaction tells the database which (see `tenancy.scope`)."""


Leaving = tuple[SessionTransaction | None, Callable[[], None]]


def after_commit(leave: Callable[[], None]) -> None:
    """Run this once the present transaction has really been kept; never when it, or the savepoint we are in, is undone."""
    waiting: list[Leaving] = db.session.info.setdefault("after_commit", [])
    waiting.append((db.session().get_nested_transaction(), leave))


@event.listens_for(FencedSession, "after_commit")
def _let_out(session: FencedSession) -> None:
    """A savepoint that was kept hands what waits to the next one out; only the whole transaction lets it leave."""
    waiting: list[Leaving] = session.info.pop("after_commit", [])
    kept = session.get_nested_transaction()
    if kept is not None:
        session.info["after_commit"] = [
            (_next_out(kept) if saved is kept else saved, leave) for saved, leave in waiting
        ]
        return
    for _, leave in waiting:
        try:
            leave()
        except Exception as failure:  # noqa: BLE001 - all is kept already; what could not leave must not look as if nothing had been
            log.error("something could not leave after the commit: %s", type(failure).__name__)  # noqa: TRY400 - its words may be about people


@event.listens_for(FencedSession, "after_soft_rollback")
def _keep_in(session: FencedSession, undone: SessionTransaction) -> None:
    waiting: list[Leaving] = session.info.pop("after_commit", [])
    if undone.parent is not None:
        session.info["after_commit"] = [
            (saved, leave) for saved, leave in waiting if undone not in _outwards(saved)
        ]


def _outwards(inner: SessionTransaction | None) -> Iterator[SessionTransaction]:
    while inner is not None:
        yield inner
        inner = inner.parent


def _next_out(savepoint: SessionTransaction) -> SessionTransaction | None:
    return next((outer for outer in _outwards(savepoint.parent) if outer.nested), None)


db = SQLAlchemy(
    model_class=Base,
    disable_autonaming=True,
    session_options={"class_": FencedSession, "expire_on_commit": False},
)


def insert_at_once(table: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert all rows in one statement whose words do not grow with them: each column goes along as a list."""
    if rows:
        lists = {f"all_{name}": [row[name] for row in rows] for name in rows[0]}
        db.session.execute(_insert_lists(table, *rows[0]), lists)


@lru_cache(maxsize=64)
def _insert_lists(table: type[Base], *names: str) -> sa.Insert:
    kept = table.metadata.tables[table.__tablename__]
    lists = [sa.bindparam(f"all_{name}", type_=ARRAY(kept.c[name].type)) for name in names]
    values = sa.func.unnest(*lists).table_valued(*names).render_derived()
    return sa.insert(kept).from_select(list(names), sa.select(values), include_defaults=False)


Id = Annotated[uuid.UUID, mapped_column(sa.Uuid(), primary_key=True, default=uuid.uuid4)]
"""A random identifier: it tells neither order nor volume."""


STRENGTH = """
select r.rolsuper or r.rolbypassrls or exists (
  select from pg_class c where c.relnamespace = 'public'::regnamespace and pg_has_role(r.oid, c.relowner, 'member'))
from pg_roles r where r.rolname = current_user
"""


def serve_from(engine: sa.Engine) -> None:
    """Limits for the connections that serve people, and none for a role the fence does not hold; migrating is left alone."""
    event.listen(engine, "connect", _set_limits)


def require_ordinary_role() -> None:
    """Meet the database before anybody is served, so that too strong a role is refused at the start; one that is away may come."""
    with suppress(OperationalError):
        db.engine.connect().close()
    db.engine.dispose()


def _set_limits(connection: Any, record: Any) -> None:  # noqa: ARG001 - the library's signature
    with connection.cursor() as cursor:
        cursor.execute("set statement_timeout = '10s'")
        cursor.execute("set lock_timeout = '5s'")
        cursor.execute("set idle_in_transaction_session_timeout = '30s'")
        cursor.execute(STRENGTH)
        is_too_strong = cursor.fetchone()[0]
    connection.commit()
    if is_too_strong:
        connection.close()
        raise UnsafeSettings(
            "DATABASE_URL names a role that owns the tables or may step over the fence. Serve people as the ordinary role."
        )
