"""The fence: without a scope nothing is seen, and a session never changes sides."""

import random
import threading
import uuid
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask_sqlalchemy.session import Session
from sqlalchemy.exc import DBAPIError, IntegrityError

from network import audit, clock, config
from network.audit import AuditEvent
from network.db import db
from network.tenancy import scope
from network.tenancy.models import Group
from network.web.unit_of_work import Pamoja
from network.wording import commands as wording
from network.wording.models import Text, Wording
from tests.factories.network import make_account, make_group, make_holder, make_network
from tests.support.app import another_app, in_scope


@pytest.fixture(scope="module")
def two_groups() -> tuple[Group, Group]:
    network = make_network()
    return make_group(network), make_group(network)


def events() -> list[str]:
    return list(db.session.scalars(sa.select(AuditEvent.event)))


class TestWithoutAScope:
    def test_no_row_of_any_group_is_seen(self, two_groups: tuple[Group, Group]) -> None:
        with in_scope(two_groups[0]):
            audit.record("seen.once")
        with in_scope():
            assert events() == []
            assert db.session.scalar(sa.text("select count(*) from audit_events")) == 0

    def test_nothing_can_be_written(self) -> None:
        with pytest.raises(scope.ScopeClosed), in_scope():
            audit.record("written.nowhere")
            db.session.flush()

    def test_a_thread_begins_without_one(self, app: Pamoja, two_groups: tuple[Group, Group]) -> None:
        seen: list[object] = []
        with in_scope(two_groups[0]):
            other = threading.Thread(target=lambda: seen.append(scope.current().group_id))
            other.start()
            other.join()
        assert seen == [None]


class TestASessionStaysInItsScope:
    def test_a_transaction_cannot_go_on_in_another(
        self, app: Pamoja, two_groups: tuple[Group, Group]
    ) -> None:
        one, other = two_groups
        with in_scope(one):
            db.session.scalar(sa.select(Group.id).limit(1))
            with scope.opened(other.id), pytest.raises(scope.ScopeFixed):
                events()
            with scope.opened(other.id), pytest.raises(scope.ScopeFixed):
                audit.record("across")
                db.session.flush()
            db.session.expunge_all()

    def test_nor_can_its_next_transaction(self, two_groups: tuple[Group, Group]) -> None:
        with in_scope(two_groups[0]):
            events()
            db.session.commit()
            with scope.opened(two_groups[1].id), pytest.raises(scope.ScopeFixed):
                events()

    def test_a_visit_elsewhere_and_back_sees_each_its_own(self, two_groups: tuple[Group, Group]) -> None:
        one, other = (make_group() for _ in range(2))
        with in_scope(one):
            audit.record("one")
            with scope.visiting(other.id):
                audit.record("other")
            assert events() == ["one"]
        with in_scope(other):
            assert events() == ["other"]

    def test_what_failed_in_a_visit_is_undone_and_the_visitor_goes_on(self) -> None:
        one, other = (make_group() for _ in range(2))
        with in_scope(one):
            with pytest.raises(RuntimeError), scope.visiting(other.id):
                audit.record("other")
                db.session.flush()
                raise RuntimeError
            audit.record("one")
        with in_scope(one):
            assert events() == ["one"]
        with in_scope(other):
            assert events() == []

    def test_the_fence_is_told_again_after_a_rollback(self, two_groups: tuple[Group, Group]) -> None:
        with in_scope(two_groups[0]):
            for _ in range(2):
                assert db.session.scalar(sa.text("select scope.group_id()")) == two_groups[0].id
                db.session.rollback()

    def test_and_stays_told_when_a_savepoint_is_undone(self, two_groups: tuple[Group, Group]) -> None:
        with in_scope(two_groups[0]):
            with pytest.raises(RuntimeError), db.session.begin_nested():
                raise RuntimeError
            assert db.session.scalar(sa.text("select scope.group_id()")) == two_groups[0].id


class TestWritingIntoAnotherGroup:
    def test_a_row_for_another_group_is_refused(self, two_groups: tuple[Group, Group]) -> None:
        one, other = two_groups
        with pytest.raises(DBAPIError, match="row-level security"), in_scope(one):
            db.session.add(AuditEvent(group_id=other.id, event="smuggled", at=clock.now()))
            db.session.flush()

    def test_a_reference_into_another_group_is_refused(self, two_groups: tuple[Group, Group]) -> None:
        one, other = two_groups
        with in_scope(other):
            text = wording.write_text(purpose="x", language="en", body="ours", now=clock.now())
        with pytest.raises(IntegrityError), in_scope(one):
            words = {"language": "sw", "body": "yetu", "of_version": 1, "state": "draft"}
            db.session.add(Wording(text_id=text.id, changed_at=clock.now(), **words))
            db.session.flush()

    def test_others_open_texts_are_read_and_not_changed(self, two_groups: tuple[Group, Group]) -> None:
        one, other = two_groups
        with in_scope(other):
            text = wording.write_text(purpose="x", language="en", body="ours", now=clock.now(), is_open=True)
        with in_scope(one):
            assert db.session.get(Text, text.id) is not None
            changed = db.session.execute(sa.update(Text).where(Text.id == text.id).values(purpose="stolen"))
            assert changed.rowcount == 0  # type: ignore[attr-defined]

    def test_what_was_added_to_the_record_cannot_be_changed(self) -> None:
        with in_scope(make_group()):
            audit.record("done")
            db.session.flush()
            for statement in ("update audit_events set event = ''", "delete from audit_events"):
                with pytest.raises(DBAPIError, match="never changed"), db.session.begin_nested():
                    db.session.execute(sa.text(statement))


