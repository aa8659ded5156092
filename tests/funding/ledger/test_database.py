"""What the database refuses, asked as the ordinary role and as the owner of the tables."""

import uuid
from collections.abc import Iterator

import psycopg
import pytest

from funding.ledger import commands
from network import clock
from network.servers import Addresses
from tests.factories.funding import Officers, fill_reserve, make_officers, post_income
from tests.support.app import in_scope

REFUSED = (psycopg.errors.IntegrityError, psycopg.errors.InsufficientPrivilege)


@pytest.fixture(params=["web_url", "owner_url"])
def sql(request: pytest.FixtureRequest, database_urls: Addresses) -> Iterator[psycopg.Connection]:
    with psycopg.connect(getattr(database_urls, request.param)) as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def people(app: object) -> Officers:
    return make_officers()


def enter(sql: psycopg.Connection, people: Officers) -> None:
    sql.execute(
        "select set_config('app.group_id', %s, true), set_config('app.account_id', %s, true)",
        (str(people.group.id), str(people.treasurer.id)),
    )


NEW = """
insert into journals (id, group_id, number, kind, currency, effective_on, recorded_at, recorded_by_id, previous_hash, hash)
select %(id)s, b.group_id, b.entries + 1, 'grant', %(currency)s, current_date, now(), %(by)s, b.head, '\\x01' from books b
"""
LEG = "insert into legs (id, group_id, journal_id, account_id, fund, amount) values (gen_random_uuid(), %s, %s, %s, %s, %s)"


class Raw:
    """Somebody with SQL in their hands."""

    def __init__(self, sql: psycopg.Connection, people: Officers) -> None:
        self.sql, self.people = sql, people
        enter(sql, people)
        self.accounts = dict(sql.execute("select code, id from ledger_accounts").fetchall())

    def journal(self, currency: str = "KES") -> uuid.UUID:
        new = uuid.uuid4()
        self.sql.execute(NEW, {"id": new, "by": self.people.treasurer.id, "currency": currency})
        return new

    def leg(self, journal: uuid.UUID, account: uuid.UUID, amount: int, fund: str = "general") -> None:
        self.sql.execute(LEG, (self.people.group.id, journal, account, fund, amount))


@pytest.mark.parametrize(
    "statement",
    [
        "update journals set kind = 'transfer'",
        "delete from journals",
        "truncate journals cascade",
        "update legs set amount = amount + 1",
        "delete from legs",
        "truncate legs",
        "update ledger_accounts set kind = 'income'",
        "delete from ledger_accounts",
        "truncate ledger_accounts cascade",
        "update ledger_balances set debit = debit + 1",
        "delete from ledger_balances",
        "truncate ledger_balances",
        "update ledger_sums set debit = debit + 1",
        "insert into ledger_sums select * from ledger_sums limit 1",
        "delete from ledger_sums",
        "truncate ledger_sums",
        "update books set entries = 0",
        "delete from books",
        "truncate books",
        "delete from memos",
        "truncate memos",
        "delete from ledger_funds",
        "update ledger_funds set code = 'grant-9', kind = 'grant', name = 'x'",
        "update books set closed_through = null",
        "update books set stopped_at = null",
        "insert into ledger_funds (id, group_id, code, kind) select gen_random_uuid(), group_id, 'mine', 'grant' from books",
        "merge into legs using (select 1) as one on true when matched then delete",
    ],
)
def test_posted_rows_stay_for_every_role(sql: psycopg.Connection, people: Officers, statement: str) -> None:
    post_income(people, 500)
    enter(sql, people)
    with pytest.raises(REFUSED):
        sql.execute(statement)


