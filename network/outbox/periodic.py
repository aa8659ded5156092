"""Work that comes round: each package registers its own; the worker runs what is due."""

import logging
import traceback
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
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
            _note(f"the periodic job {name} failed", failure)
            connection.expire(_key(name), min(every, TRY_AGAIN))


class SomeFailed(Exception):
    """A job went round, and some were passed over; the log says which, and how each of them failed."""


@contextmanager
def each_by_itself() -> Iterator[Callable[[str, uuid.UUID], AbstractContextManager[None]]]:
    """Go round with a try for each: one that fails is noted and keeps no other back. Raises `SomeFailed` at the end."""
    failed: list[uuid.UUID] = []

    @contextmanager
    def one(what: str, of: uuid.UUID) -> Iterator[None]:
        try:
            yield
        except Exception as failure:  # noqa: BLE001 - one must not keep the others from theirs
            failed.append(of)
            _note(f"{what}, for {of}, failed", failure)

    yield one
    if failed:
        raise SomeFailed(len(failed))


def _note(what: str, failure: Exception) -> None:
    """Only the kind of failure and its place are told: its words may be about people."""
    where = "".join(traceback.format_tb(failure.__traceback__)[-3:])
    log.error("%s: %s\n%s", what, type(failure).__name__, where)


def _key(name: str) -> str:
    return f"pamoja:periodic:{name}"
