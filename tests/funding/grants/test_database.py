"""What the database refuses about grants and budgets, asked as the ordinary role and as the owner of the tables."""

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import psycopg
import pytest

from funding.grants.models import Grant
from network.servers import Addresses
from tests.factories.funding import Officers, make_officers
from tests.factories.grants import a_day, give, make_grant, plan, spend

REFUSED = (psycopg.errors.IntegrityError, psycopg.errors.InsufficientPrivilege)
NEW = """
insert into journals (id, group_id, number, kind, currency, effective_on, recorded_at, recorded_by_id, confirmed_by_id, previous_hash, hash)
select %s, b.group_id, b.entries + 1, %s, 'KES', %s, now(), %s, %s, b.head, '\\x01' from books b
"""
LEG = """
insert into legs (id, group_id, journal_id, account_id, fund, amount)
select gen_random_uuid(), group_id, %s, id, %s, %s from ledger_accounts where code = %s
"""
DRAFT = """
insert into drafts (id, group_id, kind, effective_on, lines, amount, currency, state, recorded_by_id, recorded_at)
values (%s, %s, 'expense', %s, '[]', %s, 'KES', 'waiting', %s, now())
"""

PLAN_MORE = """
insert into budget_amounts (id, group_id, budget_id, line_id, quarter_on, amount)
select gen_random_uuid(), group_id, budget_id, line_id, quarter_on + interval '10 years', 5 from budget_amounts
"""
AGREED_FROM_THE_START = """
insert into budgets (id, group_id, fund, number, state, starts_on, ends_on, reason, written_by_id, written_at, decided_by_id, decided_at)
select gen_random_uuid(), group_id, fund, 2, 'agreed', starts_on, ends_on, 'x', written_by_id, now(), decided_by_id, now() from budgets
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
def grant(people: Officers) -> Grant:
    """Binds to a budget of a hall; 5,000.00 came, 10.00 is spent on the hall."""
    made = make_grant(people)
    give(people, made, 500_000)
    plan(people, made, {"Hall": ("venue", 600_000), "Tea": ("refreshments", 1_000)})
    spend(people, made, "venue", 1_000)
    return made


class Raw:
    """Somebody with SQL in their hands, in the group's scope."""

    def __init__(self, sql: psycopg.Connection, people: Officers) -> None:
        self.sql, self.people = sql, people
        self.enter()

    def enter(self) -> None:
        by = str(self.people.treasurer.id)
        self.sql.execute(
            "select set_config('app.group_id', %s, true), set_config('app.account_id', %s, true)",
            (str(self.people.group.id), by),
        )

    def journal(self, kind: str, on: date | None = None, entry_id: uuid.UUID | None = None) -> uuid.UUID:
        entry_id = entry_id or uuid.uuid4()
        by, second = self.people.treasurer.id, self.people.chair.id
        self.sql.execute(NEW, (entry_id, kind, on or a_day(), by, second))
        return entry_id

    def leg(self, entry_id: uuid.UUID, account: str, amount: int, fund: str = "grant-1") -> None:
        assert self.sql.execute(LEG, (entry_id, fund, amount, account)).rowcount == 1

    def open_account(self, code: str, kind: str) -> None:
        self.sql.execute(
            "insert into ledger_accounts (id, group_id, code, kind) values (gen_random_uuid(), %s, %s, %s) on conflict do nothing",
            (self.people.group.id, code, kind),
        )

    def draft(self, amount: int, on: date | None = None) -> uuid.UUID:
        draft_id = uuid.uuid4()
        by = self.people.treasurer.id
        self.sql.execute(DRAFT, (draft_id, self.people.group.id, on or a_day(), amount, by))
        return draft_id

    def charge(self, draft_id: uuid.UUID, line: str = "Hall", over: tuple[int, int] = (0, 0)) -> None:
        why = b"because" if any(over) else None
        self.sql.execute(
            "insert into budget_charges (id, group_id, line_id, over_line, over_quarter, why)"
            " select %s, group_id, id, %s, %s, %s from budget_lines where words = %s",
            (draft_id, *over, why, line),
        )


