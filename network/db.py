"""The database: naming convention, column types, and the session that carries the fence and what waits for the commit."""

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Annotated, Any

import sqlalchemy as sa
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, SessionTransaction, mapped_column, registry

from network.tenancy import scope

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
    """A session belongs to one scope; each of its transactions tells the database which (see `tenancy.scope`)."""


@event.listens_for(FencedSession, "after_begin")
def _tell_the_fence(
    session: FencedSession, transaction: SessionTransaction, connection: sa.Connection
) -> None:
    if transaction.nested:
        return
    group_id, account_id = scope.current().as_text()
    connection.exec_driver_sql(
        "select set_config('app.group_id', %s, true), set_config('app.account_id', %s, true)",
        (group_id, account_id),
    )
    session.info["scope"] = scope.current()


@event.listens_for(FencedSession, "after_commit")
def _let_out(session: FencedSession) -> None:
    if session.in_nested_transaction():
        return
    for leave in session.info.pop("after_commit", []):
        leave()


@event.listens_for(FencedSession, "after_rollback")
def _keep_in(session: FencedSession) -> None:
    if not session.in_nested_transaction():
        session.info.pop("after_commit", None)


def after_commit(leave: Callable[[], None]) -> None:
    """Run this once the present transaction has really been kept; never when it is rolled back."""
    db.session.info.setdefault("after_commit", []).append(leave)


db = SQLAlchemy(
    model_class=Base,
    disable_autonaming=True,
    session_options={"class_": FencedSession, "expire_on_commit": False},
)

Id = Annotated[uuid.UUID, mapped_column(sa.Uuid(), primary_key=True, default=uuid.uuid4)]
"""A random identifier: it tells neither order nor volume."""


@event.listens_for(sa.Engine, "connect")
def _set_limits(connection: Any, record: Any) -> None:  # noqa: ARG001 - the library's signature
    with connection.cursor() as cursor:
        cursor.execute("set statement_timeout = '10s'")
        cursor.execute("set lock_timeout = '5s'")
        cursor.execute("set idle_in_transaction_session_timeout = '30s'")
    connection.commit()
