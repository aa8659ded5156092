"""What waits to leave leaves after the commit, once, and is never lost."""

import json
import logging
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from marshmallow import Schema, fields
from rq import SimpleWorker
from rq.serializers import JSONSerializer

from network import clock
from network.data_map import period
from network.db import db
from network.outbox import commands, periodic, worker
from network.outbox.models import OutboxItem, OutboxState
from network.tenancy import scope
from network.tenancy.models import Group
from network.web.unit_of_work import Pamoja
from tests.factories.network import make_group, word
from tests.support.app import in_scope, without_a_queue

KIND = "tried"


class Payload(Schema):
    thing_id = fields.UUID(required=True)


class Told:
    """What was delivered, in whose scope; may be told to fail."""

    def __init__(self) -> None:
        self.things: list[uuid.UUID] = []
        self.scopes: list[uuid.UUID | None] = []
        self.fail: Exception | None = None

    def __call__(self, thing_id: uuid.UUID) -> None:
        self.things.append(thing_id)
        self.scopes.append(scope.current().group_id)
        if self.fail:
            raise self.fail


@pytest.fixture
def told(app: Pamoja) -> Iterator[Told]:
    made = Told()
    commands.register(KIND, Payload(), made)
    with app.app_context():
        commands.queue().empty()
    yield made
    commands._deliveries.pop(KIND, None)
    with in_scope():
        db.session.execute(sa.delete(OutboxItem).where(OutboxItem.kind == KIND))


@pytest.fixture
def group() -> Group:
    return make_group()


def put(group: Group | None = None, **more: Any) -> uuid.UUID:
    thing_id = uuid.uuid4()
    with in_scope(group):
        commands.put(KIND, now=more.pop("now", clock.now()), thing_id=thing_id, **more)
    return thing_id


def item_of(thing_id: uuid.UUID) -> OutboxItem:
    with in_scope():
        return db.session.scalars(
            sa.select(OutboxItem).where(OutboxItem.payload["thing_id"].astext == str(thing_id))
        ).one()


def work(app: Pamoja) -> None:
    """A real worker on the real queue, until there is nothing more to do."""
    worker._app[:] = [app]
    with app.app_context():
        queue = commands.queue()
        SimpleWorker([queue], connection=queue.connection, serializer=JSONSerializer).work(
            burst=True, logging_level="ERROR"
        )


def sweep(*, now: datetime) -> None:
    """Sweep until nothing is due: other tests leave things behind, and one sweep takes no more than fifty."""
    while commands.sweep(now=now):
        pass


def deliver(item: OutboxItem, *, now: datetime | None = None) -> bool:
    with in_scope():
        return commands.deliver(item.id, now=now)


class TestPutting:
    def test_nothing_is_handed_over_before_the_commit(self, told: Told) -> None:
        with in_scope():
            commands.put(KIND, now=clock.now(), thing_id=uuid.uuid4())
            db.session.flush()
            assert commands.queue().count == 0
        with in_scope():
            assert commands.queue().count == 1

    def test_nothing_of_what_was_undone(self, told: Told) -> None:
        with pytest.raises(RuntimeError), in_scope():
            commands.put(KIND, now=clock.now(), thing_id=uuid.uuid4())
            raise RuntimeError
        with in_scope():
            assert commands.queue().count == 0

    def test_once_under_one_key(self, told: Told) -> None:
        key = word()
        first, second = put(once=key), put(once=key)
        assert item_of(first).once == key
        with in_scope():
            same = sa.select(OutboxItem).where(OutboxItem.payload["thing_id"].astext == str(second))
            assert db.session.scalars(same).all() == []
            assert commands.queue().count == 1

    @pytest.mark.parametrize("payload", [{}, {"thing_id": uuid.uuid4(), "note": "words"}, {"thing_id": "x"}])
    def test_only_what_was_agreed(self, told: Told, payload: dict[str, Any]) -> None:
        with pytest.raises(ValueError, match="tried"), in_scope():
            commands.put(KIND, now=clock.now(), **payload)

    def test_the_queue_carries_a_name_and_no_words(self, told: Told) -> None:
        thing_id = put()
        with in_scope():
            job = commands.queue().jobs[0]
        assert list(job.args) == [str(item_of(thing_id).id)]
        assert str(thing_id) not in json.dumps(job.to_dict(), default=str)


