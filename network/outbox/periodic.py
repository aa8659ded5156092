"""Work that comes round: each package registers its own; the worker runs what is due."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from flask import current_app

log = logging.getLogger(__name__)
_jobs: dict[str, tuple[timedelta, Callable[..., None]]] = {}


def register(name: str, every: timedelta, job: Callable[..., None]) -> None:
    """Have `job(now=...)` run about this often, by one worker at a time."""
    _jobs[name] = (every, job)


def run_due(*, now: datetime) -> None:
    """Run each job whose time has come; a job that fails is noted and does not stop the others."""
    connection = current_app.extensions["redis"]
    for name, (every, job) in _jobs.items():
        if not connection.set(f"pamoja:periodic:{name}", "1", nx=True, ex=int(every.total_seconds())):
            continue
        try:
            job(now=now)
        except Exception:  # one failing job must not starve the others
            log.exception("the periodic job %s failed", name)
