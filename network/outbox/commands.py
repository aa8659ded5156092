"""Putting things in the outbox, handing them to the queue, and doing them exactly once where the database is concerned."""

import logging
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

from network import clock
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
    """Have something done after the commit, in the scope of the group it was asked in."""
    schema, _ = _deliveries[kind]
    item = OutboxItem(
        id=uuid.uuid4(),
        kind=kind,
        group_id=scope.current().group_id,
        payload=schema.dump(payload),
        once=once,
        run_at=run_at or now,
    )
    if once and db.session.scalar(sa.select(OutboxItem.id).where(OutboxItem.once == once)):
        return
    db.session.add(item)
    item_id = item.id
    if run_at is None:
        after_commit(lambda: hand_over(item_id))


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
    """Hand over what is due and not yet done, and what a dead worker left behind."""
    with scope.visiting():
        due = sa.select(OutboxItem.id).where(
            sa.or_(
                sa.and_(
                    OutboxItem.state == OutboxState.WAITING, OutboxItem.run_at <= now - timedelta(seconds=5)
                ),
                sa.and_(OutboxItem.state == OutboxState.RUNNING, OutboxItem.lease_until < now),
            )
        )
        ids = list(
            db.session.scalars(due.order_by(OutboxItem.run_at).limit(50).with_for_update(skip_locked=True))
        )
        db.session.execute(
            sa.update(OutboxItem)
            .where(OutboxItem.id.in_(ids))
            .values(state=OutboxState.WAITING, run_at=now + timedelta(seconds=30))
        )
    for item_id in ids:
        hand_over(item_id)
    return len(ids)


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
    schema, do = _deliveries[claimed.kind]
    try:
        with scope.visiting(claimed.group_id):
            do(**schema.load(claimed.payload))
            _mark(item_id, state=OutboxState.DONE, lease_until=None)
    except Exception as failure:  # one bad item must not stop the worker; it is kept, counted and tried again
        log.exception("outbox item %s was not delivered", item_id)
        with scope.visiting():
            dead = claimed.tries >= MOST_TRIES
            _mark(
                item_id,
                state=OutboxState.FAILED if dead else OutboxState.WAITING,
                lease_until=None,
                run_at=now + timedelta(seconds=min(3600, 2**claimed.tries)),
                failure=type(failure).__name__,
            )
        return False
    return True


def _mark(item_id: uuid.UUID, **values: Any) -> None:
    db.session.execute(sa.update(OutboxItem).where(OutboxItem.id == item_id).values(**values))
