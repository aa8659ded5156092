"""The application under test, and how a test steps into somebody's scope."""

import os
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from network import config
from network.db import db
from network.servers import Addresses
from network.tenancy import scope
from network.vault import keys
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


@contextmanager
def another_app(**changed: Any) -> Iterator[Pamoja]:
    """A second application beside the one under test, with other settings; failures become pages, as when serving."""
    from wsgi import create_app

    made = create_app(replace(config.load(written=Path(os.devnull)), **changed), testing=True)
    made.config["PROPAGATE_EXCEPTIONS"] = False
    made.test_client_class = the_app().test_client_class
    yield made
    with made.app_context():
        db.engine.dispose()
    made.extensions["redis"].close()


@contextmanager
def alone(addresses: Addresses) -> Iterator[Pamoja]:
    """The application under test on another database, with nobody else's rows, and no key remembered from before."""
    before, opened = the_app(), dict(keys._opened)
    keys._opened.clear()
    with another_app(database_url=addresses.web_url) as made:
        use(made)
        try:
            yield made
        finally:
            use(before)
            keys._opened.clear()
            keys._opened.update(opened)


def without_a_database() -> AbstractContextManager[Pamoja]:
    """An application whose database does not answer."""
    return another_app(database_url="postgresql://nobody@127.0.0.1:1/none")


def without_a_queue() -> AbstractContextManager[Pamoja]:
    """An application whose Redis does not answer."""
    return another_app(redis_url="redis://127.0.0.1:1/0")
