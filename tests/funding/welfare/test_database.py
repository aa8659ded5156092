"""What the database refuses about requests for help, asked as the ordinary role and as the owner of the tables."""

import uuid
from collections.abc import Iterator

import psycopg
import pytest

from funding.welfare.models import HardshipRequest
from network.accounts.models import Account
from network.db import db
from network.servers import Addresses
from tests.factories.funding import Officers, fill_reserve, make_officers
from tests.factories.hardship import agree, answer, confirm, make_request, write_payment
from tests.factories.network import make_holder
from tests.support.app import in_scope

REFUSED = (psycopg.errors.IntegrityError, psycopg.errors.InsufficientPrivilege)
ANSWER = "insert into hardship_answers (id, group_id, request_id, account_id, agrees, answered_at) values (gen_random_uuid(), %s, %s, %s, true, now())"
PAY = """
insert into journals (id, group_id, number, kind, currency, effective_on, recorded_at, recorded_by_id, confirmed_by_id, code, previous_hash, hash)
select gen_random_uuid(), b.group_id, b.entries + 1, 'hardship', 'KES', current_date, now(), %s, %s, %s, b.head, '\\x01' from books b
"""
DRAFT = """
insert into drafts (id, group_id, kind, effective_on, lines, amount, currency, code, state, recorded_by_id, recorded_at)
values (gen_random_uuid(), %s, 'hardship', current_date, '[]', %s, 'KES', %s, 'waiting', %s, now())
"""


@pytest.fixture(params=["web_url", "owner_url"])
def sql(request: pytest.FixtureRequest, database_urls: Addresses) -> Iterator[psycopg.Connection]:
    with psycopg.connect(getattr(database_urls, request.param)) as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def people(app: object) -> Officers:
    made = make_officers()
    fill_reserve(made, 100_000)
    return made


def enter(sql: psycopg.Connection, people: Officers, who: Account | None) -> None:
    sql.execute(
        "select set_config('app.group_id', %s, true), set_config('app.account_id', %s, true)",
        (str(people.group.id), str(who.id) if who else ""),
    )


def refuses(sql: psycopg.Connection, statement: str, values: tuple[object, ...] = ()) -> None:
    with pytest.raises(REFUSED), sql.transaction():
        sql.execute(statement, values)


def code_of(people: Officers, request_id: uuid.UUID) -> str:
    with in_scope(people.group, people.member):
        return db.session.get_one(HardshipRequest, request_id).code


class TestNobodyIsGivenASeat:
    """There is no row that gives one: the office does, at that moment."""

    def test_the_table_of_seats_is_gone(self, sql: psycopg.Connection) -> None:
        assert sql.execute("select to_regclass('hardship_seats')").fetchone() == (None,)

    @pytest.mark.parametrize("who", ["member of nothing", "facilitator", "former", "suspended", "secretary"])
    def test_an_account_without_a_deciding_office_sees_and_answers_nothing(
        self, sql: psycopg.Connection, people: Officers, who: str
    ) -> None:
        account = {"secretary": people.secretary}.get(who) or make_holder(
            {"member of nothing": "member", "facilitator": "facilitator"}.get(who, "treasurer"), people.group
        )
        with in_scope(people.group):
            if who == "former":
                db.session.execute(
                    db.text("update role_assignments set ends_at = now() where account_id = :a"),
                    {"a": account.id},
                )
            if who == "suspended":
                db.session.execute(
                    db.text("update accounts set suspended_at = now() where id = :a"), {"a": account.id}
                )
        request_id = make_request(people)
        enter(sql, people, account)
        for table in ("hardship_requests", "hardship_answers"):
            assert sql.execute(f"select count(*) from {table}").fetchone() == (0,)
        refuses(sql, ANSWER, (people.group.id, request_id, account.id))
        refuses(sql, "select hardship_step_aside(%s, %s)", (request_id, people.chair.id))

    def test_those_who_decide_and_whoever_asked_see_it(
        self, sql: psycopg.Connection, people: Officers
    ) -> None:
        request_id = make_request(people)
        answer(people, request_id, people.chair)
        for who, answers in (
            (people.member, 0),
            (people.chair, 1),
            (people.treasurer, 1),
            (people.committee, 1),
        ):
            enter(sql, people, who)
            assert sql.execute("select count(*) from hardship_requests").fetchone() == (1,)
            assert sql.execute("select count(*) from hardship_answers").fetchone() == (answers,)

    def test_nobody_without_a_name_sees_anything_nor_the_owner(
        self, sql: psycopg.Connection, people: Officers
    ) -> None:
        make_request(people)
        enter(sql, people, None)
        assert sql.execute("select count(*) from hardship_requests").fetchone() == (0,)

    def test_whoever_asked_has_none_whatever_office_they_hold(
        self, sql: psycopg.Connection, people: Officers
    ) -> None:
        request_id = make_request(people, who=people.committee)
        enter(sql, people, people.committee)
        refuses(sql, ANSWER, (people.group.id, request_id, people.committee.id))

    def test_nobody_answers_as_somebody_else(self, sql: psycopg.Connection, people: Officers) -> None:
        request_id = make_request(people)
        enter(sql, people, people.chair)
        refuses(sql, ANSWER, (people.group.id, request_id, people.committee.id))


