"""A storm of many workers over three books; ends with 1 and says what does not hold.

    python -m tests.funding.storm --operations 20000      (servers of its own; about a quarter of an hour on two cores)

With `--here` it uses the database that DATABASE_URL names, as the test does. The workers are forked, so that a new one
takes the place of a killed one at once; each has its diary, which outlives it.
"""

import argparse
import gc
import json
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from random import Random, randrange

import psycopg

from network import config, migrating, servers
from network.servers import children
from tests.funding.storm import proof, worker
from tests.funding.storm.world import Diary, Scene, make_world
from tests.support import app as under_test
from tests.support.servers import SETTINGS

WORKERS = 8
PAUSE = 0.02
QUIET = 60
CUT_EVERY, KILL_EVERY = 0.7, 1.1
"""Seconds between two cut connections, and between two killings from outside; workers kill themselves besides."""


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--operations", type=int, default=20_000)
    asked.add_argument("--seed", type=int, default=randrange(10**6))
    asked.add_argument("--here", action="store_true")
    wishes = asked.parse_args()
    with ExitStack() as kept:
        if not wishes.here:
            _own_servers(kept)
        folder = Path(kept.enter_context(tempfile.TemporaryDirectory(prefix="pamoja-storm-")))
        return _storm(folder, operations=wishes.operations, seed=wishes.seed)


def _own_servers(kept: ExitStack) -> None:
    whole = kept.enter_context(servers.for_tests())
    own = whole.create_database(f"pamoja_storm_{os.getpid()}")
    migrating.upgrade(own.owner_url, migrating.web_role_of(own.web_url))
    os.environ.update(own.as_settings() | SETTINGS)


def _storm(folder: Path, *, operations: int, seed: int) -> int:
    from network.db import db
    from wsgi import create_app

    began = time.monotonic()
    app = create_app(config.load(written=Path(os.devnull)), testing=True)
    under_test.use(app)
    each = (operations - QUIET) // WORKERS
    world, quiet = make_world(), Diary(folder / "quiet.jsonl")
    worker.work(
        world, quiet, seed=seed, count=operations - each * WORKERS, danger=0
    )  # what is learnt once need not be learnt by each new process
    with app.app_context():
        db.engine.dispose()  # a forked process must not share a connection
    gc.freeze()
    diaries = [Diary(folder / f"{number}.jsonl") for number in range(WORKERS)]
    died = _Weather(world, diaries, seed=seed, each=each).blow()
    said = proof.gather([quiet, *diaries])
    faults = list(proof.faults(world, said))
    told = Counter("done" if told == "done" else "refused" for told in said.told.values())
    report = {
        "seed": seed, "begun": len(said.acts), **told, "without an answer": len(said.acts) - len(said.told), **died, **said.noted,
        "seconds": round(time.monotonic() - began), "kinds done": dict(_kinds(said)), "faults": faults[:20],
    }  # fmt: skip
    print(json.dumps(report))  # noqa: T201 - a command
    return 1 if faults else 0


def _kinds(said: proof.Said) -> Counter[str]:
    return Counter(act.what for act in said.acts.values() if said.told.get(act.key) == "done")


class _Weather:
    """Keeps eight workers at work, kills them, and cuts their connections."""

    def __init__(self, world: list[Scene], diaries: list[Diary], *, seed: int, each: int) -> None:
        self.world, self.diaries, self.seed, self.each = world, diaries, seed, each
        self.chance = Random(seed)
        self.at_work: dict[int, int] = {}
        self.died: Counter[str] = Counter()

    def blow(self) -> Counter[str]:
        for number in range(WORKERS):
            self._start(number)
        cut = kill = time.monotonic()
        try:
            with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as above:
                while self.at_work:
                    time.sleep(PAUSE)
                    self._replace_the_dead()
                    if time.monotonic() - cut > CUT_EVERY:
                        cut = time.monotonic()
                        self.died["connections cut"] += _cut_one(above)
                    if self.at_work and time.monotonic() - kill > KILL_EVERY:
                        kill = time.monotonic()
                        self.died["killed from outside"] += 1
                        os.kill(self.chance.choice(list(self.at_work)), signal.SIGKILL)
        finally:
            for pid in self.at_work:
                os.kill(pid, signal.SIGKILL)
        return self.died

    def _replace_the_dead(self) -> None:
        for pid, number in list(self.at_work.items()):
            gone, status = os.waitpid(pid, os.WNOHANG)
            if not gone:
                continue
            del self.at_work[pid]
            if os.WIFSIGNALED(status):
                self.died["processes killed"] += 1
                self._start(number)
            elif os.WEXITSTATUS(status):
                raise SystemExit(f"worker {number} gave up; its words are above; seed {self.seed}")

    def _start(self, number: int) -> None:
        if pid := os.fork():
            self.at_work[pid] = number
            return
        children.end_with_parent(signal.SIGKILL)
        status = 1
        try:
            worker.work(self.world, self.diaries[number], seed=self.seed * 100 + number, count=self.each)
            status = 0
        except BaseException:  # noqa: BLE001 - whatever it is, it is told, and this process must not go on as its parent
            import traceback

            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(status)


def _cut_one(above: "psycopg.Connection[tuple[bool]]") -> int:
    """End the connection of somebody who is in the middle of something, as far as somebody is."""
    done = above.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
        " and xact_start is not null order by random() limit 1"
    ).fetchall()
    return len(done)


if __name__ == "__main__":
    sys.exit(main())
