"""The web server and the worker: starting them, staying with them, and what happens when one of them dies."""

import os
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from network.servers import children
from network.servers.addresses import CannotServe
from network.servers.announcing import say
from network.servers.children import Child
from network.servers.listening import Place

FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]
GRANIAN = [
    sys.executable,
    "-m",
    "granian",
    "--interface",
    "wsgi",
    "--workers",
    "2",
    "--blocking-threads",
    "1",
    "--no-ws",
]
SHORT_LIFE = 10  # seconds
SHORT_LIVES_ALLOWED = 5


@dataclass
class Programs:
    """What serves people, once the servers stand."""

    folder: Path
    var: Path
    place: Place
    env: Mapping[str, str]
    web: Child | None = field(default=None)
    worker: Child | None = field(default=None)
    worker_since: float = field(default=0)
    short_lives: int = field(default=0)

    def clear_leftovers(self) -> None:
        """Stop those of an earlier run that was ended the hard way."""
        children.stop_leftover(self.var / "web.pid", folder=self.folder, word="granian")
        children.stop_leftover(self.var / "worker.pid", folder=self.folder, word="worker")

    def start(self) -> None:
        """Start both and wait until the health page says that all is well."""
        (self.var / "log").mkdir(mode=0o700, exist_ok=True)
        self._start_worker()
        at = ["--host", self.place.host, "--port", str(self.place.port), "wsgi:app"]
        self.web = self._begin("web", [*GRANIAN, *at])
        try:
            children.wait_until(self.place.is_well, self.web, seconds=90)
        except CannotServe as refused:
            raise CannotServe(f"{refused}\n{self.place.health()[1]}\n{self._words_of_worker()}") from refused

    def stop(self) -> None:
        """Web first: nobody is let in while the rest goes away."""
        for name, child in (("web", self.web), ("worker", self.worker)):
            if child is not None:
                child.stop()
            (self.var / f"{name}.pid").unlink(missing_ok=True)

    def stay(self, servers: Iterable[Child], *, parent: int | None) -> None:
        """Stay while all is well; return when the program that called us is gone."""
        watched = [*servers, self.web]
        while parent is None or os.getppid() == parent:
            for child in watched:
                if child is not None and not child.is_alive:
                    raise CannotServe(f"{child.name} stopped unexpectedly.\n{child.last_words()}")
            if self.worker is not None and not self.worker.is_alive:
                self._restart_worker()
            time.sleep(0.5)

    def _restart_worker(self) -> None:
        """A worker may die of a bad job; one that dies again and again has a reason to look at."""
        self.short_lives = self.short_lives + 1 if time.monotonic() - self.worker_since < SHORT_LIFE else 0
        if self.short_lives >= SHORT_LIVES_ALLOWED:
            raise CannotServe(f"the worker keeps stopping.\n{self._words_of_worker()}")
        say("The worker stopped unexpectedly and is started again; see var/log/worker.log.")
        if self.worker is not None:
            self.worker.stop()  # it is dead, but a job it was doing may not be
        time.sleep(self.short_lives)
        self._start_worker()

    def _start_worker(self) -> None:
        self.worker_since = time.monotonic()
        self.worker = self._begin("worker", [*FLASK, "worker"])

    def _begin(self, name: str, command: list[str]) -> Child:
        log = self.var / "log" / f"{name}.log"
        child = children.start(f"the {name}", command, folder=self.folder, log=log, env=self.env)
        (self.var / f"{name}.pid").write_text(f"{child.running.pid}\n", encoding="ascii")
        return child

    def _words_of_worker(self) -> str:
        return self.worker.last_words() if self.worker is not None else ""
