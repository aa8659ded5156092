"""What the database refuses about grants to groups, asked as the ordinary role and as the owner of the tables."""

import uuid
from collections.abc import Iterator

import psycopg
import pytest

from network.servers import Addresses
from tests.factories.onward import (
    Pair,
    acknowledge,
    answer,
    make_pair,
    make_sent,
    offer,
    put_in_order,
    release,
    say_standing,
    write_grant,
)

REFUSED = (psycopg.errors.IntegrityError, psycopg.errors.InsufficientPrivilege)


@pytest.fixture(params=["web_url", "owner_url"])
def sql(request: pytest.FixtureRequest, database_urls: Addresses) -> Iterator[psycopg.Connection]:
    with psycopg.connect(getattr(database_urls, request.param)) as connection:
        yield connection
        connection.rollback()


def enter(sql: psycopg.Connection, place: object) -> None:
    sql.execute("select set_config('app.group_id', %s, true)", (str(place.id),))  # type: ignore[attr-defined]


ADD = """insert into onward_parts (id, group_id, grant_id, for_group_id, number, amount, due_on, condition, asks, settled_words)
    select gen_random_uuid(), group_id, grant_id, for_group_id, 9, 1, due_on, '', '[]', '' from onward_parts limit 1"""


@pytest.mark.parametrize(
    "statement",
    [
        "update onward_grants set amount = amount + 1",
        "update onward_grants set offered_at = null, offered_on = null",
        "delete from onward_grants",
        "update onward_parts set amount = 1",
        "update onward_parts set asks = '[]'",
        "update onward_parts set journal_id = null, sent_on = null",
        "update onward_parts set taken_back_on = sent_on where journal_id is not null",
        "delete from onward_parts",
        ADD,
    ],
)
def test_what_the_group_has_read_stays(sql: psycopg.Connection, app: object, statement: str) -> None:
    pair = make_sent()
    enter(sql, pair.staff.office)
    with pytest.raises(REFUSED):
        sql.execute(statement)


def posted_by_hand(sql: psycopg.Connection, pair: Pair, waiting: uuid.UUID) -> uuid.UUID:
    """The very entry that would send the part, with two people's names, by somebody with SQL in their hands."""
    entry = uuid.uuid4()
    sql.execute(
        "insert into journals (id, group_id, number, kind, currency, effective_on, recorded_at, recorded_by_id, confirmed_by_id,"
        " previous_hash, hash) select %s, d.group_id, b.entries + 1, 'expense', d.currency, d.effective_on, now(), d.recorded_by_id,"
        " %s, b.head, '\\x01' from drafts d join books b on b.group_id = d.group_id where d.id = %s",
        (entry, pair.staff.administration.id, waiting),
    )
    sql.execute(
        "insert into ledger_accounts (id, group_id, code, kind) values (gen_random_uuid(), %s, 'onward_grants', 'expense')"
        " on conflict do nothing",
        (pair.staff.office.id,),
    )
    for code, amount in (("onward_grants", 25_000), ("bank", -25_000)):
        sql.execute(
            "insert into legs (id, group_id, journal_id, account_id, fund, amount)"
            " select gen_random_uuid(), group_id, %s, id, 'general', %s from ledger_accounts where code = %s",
            (entry, amount, code),
        )
    return entry


SEND = """update onward_parts set draft_id = %s, journal_id = %s, sent_on = (now() at time zone 'Africa/Nairobi')::date
where id = %s"""


