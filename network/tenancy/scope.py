"""Whose rows may be seen now. A scope is opened before the transaction and cannot change inside it."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy import event
from sqlalchemy.exc import DontWrapMixin
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction

from network.db import FencedSession, db


@dataclass(frozen=True)
class Scope:
    """One group (or a network's office) and one person; either may be absent."""

    group_id: uuid.UUID | None = None
    account_id: uuid.UUID | None = None

    def as_text(self) -> tuple[str, str]:
        """How PostgreSQL is told: an empty string means nobody."""
        return str(self.group_id or ""), str(self.account_id or "")


class ScopeClosed(DontWrapMixin, Exception):
    """Something asked for a group's rows without saying which group."""


class ScopeFixed(Exception):
    """Something tried to go on in another scope with a session that began in this one."""


_NOBODY = Scope()
_current: ContextVar[Scope] = ContextVar("scope", default=_NOBODY)


def current() -> Scope:
    """The scope in force."""
    return _current.get()


def group_id() -> uuid.UUID:
    """The group in scope. Raises `ScopeClosed` where there is none: a job without a scope fails before its first query."""
    if (found := _current.get().group_id) is None:
        raise ScopeClosed("open a scope for the group first")
    return found


def account_id() -> uuid.UUID | None:
    """The account in scope, if somebody is signed in."""
    return _current.get().account_id


@contextmanager
def opened(group_id: uuid.UUID | None = None, account_id: uuid.UUID | None = None) -> Iterator[Scope]:
    """Set the scope for a request, before its session exists. Elsewhere use `visiting`."""
    token = _current.set(Scope(group_id, account_id))
    try:
        yield _current.get()
    finally:
        _current.reset(token)


@contextmanager
def visiting(group_id: uuid.UUID | None = None, account_id: uuid.UUID | None = None) -> Iterator[Scope]:
    """Open a session of its own in another scope and keep what was done there when the block ends well.

    One session per scope, because a row already loaded in a session is handed out again without asking the fence.
    """
    with current_app._get_current_object().app_context(), opened(group_id, account_id) as scope:  # type: ignore[attr-defined]  # noqa: SLF001 - the proxy itself cannot push
        try:
            yield scope
            db.session.commit()
        except BaseException:
            db.session.rollback()
            raise
        finally:
            db.session.remove()


@event.listens_for(FencedSession, "after_begin")
def _tell_the_fence(
    session: FencedSession, transaction: SessionTransaction, connection: sa.Connection
) -> None:
    if transaction.nested:
        return
    now_in = current()
    _stay_in_one_scope(session)
    session.info["scope"] = now_in
    connection.exec_driver_sql(
        "select set_config('app.group_id', %s, true), set_config('app.account_id', %s, true)",
        now_in.as_text(),
    )


@event.listens_for(FencedSession, "do_orm_execute")
def _ask_in_one_scope(asked: ORMExecuteState) -> None:
    _stay_in_one_scope(asked.session)


@event.listens_for(FencedSession, "before_flush")
def _write_in_one_scope(session: Session, context: Any, instances: Any) -> None:  # noqa: ARG001 - the library's signature
    _stay_in_one_scope(session)


def _stay_in_one_scope(session: Session) -> None:
    """The database still sees the scope the transaction began in, and rows loaded before are handed out again unasked."""
    if session.info.get("scope", current()) != current():
        raise ScopeFixed("this session belongs to another scope; use scope.visiting(...)")