class TestWhoStandsAside:
    def test_sees_and_answers_nothing_and_comes_back_never(
        self, sql: psycopg.Connection, people: Officers
    ) -> None:
        request_id = make_request(people, household=[people.chair.id])
        enter(sql, people, people.chair)
        assert sql.execute("select count(*) from hardship_requests").fetchone() == (0,)
        refuses(sql, ANSWER, (people.group.id, request_id, people.chair.id))
        for who in (people.member, people.treasurer):
            enter(sql, people, who)
            refuses(sql, "update hardship_requests set set_aside = '{}'")

    def test_is_named_by_whoever_asked_or_by_themselves(
        self, sql: psycopg.Connection, people: Officers
    ) -> None:
        request_id = make_request(people)
        enter(sql, people, people.treasurer)
        refuses(sql, "select hardship_step_aside(%s, %s)", (request_id, people.chair.id))
        enter(sql, people, people.member)
        refuses(sql, "select hardship_step_aside(%s, %s)", (request_id, people.member.id))


class TestTwoDecide:
    def test_nothing_is_agreed_or_declined_without_two_answers(
        self, sql: psycopg.Connection, people: Officers
    ) -> None:
        request_id = make_request(people)
        answer(people, request_id, people.chair)
        for who in (people.treasurer, people.member):
            enter(sql, people, who)
            for state in ("agreed", "declined"):
                refuses(sql, "update hardship_requests set state = %s, decided_at = now()", (state,))

    @pytest.mark.parametrize(
        "change",
        [
            "amount = 99",
            "need = 'travel'",
            "requester_account_id = null",
            "closes_on = closes_on + 1",
            "code = 'H-AAAA'",
        ],
    )
    def test_what_was_asked_stays(self, sql: psycopg.Connection, people: Officers, change: str) -> None:
        make_request(people)
        enter(sql, people, people.chair)
        refuses(sql, f"update hardship_requests set {change}")

    def test_an_answer_stays(self, sql: psycopg.Connection, people: Officers) -> None:
        request_id = make_request(people)
        answer(people, request_id, people.chair)
        enter(sql, people, people.chair)
        refuses(sql, "update hardship_answers set agrees = false")
        refuses(sql, "delete from hardship_answers")
        refuses(sql, ANSWER, (people.group.id, request_id, people.chair.id))


class TestPaying:
    """The owner, who sees no request, is refused because there is nothing two agreed to."""

    def test_of_what_nobody_agreed_to_is_refused(self, sql: psycopg.Connection, people: Officers) -> None:
        code = code_of(people, make_request(people))
        enter(sql, people, people.treasurer)
        for one in (code, "H-NONE"):
            refuses(sql, DRAFT, (people.group.id, 15_000, one, people.treasurer.id))
            refuses(sql, PAY, (people.treasurer.id, people.chair.id, one))

    def test_by_whoever_asked_or_their_household_is_refused(
        self, sql: psycopg.Connection, people: Officers
    ) -> None:
        request_id = make_request(people, household=[people.secretary.id])
        agree(people, request_id)
        code = code_of(people, request_id)
        enter(sql, people, people.treasurer)
        for close in (people.member, people.secretary):
            refuses(sql, DRAFT, (people.group.id, 15_000, code, close.id))
            refuses(sql, PAY, (people.treasurer.id, close.id, code))
            refuses(sql, PAY, (close.id, people.treasurer.id, code))

    def test_of_another_amount_is_refused(self, sql: psycopg.Connection, people: Officers) -> None:
        request_id = make_request(people)
        agree(people, request_id)
        enter(sql, people, people.treasurer)
        refuses(sql, DRAFT, (people.group.id, 15_001, code_of(people, request_id), people.treasurer.id))

    def test_twice_is_refused(self, sql: psycopg.Connection, people: Officers) -> None:
        request_id = make_request(people)
        agree(people, request_id)
        code = code_of(people, request_id)
        draft_id = write_payment(people, request_id)
        enter(sql, people, people.treasurer)
        refuses(sql, DRAFT, (people.group.id, 15_000, code, people.committee.id))
        sql.rollback()
        confirm(people, draft_id)
        enter(sql, people, people.treasurer)
        refuses(sql, DRAFT, (people.group.id, 15_000, code, people.committee.id))
        refuses(sql, PAY, (people.treasurer.id, people.chair.id, code))
