"""The worker: delivers the outbox, looks after what was left behind, and says that it is alive."""

import multiprocessing
import os
import time
import uuid
from contextlib import suppress

import redis
from flask import Flask
from redis.exceptions import RedisError
from rq import Worker
from rq.serializers import JSONSerializer

from network import clock
from network.db import db
from network.outbox import commands
from network.outbox.beat import ALIVE, BEAT_SECONDS
from network.outbox.periodic import run_due

_app: list[Flask] = []


def deliver(item_id: str) -> None:
    """What the queue runs; the application was loaded before the fork."""
    with _app[0].app_context():
        commands.deliver(uuid.UUID(item_id))


def work(app: Flask) -> None:
    """Deliver until stopped."""
    _app.append(app)
    with app.app_context():
        engine = db.engine
        # A forked child must not talk over its parent's connections.
        os.register_at_fork(after_in_child=lambda: engine.dispose(close=False))
        # A process, not a thread: the worker forks for every job, and a lock a thread holds then is never let go.
        beside = multiprocessing.get_context("fork").Process(
            target=_look_after, args=(app, os.getpid()), daemon=True
        )
        beside.start()
        # A connection of its own: the worker waits long for work, where a page waits for nothing.
        connection = redis.Redis.from_url(app.config["REDIS_URL"])
        try:
            Worker([commands.queue(connection)], connection=connection, serializer=JSONSerializer).work(
                logging_level="WARNING"
            )
        finally:
            beside.terminate()
            with suppress(RedisError):
                connection.delete(ALIVE)


def _look_after(app: Flask, worker: int) -> None:
    """Until the worker is gone, however it went."""
    while os.getppid() == worker:
        try:
            with app.app_context():
                app.extensions["redis"].set(ALIVE, "1", ex=BEAT_SECONDS * 3)
                commands.sweep(now=clock.now())
                run_due(now=clock.now())
        except RedisError:
            app.logger.warning("the queue is not answering")
        except Exception as failure:  # noqa: BLE001 - looking after must go on whatever one round met
            app.logger.error("a round of looking after failed: %s", type(failure).__name__)  # noqa: TRY400 - its words may be about people
        time.sleep(BEAT_SECONDS)
