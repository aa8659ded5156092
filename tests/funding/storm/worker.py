"""One worker of a storm: does what it chooses, under the danger of being killed anywhere, and sends again what it got no answer to."""

import os
import signal
import time
from random import Random

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, PendingRollbackError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from network.db import db
from tests.funding.storm import acts
from tests.funding.storm.world import Act, Diary, Scene
from tests.support.app import the_app

MOST_RETRIES = 5
"""So often something is sent again after a serialization failure or a deadlock (40001, 40P01)."""
CLASHES = {"40001", "40P01"}
DANGER = 1 / 30
"""How many acts end in the process being killed at a statement of its own choice."""


class Fuse:
    """Kills this process at the statement it was set to, or just before the answer is written down."""

    def __init__(self) -> None:
        self.left: int | None = None
        with the_app().app_context():
            for event in ("before_cursor_execute", "commit"):
                sa.event.listen(db.engine, event, self._burn)

    def set(self, statements: int | None) -> None:
        self.left = statements

    def _burn(self, *_: object) -> None:
        if self.left is None:
            return
        if self.left == 0:
            die()
        self.left -= 1

    def before_answer(self) -> None:
        if self.left is not None:
            die()


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(60)


def work(world: list[Scene], diary: Diary, *, seed: int, count: int, danger: float = DANGER) -> None:
    """Go on until so many acts were begun; the last one may be without an answer from an earlier life of this worker."""
    begun = diary.acts()
    chance = Random(f"{seed} {len(diary.read())}")
    fuse = Fuse()
    if begun and begun[-1].key not in diary.told():
        _take_up(begun[-1], world, diary, chance)
    for _ in range(count - len(begun)):
        act = _choose(chance, world, diary)
        diary.begin(act)
        fuse.set(chance.randrange(45) if chance.random() < danger else None)
        _send(act, world, diary, fuse)
    fuse.set(None)


def _choose(chance: Random, world: list[Scene], diary: Diary) -> Act:
    while True:
        try:
            return acts.choose(chance, world)
        except DBAPIError as failure:
            if not _is_cut(failure):
                raise
            diary.note("connection cut while looking")


def _take_up(act: Act, world: list[Scene], diary: Diary, chance: Random) -> None:
    """Half of the people whose phone went dark send the page again; the others let it be."""
    if act.what in acts.ONCE_ONLY or chance.random() < 0.5:
        diary.note("left unanswered")
        return
    diary.note("sent again")
    _send(act, world, diary, None)


def _send(act: Act, world: list[Scene], diary: Diary, fuse: Fuse | None) -> None:
    clashes = cuts = 0
    while True:
        try:
            told = acts.perform(act, world)
        except (DBAPIError, PendingRollbackError, NoConnectionFree) as failure:
            code = getattr(getattr(failure, "orig", None), "sqlstate", None)
            if code in CLASHES:
                clashes += 1
                diary.note("clash")
            elif _is_cut(failure):
                cuts += 1
                diary.note("connection cut")
            else:
                raise
            if clashes > MOST_RETRIES or cuts > 20:
                raise
            if act.what in acts.ONCE_ONLY and not clashes:
                return
            continue
        if fuse:
            fuse.before_answer()
        diary.end(act, told)
        return


def _is_cut(failure: Exception) -> bool:
    """Whether the database went away in the middle; what it answered itself has a code."""
    code = getattr(getattr(failure, "orig", None), "sqlstate", None)
    is_away = isinstance(failure, OperationalError | InterfaceError) and code is None
    return isinstance(failure, PendingRollbackError) or is_away or code in {"57P01", "08006", "08003"}