class TestGoodOrder:
    @pytest.fixture
    def pair(self, app: object) -> Pair:
        return answer(offer(write_grant(make_pair())))

    def _waiting(self, pair: Pair) -> uuid.UUID:
        put_in_order(pair)
        say_standing(pair)
        return release(pair)

    def test_no_part_is_marked_as_sent_without_the_groups_word(
        self, sql: psycopg.Connection, pair: Pair
    ) -> None:
        waiting = self._waiting(pair)
        enter(sql, pair.people.group)
        sql.execute("update standing_words set is_in_order = false where condition = 'met'")
        enter(sql, pair.staff.office)
        entry = posted_by_hand(sql, pair, waiting)
        with pytest.raises(psycopg.errors.CheckViolation) as refused:
            sql.execute(SEND, (waiting, entry, pair.part_ids[0]))
        assert refused.value.diag.constraint_name == "ck_onward_parts_in_order"

    def test_with_it_the_same_statement_passes(self, sql: psycopg.Connection, pair: Pair) -> None:
        waiting = self._waiting(pair)
        enter(sql, pair.staff.office)
        entry = posted_by_hand(sql, pair, waiting)
        assert sql.execute(SEND, (waiting, entry, pair.part_ids[0])).rowcount == 1

    def test_a_part_is_sent_with_an_entry_of_its_own_amount(
        self, sql: psycopg.Connection, pair: Pair
    ) -> None:
        waiting = self._waiting(pair)
        enter(sql, pair.staff.office)
        entry = posted_by_hand(sql, pair, waiting)
        with pytest.raises(psycopg.errors.CheckViolation) as refused:
            sql.execute(SEND, (waiting, entry, pair.part_ids[1]))
        assert refused.value.diag.constraint_name == "ck_onward_parts_entry"

    def test_nor_for_a_grant_nobody_took(self, sql: psycopg.Connection, app: object) -> None:
        pair = offer(write_grant(make_pair(), asks=()))
        enter(sql, pair.staff.office)
        sql.execute("delete from onward_answers")
        with pytest.raises(REFUSED):
            sql.execute(SEND, (None, uuid.uuid4(), pair.part_ids[0]))


class TestWhatArrived:
    @pytest.mark.parametrize(
        "statement",
        ["update part_receipts set amount = 1", "delete from part_receipts", "update part_receipts set received_on = received_on - 1"],
    )  # fmt: skip
    def test_stays(self, sql: psycopg.Connection, app: object, statement: str) -> None:
        pair = make_sent()
        acknowledge(pair, 25_000)
        enter(sql, pair.people.group)
        with pytest.raises(REFUSED):
            sql.execute(statement)

    RECEIPT = """insert into part_receipts (id, group_id, for_office_id, grant_id, part_id, amount, received_on, words, journal_id, said_at)
        values (gen_random_uuid(), %(group)s, %(office)s, %(grant)s, %(part)s, null, null, '', null, now())"""

    def test_is_said_about_what_was_sent_to_oneself(self, sql: psycopg.Connection, app: object) -> None:
        pair = make_sent()
        other = make_pair()
        values = {"office": pair.staff.office.id, "grant": pair.grant_id, "part": pair.part_ids[0]}
        enter(sql, other.people.group)
        with pytest.raises(psycopg.errors.CheckViolation):
            sql.execute(self.RECEIPT, values | {"group": other.people.group.id})
        sql.rollback()
        enter(sql, pair.people.group)
        not_sent = values | {"part": pair.part_ids[1]}
        with pytest.raises(psycopg.errors.CheckViolation):
            sql.execute(self.RECEIPT, not_sent | {"group": pair.people.group.id})
        sql.rollback()
        enter(sql, pair.staff.office)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            sql.execute(self.RECEIPT, values | {"group": pair.people.group.id})


class TestTheFence:
    def test_each_side_writes_its_own_rows_only(self, sql: psycopg.Connection, app: object) -> None:
        pair = make_sent()
        enter(sql, pair.people.group)
        for table in ("onward_grants", "onward_parts"):
            assert sql.execute(f"select count(*) from {table}").fetchone()[0] > 0  # type: ignore[index]
            assert sql.execute(f"delete from {table}").rowcount == 0
        assert sql.execute("update onward_parts set settled_words = 'mine'").rowcount == 0
        enter(sql, pair.staff.office)
        for table in ("onward_answers", "standing_words"):
            assert sql.execute(f"select count(*) from {table}").fetchone()[0] > 0  # type: ignore[index]
            assert sql.execute(f"delete from {table}").rowcount == 0
        assert sql.execute("update standing_words set is_in_order = true").rowcount == 0

    def test_nobody_else_reads_either_side(self, sql: psycopg.Connection, app: object) -> None:
        pair, other = make_sent(), make_pair()
        acknowledge(pair, 25_000)
        for place in (other.people.group, other.staff.office):
            enter(sql, place)
            for table in (
                "onward_grants",
                "onward_parts",
                "onward_answers",
                "standing_words",
                "part_receipts",
            ):
                assert sql.execute(f"select count(*) from {table}").fetchone() == (0,)

    def test_a_grant_being_written_is_the_offices_alone(self, sql: psycopg.Connection, app: object) -> None:
        pair = write_grant(make_pair())
        enter(sql, pair.people.group)
        for table in ("onward_grants", "onward_parts"):
            assert sql.execute(f"select count(*) from {table}").fetchone() == (0,)
