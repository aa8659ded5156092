"""Putting things in the outbox, handing them to the queue, and doing them exactly once where the database is concerned."""

import logging
import traceback
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app
from marshmallow import Schema
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.serializers import JSONSerializer
from sqlalchemy.dialects.postgresql import insert

from network import clock
from network.data_map import period
from network.db import after_commit, db
from network.outbox.models import OutboxItem, OutboxState
from network.tenancy import scope

log = logging.getLogger(__name__)
Deliver = Callable[..., None]

LEASE = timedelta(minutes=5)
MOST_TRIES = 10
_deliveries: dict[str, tuple[Schema, Deliver]] = {}


def register(kind: str, schema: Schema, deliver: Deliver) -> None:
    """Say how things of a kind are delivered. The schema keeps payloads to what was agreed."""
    _deliveries[kind] = (schema, deliver)


def put(
    kind: str, *, now: datetime, once: str | None = None, run_at: datetime | None = None, **payload: Any
) -> None:
    """Have something done after the commit, in the scope of the group it was asked in; under a key, only once."""
    item_id = uuid.uuid4()
    values = {
        "id": item_id,
        "kind": kind,
        "group_id": scope.current().group_id,
        "payload": _checked(kind, payload),
        "once": once,
        "state": OutboxState.WAITING,
        "run_at": run_at or now,
        "tries": 0,
    }
    db.session.flush()  # what it names must be there
    made = insert(OutboxItem).values(**values).on_conflict_do_nothing().returning(OutboxItem.id)
    if db.session.scalar(made) is not None and run_at is None:
        after_commit(lambda: hand_over(item_id))


def _checked(kind: str, payload: dict[str, Any]) -> dict[str, Any]:
    """The payload as it is kept. Raises `ValueError` where it says more or less than was agreed for its kind."""
    schema, _ = _deliveries[kind]
    if extra := sorted(payload.keys() - schema.fields.keys()):
        raise ValueError(f"a {kind} was not agreed to carry {', '.join(extra)}")
    kept: dict[str, Any] = schema.dump(payload)
    if wrong := schema.validate(kept):
        raise ValueError(f"a {kind} needs: {', '.join(sorted(wrong))}")
    return kept


def queue(connection: Redis | None = None) -> Queue:
    """The queue workers listen to."""
    return Queue(
        "outbox", connection=connection or current_app.extensions["redis"], serializer=JSONSerializer
    )


def hand_over(item_id: uuid.UUID) -> None:
    """Tell the workers. Where the queue is down nothing is lost: the row waits and `sweep` finds it."""
    try:
        queue().enqueue(
            "network.outbox.worker.deliver", str(item_id), result_ttl=0, failure_ttl=3600, job_timeout=120
        )
    except RedisError:
        log.warning("the queue is not answering; the outbox keeps %s", item_id)


def sweep(*, now: datetime) -> int:
    """Hand over what is due and not yet done, and what a dead worker left behind; give up on what keeps killing workers."""
    left_behind = sa.and_(OutboxItem.state == OutboxState.RUNNING, OutboxItem.lease_until < now)
    is_due = sa.and_(OutboxItem.state == OutboxState.WAITING, OutboxItem.run_at <= now - timedelta(seconds=5))
    with scope.visiting():
        db.session.execute(
            sa.update(OutboxItem)
            .where(left_behind, OutboxItem.tries >= MOST_TRIES)
            .values(state=OutboxState.FAILED, lease_until=None, failure="WorkerDied")
        )
        due = sa.select(OutboxItem.id).where(sa.or_(is_due, left_behind)).order_by(OutboxItem.run_at)
        ids = list(db.session.scalars(due.limit(50).with_for_update(skip_locked=True)))
        db.session.execute(
            sa.update(OutboxItem)
            .where(OutboxItem.id.in_(ids))
            .values(state=OutboxState.WAITING, lease_until=None, run_at=now + timedelta(seconds=30))
        )
    for item_id in ids:
        hand_over(item_id)
    return len(ids)


def forget_done(*, now: datetime) -> None:
    """Delete what was done long ago. What could not be delivered stays until somebody has looked at it."""
    with scope.visiting():
        db.session.execute(
            sa.delete(OutboxItem).where(
                OutboxItem.state == OutboxState.DONE, OutboxItem.run_at <= now - period("outbox")
            )
        )


def forget_about(ids: set[uuid.UUID]) -> None:
    """What names any of these is not done any more, and what was done is forgotten; what is being done now ends by itself."""
    payload = sa.cast(OutboxItem.payload, sa.Text)
    for named in ids:
        db.session.execute(
            sa.delete(OutboxItem).where(payload.contains(str(named)), OutboxItem.state != OutboxState.RUNNING)
        )


class LeaseLost(Exception):
    """It took so long that another worker was given the same thing; that one's work counts."""


def deliver(item_id: uuid.UUID, *, now: datetime | None = None) -> bool:
    """Do one thing. What it changes and the mark that it is done are kept together or not at all."""
    now = now or clock.now()
    with scope.visiting():
        claimed = db.session.execute(
            sa.update(OutboxItem)
            .where(OutboxItem.id == item_id, OutboxItem.state == OutboxState.WAITING)
            .values(state=OutboxState.RUNNING, lease_until=now + LEASE, tries=OutboxItem.tries + 1)
            .returning(OutboxItem.kind, OutboxItem.group_id, OutboxItem.payload, OutboxItem.tries)
        ).first()
    if claimed is None:
        return False
    try:
        schema, do = _deliveries[claimed.kind]
        with scope.visiting(claimed.group_id):
            do(**schema.load(claimed.payload))
            _mark_done(item_id, claimed.tries)
    except Exception as failure:  # noqa: BLE001 - one bad item must not stop the worker; it is kept, counted and tried again
        _note_failure(item_id, claimed.tries, failure, now=now)
        return False
    return True


def _mark_done(item_id: uuid.UUID, tries: int) -> None:
    if not _mark(item_id, tries, state=OutboxState.DONE, lease_until=None, failure=None):
        raise LeaseLost


def _note_failure(item_id: uuid.UUID, tries: int, failure: Exception, *, now: datetime) -> None:
    """Put it back for later, or give up. Only the kind of failure and its place are told: its words may be about people."""
    kind = type(failure).__name__
    where = "".join(traceback.format_tb(failure.__traceback__)[-3:])
    log.error("outbox item %s was not delivered: %s\n%s", item_id, kind, where)
    with scope.visiting():
        _mark(
            item_id,
            tries,
            state=OutboxState.FAILED if tries >= MOST_TRIES else OutboxState.WAITING,
            lease_until=None,
            run_at=now + timedelta(seconds=min(3600, 2**tries)),
            failure=kind,
        )


def _mark(item_id: uuid.UUID, tries: int, **values: Any) -> bool:
    """Note how it went, if it is still ours: a later try belongs to another worker."""
    ours = (
        OutboxItem.id == item_id,
        OutboxItem.state == OutboxState.RUNNING,
        OutboxItem.tries == tries,
    )
    marked = sa.update(OutboxItem).where(*ours).values(**values).returning(OutboxItem.id)
    return db.session.scalar(marked) is not None
