"""Work that comes round: each package registers its own; the worker runs what is due."""

import logging
import traceback
from collections.abc import Callable
from datetime import datetime, timedelta

from flask import current_app

TRY_AGAIN = timedelta(minutes=5)
log = logging.getLogger(__name__)
_jobs: dict[str, tuple[timedelta, Callable[..., None]]] = {}


def register(name: str, every: timedelta, job: Callable[..., None]) -> None:
    """Have `job(now=...)` run about this often, by one worker at a time."""
    _jobs[name] = (every, job)


def names() -> frozenset[str]:
    """What is registered."""
    return frozenset(_jobs)


def run_due(*, now: datetime) -> None:
    """Run each job whose time has come; a job that fails is noted and does not stop the others."""
    connection = current_app.extensions["redis"]
    for name, (every, job) in _jobs.items():
        if not connection.set(_key(name), "1", nx=True, ex=every):
            continue
        try:
            job(now=now)
        except Exception as failure:  # noqa: BLE001 - one failing job must not starve the others, nor wait for its next day
            where = "".join(traceback.format_tb(failure.__traceback__)[-3:])
            log.error("the periodic job %s failed: %s\n%s", name, type(failure).__name__, where)  # noqa: TRY400 - its words may be about people
            connection.expire(_key(name), min(every, TRY_AGAIN))


def _key(name: str) -> str:
    return f"pamoja:periodic:{name}"
