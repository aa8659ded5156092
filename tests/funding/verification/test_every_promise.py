"""One row after another is changed behind everybody's back, and `book verify` names it; each break is put back afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from funding.counts import commands as counts
from funding.receipts import commands as receipts
from funding.receipts.queries import get_income
from funding.verification import queries as checks
from network import clock
from network.servers import Addresses
from tests.factories.funding import (
    Officers,
    fill_reserve,
    make_members,
    make_officers,
    post_income,
    save_sheet,
    take_back,
)
from tests.factories.grants import give, make_grant, plan, spend
from tests.factories.matching import a_line, an_entry, join
from tests.support.app import in_scope

LAST = "(select id from journals where $mine and {} order by number desc limit 1)"
ONE = "id = (select id from {} where $mine limit 1)"
BROKEN = (
    # which tables, what is done to them, what is said of which row
    ("journals", f"update journals set currency = 'USD' where id = {LAST.format('true')}", "entry", "not in the group's money"),
    ("journals", f"update journals set recorded_at = recorded_at - interval '1 second' where id = {LAST.format('true')}", "entry", "seal does not fit"),
    ("journals", "delete from journals where $mine and number = 2", "entry 3", "number does not follow"),
    ("journals", f"update journals set memo_hash = null where id = {LAST.format('reverses_id is not null')}", "entry", "does not say why"),
    ("cash_counts", "update cash_counts set amount = book, other = book, journal_id = null where $mine", "entry", "nobody counted"),
    ("legs", "update legs set amount = amount + 1 where " + ONE.format("legs"), "entry", "add up to nothing"),
    ("legs", "delete from legs where " + ONE.format("legs"), "entry", "fewer than two legs"),
    ("legs", "update legs set journal_id = gen_random_uuid() where " + ONE.format("legs"), "leg", "belongs to no entry"),
    ("legs", "update legs set account_id = gen_random_uuid() where " + ONE.format("legs"), "leg", "account is not in the book"),
    ("legs", "update legs set fund = 'grant-99' where " + ONE.format("legs"), "leg", "fund was never opened"),
    ("ledger_accounts", "update ledger_accounts set kind = 'income' where $mine and code = 'bank'", "account bank", "another kind"),
    ("ledger_balances", "update ledger_balances set debit = debit + 1 where " + ONE.format("ledger_balances"), "account", "sum of its legs"),
    ("ledger_balances", "update ledger_balances set month = 'infinity' where " + ONE.format("ledger_balances"), "sum", "no calendar"),
    ("ledger_sums", "update ledger_sums set account_id = gen_random_uuid() where $mine and span = 'year'", "sum", "no account or no fund"),
    ("books", "update books set stopped_at = now() where $mine", "book", "nothing was found"),
    ("books", "delete from books where $mine", "book", "end with its last entry"),
    ("memos", "delete from memos where " + ONE.format("memos"), "entry", "nobody took them away"),
    ("memos", "update memos set words = '\\x00' where $mine", "entry", "cannot be read"),
    ("memos", "update memos set salt = '\\x00' where $mine", "entry", "posted with"),
    ("memos", "update memos set journal_id = gen_random_uuid() where " + ONE.format("memos"), "memo", "beside no entry"),
    ("drafts", "update drafts set lines = '7' where $mine and state = 'posted'", "draft", "what waited"),
    ("contributions", "update contributions set amount = amount + 1 where " + ONE.format("contributions"), "sheet", "come to what its entry says"),
    ("contributions", "update contributions set place = 'mobile_money' where $mine", "sheet", "come to what its entry says"),
    ("contributions", "update contributions set member_id = gen_random_uuid() where " + ONE.format("contributions"), "contribution", "nobody of the group"),
    ("contributions contribution_sheets", "delete from contribution_sheets where $mine", "contribution", "on no sheet"),
    ("contribution_sheets", "delete from contribution_sheets where $mine", "entry", "no sheet says"),
    ("contribution_sheets", "update contribution_sheets set reserve_percent = 50 where $mine", "sheet", "hardship reserve"),
    ("receipts", "update receipts set amount = amount + 1 where $mine", "receipt 1", "what came in"),
    ("cash_counts", "update cash_counts set pieces = jsonb_build_object(100, 5) where $mine", "count", "notes and coins"),
    ("cash_counts", "update cash_counts set book = book - 5 where $mine", "count", "not brought to"),
    ("cash_counts", "update cash_counts set entries = entries - 1 where $mine", "count", "its seal is not"),
    ("cash_counts", "update cash_counts set amount = amount + 5, other = other + 5, book = book + 5 where $mine", "count", "something else in cash"),
    ("grants", "update grants set amount = 1 where $mine", "grant", "more than the whole"),
    ("grants", "update grants set starts_on = ends_on where $mine", "entry", "outside the time"),
    ("grant_tranches", "update grant_tranches set entry_id = (select id from journals where $mine and number = 1) where $mine", "part", "did not bring it"),
    ("budget_lines", "update budget_lines set cost = 'travel' where $mine", "charge", "for something else"),
    ("budget_amounts", "update budget_amounts set amount = amount * 1000 where $mine", "budget", "more than there is"),
    ("line_matches", "delete from line_matches where $mine", "statement line", "as its parts say"),
    ("line_matches", "update line_matches set journal_id = gen_random_uuid() where $mine", "match", "not there"),
    ("statement_appearances", "delete from statement_appearances where $mine", "statement line", "no statement lists it"),
)  # fmt: skip


@pytest.fixture(scope="module")
def people(app: object) -> Officers:
    """A group with something of everything in its book."""
    made = make_officers()
    fill_reserve(made, 5_000)
    first = post_income(made, 100_000)
    members = make_members(made, "Asha", "Baraka")
    save_sheet(made, dict.fromkeys(members.values(), 1_000))
    grant = make_grant(made)
    give(made, grant, 500_000)
    plan(made, grant, {"Hall": ("venue", 600_000)})
    spend(made, grant, "venue", 1_000)
    take_back(made, post_income(made, 7).id)
    join(made, a_line(made, 500), an_entry(made, 500))
    with in_scope(made.group, made.treasurer):
        receipts.make_receipt(get_income(first.id), by=made.treasurer.id, now=clock.now())
        found = counts.count_cash({}, 106_900, by=made.treasurer.id, now=clock.now())
        counts.agree(found, by=made.chair.id, why="Fares, we think", seen=107_000, now=clock.now())
        assert checks.faults() == []
    return made


@contextmanager
def changed(addresses: Addresses, people: Officers, tables: list[str], statement: str) -> Iterator[None]:
    """Whoever owns the machine does something to these tables with everything switched off; afterwards it is as it was."""
    with psycopg.connect(addresses.admin_url.replace("+psycopg", "")) as owner:
        owner.execute("select set_config('app.group_id', %s, false)", (str(people.group.id),))
        for table in tables:
            owner.execute(
                f"create temp table kept_{table} as select * from {table} where group_id = scope.group_id()"
            )
        owner.execute("set session_replication_role = replica")
        _asleep(owner, tables, statement.replace("$mine", "group_id = scope.group_id()"))
        yield
        for table in tables:
            back = f"insert into {table} select * from kept_{table}"
            _asleep(owner, [table], f"delete from {table} where group_id = scope.group_id()", back)


def _asleep(owner: "psycopg.Connection[tuple[str]]", tables: list[str], *statements: str) -> None:
    for table in tables:
        owner.execute(f"alter table {table} disable trigger all")
    for statement in statements:
        owner.execute(statement)
    for table in tables:
        owner.execute(f"alter table {table} enable trigger all")
        mine = "select tgname from pg_trigger where not tgisinternal and tgrelid = %s::regclass"
        for (name,) in owner.execute(mine, (table,)).fetchall():
            owner.execute(f"alter table {table} enable always trigger {name}")
    owner.commit()


@pytest.mark.parametrize(
    ("tables", "statement", "row", "what"), BROKEN, ids=[f"{one[2]} {one[3]}" for one in BROKEN]
)
def test_a_row_that_breaks_a_promise_is_named(
    people: Officers, database_urls: Addresses, tables: str, statement: str, row: str, what: str
) -> None:
    with changed(database_urls, people, tables.split(), statement), in_scope(people.group):
        found = checks.faults()
    assert [one for one in found if one.row.startswith(row) and what in one.what], found


def test_everything_holds_again_afterwards(people: Officers) -> None:
    with in_scope(people.group):
        assert (checks.faults(), checks.faults_of_guards()) == ([], [])


class TestGuardsThatSleep:
    @pytest.mark.parametrize(
        ("statement", "row"),
        [
            ("alter table legs disable trigger all", "fk_legs_group_id_fund on legs"),
            ("drop index uq_drafts_hardship_waiting", "uq_drafts_hardship_waiting on drafts"),
        ],
    )
    def test_are_named(
        self,
        people: Officers,
        database_urls: Addresses,
        monkeypatch: pytest.MonkeyPatch,
        statement: str,
        row: str,
    ) -> None:
        """In a transaction that never ends well, so that the others who use this database do not see it."""
        with psycopg.connect(database_urls.admin_url.replace("+psycopg", "")) as owner:
            owner.execute(statement)
            monkeypatch.setattr("funding.verification.queries.guards.db", _Through(owner))
            assert row in {one.row for one in checks.faults_of_guards()}
            owner.rollback()
            assert checks.faults_of_guards() == []


class _Through:
    """Asks what the guards ask, on a connection of our own."""

    def __init__(self, connection: "psycopg.Connection[tuple[object, ...]]") -> None:
        self.connection = connection
        self.session = self

    def execute(self, statement: object, values: dict[str, object] | None = None) -> list[tuple[object, ...]]:
        words = str(statement).replace(":tables", "%(tables)s")
        return self.connection.execute(words, values).fetchall()  # type: ignore[call-overload,no-any-return]

    def scalars(self, statement: object, values: dict[str, object] | None = None) -> list[object]:
        return [row[0] for row in self.execute(statement, values)]
