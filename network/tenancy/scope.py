"""Whose rows may be seen now. A scope is opened before the transaction and cannot change inside it."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from flask import current_app
from sqlalchemy.exc import DontWrapMixin


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
    from network.db import db  # the session knows the scope, so the scope cannot know the session sooner

    with current_app._get_current_object().app_context(), opened(group_id, account_id) as scope:  # type: ignore[attr-defined]  # noqa: SLF001 - the proxy itself cannot push
        try:
            yield scope
            db.session.commit()
        except BaseException:
            db.session.rollback()
            raise
        finally:
            db.session.remove()