class TestAPersonWithRolesInTwoGroups:
    def test_sees_where_they_have_roles_and_no_other_row(self, two_groups: tuple[Group, Group]) -> None:
        from network.accounts import queries

        one, other = two_groups
        person = make_holder("treasurer", one)
        make_holder("secretary", other)
        with in_scope(account=person):
            assert queries.places_of(person.id, now=clock.now()) == [one.id]
            count = db.session.scalar(sa.text("select count(*) from role_assignments"))
        assert count == 1


class TestAPoolOfOne:
    """TEN-04: whoever uses a connection next finds nothing of whoever used it before."""

    @pytest.fixture
    def narrow(self) -> Iterator[Pamoja]:
        with another_app() as made:
            with made.app_context():
                old = db.engine
                old.dispose()
                narrow = sa.create_engine(old.url, pool_size=1, max_overflow=0, pool_timeout=2)
                db._app_engines[made][None] = narrow
            yield made
            narrow.dispose()

    def test_thousands_of_turns_never_leak(self, narrow: Pamoja) -> None:
        dice = random.Random(4)
        groups = [make_group(), make_group()]
        for group in groups:
            with in_scope(group):
                audit.record(str(group.id))
        with narrow.app_context():
            engine = db.engine
        found: list[tuple[str, str]] = []

        @sa.event.listens_for(engine, "checkout")
        def look(connection: object, record: object, proxy: object) -> None:
            with connection.cursor() as cursor:  # type: ignore[attr-defined]
                found.append(
                    cursor.execute(
                        "select coalesce(current_setting('app.group_id', true), ''), coalesce(current_setting('app.account_id', true), '')"
                    ).fetchone()
                )
            connection.rollback()  # type: ignore[attr-defined]

        turns = 3000
        for _ in range(turns):
            group, ending = dice.choice(groups), dice.random()
            try:
                with narrow.app_context(), scope.visiting(group.id):
                    assert isinstance(db.session(), Session)
                    seen = db.session.scalars(sa.text("select event from audit_events")).all()
                    assert seen == [str(group.id)]
                    _end(ending)
            except (RuntimeError, DBAPIError, KeyboardInterrupt):
                pass
        assert len(found) >= turns
        assert set(found) == {("", "")}


def _end(ending: float) -> None:
    if ending < 0.1:
        raise RuntimeError
    if ending < 0.2:
        db.session.execute(sa.text("select 1 / 0"))
    if ending < 0.3:
        raise KeyboardInterrupt
    if ending < 0.4:
        db.session.rollback()
    if ending < 0.5:
        db.session.begin_nested()


class TestTheRoleThatServes:
    def test_connections_have_limits(self) -> None:
        with in_scope():
            limits = [
                db.session.scalar(sa.text(f"show {name}"))
                for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
            ]
        assert limits == ["10s", "5s", "30s"]

    def test_the_owner_is_refused(self, test_settings: config.Settings) -> None:
        with (
            another_app(database_url=test_settings.owner_url) as made,
            made.app_context(),
            pytest.raises(config.UnsafeSettings),
        ):
            db.engine.connect()

    def test_an_administrator_is_refused(self, database_urls: object) -> None:
        admin = database_urls.admin_url  # type: ignore[attr-defined]
        with (
            another_app(database_url=admin) as made,
            made.app_context(),
            pytest.raises(config.UnsafeSettings),
        ):
            db.engine.connect()

    def test_migrating_has_no_such_limits(self, test_settings: config.Settings) -> None:
        engine = sa.create_engine(test_settings.owner_url, poolclass=sa.NullPool)
        with engine.connect() as connection:
            assert connection.scalar(sa.text("show statement_timeout")) == "0"

    def test_an_account_that_is_not_there_is_nobody(self) -> None:
        with in_scope(account=uuid.uuid4()):
            assert db.session.scalar(sa.text("select count(*) from role_assignments")) == 0
        assert make_account().id
