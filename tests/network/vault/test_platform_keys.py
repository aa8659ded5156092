"""The keys of the platform and the master key, changed in a database of their own: each of its processes has its own memory."""

import threading
import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from cryptography.exceptions import InvalidTag

from network import clock
from network.accounts.models import Account
from network.db import db
from network.messages.models import Letter
from network.servers import Addresses
from network.tenancy.models import Group
from network.vault import commands, keys
from tests.factories.network import make_account, make_group
from tests.network.vault.serving import new_letter, write_letters
from tests.support.app import alone, in_scope, the_app
from tests.support.crowd import crowd

NEW_MASTER = "another-master-key-0123456789-abcdefgh"


@pytest.fixture
def engine(app: object, migrated_database: Addresses) -> Iterator[sa.Engine]:
    """Alone with a service in which no key of the platform was ever stored."""
    with alone(migrated_database):
        engine = sa.create_engine(migrated_database.owner_url)
        yield engine
        engine.dispose()


def rotate(engine: sa.Engine) -> None:
    with the_app().app_context():
        commands.rotate_key(engine, keys.ACCOUNTS, now=clock.now(), wait=timedelta(seconds=0.2))


def versions(engine: sa.Engine) -> set[int]:
    with engine.connect() as connection:
        asked = sa.text("select version from platform_keys where purpose = 'accounts'")
        return set(connection.execute(asked).scalars())


def names(engine: sa.Engine) -> tuple[set[int], set[str]]:
    """With which versions names of accounts are sealed, and what they say to whoever remembers no key."""
    keys._opened.clear()
    with in_scope():
        raw = db.session.scalars(sa.text("select shown_name from accounts")).all()
        shown = set(db.session.scalars(sa.select(Account.shown_name)))
        return {keys.version_of(bytes(one)) for one in raw}, shown


class TestTheFirstChange:
    """Until then the key is made from the master key, and no row of the table can be held."""

    def test_waits_for_whoever_is_sealing_with_what_the_master_key_gives(self, engine: sa.Engine) -> None:
        rotating = threading.Thread(target=rotate, args=(engine,))
        with in_scope():
            make_sealed = Account(
                id=uuid.uuid4(), shown_name="Late", password_hash="x", language="en", created_at=clock.now()
            )
            db.session.add(make_sealed)
            db.session.flush()
            rotating.start()
            rotating.join(1.5)
            assert rotating.is_alive()
            assert versions(engine) == set(), "nothing is stored before they are done"
        rotating.join(20)
        assert (versions(engine), names(engine)) == ({2}, ({2}, {"Late"}))

    def test_while_processes_remember_the_key_the_master_gave(self, engine: sa.Engine) -> None:
        account = make_account(shown_name="Wanjiku")
        with in_scope():
            print_ = keys.lookup("identifier", "x")

        def rename(times: int) -> None:
            with in_scope():
                found = db.session.get_one(Account, account.id)
                assert found.shown_name.startswith("Wanjiku")
                found.shown_name = f"Wanjiku {times}"

        def join(times: int) -> str:
            return make_account(shown_name=f"Somebody {times}").shown_name

        with crowd(rename, join) as others:
            rotate(engine)
            others.kill_one()
            rotate(engine)
        assert others.failures == []
        sealed_with, shown = names(engine)
        assert sealed_with == versions(engine) == {3}
        assert shown >= set(others.answers[1])
        with in_scope():
            assert keys.lookup("identifier", "x") == print_, "a sign-in is still found"


class TestTheMasterKey:
    @pytest.fixture
    def group(self, engine: sa.Engine) -> Group:
        return make_group()

    def rewrap(self, engine: sa.Engine) -> tuple[int, list[keys.Owner]]:
        with the_app().app_context():
            return commands.rewrap_keys(engine, now=clock.now())

    def change(self, monkeypatch: pytest.MonkeyPatch, master: str, before: str) -> None:
        monkeypatch.setitem(the_app().config, "MASTER_KEY", master)
        monkeypatch.setitem(the_app().config, "MASTER_KEY_BEFORE", before)
        keys._opened.clear()

    def sealed(self, group: Group) -> list[bytes]:
        with in_scope(group):
            return sorted(map(bytes, db.session.scalars(sa.text("select body from letters"))))

    def test_changed_while_processes_serve(
        self, engine: sa.Engine, group: Group, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write_letters(group, 2)
        account, old = make_account(shown_name="Wanjiku"), the_app().config["MASTER_KEY"]
        with in_scope():
            print_ = keys.lookup("identifier", "x")
        before = self.sealed(group)
        self.change(monkeypatch, NEW_MASTER, old)

        def as_if_just_started(times: int) -> str:
            keys._opened.clear()
            with in_scope(group):
                assert {one.body for one in db.session.scalars(sa.select(Letter))} >= {"words 0", "words 1"}
                assert db.session.get_one(Account, account.id).shown_name == "Wanjiku"
            begins = make_group()
            with in_scope(begins):
                new_letter()
            with in_scope(group):
                new_letter()
            return str(begins.id)

        with crowd(as_if_just_started, as_if_just_started) as others:
            for _ in range(3):
                assert self.rewrap(engine)[1] == []
        assert others.failures == []
        self.change(monkeypatch, NEW_MASTER, "")
        for begun in [one for answers in others.answers for one in answers]:
            with in_scope(uuid.UUID(begun)):
                assert db.session.scalars(sa.select(Letter.body)).all() == ["new"]
        with in_scope(group):
            assert {"words 0", "words 1", "new"} == set(db.session.scalars(sa.select(Letter.body)))
        assert set(before) <= set(self.sealed(group)), "nothing sealed is touched"
        with in_scope():
            assert keys.lookup("identifier", "x") == print_
        self.change(monkeypatch, old, "")
        with pytest.raises(InvalidTag), in_scope(group):
            db.session.scalars(sa.select(Letter.body)).all()

    def test_says_whose_key_does_not_open_and_wraps_all_the_others(
        self, engine: sa.Engine, group: Group, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        strange, old = make_group(), the_app().config["MASTER_KEY"]
        write_letters(group, 1)
        self.change(monkeypatch, "a-master-key-nobody-knows-any-more-0123", "")
        write_letters(strange, 1)
        self.change(monkeypatch, NEW_MASTER, old)
        count, closed = self.rewrap(engine)
        assert closed == [strange.id]
        assert count >= 1 + len(keys.PURPOSES)
        self.change(monkeypatch, NEW_MASTER, "")
        with in_scope(group):
            assert db.session.scalars(sa.select(Letter.body)).all() == ["words 0"]
