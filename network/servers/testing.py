"""Servers for a test run: ours, quick and thrown away, or the ones the environment names."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from network.servers import addresses, roles
from network.servers.addresses import Addresses, CannotServe
from network.servers.postgres import Postgres
from network.servers.valkey import Valkey


@contextmanager
def for_tests(environ: Mapping[str, str] | None = None) -> Iterator[Addresses]:
    """Lend servers to a test run and take them back, also when the run is broken off."""
    environ = os.environ if environ is None else environ
    with ExitStack() as kept:
        home = Path(tempfile.mkdtemp(prefix="pamoja-tests-"))
        kept.callback(shutil.rmtree, home, ignore_errors=True)
        home.chmod(0o711)
        redis_url = environ.get("REDIS_URL") or _own_valkey(home, kept)
        yield named_by(environ, redis_url) or roles.make_roles(_own_postgres(home, kept), redis_url)


def named_by(environ: Mapping[str, str], redis_url: str) -> Addresses | None:
    """
    The database that the environment names, if it does.

    DATABASE_URL is the ordinary role, with DATABASE_OWNER_URL beside it; alone, it may be an administrator's
    address, and then both roles are made with it.
    """
    given, owner = environ.get("DATABASE_URL", ""), environ.get("DATABASE_OWNER_URL", "")
    if not given:
        return None
    given = addresses.plain(given)
    if not owner:
        if not roles.may_create_roles(given):
            raise CannotServe(
                "DATABASE_URL may not create roles, so it is taken for the ordinary role, and "
                "DATABASE_OWNER_URL is needed beside it: the role that owns the database and migrates."
            )
        return roles.make_roles(given, redis_url)
    if why := roles.why_not_ordinary(given):
        raise CannotServe(
            f"the role of DATABASE_URL {why}; row security would not hold. Give it an ordinary role."
        )
    owner = addresses.plain(owner)
    return Addresses(given, owner, owner if roles.may_create_databases(owner) else "", redis_url)


def _own_postgres(home: Path, kept: ExitStack) -> str:
    server = Postgres(home, durable=False)
    kept.callback(server.stop)
    server.start()
    return server.admin_url


def _own_valkey(home: Path, kept: ExitStack) -> str:
    server = Valkey(home, durable=False)
    kept.callback(server.stop)
    server.start()
    return server.url