class TestAnEntry:
    def test_of_legs_that_do_not_add_up_is_refused_at_the_end(
        self, sql: psycopg.Connection, people: Officers
    ) -> None:
        post_income(people, 500)
        raw = Raw(sql, people)
        new = raw.journal()
        raw.leg(new, raw.accounts["cash"], 100)
        raw.leg(new, raw.accounts["grants"], -99)
        with pytest.raises(REFUSED):
            sql.commit()

    def test_adds_up_within_each_fund(self, sql: psycopg.Connection, people: Officers) -> None:
        post_income(people, 500)
        fill_reserve(people, 500)
        raw = Raw(sql, people)
        new = raw.journal()
        raw.leg(new, raw.accounts["cash"], 100, "general")
        raw.leg(new, raw.accounts["grants"], -100, "reserve")
        with pytest.raises(REFUSED):
            sql.commit()

    def test_that_lets_money_leave_needs_two_people_whatever_it_is_called(
        self, sql: psycopg.Connection, people: Officers
    ) -> None:
        post_income(people, 500)
        raw = Raw(sql, people)
        new = raw.journal()
        raw.leg(new, raw.accounts["cash"], -100)
        raw.leg(new, raw.accounts["grants"], 100)
        with pytest.raises(REFUSED):
            sql.commit()

    def test_goes_into_no_fund_that_was_not_opened(self, sql: psycopg.Connection, people: Officers) -> None:
        post_income(people, 500)
        raw = Raw(sql, people)
        with pytest.raises(REFUSED):
            raw.leg(raw.journal(), raw.accounts["cash"], 100, "grant-1")

    def test_without_legs_is_refused(self, sql: psycopg.Connection, people: Officers) -> None:
        post_income(people, 500)
        Raw(sql, people).journal()
        with pytest.raises(REFUSED):
            sql.commit()

    def test_is_checked_again_when_it_was_checked_early(
        self, sql: psycopg.Connection, people: Officers
    ) -> None:
        post_income(people, 500)
        raw = Raw(sql, people)
        new = raw.journal()
        raw.leg(new, raw.accounts["cash"], 100)
        raw.leg(new, raw.accounts["grants"], -100)
        sql.execute("set constraints all immediate")
        with pytest.raises(REFUSED):
            raw.leg(new, raw.accounts["cash"], 1, "welfare")

    def test_cannot_be_hidden_by_leaving_the_scope(self, sql: psycopg.Connection, people: Officers) -> None:
        post_income(people, 500)
        raw = Raw(sql, people)
        new = raw.journal()
        raw.leg(new, raw.accounts["cash"], 100)
        sql.execute("select set_config('app.group_id', %s, true)", (str(uuid.uuid4()),))
        with pytest.raises(REFUSED):
            sql.commit()

    def test_takes_no_leg_later(self, sql: psycopg.Connection, people: Officers) -> None:
        standing = post_income(people, 500)
        raw = Raw(sql, people)
        with pytest.raises(REFUSED):
            raw.leg(standing.id, raw.accounts["cash"], 1, "welfare")

    def test_takes_no_account_of_another_group(self, sql: psycopg.Connection, people: Officers) -> None:
        post_income(people, 500)
        other = make_officers()
        post_income(other, 500)
        theirs = Raw(sql, other).accounts["cash"]
        raw = Raw(sql, people)
        new = raw.journal()
        with pytest.raises(REFUSED):
            raw.leg(new, theirs, 100)

    def test_is_in_the_groups_money(self, sql: psycopg.Connection, people: Officers) -> None:
        post_income(people, 500)
        with pytest.raises(REFUSED):
            Raw(sql, people).journal("USD")

    def test_follows_the_last_one(self, sql: psycopg.Connection, people: Officers) -> None:
        post_income(people, 500)
        raw = Raw(sql, people)
        with pytest.raises(REFUSED):
            sql.execute(
                NEW.replace("b.head", "'\\x02'"),
                {"id": uuid.uuid4(), "by": raw.people.treasurer.id, "currency": "KES"},
            )

    def test_takes_no_leg_of_nothing(self, sql: psycopg.Connection, people: Officers) -> None:
        post_income(people, 500)
        raw = Raw(sql, people)
        new = raw.journal()
        with pytest.raises(REFUSED):
            raw.leg(new, raw.accounts["cash"], 0)

    def test_can_be_posted_by_hand_when_it_is_right(self, sql: psycopg.Connection, people: Officers) -> None:
        post_income(people, 500)
        raw = Raw(sql, people)
        new = raw.journal()
        raw.leg(new, raw.accounts["cash"], 100)
        raw.leg(new, raw.accounts["grants"], -100)
        sql.commit()
        enter(sql, people)
        kept = sql.execute(
            "select sum(debit) from ledger_balances b join ledger_accounts a on a.id = b.account_id where a.code = 'cash'"
        )
        assert kept.fetchone() == (600,)


