"""What is sealed is noise in the database, opens only where it was sealed, and its keys are never half kept."""

import threading
import uuid

import pytest
import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from network import clock
from network.db import db
from network.messages.models import Letter
from network.tenancy import scope
from network.tenancy.models import Group
from network.vault import keys
from network.vault.columns import RowUnknown
from tests.factories.network import make_account, make_group
from tests.support.app import in_scope

SECRET = "Wanjiku, 0712 345 678"


def write_letter(words: str = SECRET) -> uuid.UUID:
    letter = Letter(id=uuid.uuid4(), recipient=words, subject=words, body=words, created_at=clock.now())
    db.session.add(letter)
    db.session.flush()
    return letter.id


def read_letter(letter_id: uuid.UUID) -> str:
    return db.session.get_one(Letter, letter_id, populate_existing=True).body


@pytest.fixture
def group() -> Group:
    return make_group()


def leave_nothing() -> None:
    """What opens with no key would be in the way of whoever reads every letter there is."""
    db.session.rollback()


class TestASealedColumn:
    def test_is_noise_in_the_table_and_words_in_python(self, group: Group) -> None:
        with in_scope(group):
            letter_id = write_letter()
            raw = db.session.execute(sa.text("select * from letters where id = :id"), {"id": letter_id}).one()
            assert not [value for value in raw if isinstance(value, bytes) and b"Wanjiku" in value]
            assert len({bytes(raw.recipient), bytes(raw.subject), bytes(raw.body)}) == 3
            assert read_letter(letter_id) == SECRET

    def test_cannot_be_moved_to_another_column(self, group: Group) -> None:
        with in_scope(group):
            letter_id = write_letter()
            db.session.execute(sa.text("update letters set body = subject where id = :id"), {"id": letter_id})
            with pytest.raises(InvalidTag):
                read_letter(letter_id)
            leave_nothing()

    def test_cannot_be_moved_to_another_group(self, group: Group) -> None:
        with in_scope(group):
            write_letter()
            sealed = db.session.scalar(sa.text("select body from letters"))
        with in_scope(make_group()):
            letter_id = write_letter("other words")
            db.session.execute(
                sa.text("update letters set body = :sealed where id = :id"),
                {"sealed": sealed, "id": letter_id},
            )
            with pytest.raises(InvalidTag):
                read_letter(letter_id)
            leave_nothing()

    def test_cannot_be_moved_to_another_row(self, group: Group) -> None:
        with in_scope(group):
            first, second = write_letter(), write_letter("other words")
            db.session.execute(
                sa.text(
                    "update letters set body = (select body from letters where id = :first) where id = :second"
                ),
                {"first": first, "second": second},
            )
            assert read_letter(first) == SECRET
            with pytest.raises(InvalidTag):
                read_letter(second)
            leave_nothing()

    def test_cannot_be_said_to_be_of_another_version(self, group: Group) -> None:
        with in_scope(group):
            letter_id = write_letter()
            key = keys.group_key()
            keys._opened[group.id, 2] = key.secret
            db.session.execute(
                sa.text(
                    "update letters set body = '\\x0002'\\:\\:bytea || substring(body from 3) where id = :id"
                ),
                {"id": letter_id},
            )
            with pytest.raises(InvalidTag):
                read_letter(letter_id)
            leave_nothing()
        keys._opened.pop((group.id, 2))

    def test_reads_by_itself_as_with_its_row(self, group: Group) -> None:
        with in_scope(group):
            letter_id = write_letter()
            of = Letter.id == letter_id
            assert db.session.scalars(sa.select(Letter.body).where(of)).all() == [SECRET]
            other = sa.orm.aliased(Letter)
            pairs = (
                sa.select(Letter.body.label("said"), other.subject)
                .join(other, other.id == Letter.id)
                .where(of)
            )
            assert db.session.execute(pairs).all() == [(SECRET, SECRET)]

    def test_goes_in_many_at_once_and_is_changed_through_its_object(self, group: Group) -> None:
        rows = [
            {"id": uuid.uuid4(), "recipient": "a", "subject": "b", "body": str(n), "created_at": clock.now()}
            for n in range(3)
        ]
        with in_scope(group):
            db.session.execute(sa.insert(Letter), rows)
            letter = db.session.get_one(Letter, rows[1]["id"])
            assert letter.body == "1"
            letter.body = "changed"
            db.session.flush()
            assert [read_letter(row["id"]) for row in rows] == ["0", "changed", "2"]

    def test_can_be_emptied_in_many_rows_at_once(self, group: Group) -> None:
        with in_scope(group):
            letter_id = write_letter()
            db.session.execute(sa.update(Letter).values(body=""))
            assert not read_letter(letter_id)

    def test_is_not_written_where_its_row_is_not_known(self, group: Group) -> None:
        with pytest.raises(RowUnknown), in_scope(group):
            db.session.execute(sa.update(Letter).values(body="for all of them"))

    def test_without_a_scope_nothing_is_sealed(self) -> None:
        with pytest.raises(scope.ScopeClosed), in_scope():
            write_letter()

    def test_an_accounts_name_is_noise_too(self) -> None:
        account = make_account(shown_name=SECRET, sign_in="wanjiku.sealed@people.example")
        with in_scope():
            row = db.session.execute(
                sa.text(
                    "select a.shown_name, i.shown, i.fingerprint from accounts a join account_identifiers i on i.account_id = a.id where a.id = :id"
                ),
                {"id": account.id},
            ).one()
        assert not [value for value in row if b"anjiku" in bytes(value)]