class TestDelivering:
    def test_a_real_worker_does_it_in_the_scope_it_was_asked_in(
        self, app: Pamoja, told: Told, group: Group
    ) -> None:
        thing_id = put(group)
        work(app)
        assert told.things == [thing_id]
        assert told.scopes == [group.id]
        assert item_of(thing_id).state == OutboxState.DONE

    def test_once_though_it_is_handed_over_many_times(self, app: Pamoja, told: Told) -> None:
        thing_id = put()
        with app.app_context():
            for _ in range(5):
                commands.hand_over(item_of(thing_id).id)
        work(app)
        assert told.things == [thing_id]

    def test_what_it_changed_is_undone_when_it_fails(self, told: Told, group: Group) -> None:
        from network import audit
        from network.audit import AuditEvent

        def half(thing_id: uuid.UUID) -> None:
            audit.record("half.done")
            db.session.flush()
            raise RuntimeError

        commands.register(KIND, Payload(), half)
        assert deliver(item_of(put(group))) is False
        with in_scope(group):
            assert db.session.scalars(sa.select(AuditEvent)).all() == []

    def test_a_worker_killed_between_taking_and_doing_is_followed_by_another(
        self, app: Pamoja, told: Told
    ) -> None:
        thing_id, now = put(), clock.now()
        told.fail = KeyboardInterrupt()  # type: ignore[assignment]
        with pytest.raises(KeyboardInterrupt):
            deliver(item_of(thing_id), now=now)
        told.fail = None
        assert item_of(thing_id).state == OutboxState.RUNNING
        assert deliver(item_of(thing_id)) is False
        with in_scope():
            commands.queue().empty()
            sweep(now=now + commands.LEASE - timedelta(seconds=1))
        assert item_of(thing_id).state == OutboxState.RUNNING
        with in_scope():
            sweep(now=now + commands.LEASE + timedelta(seconds=1))
        work(app)
        assert item_of(thing_id).state == OutboxState.DONE

    def test_a_worker_that_comes_back_late_has_done_nothing(self, told: Told, group: Group) -> None:
        from network import audit
        from network.audit import AuditEvent

        thing_id, now = put(group), clock.now()
        item, turns = item_of(thing_id), []

        def slow(thing_id: uuid.UUID) -> None:
            turns.append(thing_id)
            audit.record("done")
            if len(turns) == 1:  # meanwhile its time runs out, and another is given the same
                sweep(now=now + commands.LEASE * 2)
                assert deliver(item)

        commands.register(KIND, Payload(), slow)
        assert deliver(item, now=now) is False
        assert item_of(thing_id).state == OutboxState.DONE
        with in_scope(group):
            assert len(db.session.scalars(sa.select(AuditEvent)).all()) == 1


class TestWhenItFails:
    def test_it_waits_longer_each_time_and_is_given_up_after_ten(self, told: Told) -> None:
        told.fail = RuntimeError("about Wanjiku")
        thing_id, now = put(), clock.now()
        waits = []
        for _ in range(10):
            assert item_of(thing_id).state == OutboxState.WAITING
            deliver(item_of(thing_id), now=now)
            waits.append(item_of(thing_id).run_at - now)
        given_up = item_of(thing_id)
        assert given_up.state == OutboxState.FAILED
        assert given_up.failure == "RuntimeError"
        assert waits == sorted(waits)
        assert max(waits) <= timedelta(hours=1)
        assert deliver(given_up) is False
        assert len(told.things) == 10

    def test_what_kills_every_worker_is_given_up_too(self, told: Told) -> None:
        thing_id, now = put(), clock.now()
        with in_scope():
            dead = {
                "state": OutboxState.RUNNING,
                "tries": commands.MOST_TRIES,
                "lease_until": now - commands.LEASE,
            }
            db.session.execute(
                sa.update(OutboxItem).where(OutboxItem.id == item_of(thing_id).id).values(dead)
            )
        with in_scope():
            sweep(now=now)
        assert item_of(thing_id).state == OutboxState.FAILED

    def test_a_kind_nobody_knows_any_more_waits_for_who_does(self, told: Told) -> None:
        thing_id = put()
        commands._deliveries.pop(KIND)
        assert deliver(item_of(thing_id)) is False
        assert item_of(thing_id).state == OutboxState.WAITING

    def test_the_log_names_the_kind_of_failure_and_no_words(
        self, told: Told, caplog: pytest.LogCaptureFixture
    ) -> None:
        words = "wanjiku@people.example"
        told.fail = RuntimeError(words)
        with caplog.at_level(logging.DEBUG):
            deliver(item_of(put()))
        assert "RuntimeError" in caplog.text
        assert words not in caplog.text


