"""
Real servers for the tests: one PostgreSQL and one Valkey for the whole run, a database for each worker.

The database is migrated once, into a template; each worker copies it, which takes a tenth of a second. With
DATABASE_URL and REDIS_URL set, those servers are used: their numbered Redis databases 1, 2, ... are emptied.
"""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest
import redis

from network import servers as network_servers
from network.servers import Addresses, CannotServe, roles
from network.servers.addresses import plain

LENT = pytest.StashKey[Addresses]()
TEMPLATE = pytest.StashKey[str]()

# What a developer's shell may hold must not leak into tests: no letter of a test reaches a mail server.
SETTINGS = {
    "SECRET_KEY": "secret-key-of-the-tests-0123456789-abcdefghijk",
    "MASTER_KEY": "bWFzdGVyLWtleS1vZi10aGUtdGVzdHMtMDEyMzQ1Njc=",
    "PUBLIC_URL": "http://localhost",
    "SMTP_URL": "",
    "LETTERS_FOLDER": "",
}


def pytest_configure(config: pytest.Config) -> None:
    """Start the servers once, where the run is steered; take a database of our own where tests are run."""
    try:
        if hasattr(config, "workerinput"):
            config.stash[LENT] = Addresses(**config.workerinput["servers"])
            config.stash[TEMPLATE] = config.workerinput["template"]
            _take_own_database(config, config.workerinput["workerid"])
        else:
            _start_servers(config)
            if not config.getoption("numprocesses", None):
                _take_own_database(config, "gw")
    except CannotServe as refused:
        raise pytest.UsageError(str(refused)) from refused


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    """Tell a worker where the servers are."""
    node.workerinput["servers"] = node.config.stash[LENT].as_dict()  # type: ignore[attr-defined] # xdist has no types
    node.workerinput["template"] = node.config.stash[TEMPLATE]  # type: ignore[attr-defined] # as above


def _start_servers(config: pytest.Config) -> None:
    kept = ExitStack()
    config.add_cleanup(kept.close)  # also after Ctrl-C
    whole = kept.enter_context(network_servers.for_tests())
    template = f"pamoja_test_{os.getpid()}"
    made = whole.create_database(template)
    kept.callback(whole.drop_database, template)
    kept.callback(whole.drop_database, told(template))
    from network import migrating

    migrating.upgrade(made.owner_url, migrating.web_role_of(made.web_url))
    config.stash[LENT], config.stash[TEMPLATE] = whole, template


def _take_own_database(config: pytest.Config, worker: str) -> None:
    """Copy the template, and put the addresses where the application looks for them."""
    whole, template = config.stash[LENT], config.stash[TEMPLATE]
    name = f"{template}_{worker}"
    own = whole.create_database(name, template=template).with_redis_number(int(worker[2:] or 0) + 1)
    config.add_cleanup(lambda: whole.drop_database(name))
    if why := roles.why_not_ordinary(own.web_url):
        raise pytest.UsageError(f"Tests must run under an ordinary role; this one {why}.")
    with redis.Redis.from_url(own.redis_url) as client:
        client.flushdb()
    config.stash[LENT] = own
    os.environ.update(own.as_settings() | SETTINGS)


def told(template: str) -> str:
    """The database in which the demo's story is told, once for all workers."""
    return f"{template}_told"


@contextmanager
def one_worker(config: pytest.Config) -> Iterator[None]:
    """What is done here is done by one worker of this run at a time."""
    kept = Path(tempfile.gettempdir()) / f"{config.stash[TEMPLATE]}.lock"
    with kept.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def exists(servers: Addresses, name: str) -> bool:
    """Whether there is a database of this name."""
    with psycopg.connect(plain(servers.owner_url)) as any_database:
        found = any_database.execute("select 1 from pg_database where datname = %s", (name,))
        return found.fetchone() is not None


@pytest.fixture(scope="session")
def database_urls(pytestconfig: pytest.Config) -> Addresses:
    """This worker's database: `web_url`, `owner_url`, `admin_url`."""
    return pytestconfig.stash[LENT]


@pytest.fixture(scope="session")
def redis_url(database_urls: Addresses) -> str:
    """This worker's numbered Redis database."""
    return database_urls.redis_url


@pytest.fixture
def empty_database(database_urls: Addresses) -> Iterator[Addresses]:
    """A database with nothing in it, for tests of migrations; gone afterwards."""
    name = f"pamoja_empty_{os.getpid()}"
    yield database_urls.create_database(name)
    database_urls.drop_database(name)


@pytest.fixture
def migrated_database(database_urls: Addresses, pytestconfig: pytest.Config) -> Iterator[Addresses]:
    """A fresh copy of the migrated database, for tests that commit what must not stay; gone afterwards."""
    name = f"pamoja_copy_{os.getpid()}"
    yield database_urls.create_database(name, template=pytestconfig.stash[TEMPLATE])
    database_urls.drop_database(name)