@pytest.fixture
def raw(sql: psycopg.Connection, people: Officers, grant: Grant) -> Raw:
    return Raw(sql, people)


class TestSpending:
    def test_without_a_line_of_the_budget_is_refused(self, raw: Raw) -> None:
        with pytest.raises(REFUSED, match="line of the budget"):
            raw.leg(raw.journal("expense"), "venue", 100)

    def test_on_a_cost_the_budget_does_not_name_is_refused_whatever_the_entry_is_called(
        self, raw: Raw
    ) -> None:
        raw.open_account("travel", "expense")
        with pytest.raises(REFUSED, match="not given for this"):
            raw.leg(raw.journal("transfer"), "travel", 100)

    def test_outside_the_time_is_refused(self, raw: Raw, grant: Grant) -> None:
        for day in (grant.starts_on - timedelta(days=1), grant.ends_on + timedelta(days=1)):
            with pytest.raises(REFUSED, match="outside the time"):
                raw.leg(raw.journal("expense", day), "venue", 100)
            raw.sql.rollback()
            raw.enter()

    def test_of_another_amount_than_the_second_person_saw_is_refused(self, raw: Raw) -> None:
        draft_id = raw.draft(100)
        raw.charge(draft_id)
        with pytest.raises(REFUSED, match="line of the budget"):
            raw.leg(raw.journal("expense", entry_id=draft_id), "venue", 101)

    def test_of_more_than_came_is_refused_at_the_end(self, raw: Raw) -> None:
        raw.open_account("given_back", "expense")
        entry = raw.journal("expense")
        raw.leg(entry, "bank", -499_001)
        raw.leg(entry, "given_back", 499_001)
        with pytest.raises(REFUSED, match="less than nothing"):
            raw.sql.commit()

    def test_of_more_than_came_is_refused_also_when_it_was_asked_early(self, raw: Raw) -> None:
        raw.open_account("given_back", "expense")
        entry = raw.journal("expense")
        raw.sql.execute("set constraints holds_enough, holds_enough_still immediate")
        with pytest.raises(REFUSED, match="less than nothing"):
            raw.leg(entry, "bank", -499_001)

    def test_can_be_posted_by_hand_when_it_is_right(self, raw: Raw) -> None:
        draft_id = raw.draft(100)
        raw.charge(draft_id)
        entry = raw.journal("expense", entry_id=draft_id)
        raw.leg(entry, "bank", -100)
        raw.leg(entry, "venue", 100)
        raw.sql.commit()

    def test_cash_that_is_not_there_is_borne_by_the_fund_only_where_it_was_counted(self, raw: Raw) -> None:
        raw.open_account("counted_less", "expense")
        entry = raw.journal("count")
        raw.leg(entry, "bank", -100)
        raw.leg(entry, "counted_less", 100)
        raw.sql.commit()
        raw.enter()
        with pytest.raises(REFUSED, match="not given for this"):
            raw.leg(raw.journal("expense"), "counted_less", 100)

    def test_is_not_moved_away_before_the_grant_is_closed(self, raw: Raw) -> None:
        raw.open_account("between_funds", "equity")
        with pytest.raises(REFUSED, match="until it is closed"):
            raw.leg(raw.journal("between_funds"), "between_funds", 100)

    def test_goes_nowhere_once_the_fund_is_closed(self, raw: Raw, people: Officers) -> None:
        other = make_grant(people, name="Another")
        raw.enter()
        raw.sql.execute("update ledger_funds set closed_on = current_date where code = %s", (other.fund,))
        with pytest.raises(REFUSED, match="closed"):
            raw.leg(raw.journal("grant"), "bank", 100, other.fund)


