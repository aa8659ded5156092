"""Keys are changed while people read and write: nothing is lost, nothing is left behind, and it goes on after an interruption."""

import itertools
import os
import threading
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from cryptography.exceptions import InvalidTag

from network import clock
from network.config import Settings
from network.db import db
from network.messages.models import Letter
from network.tenancy import scope
from network.tenancy.models import Group
from network.vault import commands, guarding, keys
from tests.factories.network import make_account, make_group
from tests.support.app import in_scope, the_app

ROWS = int(os.environ.get("ROTATED_ROWS", "2000"))
"""A long run: `ROTATED_ROWS=100000 pytest tests/network/vault -k nobody_meets_an_error`."""
AT_ONCE = timedelta(0)


@pytest.fixture
def engine(test_settings: Settings) -> Iterator[sa.Engine]:
    made = sa.create_engine(test_settings.owner_url, poolclass=sa.NullPool)
    commands.prepare_tables(made)
    yield made
    made.dispose()


@pytest.fixture
def group() -> Group:
    return make_group()


def rotate(engine: sa.Engine, owner: keys.Owner, **more: object) -> commands.Rotation | None:
    with the_app().app_context():
        return commands.rotate_key(engine, owner, now=clock.now(), wait=AT_ONCE, **more)


def write_letters(group: Group, count: int) -> list[uuid.UUID]:
    rows = [
        {
            "id": uuid.uuid4(),
            "recipient": "r",
            "subject": "s",
            "body": f"words {n}",
            "created_at": clock.now(),
        }
        for n in range(count)
    ]
    with in_scope(group):
        db.session.execute(sa.insert(Letter), rows)
    return [row["id"] for row in rows]


def bodies(group: Group) -> set[str]:
    with in_scope(group):
        return set(db.session.scalars(sa.select(Letter.body)))


def versions(group: Group) -> set[int]:
    with in_scope(group):
        return set(db.session.scalars(sa.text("select version from group_keys")))


def sealed_with(group: Group) -> set[int]:
    with in_scope(group):
        return {
            keys.version_of(bytes(raw)) for raw in db.session.scalars(sa.text("select body from letters"))
        }


def repeat(act: Callable[[int], None], over: threading.Event, failures: list[Exception]) -> None:
    for n in itertools.takewhile(lambda _: not over.is_set(), itertools.count(1)):
        try:
            act(n)
        except Exception as failure:  # noqa: BLE001 - each of them is what we look for
            failures.append(failure)


class TestRotating:
    def test_seals_everything_anew_and_destroys_the_old_key(self, engine: sa.Engine, group: Group) -> None:
        write_letters(group, 450)
        done = rotate(engine, group.id)
        assert done
        assert done.resealed == 450
        assert versions(group) == sealed_with(group) == {2}
        assert bodies(group) == {f"words {n}" for n in range(450)}

    def test_another_process_learns_of_it(self, engine: sa.Engine, group: Group) -> None:
        write_letters(group, 1)
        assert bodies(group) == {"words 0"}  # the first key is known here by now
        rotate(engine, group.id)
        write_letters(group, 1)
        assert sealed_with(group) == {2}

    def test_waits_for_whoever_is_sealing_with_the_old_key(self, engine: sa.Engine, group: Group) -> None:
        write_letters(group, 3)
        rotating = threading.Thread(target=rotate, args=(engine, group.id))
        with in_scope(group):
            db.session.add(
                Letter(id=uuid.uuid4(), recipient="r", subject="s", body="late", created_at=clock.now())
            )
            db.session.flush()
            rotating.start()
            rotating.join(1)
            assert rotating.is_alive()
        rotating.join(20)
        assert versions(group) == sealed_with(group) == {2}
        assert "late" in bodies(group)

    def test_goes_on_where_it_was_killed(self, engine: sa.Engine, group: Group) -> None:
        class Killed(Exception):
            pass

        def kill(_: int) -> None:
            raise Killed

        write_letters(group, 450)
        with pytest.raises(Killed):
            rotate(engine, group.id, tell=kill)
        assert versions(group) == sealed_with(group) == {1, 2}
        assert len(bodies(group)) == 450
        done = rotate(engine, group.id)
        assert done
        assert done.resealed == 250
        assert versions(group) == sealed_with(group) == {2}

    def test_of_a_group_without_a_key_does_nothing(self, engine: sa.Engine, group: Group) -> None:
        assert rotate(engine, group.id) is None

    def test_of_the_platform_leaves_sign_ins_and_names(self, engine: sa.Engine) -> None:
        account = make_account(shown_name="Wanjiku", sign_in=f"{uuid.uuid4()}@people.example")
        with in_scope():
            before = keys.lookup("identifier", "x")
        rotate(engine, keys.ACCOUNTS)
        with in_scope():
            assert keys.lookup("identifier", "x") == before
            row = db.session.execute(
                sa.text("select shown_name from accounts where id = :id"), {"id": account.id}
            ).one()
            newest = db.session.scalar(
                sa.text("select max(version) from platform_keys where purpose = 'accounts'")
            )
            assert keys.version_of(bytes(row[0])) == newest
            assert db.session.get_one(type(account), account.id).shown_name == "Wanjiku"

    def test_while_people_read_and_write_nobody_meets_an_error(self, engine: sa.Engine, group: Group) -> None:
        ids = write_letters(group, ROWS)
        over, failures, wrote = threading.Event(), [], []

        def read(n: int) -> None:
            with in_scope(group):
                some = sa.select(Letter).where(Letter.id.in_(ids[n * 50 % ROWS : n * 50 % ROWS + 50]))
                assert all(letter.body for letter in db.session.scalars(some))

        def write(n: int) -> None:
            with in_scope(group):
                db.session.get_one(Letter, ids[-n % ROWS]).subject = f"changed {n}"
                added = Letter(
                    id=uuid.uuid4(), recipient="r", subject="s", body="new", created_at=clock.now()
                )
                db.session.add(added)
            wrote.append(added.id)

        threads = [
            threading.Thread(target=repeat, args=(act, over, failures)) for act in (read, write, read, write)
        ]
        for thread in threads:
            thread.start()
        with the_app().app_context():
            for _ in range(2):
                commands.rotate_key(engine, group.id, now=clock.now(), wait=timedelta(seconds=1))
        over.set()
        for thread in threads:
            thread.join()
        assert failures == []
        assert versions(group) == sealed_with(group) == {3}
        with in_scope(group):
            kept = list(db.session.scalars(sa.select(Letter.body)))
        assert wrote
        assert sorted(kept) == sorted([f"words {n}" for n in range(ROWS)] + ["new"] * len(wrote))


