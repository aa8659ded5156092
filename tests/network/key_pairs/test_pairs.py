"""A pair comes when a password is at hand, opens with that password, and follows it when it changes."""

import threading
import uuid

import pytest
import sqlalchemy as sa
from cryptography.exceptions import InvalidTag

from network import clock
from network.accounts import commands as accounts
from network.accounts.models import Account
from network.db import db
from network.key_pairs import boxes, commands, queries
from network.key_pairs.models import KeyPair
from network.tenancy import scope
from tests.factories.network import PASSWORD, make_account, word
from tests.support.app import in_scope, the_app
from tests.support.client import StrictClient

pytestmark = pytest.mark.usefixtures("app")


def public_of(account: Account) -> bytes | None:
    with in_scope():
        found = queries.pairs_of([account.id]).get(account.id)
        return found[1] if found else None


def private_of(account: Account, password: str = PASSWORD) -> bytes:
    with in_scope():
        return commands.open_pair(db.session.get_one(Account, account.id), password=password, now=clock.now())


def with_pair() -> Account:
    account = make_account()
    private_of(account)
    return account


class TestWhenAPairComes:
    def test_with_a_new_account(self) -> None:
        with in_scope():
            made = accounts.open_account(
                identifier=f"{word()}@people.example", password=PASSWORD, shown_name="Asha", language="en", now=clock.now()
            )  # fmt: skip
        assert public_of(made) == boxes.public_of(private_of(made))

    def test_at_the_first_sign_in_of_an_account_that_has_none_and_then_it_stays(
        self, client: StrictClient
    ) -> None:
        sign_in = f"{word()}@people.example"
        account = make_account(sign_in=sign_in)
        assert public_of(account) is None
        for wrong in (True, False, False):
            client.sign_out()
            typed = {"sign_in": sign_in, "password": "another-long-one" if wrong else PASSWORD}
            client.send(client.fetch("/sign-in"), typed, follow=False)
            assert (public_of(account) is None) == wrong
        before = public_of(account)
        assert before == boxes.public_of(private_of(account))


class TestAPassword:
    def test_that_changes_opens_the_same_pair(self) -> None:
        account = with_pair()
        before = public_of(account)
        with in_scope():
            accounts.change_password(
                db.session.get_one(Account, account.id), old=PASSWORD, new="river-lamp-song", this_session=None, now=clock.now()
            )  # fmt: skip
        assert boxes.public_of(private_of(account, "river-lamp-song")) == before == public_of(account)

    def test_that_does_not_open_the_pair_leaves_it_alone_until_its_owner_begins_anew(self) -> None:
        account = with_pair()
        before = public_of(account)
        with in_scope():
            held = db.session.get_one(Account, account.id)
            assert commands.open_pair(held, password="river-lamp-song", now=clock.now()) is None
            commands.change_password(held, old="not the old one", new="river-lamp-song")
        assert public_of(account) == before == boxes.public_of(private_of(account))
        with in_scope():
            commands.renew_pair(account.id, password="river-lamp-song", now=clock.now())
        assert boxes.public_of(private_of(account, "river-lamp-song")) == public_of(account) != before
        with in_scope():
            asked = sa.select(sa.func.count()).select_from(KeyPair).where(KeyPair.account_id == account.id)
            assert db.session.scalar(asked) == 1

    def test_changed_twice_at_once_keeps_the_pair_and_the_second_is_refused(self) -> None:
        account, app = with_pair(), the_app()
        before, ready, came = public_of(account), threading.Barrier(2), []

        def change(new: str) -> None:
            with app.app_context(), scope.visiting():
                held = db.session.get_one(Account, account.id)
                ready.wait()
                try:
                    accounts.change_password(held, old=PASSWORD, new=new, this_session=None, now=clock.now())
                except (accounts.CannotOpenAccount, sa.exc.OperationalError):
                    # On a busy machine it may have waited too long, which is a refusal as well.
                    came.append("")
                else:
                    came.append(new)

        two = [threading.Thread(target=change, args=(new,)) for new in ("river-lamp-song", "cloud-cup-tree")]
        for one in two:
            one.start()
        for one in two:
            one.join()
        (new,) = [one for one in came if one]
        assert len(came) == 2
        assert boxes.public_of(private_of(account, new)) == before == public_of(account)


class TestInTheDatabase:
    def test_both_halves_are_noise_and_another_ones_key_is_not_taken_for_ones_own(self) -> None:
        asha, other = with_pair(), with_pair()
        public = public_of(asha)
        assert public
        with in_scope():
            asked = sa.text("select public, lock from key_pairs where account_id = :a")
            raw = db.session.execute(asked, {"a": asha.id}).one()
            assert public not in bytes(raw.public)
            assert str(asha.id).encode() not in bytes(raw.public)
        # Spoiled in a transaction that is undone: a row that does not open would stop whoever changes the key later.
        with pytest.raises(InvalidTag), in_scope():
            put = sa.text("update key_pairs set public = :p where account_id = :a")
            db.session.execute(put, {"p": raw.public, "a": other.id})
            queries.pairs_of([other.id])
        assert public_of(other) not in (None, public)

    def test_one_pair_an_account_and_none_without_it(self) -> None:
        account = with_pair()
        with pytest.raises(sa.exc.IntegrityError), in_scope():
            db.session.add(
                KeyPair(id=uuid.uuid4(), account_id=account.id, public="x", lock="y", made_at=clock.now())
            )
            db.session.flush()