class TestNotes:
    @pytest.mark.parametrize("over", [(0, 0), (0, 1), (1, 1)])
    def test_what_goes_over_says_by_how_much(self, raw: Raw, over: tuple[int, int]) -> None:
        draft_id = raw.draft(2_000)
        with pytest.raises(REFUSED, match="leaves a note"):
            raw.charge(draft_id, "Tea", over)

    def test_more_than_the_whole_budget_is_refused(self, raw: Raw) -> None:
        draft_id = raw.draft(600_001)
        with pytest.raises(REFUSED, match="never overspent"):
            raw.charge(draft_id, "Hall", (1_001, 600_001))

    @pytest.mark.parametrize(
        "statement",
        [
            "update budget_charges set over_line = 0, over_quarter = 0, line_id = gen_random_uuid()",
            "update budget_charges set over_line = 5",
            "update budget_charges set why = '\\x01'",
            "delete from budget_charges",
            "truncate budget_charges",
            "update drafts set amount = amount + 1",
            "update drafts set effective_on = effective_on + 1",
            "update drafts set lines = '[]'",
        ],
    )
    def test_stay_as_they_are(self, raw: Raw, statement: str) -> None:
        with pytest.raises(REFUSED):
            raw.sql.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "update budgets set reason = 'x'",
        "update budgets set state = 'open'",
        "update budgets set ceiling = 5",
        "delete from budgets",
        "truncate budgets cascade",
        "update budget_amounts set amount = amount + 1",
        "delete from budget_amounts",
        PLAN_MORE,
        "update budget_lines set words = 'x'",
        "update budget_lines set cost = 'travel'",
        "delete from budget_lines",
        AGREED_FROM_THE_START,
        "update grants set amount = amount + 1",
        "update grants set is_restricted = false",
        "update grants set fund = 'grant-2'",
        "update grants set currency = 'USD'",
        "delete from grants",
        "truncate grants cascade",
        "update grant_tranches set entry_id = null",
        "delete from grant_tranches",
    ],
)
def test_what_was_agreed_and_what_came_stay(raw: Raw, statement: str) -> None:
    with pytest.raises(REFUSED):
        raw.sql.execute(statement)


class TestABudget:
    def test_is_not_agreed_to_by_whoever_wrote_it(self, raw: Raw) -> None:
        self.write(raw)
        raw.sql.execute("update budgets set state = 'waiting', reason = 'x' where number = 2")
        with pytest.raises(REFUSED):
            raw.sql.execute(
                "update budgets set state = 'agreed', decided_by_id = written_by_id, decided_at = now() where number = 2"
            )

    def test_is_not_made_somebody_elses_while_it_is_agreed_to(self, raw: Raw) -> None:
        self.write(raw)
        raw.sql.execute("update budgets set state = 'waiting', reason = 'x' where number = 2")
        with pytest.raises(REFUSED):
            raw.sql.execute(
                "update budgets set state = 'agreed', written_by_id = %s, decided_by_id = %s, decided_at = now() where number = 2",
                (raw.people.chair.id, raw.people.treasurer.id),
            )

    def test_plans_no_more_than_its_ceiling(self, raw: Raw) -> None:
        self.write(raw)
        raw.sql.execute(
            "insert into budget_amounts (id, group_id, budget_id, line_id, quarter_on, amount)"
            " select gen_random_uuid(), b.group_id, b.id, l.id, '2026-01-01', 2000000 from budgets b, budget_lines l"
            " where b.number = 2 and l.words = 'Hall'"
        )
        raw.sql.execute("update budgets set state = 'waiting', reason = 'x' where number = 2")
        with pytest.raises(REFUSED):
            raw.sql.execute(
                "update budgets set state = 'agreed', decided_by_id = %s, decided_at = now() where number = 2",
                (raw.people.chair.id,),
            )

    def write(self, raw: Raw) -> None:
        raw.sql.execute(
            "insert into budgets (id, group_id, fund, number, state, starts_on, ends_on, ceiling, reason, written_by_id, written_at)"
            " select gen_random_uuid(), group_id, fund, 2, 'open', starts_on, ends_on, ceiling, '', written_by_id, now() from budgets"
        )