class TestTheOwnerWhileResealing:
    """What stands aside for seals stands aside for nothing else."""

    def test_changes_nothing_but_seals(self, engine: sa.Engine, group: Group) -> None:
        (letter,) = write_letters(group, 1)
        for statement in (
            "update letters set created_at = now() where id = :id",
            "delete from letters where id = :id",
        ):
            with pytest.raises(sa.exc.IntegrityError), commands._as_owner(engine, group.id) as connection:
                connection.execute(sa.text(statement), {"id": letter})

    def test_nobody_else_can_ask_for_it(self, engine: sa.Engine, group: Group) -> None:
        with in_scope(group):
            db.session.execute(sa.text("select set_config('app.resealing', 'on', true)"))
            assert db.session.scalar(sa.text("select scope.resealing()")) is False

    def test_every_table_with_something_sealed_is_arranged(self, engine: sa.Engine) -> None:
        with engine.connect() as connection:
            assert [
                p.table for p in guarding.sealed_places() if not guarding.lets_reseal(connection, p)
            ] == []


class TestRewrapping:
    def test_leaves_what_is_sealed_as_it_is_and_the_old_master_opens_nothing(
        self, engine: sa.Engine, group: Group, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write_letters(group, 2)
        old, new = the_app().config["MASTER_KEY"], "another-master-key-0123456789-abcdefgh"
        with in_scope(group):
            before = db.session.scalars(sa.text("select body from letters")).all()
            print_ = keys.lookup("identifier", "x")
        opened = dict(keys._opened)
        monkeypatch.setitem(the_app().config, "MASTER_KEY", new)
        monkeypatch.setitem(the_app().config, "MASTER_KEY_BEFORE", old)
        try:
            keys._opened.clear()
            assert len(bodies(group)) == 2  # both are known while it is changed
            with the_app().app_context():
                commands.rewrap_keys(engine, now=clock.now())
                commands.rewrap_keys(engine, now=clock.now())
            keys._opened.clear()
            monkeypatch.setitem(the_app().config, "MASTER_KEY_BEFORE", "")
            assert len(bodies(group)) == 2
            with in_scope(group):
                assert db.session.scalars(sa.text("select body from letters")).all() == before
                assert keys.lookup("identifier", "x") == print_
            keys._opened.clear()
            monkeypatch.setitem(the_app().config, "MASTER_KEY", old)
            with pytest.raises(InvalidTag):
                bodies(group)
        finally:
            keys._opened.clear()
            monkeypatch.setitem(the_app().config, "MASTER_KEY", old)
            monkeypatch.setitem(the_app().config, "MASTER_KEY_BEFORE", new)
            with the_app().app_context():
                commands.rewrap_keys(engine, now=clock.now())
            keys._opened.update(opened)


def test_without_a_scope_no_group_is_asked(engine: sa.Engine) -> None:
    with pytest.raises(scope.ScopeClosed), in_scope():
        keys.group_key()
