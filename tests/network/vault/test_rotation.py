"""Keys are changed while people read and write: nothing is lost, nothing is left behind, and it goes on after an interruption."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from network import clock
from network.config import Settings
from network.db import db
from network.messages.models import Letter
from network.tenancy import scope
from network.tenancy.models import Group
from network.vault import commands, guarding, keys
from tests.factories.network import make_group
from tests.network.vault.serving import busy_group, new_letter, rotate_until_killed, write_letters
from tests.support.app import in_scope, the_app
from tests.support.crowd import crowd

AT_ONCE = timedelta(0)


@pytest.fixture(scope="module")
def engine(test_settings: Settings) -> Iterator[sa.Engine]:
    made = sa.create_engine(test_settings.owner_url)
    commands.prepare_tables(made)
    yield made
    made.dispose()


@pytest.fixture
def group() -> Group:
    return make_group()


def rotate(engine: sa.Engine, owner: keys.Owner, **more: object) -> commands.Rotation | None:
    with the_app().app_context():
        return commands.rotate_key(engine, owner, now=clock.now(), wait=AT_ONCE, **more)


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
            new_letter()
            db.session.flush()
            rotating.start()
            rotating.join(1)
            assert rotating.is_alive()
        rotating.join(20)
        assert versions(group) == sealed_with(group) == {2}
        assert "new" in bodies(group)

    def test_goes_on_where_it_was_killed(self, engine: sa.Engine, group: Group) -> None:
        write_letters(group, 450)
        rotate_until_killed(engine, group.id, after=200)
        assert versions(group) == sealed_with(group) == {1, 2}
        assert len(bodies(group)) == 450
        done = rotate(engine, group.id)
        assert done
        assert done.resealed == 250
        assert versions(group) == sealed_with(group) == {2}

    def test_of_a_group_without_a_key_does_nothing(self, engine: sa.Engine, group: Group) -> None:
        assert rotate(engine, group.id) is None

    def test_while_other_processes_serve_nobody_meets_an_error(self, engine: sa.Engine) -> None:
        """A hundred thousand rows, with more people: `ONLY=rotation SIZE=full make bench`."""
        busy = busy_group(600, people=1)
        with crowd(busy.read, busy.write, busy.serve(busy.people[0])) as others:
            for _ in range(2):
                with the_app().app_context():
                    commands.rotate_key(engine, busy.group.id, now=clock.now(), wait=timedelta(seconds=0.5))
                others.kill_one()
        assert others.failures == []
        assert all(others.answers)
        assert busy.faults(one for written in others.answers[1] for one in written) == []
        assert versions(busy.group) == {3}


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


def test_without_a_scope_no_group_is_asked(engine: sa.Engine) -> None:
    with pytest.raises(scope.ScopeClosed), in_scope():
        keys.group_key()