def test_a_part_comes_only_by_an_entry_of_its_grant(raw: Raw, people: Officers) -> None:
    other = make_grant(people, name="Another")
    raw.enter()
    raw.sql.execute(
        "insert into grant_tranches (id, group_id, grant_id, amount, condition) values (gen_random_uuid(), %s, %s, 5, '')",
        (people.group.id, other.id),
    )
    with pytest.raises(REFUSED):
        raw.sql.execute(
            "update grant_tranches set entry_id = (select id from journals where kind = 'expense') where grant_id = %s",
            (other.id,),
        )


def test_a_report_that_was_sent_stays(raw: Raw, grant: Grant) -> None:
    raw.sql.execute(
        "insert into grant_reports (id, group_id, grant_id, from_on, to_on, due_on, sent_on, entries, kept)"
        " values (gen_random_uuid(), %s, %s, current_date, current_date, current_date, current_date, 3, '{}')",
        (raw.people.group.id, grant.id),
    )
    with pytest.raises(REFUSED):
        raw.sql.execute("update grant_reports set sent_on = null, entries = null")


class TestParts:
    """Together they are never more than the grant, which is 10,000.00; 5,000.00 of it is a part that came."""

    ADD = "insert into grant_tranches (id, group_id, grant_id, amount, condition) values (gen_random_uuid(), %s, %s, %s, '')"

    def test_come_to_the_whole_and_to_no_more(self, raw: Raw, grant: Grant) -> None:
        mine = (raw.people.group.id, grant.id)
        raw.sql.execute(self.ADD, (*mine, 500_000))
        with pytest.raises(REFUSED, match="never more than the whole"):
            raw.sql.execute(self.ADD, (*mine, 1))

    def test_several_at_once_are_looked_at_together(self, raw: Raw, grant: Grant) -> None:
        two = self.ADD.replace("values", "select * from (values").replace(
            "'')", "''), (gen_random_uuid(), %s, %s, %s, '')) t"
        )
        mine = (str(raw.people.group.id), str(grant.id))
        with pytest.raises(REFUSED, match="never more than the whole"):
            raw.sql.execute(
                two.replace("%s, %s, %s", "%s::uuid, %s::uuid, %s"), (*mine, 300_000, *mine, 300_000)
            )

    @pytest.mark.parametrize("change", ["amount = 1000001", "amount = amount + 500001"])
    def test_do_not_grow_past_it(self, raw: Raw, change: str) -> None:
        with pytest.raises(REFUSED, match="never more than the whole"):
            raw.sql.execute(f"update grant_tranches set {change}")

    def test_do_not_move_to_a_grant_that_is_smaller(self, raw: Raw, people: Officers) -> None:
        small = make_grant(people, name="Small", amount=5)
        raw.enter()
        with pytest.raises(REFUSED):
            raw.sql.execute("update grant_tranches set grant_id = %s, entry_id = null", (small.id,))

    def test_the_whole_does_not_shrink_below_them(self, raw: Raw, people: Officers) -> None:
        other = make_grant(people, name="Another")
        raw.enter()
        raw.sql.execute(self.ADD, (people.group.id, other.id, 900_000))
        raw.sql.execute("update grants set amount = 900000 where id = %s", (other.id,))
        with pytest.raises(REFUSED, match="never more than the whole"):
            raw.sql.execute("update grants set amount = 899999 where id = %s", (other.id,))

    def test_two_who_write_at_once_do_not_both_get_the_last(
        self, raw: Raw, grant: Grant, database_urls: Addresses
    ) -> None:
        mine = (raw.people.group.id, grant.id)
        with ThreadPoolExecutor(1) as pool, psycopg.connect(database_urls.web_url) as other:
            Raw(other, raw.people)
            other.execute(self.ADD, (*mine, 400_000))
            late = pool.submit(raw.sql.execute, self.ADD, (*mine, 400_000))
            other.commit()
            with pytest.raises(REFUSED, match="never more than the whole"):
                late.result()
