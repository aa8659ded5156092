"""What the database refuses about chances and applications, asked as the ordinary role and as the owner of the tables."""

import uuid
from collections.abc import Iterator

import psycopg
import pytest

from funding.applications.models import ApplicationState, GrantApplication
from funding.applications.rules import NEXT
from funding.opportunities.models import Opportunity
from network.servers import Addresses
from network.tenancy.models import Group
from tests.factories.chances import make_application, make_listed, make_own
from tests.factories.funding import Officers, make_officers, make_staff
from tests.factories.network import make_group

REFUSED = (psycopg.errors.IntegrityError, psycopg.errors.InsufficientPrivilege)
State = ApplicationState
MOVE = """
update grant_applications set state = %(state)s,
  applied_on = case when %(state)s in ('applied', 'awarded', 'refused') then coalesce(applied_on, current_date) else applied_on end,
  settled_on = case when %(state)s in ('awarded', 'refused', 'withdrawn') then greatest(current_date, applied_on) end,
  amount = case when %(state)s = 'awarded' then 5 end, why = case when %(state)s = 'refused' then 'No' else '' end
where id = %(id)s
"""
NEW = """
insert into grant_applications (id, group_id, opportunity_id, state, begun_on, applied_on, currency, why, said_yes, said_no, gathered, notes)
values (gen_random_uuid(), scope.group_id(), %s, %s, current_date, %s, 'KES', '', '[]', '[]', '[]', '')
"""


@pytest.fixture(params=["web_url", "owner_url"])
def sql(request: pytest.FixtureRequest, database_urls: Addresses) -> Iterator[psycopg.Connection]:
    with psycopg.connect(getattr(database_urls, request.param)) as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def people(app: object) -> Officers:
    return make_officers()


@pytest.fixture
def chance(people: Officers) -> Opportunity:
    return make_own(people)


def enter(sql: psycopg.Connection, group: Group) -> None:
    sql.execute("select set_config('app.group_id', %s, true)", (str(group.id),))


def refuses(sql: psycopg.Connection, group: Group, statement: str, values: object = None) -> None:
    enter(sql, group)
    with pytest.raises(REFUSED):
        sql.execute(statement, values)  # type: ignore[arg-type]
    sql.rollback()


class TestStates:
    @pytest.mark.parametrize("state", list(State))
    def test_only_those_that_follow(
        self, sql: psycopg.Connection, people: Officers, chance: Opportunity, state: State
    ) -> None:
        one = make_application(people, chance, state)
        for wanted in set(State) - {state}:
            enter(sql, people.group)
            if wanted in NEXT[state]:
                assert sql.execute(MOVE, {"state": wanted, "id": one.id}).rowcount == 1
                sql.rollback()
            else:
                refuses(sql, people.group, MOVE, {"state": wanted, "id": one.id})

    @pytest.mark.parametrize("state", ["applied", "awarded", "refused", "withdrawn"])
    def test_it_begins_with_interest(
        self, sql: psycopg.Connection, people: Officers, chance: Opportunity, state: str
    ) -> None:
        refuses(sql, people.group, NEW, (chance.id, state, "2026-01-01"))

    def test_one_at_a_time(self, sql: psycopg.Connection, people: Officers, chance: Opportunity) -> None:
        make_application(people, chance)
        refuses(sql, people.group, NEW, (chance.id, "interested", None))


class TestAwards:
    @pytest.mark.parametrize(
        "change",
        [
            "state = 'awarded', settled_on = current_date",
            "state = 'awarded', amount = 5",
            "state = 'awarded', amount = 0, settled_on = current_date",
            "state = 'refused', settled_on = current_date",
            "state = 'awarded', amount = 5, settled_on = applied_on - 1",
            "amount = 5",
            "applied_on = null",
        ],
    )
    def test_nothing_is_awarded_or_refused_without_what_belongs_to_it(
        self, sql: psycopg.Connection, people: Officers, chance: Opportunity, change: str
    ) -> None:
        one = make_application(people, chance, State.APPLIED)
        refuses(sql, people.group, f"update grant_applications set {change} where id = %s", (one.id,))

    @pytest.mark.parametrize("change", ["amount = 6", "settled_on = settled_on + 1", "why = 'x'"])
    def test_what_was_settled_stays(
        self, sql: psycopg.Connection, people: Officers, chance: Opportunity, change: str
    ) -> None:
        one = make_application(people, chance, State.AWARDED)
        refuses(sql, people.group, f"update grant_applications set {change} where id = %s", (one.id,))

    def test_no_other_groups_grant(
        self, sql: psycopg.Connection, people: Officers, chance: Opportunity
    ) -> None:
        one = make_application(people, chance, State.AWARDED)
        refuses(
            sql, people.group, "update grant_applications set grant_id = %s where id = %s", (uuid.uuid4(), one.id)
        )  # fmt: skip

    def test_nothing_is_deleted(self, sql: psycopg.Connection, people: Officers, chance: Opportunity) -> None:
        one: GrantApplication = make_application(people, chance)
        refuses(sql, people.group, "delete from grant_applications where id = %s", (one.id,))
        refuses(sql, people.group, "delete from opportunities where id = %s", (chance.id,))


class TestTheFence:
    def test_a_group_publishes_nothing(
        self, sql: psycopg.Connection, people: Officers, chance: Opportunity
    ) -> None:
        refuses(
            sql, people.group, "update opportunities set is_open = true, published_at = now() where id = %s", (chance.id,)
        )  # fmt: skip

    def test_what_groups_have_read_is_not_hidden_again(self, sql: psycopg.Connection, app: object) -> None:
        staff = make_staff()
        one = make_listed(staff)
        refuses(
            sql, staff.office, "update opportunities set is_open = false, published_at = null where id = %s", (one.id,)
        )  # fmt: skip

    def test_a_groups_own_and_a_draft_are_nobody_elses(
        self, sql: psycopg.Connection, people: Officers, chance: Opportunity
    ) -> None:
        staff = make_staff()
        draft, listed = make_listed(staff, is_open=False), make_listed(staff)
        enter(sql, make_group(staff.network))
        found = sql.execute(
            "select id from opportunities where id = any(%s)", ([chance.id, draft.id, listed.id],)
        ).fetchall()
        assert [row[0] for row in found] == [listed.id]

    def test_nobody_applies_for_what_they_cannot_read(
        self, sql: psycopg.Connection, people: Officers, chance: Opportunity
    ) -> None:
        other = make_group()
        refuses(sql, other, NEW, (chance.id, "interested", None))
        refuses(sql, other, NEW, (uuid.uuid4(), "interested", None))

    def test_an_application_is_the_groups_alone(
        self, sql: psycopg.Connection, people: Officers, chance: Opportunity
    ) -> None:
        one = make_application(people, chance)
        enter(sql, make_group())
        assert sql.execute("select 1 from grant_applications where id = %s", (one.id,)).fetchall() == []

    @pytest.mark.parametrize(
        "change", ["asks = '[\"diagnosis\"]'", "papers = '[\"health file\"]'", "asks = '\"registered\"'"]
    )
    def test_only_questions_and_papers_everybody_knows(
        self, sql: psycopg.Connection, people: Officers, chance: Opportunity, change: str
    ) -> None:
        refuses(sql, people.group, f"update opportunities set {change} where id = %s", (chance.id,))