class TestNothing:
    """No place and no fund as a whole goes below it, whoever writes and however."""

    def moving(self, raw: Raw, *legs: tuple[str, str, int]) -> None:
        """An entry two people agreed to."""
        new = uuid.uuid4()
        agreed = NEW.replace("recorded_by_id,", "recorded_by_id, confirmed_by_id,").replace(
            "%(by)s,", f"%(by)s, '{raw.people.chair.id}',"
        )
        raw.sql.execute(agreed, {"id": new, "by": raw.people.treasurer.id, "currency": "KES"})
        for account, fund, amount in legs:
            raw.leg(new, raw.accounts[account], amount, fund)

    @pytest.fixture
    def raw(self, sql: psycopg.Connection, people: Officers) -> Raw:
        """500 of the general fund and 300 of the reserve in the box, 200 of the general fund in the bank."""
        post_income(people, 500)
        fill_reserve(people, 300)
        post_income(people, 200, place="bank")
        return Raw(sql, people)

    def test_is_left_in_a_box(self, raw: Raw) -> None:
        self.moving(raw, ("cash", "general", -801), ("grants", "general", 801))
        with pytest.raises(REFUSED, match="less than nothing"):
            raw.sql.commit()

    def test_is_left_in_a_fund_though_the_box_is_full(self, raw: Raw) -> None:
        self.moving(raw, ("cash", "general", -701), ("grants", "general", 701))
        with pytest.raises(REFUSED, match="less than nothing"):
            raw.sql.commit()

    def test_is_left_at_a_place_that_was_never_used(self, raw: Raw) -> None:
        raw.sql.execute(
            "insert into ledger_accounts (id, group_id, code, kind) values (gen_random_uuid(), %s, 'mobile_money', 'asset')",
            (raw.people.group.id,),
        )
        raw.accounts = dict(raw.sql.execute("select code, id from ledger_accounts").fetchall())
        self.moving(raw, ("cash", "general", 1), ("mobile_money", "general", -1))
        with pytest.raises(REFUSED, match="less than nothing"):
            raw.sql.commit()

    def test_is_asked_again_when_it_was_asked_early(self, raw: Raw) -> None:
        raw.sql.execute("set constraints holds_enough, holds_enough_still immediate")
        with pytest.raises(REFUSED, match="less than nothing"):
            self.moving(raw, ("cash", "general", -801), ("grants", "general", 801))

    def test_cannot_be_hidden_by_leaving_the_scope(self, raw: Raw) -> None:
        self.moving(raw, ("cash", "general", -801), ("grants", "general", 801))
        raw.sql.execute("select set_config('app.group_id', %s, true)", (str(uuid.uuid4()),))
        with pytest.raises(REFUSED):
            raw.sql.commit()

    def test_or_more_may_be_left_and_a_box_may_hold_less_of_one_fund(self, raw: Raw) -> None:
        self.moving(raw, ("cash", "general", -600), ("bank", "general", 600))
        raw.sql.commit()
        enter(raw.sql, raw.people)
        self.moving(raw, ("cash", "general", -200), ("grants", "general", 200))
        raw.sql.commit()


@pytest.mark.parametrize("day", ["infinity", "-infinity", "0001-01-01", "9999-12-31"])
def test_a_day_of_no_calendar_is_refused(sql: psycopg.Connection, people: Officers, day: str) -> None:
    post_income(people, 500)
    raw = Raw(sql, people)
    for moments in (f"'{day}', now()", f"current_date, '{day}'"):
        with pytest.raises(REFUSED):
            sql.execute(
                NEW.replace("current_date, now()", moments),
                {"id": uuid.uuid4(), "by": raw.people.treasurer.id, "currency": "KES"},
            )
        sql.rollback()
        enter(sql, people)


class TestAReversal:
    def test_happens_once(self, sql: psycopg.Connection, people: Officers) -> None:
        standing = post_income(people, 500)
        with in_scope(people.group, people.treasurer):
            waiting = commands.draft_reversal(
                standing_entry(standing.id), by=people.treasurer.id, reason="twice", now=clock.now()
            )
            commands.confirm_draft(waiting, by=people.chair.id, now=clock.now())
        raw = Raw(sql, people)
        again = NEW.replace("'grant'", "'reversal'").replace("recorded_by_id,", "recorded_by_id, reverses_id, confirmed_by_id,").replace(
            "%(by)s,", f"%(by)s, '{standing.id}', '{people.chair.id}',"
        )  # fmt: skip
        with pytest.raises(psycopg.errors.UniqueViolation):
            sql.execute(again, {"id": uuid.uuid4(), "by": raw.people.treasurer.id, "currency": "KES"})

    def test_takes_its_entry_back_whole(self, sql: psycopg.Connection, people: Officers) -> None:
        standing = post_income(people, 500)
        raw = Raw(sql, people)
        part = NEW.replace("'grant'", "'reversal'").replace("recorded_by_id,", "recorded_by_id, reverses_id, confirmed_by_id,").replace(
            "%(by)s,", f"%(by)s, '{standing.id}', '{people.chair.id}',"
        )  # fmt: skip
        new = uuid.uuid4()
        sql.execute(part, {"id": new, "by": raw.people.treasurer.id, "currency": "KES"})
        raw.leg(new, raw.accounts["cash"], -400)
        raw.leg(new, raw.accounts["grants"], 400)
        with pytest.raises(REFUSED):
            sql.commit()


def standing_entry(entry_id: uuid.UUID) -> object:
    from funding.ledger import queries

    return queries.get_entry(entry_id)


def test_a_memo_is_erased_never_changed(sql: psycopg.Connection, people: Officers) -> None:
    standing = post_income(people, 500, memo="from the county")
    enter(sql, people)
    with pytest.raises(REFUSED):
        sql.execute("update memos set words = '\\x00' where journal_id = %s", (standing.id,))
    sql.rollback()
    enter(sql, people)
    assert sql.execute("update memos set words = null, salt = null").rowcount == 1


def test_an_expense_has_two_people(sql: psycopg.Connection, people: Officers) -> None:
    post_income(people, 500)
    raw = Raw(sql, people)
    with pytest.raises(REFUSED):
        sql.execute(
            NEW.replace("'grant'", "'expense'"),
            {"id": uuid.uuid4(), "by": raw.people.treasurer.id, "currency": "KES"},
        )
