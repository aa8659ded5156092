"""Processes beside the one under test, each with keys and connections of its own, that do the same again and again until called back."""

import json
import os
import signal
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Any

from network.db import db
from network.servers import children
from tests.support.app import the_app

Act = Callable[[int], Any]
"""It is told how often it was done before, and may answer something that is heard in the end."""


@dataclass
class Crowd:
    """What the processes have to say; all there once they were called back."""

    acts: list[Act]
    answers: list[list[Any]] = field(default_factory=list)
    """By the act: each answer it gave."""
    failures: list[str] = field(default_factory=list)
    killed: int = 0
    _at_work: dict[int, tuple[int, IO[bytes]]] = field(default_factory=dict)
    """By the process: which act, and where it says what came of it."""

    def start(self, number: int) -> None:
        """Begin with one act, in a process of its own; it has done it once when this returns."""
        with the_app().app_context():
            db.engine.dispose()  # a connection is one process's own
        says, tells = os.pipe()
        diary = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - closed when it was heard
        pid = os.fork()
        if pid == 0:
            os.close(says)
            _repeat(self.acts[number], tells, diary)
        os.close(tells)
        self._at_work[pid] = (number, diary)
        with os.fdopen(says, "rb") as begun:
            begun.read()

    def kill_one(self) -> None:
        """End the one that has been here longest, in the middle of whatever it does, and let another take its place."""
        pid, (number, diary) = next(iter(self._at_work.items()))
        del self._at_work[pid]
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        self._hear(number, diary)
        self.killed += 1
        self.start(number)

    def call_back(self) -> None:
        """Let everybody finish what they are doing, and hear them."""
        for pid in self._at_work:
            os.kill(pid, signal.SIGTERM)
        for pid, (number, diary) in self._at_work.items():
            _, status = os.waitpid(pid, 0)
            self.failures += [f"a process ended with {status}"] if status else []
            self._hear(number, diary)
        self._at_work.clear()

    def _hear(self, number: int, diary: IO[bytes]) -> None:
        diary.seek(0)
        for line in diary.read().splitlines(keepends=True):
            told = json.loads(line) if line.endswith(b"\n") else {}
            self.answers[number] += [told["answer"]] if "answer" in told else []
            self.failures += [told["failure"]] if "failure" in told else []
        diary.close()


@contextmanager
def crowd(*acts: Act) -> Iterator[Crowd]:
    """Everybody at work; called back at the end."""
    made = Crowd(list(acts), answers=[[] for _ in acts])
    try:
        for number in range(len(acts)):
            made.start(number)
        yield made
    finally:
        made.call_back()


def _repeat(act: Act, tells: int, diary: IO[bytes]) -> None:
    is_over: list[bool] = []
    signal.signal(signal.SIGTERM, lambda *_: is_over.append(True))
    children.end_with_parent(signal.SIGKILL)
    times = 0
    while not is_over:
        try:
            told = {"answer": act(times)}
        except BaseException:  # noqa: BLE001 - each of them is what is looked for
            told = {"failure": traceback.format_exc()[-2000:]}
            time.sleep(0.05)
        diary.write((json.dumps(told) + "\n").encode())
        if not times:
            os.close(tells)
        times += 1
    os._exit(0)
