"""What the database refuses about lines and what they are joined to, asked as the ordinary role and as the owner."""

from collections.abc import Iterator

import psycopg
import pytest

from funding.ledger.models import Journal
from funding.ledger.rules import Place
from funding.statements.models import StatementLine
from network.servers import Addresses
from tests.factories.funding import Officers, make_officers, post_income
from tests.factories.matching import a_line, an_entry, draft_expense, join, take_back
from tests.factories.statements import Moved, a_day, bring, lines_of, mpesa

REFUSED = (psycopg.errors.IntegrityError, psycopg.errors.InsufficientPrivilege)
JOIN = """
insert into line_matches (id, group_id, line_id, journal_id, amount, joined_by_id, joined_at)
values (gen_random_uuid(), %s, %s, %s, %s, %s, now())
"""


@pytest.fixture
def people(app: object) -> Officers:
    made = make_officers()
    post_income(made, 1_000_000, place=Place.MOBILE_MONEY)
    return made


@pytest.fixture(params=["web_url", "owner_url"])
def sql(
    request: pytest.FixtureRequest, database_urls: Addresses, people: Officers
) -> Iterator[psycopg.Connection]:
    with psycopg.connect(getattr(database_urls, request.param)) as connection:
        yield connection
        connection.rollback()


def enter(sql: psycopg.Connection, people: Officers) -> None:
    """In the group's scope, seeing what was committed until now."""
    sql.rollback()
    sql.execute(
        "select set_config('app.group_id', %s, true), set_config('app.account_id', %s, true)",
        (str(people.group.id), str(people.treasurer.id)),
    )


def raw_join(
    sql: psycopg.Connection, people: Officers, line: StatementLine, entry: Journal, amount: int
) -> None:
    enter(sql, people)
    sql.execute(JOIN, (people.group.id, line.id, entry.id, amount, people.treasurer.id))


@pytest.mark.parametrize(
    "change",
    [
        "state = 'matched', settled_at = now(), settled_by_id = scope.account_id()",
        "state = 'split', settled_at = now(), settled_by_id = scope.account_id()",
        "state = 'ignored', settled_at = now(), settled_by_id = scope.account_id()",
        "state = 'ignored', reason = '\\x01'",
        "state = 'lost'",
        "reason = '\\x01'",
        "settled_at = now(), settled_by_id = scope.account_id()",
        "amount = amount + 1",
        "booked_on = booked_on + 1",
        "key = '\\x01'",
        "reference = 'OTHER'",
        "details = 'charge'",
        "words = '\\x01'",
        "status = 'failed'",
        "status = 'pending'",
    ],
)
def test_a_line_says_what_it_said_and_ends_only_as_it_may(
    sql: psycopg.Connection, people: Officers, change: str
) -> None:
    a_line(people, 500)
    enter(sql, people)
    with pytest.raises(REFUSED):
        sql.execute(f"update statement_lines set {change}")


def test_a_line_that_ended_holds_no_names_whatever_somebody_writes(
    sql: psycopg.Connection, people: Officers
) -> None:
    line, entry = a_line(people, 500), an_entry(people, 500)
    join(people, line, entry)
    enter(sql, people)
    assert sql.execute("select state, words from statement_lines").fetchall() == [("matched", None)]
    with pytest.raises(REFUSED):
        sql.execute("update statement_lines set words = '\\x01'")


def test_names_are_dropped_by_the_change_itself(sql: psycopg.Connection, people: Officers) -> None:
    a_line(people, 500)
    enter(sql, people)
    sql.execute(
        "update statement_lines set state = 'ignored', reason = '\\x01', settled_at = now(), settled_by_id = scope.account_id()"
    )
    assert sql.execute("select words from statement_lines").fetchone() == (None,)


