"""The application under test, and how a test steps into somebody's scope."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from network.tenancy import scope
from network.web.unit_of_work import Pamoja

_app: list[Pamoja] = []


def use(app: Pamoja) -> None:
    """Make this the application the factories and scopes work with."""
    _app[:] = [app]


def the_app() -> Pamoja:
    return _app[0]


@contextmanager
def in_scope(group: Any = None, account: Any = None) -> Iterator[scope.Scope]:
    """A session and a transaction of its own, kept when the block ends well. Takes things or their identifiers."""
    with the_app().app_context(), scope.visiting(_id(group), _id(account)) as opened:
        yield opened


in_group = in_scope


def _id(thing: Any) -> uuid.UUID | None:
    return thing if thing is None or isinstance(thing, uuid.UUID) else thing.id
