"""
`make run`: everything on this machine, from an empty folder to a page in the browser, and back again on
Ctrl-C.

The order is: servers, migrations, demo, worker, web. Stopping goes the other way, so that nobody is served by
a web server without a database.
"""

import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from network.servers import announcing, children, roles, settings
from network.servers.addresses import Addresses, CannotServe
from network.servers.announcing import say
from network.servers.children import Child
from network.servers.listening import Place
from network.servers.owners import home_of_servers
from network.servers.postgres import Postgres
from network.servers.programs import FLASK, Programs
from network.servers.testing import named_by
from network.servers.valkey import Valkey

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PATIENCE_WITH_ANOTHER = 20  # seconds


def run(folder: Path, *, stop_with_parent: bool) -> int:
    """Start everything, stay, stop everything; the number is for the shell."""
    parent = os.getppid() if stop_with_parent else None
    if parent:
        children.end_with_parent(signal.SIGTERM)
    for number in SIGNALS:  # a closed terminal and a polite kill are the same wish as Ctrl-C
        signal.signal(number, signal.default_int_handler)
    var = folder / "var"
    var.mkdir(mode=0o700, exist_ok=True)
    try:
        with _only_one(var), ExitStack() as kept:
            try:
                _start_and_stay(folder, var, kept, parent)
            finally:
                for number in SIGNALS:  # a second Ctrl-C must not leave half of it behind
                    signal.signal(number, signal.SIG_IGN)
                say("\nStopping ...")
    except KeyboardInterrupt:
        pass
    say("Everything is stopped.")
    return 0


def _start_and_stay(folder: Path, var: Path, kept: ExitStack, parent: int | None) -> None:
    began = time.monotonic()
    programs = Programs(folder, var, Place.from_environment(os.environ), {})
    programs.clear_leftovers()
    programs.place.refuse_if_taken()
    servers, started = _servers(var, kept)
    env = _environment(var, servers, programs.place)
    _prepare(folder, env)
    # Serving and working never need the owner, so those two are not told who it is.
    programs.env = env | {"DATABASE_OWNER_URL": ""}
    kept.callback(programs.stop)
    say("Starting the worker and the web server ...")
    programs.start()
    sign_ins = announcing.demo_sign_ins(folder, env) if _wants_demo(env) else ""
    announcing.say_ready(programs.place.url, sign_ins=sign_ins, seconds=time.monotonic() - began)
    programs.stay(started, parent=parent)


def _servers(var: Path, kept: ExitStack) -> tuple[Addresses, list[Child]]:
    """The servers that the environment names; of what it does not name, our own."""
    started: list[Child] = []
    redis_url = os.environ.get("REDIS_URL", "")
    if not redis_url:
        valkey = Valkey(home_of_servers(var))
        kept.callback(valkey.stop)
        started.append(valkey.start())
        redis_url = valkey.url
    if named := named_by(os.environ, redis_url):
        return named, started
    postgres = Postgres(home_of_servers(var))
    settings.secrets_of(var, os.environ, has_rows=postgres.stored.exists())
    say("Starting PostgreSQL ...")
    kept.callback(postgres.stop)
    started.append(postgres.start())
    return roles.make_roles(postgres.admin_url, redis_url), started


def _environment(var: Path, servers: Addresses, place: Place) -> dict[str, str]:
    """Write down what other shells need, and return the environment of the programs."""
    values = servers.as_settings() | settings.secrets_of(var, os.environ, has_rows=False)
    values["PUBLIC_URL"] = os.environ.get("PUBLIC_URL") or place.url
    settings.write(var / "run.env", values, "Written at each start, for commands typed in another shell.")
    return {**os.environ, **values}


def _prepare(folder: Path, env: Mapping[str, str]) -> None:
    say("Bringing the database up to date ...")
    _flask(folder, env, "migrate")
    if _wants_demo(env):
        say("Loading the demo, if it is not there yet ...")
        _flask(folder, env, "demo", "load")


def _wants_demo(env: Mapping[str, str]) -> bool:
    return env.get("DEMO", "yes") != "no"


def _flask(folder: Path, env: Mapping[str, str], *command: str) -> None:
    done = subprocess.run(  # noqa: S603 - our own program
        [*FLASK, *command],
        cwd=folder,
        env=dict(env),
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        check=False,
    )
    if done.returncode:
        raise CannotServe(f"`flask --app wsgi {' '.join(command)}` failed; what it said stands above.")


@contextmanager
def _only_one(var: Path) -> Iterator[None]:
    """Two of us on one folder would stop each other's servers. The lock ends with us, however we end."""
    with (var / "run.lock").open("a") as lock:
        deadline = time.monotonic() + PATIENCE_WITH_ANOTHER
        while not _locked(lock.fileno()):
            if time.monotonic() > deadline:
                at = settings.read(var / "run.env").get("PUBLIC_URL", "its address")
                raise CannotServe(f"it runs already from this folder, at {at}. Stop that one first.")
            time.sleep(0.1)
        yield


def _locked(number: int) -> bool:
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