class TestWhatCannotBeJoined:
    @pytest.mark.parametrize("amount", [0, 50001, 60000, -50000])
    def test_a_part_that_is_no_part(self, sql: psycopg.Connection, people: Officers, amount: int) -> None:
        line, entry = a_line(people, 500), an_entry(people, 900)
        with pytest.raises(REFUSED):
            raw_join(sql, people, line, entry, amount)

    def test_more_of_an_entry_than_it_moved(self, sql: psycopg.Connection, people: Officers) -> None:
        with pytest.raises(REFUSED):
            raw_join(sql, people, a_line(people, 500), an_entry(people, 300), 30001)

    def test_an_entry_at_another_place(self, sql: psycopg.Connection, people: Officers) -> None:
        with pytest.raises(REFUSED):
            raw_join(sql, people, a_line(people, 500), an_entry(people, 500, place=Place.BANK), 50000)

    def test_an_entry_that_was_taken_back_and_what_takes_it_back(
        self, sql: psycopg.Connection, people: Officers
    ) -> None:
        line, entry = a_line(people, 500), an_entry(people, 500)
        take_back(people, entry.id)
        with pytest.raises(REFUSED):
            raw_join(sql, people, line, entry, 50000)

    def test_twice(self, sql: psycopg.Connection, people: Officers) -> None:
        line, entry = a_line(people, 500), an_entry(people, 500)
        raw_join(sql, people, line, entry, 20000)
        with pytest.raises(REFUSED):
            sql.execute(JOIN, (people.group.id, line.id, entry.id, 20000, people.treasurer.id))

    def test_a_line_that_has_ended(self, sql: psycopg.Connection, people: Officers) -> None:
        line = a_line(people, 500)
        join(people, line, an_entry(people, 500))
        with pytest.raises(REFUSED):
            raw_join(sql, people, line, an_entry(people, 500), 1)

    def test_what_is_pending_or_failed(self, sql: psycopg.Connection, people: Officers) -> None:
        bring(people, mpesa([Moved("S1", a_day(2), 500, status="Failed")]))
        with pytest.raises(REFUSED):
            raw_join(sql, people, lines_of(people)[0], an_entry(people, 500), 50000)


class TestWhatIsJoined:
    @pytest.mark.parametrize(
        "change", ["amount = 1", "journal_id = gen_random_uuid()", "line_id = gen_random_uuid()"]
    )
    def test_is_never_changed(self, sql: psycopg.Connection, people: Officers, change: str) -> None:
        join(people, a_line(people, 500), an_entry(people, 500))
        enter(sql, people)
        with pytest.raises(REFUSED):
            sql.execute(f"update line_matches set {change}")

    def test_a_draft_becomes_its_own_entry_and_no_other(
        self, sql: psycopg.Connection, people: Officers
    ) -> None:
        line = a_line(people, -300)
        draft_expense(people, line, 300)
        enter(sql, people)
        with pytest.raises(REFUSED):
            sql.execute(
                "update line_matches set draft_id = null, journal_id = (select id from journals limit 1)"
            )

    def test_the_line_follows_its_parts(self, sql: psycopg.Connection, people: Officers) -> None:
        line, entry = a_line(people, 500), an_entry(people, 500)
        raw_join(sql, people, line, entry, 20000)
        assert sql.execute("select state from statement_lines").fetchone() == ("open",)
        other = JOIN, (people.group.id, line.id, an_entry(people, 300).id, 30000, people.treasurer.id)
        raw_join(sql, people, line, entry, 20000)
        sql.execute(*other)
        assert sql.execute("select state, words from statement_lines").fetchone() == ("split", None)
        sql.execute("delete from line_matches where amount = 20000")
        assert sql.execute("select state, settled_at from statement_lines").fetchone() == ("open", None)


class TestWhatStays:
    def test_a_line_that_has_ended_is_not_deleted(self, sql: psycopg.Connection, people: Officers) -> None:
        join(people, a_line(people, 500), an_entry(people, 500))
        enter(sql, people)
        with pytest.raises(REFUSED):
            sql.execute("delete from statement_lines")

    def test_the_same_line_is_not_there_twice(self, sql: psycopg.Connection, people: Officers) -> None:
        a_line(people, 500)
        enter(sql, people)
        with pytest.raises(psycopg.errors.UniqueViolation):
            sql.execute(
                "insert into statement_lines (id, group_id, account_id, key, occurrence, booked_on, amount, status, details, state, brought_at)"
                " select gen_random_uuid(), group_id, account_id, key, occurrence, booked_on, amount, status, details, state, brought_at"
                " from statement_lines"
            )

    def test_another_groups_lines_are_not_seen(self, sql: psycopg.Connection, people: Officers) -> None:
        a_line(people, 500)
        enter(sql, make_officers())
        for table in (
            "statement_lines",
            "statements",
            "line_matches",
            "statement_accounts",
            "statement_appearances",
        ):
            assert sql.execute(f"select count(*) from {table}").fetchone() == (0,)
