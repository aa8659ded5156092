"""PRIV-09: a key is changed under people who read, write and open pages, in processes that are killed now and then, as is the change itself."""

import os
import statistics
import time
from collections.abc import Iterator
from datetime import timedelta

import sqlalchemy as sa

from network import config, migrating
from network.servers import Addresses
from tests.network.vault.serving import Busy, begin_rotation, busy_group, rotate_until_killed
from tests.support import app as under_test
from tests.support.client import StrictClient
from tests.support.crowd import Crowd, crowd
from tests.support.servers import SETTINGS

ROWS, FULL = 10_000, 100_000
PEOPLE = 3
BEFORE = 10
"""Seconds of serving before the change begins, to hold against."""
KILL_EVERY = 3
Measured = tuple[str, float, float]


def measures(whole: Addresses) -> Iterator[Measured]:
    """What a page takes while everything is sealed anew beside what it took before. Ends with what went wrong, if anything did."""
    rows = FULL if os.environ.get("SIZE") == "full" else ROWS
    own = whole.create_database(f"pamoja_bench_{os.getpid()}_rotation")
    migrating.upgrade(own.owner_url, migrating.web_role_of(own.web_url))
    os.environ.update(own.as_settings() | SETTINGS)
    from wsgi import create_app  # it reads the settings when it is first imported

    app = create_app(config.load(), testing=True)
    app.test_client_class = StrictClient
    under_test.use(app)
    busy = busy_group(rows, people=PEOPLE)
    engine = sa.create_engine(own.owner_url)
    with crowd(busy.read, busy.read, busy.write, busy.write, *map(busy.serve, busy.people)) as others:
        time.sleep(BEFORE)
        began = time.time()
        _change(others, busy, engine)
        ended = time.time()
    written = [one for answers in others.answers[2:4] for several in answers for one in several]
    if faults := [*others.failures, *busy.faults(written)]:
        raise SystemExit("\n".join(faults[:20]))
    visits = [visit for answers in others.answers[4:] for visit in answers]
    before = [took for at, took in visits if at < began]
    during = [took for at, took in visits if began <= at < ended]
    print(  # noqa: T201 - a command
        f"{rows:,} rows sealed anew in {ended - began:.0f} s beside {len(others.acts)} processes ({others.killed} killed, the change once):"
        f" {sum(map(len, others.answers)):,} acts, {len(written):,} letters written, 0 errors",
        flush=True,
    )
    what = f"a page sent and read while {rows:,} rows are sealed anew : before"
    yield what, statistics.median(during), statistics.median(before)


def _change(others: Crowd, busy: Busy, engine: sa.Engine) -> None:
    """Killed once in the middle, and then to its end; somebody is killed every few seconds meanwhile."""
    rotate_until_killed(engine, busy.group.id, after=len(busy.letters) // 2)
    going_on = begin_rotation(engine, busy.group.id, wait=timedelta(seconds=5))
    gone, status = 0, 0
    while not gone:
        time.sleep(KILL_EVERY)
        others.kill_one()
        gone, status = os.waitpid(going_on, os.WNOHANG)
    if status:
        raise SystemExit("the change gave up; its words are above")