class TestWithoutAQueue:
    def test_nothing_is_lost_and_the_sweep_finds_it(self, app: Pamoja, told: Told) -> None:
        thing_id = uuid.uuid4()
        with without_a_queue() as away, away.app_context(), scope.visiting():
            commands.put(KIND, now=clock.now(), thing_id=thing_id)
        assert item_of(thing_id).state == OutboxState.WAITING
        work(app)
        assert told.things == []
        with in_scope():
            sweep(now=clock.now() + timedelta(seconds=10))
        work(app)
        assert told.things == [thing_id]

    def test_a_sweep_with_the_queue_away_tries_again_later(self, told: Told) -> None:
        thing_id = put()
        with without_a_queue() as away, away.app_context():
            sweep(now=clock.now() + timedelta(seconds=10))
        with in_scope():
            commands.queue().empty()
            assert commands.sweep(now=clock.now() + timedelta(minutes=2)) >= 1
        assert item_of(thing_id).state == OutboxState.WAITING

    def test_what_is_for_later_waits_for_its_time(self, app: Pamoja, told: Told) -> None:
        at = clock.now() + timedelta(days=1)
        thing_id = put(run_at=at)
        with in_scope():
            sweep(now=clock.now() + timedelta(minutes=1))
        work(app)
        assert told.things == []
        with in_scope():
            sweep(now=at + timedelta(minutes=1))
        work(app)
        assert told.things == [thing_id]


class TestForgetting:
    def test_what_was_done_long_ago_goes_and_what_failed_stays(self, told: Told) -> None:
        done, failed, new = put(), put(), put()
        with in_scope():
            for thing_id, state in (
                (done, OutboxState.DONE),
                (failed, OutboxState.FAILED),
                (new, OutboxState.DONE),
            ):
                ago = timedelta(0) if thing_id == new else period("outbox")
                mine = sa.update(OutboxItem).where(OutboxItem.id == item_of(thing_id).id)
                db.session.execute(mine.values(state=state, run_at=clock.now() - ago))
        with in_scope():
            commands.forget_done(now=clock.now())
        for thing_id in (failed, new):
            assert item_of(thing_id)
        with pytest.raises(sa.exc.NoResultFound):
            item_of(done)


class TestWhatComesRound:
    @pytest.fixture(autouse=True)
    def only_ours(self, app: Pamoja, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(periodic, "_jobs", {})
        for key in app.extensions["redis"].scan_iter("pamoja:periodic:*"):
            app.extensions["redis"].delete(key)

    def test_runs_once_however_many_workers_ask(self, app: Pamoja) -> None:
        runs: list[datetime] = []
        periodic.register("count", timedelta(hours=1), lambda now: runs.append(now) or None)
        now = clock.now()
        with app.app_context():
            for _ in range(3):
                periodic.run_due(now=now)
        assert runs == [now]

    def test_one_that_fails_is_tried_again_soon_and_stops_no_other(self, app: Pamoja) -> None:
        runs: list[datetime] = []
        periodic.register("bad", timedelta(days=1), lambda now: 1 // 0)
        periodic.register("good", timedelta(days=1), lambda now: runs.append(now) or None)
        with app.app_context():
            periodic.run_due(now=clock.now())
        assert len(runs) == 1
        left = app.extensions["redis"].ttl("pamoja:periodic:bad")
        assert 0 < left <= periodic.TRY_AGAIN.total_seconds()

    def test_one_of_many_that_fails_keeps_no_other_back_and_its_words_stay_out_of_the_log(
        self, app: Pamoja, caplog: pytest.LogCaptureFixture
    ) -> None:
        row = "Failing row contains (Wanjiru)"
        ids, done = [uuid.uuid4() for _ in range(3)], []

        def go_round(*, now: datetime) -> None:
            with periodic.each_by_itself() as one:
                for thing_id in ids:
                    with one("trying", thing_id):
                        if thing_id == ids[0]:
                            raise ValueError(row)
                        done.append(thing_id)

        periodic.register("round", timedelta(days=1), go_round)
        with app.app_context():
            periodic.run_due(now=clock.now())
        assert done == ids[1:]
        assert f"trying, for {ids[0]}, failed: ValueError" in caplog.text
        assert "the periodic job round failed: SomeFailed" in caplog.text
        assert "Wanjiru" not in caplog.text
        assert app.extensions["redis"].ttl("pamoja:periodic:round") <= periodic.TRY_AGAIN.total_seconds()
