"""What the database refuses about sheets, asked as the ordinary role and as the owner of the tables."""

import uuid
from collections.abc import Iterator

import psycopg
import pytest

from funding.contributions import commands
from funding.verification import queries as checks
from network import clock
from network.servers import Addresses
from tests.factories.funding import Officers, make_members, make_officers, post_income, save_sheet, today
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


@pytest.fixture
def member(people: Officers) -> uuid.UUID:
    found: uuid.UUID = make_members(people, "Achieng")["Achieng"]
    return found


def enter(sql: psycopg.Connection, people: Officers) -> None:
    sql.execute("select set_config('app.group_id', %s, true)", (str(people.group.id),))


@pytest.mark.parametrize(
    "table", ["contribution_sheets", "contributions", "agreed_amounts", "reserve_shares"]
)
@pytest.mark.parametrize(
    "statement", ["update {} set group_id = group_id", "delete from {}", "truncate {} cascade"]
)
def test_what_was_written_down_stays(
    sql: psycopg.Connection, people: Officers, member: uuid.UUID, table: str, statement: str
) -> None:
    save_sheet(people, {member: 100})
    with in_scope(people.group, people.treasurer):
        commands.agree_amount(
            amount=1, from_on=today(), decided_on=today(), by=people.treasurer.id, now=clock.now()
        )
    enter(sql, people)
    with pytest.raises(REFUSED):
        sql.execute(statement.format(table))


GIFT = (
    "insert into contributions (id, group_id, sheet_id, member_id, place, amount)"
    " values (gen_random_uuid(), %s, %s, %s, %s, %s)"
)
SHEET = (
    "insert into contribution_sheets (id, group_id, received_on, journal_id, reserve_percent, recorded_by_id, recorded_at)"
    " values (%s, %s, %s, %s, 20, %s, now())"
)


def test_nothing_can_be_added_to_a_sheet_afterwards(
    sql: psycopg.Connection, people: Officers, member: uuid.UUID
) -> None:
    sheet = save_sheet(people, {member: 100})
    enter(sql, people)
    sql.execute(GIFT, (people.group.id, sheet.id, member, "mobile_money", 50))
    with pytest.raises(psycopg.errors.CheckViolation, match="comes to"):
        sql.commit()


@pytest.mark.parametrize("gifts", [[], [400], [500, 100]])
def test_a_sheet_comes_to_what_its_entry_says(
    sql: psycopg.Connection, people: Officers, member: uuid.UUID, gifts: list[int]
) -> None:
    """A grant of 500 is no sheet of contributions, and neither is one with other sums."""
    journal, sheet = post_income(people, 500), uuid.uuid4()
    enter(sql, people)
    sql.execute(SHEET, (sheet, people.group.id, today(), journal.id, people.treasurer.id))
    for place, amount in zip(("cash", "mobile_money"), gifts, strict=False):
        sql.execute(GIFT, (people.group.id, sheet, member, place, amount))
    with pytest.raises(psycopg.errors.CheckViolation, match="comes to"):
        sql.commit()


def test_an_entry_has_one_sheet(sql: psycopg.Connection, people: Officers, member: uuid.UUID) -> None:
    sheet = save_sheet(people, {member: 100})
    enter(sql, people)
    with pytest.raises(psycopg.errors.UniqueViolation):
        sql.execute(SHEET, (uuid.uuid4(), people.group.id, today(), sheet.journal_id, people.treasurer.id))


def test_looking_away_at_the_end_does_not_help(
    sql: psycopg.Connection, people: Officers, member: uuid.UUID
) -> None:
    sheet = save_sheet(people, {member: 100})
    enter(sql, people)
    sql.execute(GIFT, (people.group.id, sheet.id, member, "mobile_money", 50))
    sql.execute("select set_config('app.group_id', '', true)")
    with pytest.raises(psycopg.errors.CheckViolation):
        sql.commit()


def test_a_sheet_that_was_forced_is_found(
    database_urls: Addresses, people: Officers, member: uuid.UUID
) -> None:
    """The owner can switch triggers off; whoever asks the book afterwards hears which sheet it is."""
    sheet = save_sheet(people, {member: 100})
    with psycopg.connect(database_urls.owner_url) as owner:
        enter(owner, people)
        owner.execute("alter table contributions disable trigger append_only")
        owner.execute("update contributions set amount = 101")
        owner.execute("alter table contributions enable always trigger append_only")
        owner.commit()
    with in_scope(people.group):
        assert [fault.row for fault in checks.faults()] == [f"sheet {sheet.id}"]