class TestTheSeal:
    KEY = bytes(range(32))

    @given(st.text(), st.integers(min_value=0))
    def test_one_turned_bit_is_noticed(self, words: str, where: int) -> None:
        sealed = bytearray(keys.seal(self.KEY, words, bound_to="here"))
        assert keys.unseal(self.KEY, bytes(sealed), bound_to="here") == words
        bit = where % (len(sealed) * 8)
        sealed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(InvalidTag):
            keys.unseal(self.KEY, bytes(sealed), bound_to="here")

    def test_the_same_words_never_look_the_same(self) -> None:
        assert len({keys.seal(self.KEY, "same", bound_to="here") for _ in range(10_000)}) == 10_000

    def test_keys_of_the_platform_differ_by_purpose(self) -> None:
        with in_scope():
            assert len({keys.derived(purpose) for purpose in ("wrap", "root", "lookup try")}) == 3
            assert keys.lookup("try", "a") != keys.lookup("place", "a")


class TestAGroupsKey:
    def stored(self, group: Group) -> int:
        with in_scope(group):
            return db.session.scalar(sa.text("select count(*) from group_keys")) or 0

    def test_is_wrapped_and_the_same_ever_after(self, group: Group) -> None:
        with in_scope(group):
            letter_id = write_letter()
            key = keys.group_key()
            assert key.secret not in bytes(db.session.scalar(sa.text("select wrapped from group_keys")))
        keys._opened.pop((group.id, 1))
        with in_scope(group):
            assert keys.group_key() == key
            assert read_letter(letter_id) == SECRET
        assert self.stored(group) == 1

    def test_is_forgotten_when_the_transaction_that_made_it_is_undone(self, group: Group) -> None:
        with pytest.raises(RuntimeError), in_scope(group):
            undone = keys.group_key()
            raise RuntimeError
        assert (group.id, 1) not in keys._opened
        with in_scope(group):
            assert keys.group_key() != undone

    def test_is_forgotten_though_a_savepoint_was_undone_before(self, group: Group) -> None:
        with pytest.raises(ZeroDivisionError), in_scope(group):
            write_letter()
            with pytest.raises(RuntimeError), db.session.begin_nested():
                raise RuntimeError
            write_letter()
            _ = 1 / 0
        assert (group.id, 1) not in keys._opened
        with in_scope(group):
            letter_id = write_letter()
        keys._opened.pop((group.id, 1))
        with in_scope(group):
            assert read_letter(letter_id) == SECRET

    def test_made_in_an_undone_savepoint_is_made_anew(self, group: Group) -> None:
        with in_scope(group):
            with pytest.raises(RuntimeError), db.session.begin_nested():
                write_letter()
                raise RuntimeError
            letter_id = write_letter()
        keys._opened.pop((group.id, 1))
        with in_scope(group):
            assert read_letter(letter_id) == SECRET

    def test_is_nobody_elses_before_the_commit(self, group: Group) -> None:
        """What another thread seals with a key that is then undone could never be opened again."""
        written: list[uuid.UUID] = []

        def write() -> None:
            with in_scope(group):
                written.append(write_letter())

        other = threading.Thread(target=write)
        with pytest.raises(RuntimeError), in_scope(group):
            write_letter()
            other.start()  # it waits for us
            other.join(0.3)
            raise RuntimeError
        other.join()
        keys._opened.pop((group.id, 1))
        with in_scope(group):
            assert read_letter(written[0]) == SECRET

    def test_is_one_however_many_seal_for_the_first_time_at_once(self, group: Group) -> None:
        written: list[uuid.UUID] = []

        def write() -> None:
            with in_scope(group):
                written.append(write_letter())

        threads = [threading.Thread(target=write) for _ in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert self.stored(group) == 1
        keys._opened.pop((group.id, 1))
        with in_scope(group):
            assert {read_letter(letter_id) for letter_id in written} == {SECRET}
        assert len(written) == 5
