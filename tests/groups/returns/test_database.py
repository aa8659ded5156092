"""What the database keeps as it was, asked as the ordinary role and as the owner of the tables."""

import re
from collections.abc import Iterator

import psycopg
import pytest

from groups.returns import commands
from groups.returns.models import Return
from network import clock
from network.servers import Addresses
from network.servers.addresses import plain
from network.tenancy.models import Group
from network.tenancy.settings import COUNTRY_PROFILE
from tests.factories.network import make_group, make_network
from tests.factories.returns import a_certificate, a_handed_in_return, a_photo, a_return
from tests.support.app import in_group


class Story:
    """A draft, a return that was handed in with its copy, and a certificate."""

    def __init__(self) -> None:
        self.group: Group = make_group(make_network(settings={COUNTRY_PROFILE: "kenya"}))
        with in_group(self.group):
            self.certificate = a_certificate()
            self.handed_in: Return = a_handed_in_return()
            self.copy = commands.keep_copy(self.handed_in, a_photo(), by=None, now=clock.now())
            self.draft: Return = a_return()


@pytest.fixture
def story(app: object) -> Story:
    return Story()


@pytest.fixture(params=["web_url", "owner_url"])
def sql(request: pytest.FixtureRequest, database_urls: Addresses, story: Story) -> Iterator[psycopg.Connection]:  # fmt: skip
    with psycopg.connect(plain(getattr(database_urls, request.param))) as connection:
        connection.execute("select set_config('app.group_id', %s, true)", (str(story.group.id),))
        yield connection
        connection.rollback()


REFUSED = (
    "update returns set held = '\\x01' where id = %(handed_in)s",
    "update returns set names = names || '\\x01'::bytea where id = %(handed_in)s",
    "update returns set names = overlay(names placing '\\x01'::bytea from 20) where id = %(handed_in)s",
    "update returns set words = '\\x01' where id = %(handed_in)s",
    "update returns set handed_in_on = handed_in_on + 1 where id = %(handed_in)s",
    "update returns set state = 'draft', handed_in_on = null, held = null where id = %(handed_in)s",
    "update returns set covers_until = covers_until - 1 where id = %(handed_in)s",
    "delete from return_copies; delete from returns where id = %(handed_in)s",
    "truncate returns cascade",
    "update returns set state = 'handed_in' where id = %(draft)s",
    "update returns set handed_in_on = current_date where id = %(draft)s",
    "update returns set covers_until = covers_from - 1 where id = %(draft)s",
    "update returns set kind = 'weekly' where id = %(draft)s",
    "update returns set authority = 'other' where id = %(draft)s",
    "update return_copies set return_id = %(draft)s",
    "update return_copies set kind = 'exe'",
    "update people_counts set figures = '\\x01'",
    "insert into people_counts (id, group_id, month, counted_on, figures) select gen_random_uuid(), group_id, month, counted_on, figures from people_counts",
    "insert into people_counts (id, group_id, month, counted_on, figures) values (gen_random_uuid(), %(group)s, '2026-01-02', '2026-01-02', '')",
    "update registrations set holds_until = issued_on - 1",
    "update registrations set fee = -1, currency = 'KES'",
    "update registrations set fee = 5, currency = null",
    "update registrations set called = 'x'",
    ("insert into registrations (id, group_id, authority, called, number, issued_on, entered_at)"
    " select gen_random_uuid(), group_id, authority, called, number, issued_on, entered_at from registrations"),
    ("insert into returns (id, group_id, authority, called, kind, profile, covers_from, covers_until, state, prepared_at)"
    " select gen_random_uuid(), group_id, authority, called, kind, profile, covers_from, covers_until, state, prepared_at"
    " from returns where id = %(draft)s"),
)  # fmt: skip


@pytest.mark.parametrize("statement", REFUSED)
def test_what_is_not_so_cannot_be_written(sql: psycopg.Connection, story: Story, statement: str) -> None:
    ids = {"handed_in": story.handed_in.id, "draft": story.draft.id, "group": story.group.id}
    with pytest.raises((psycopg.errors.IntegrityError, psycopg.errors.InsufficientPrivilege)):
        for one in statement.split("; "):
            sql.execute(one, ids)


def test_a_name_can_be_forgotten_and_a_copy_destroyed(sql: psycopg.Connection, story: Story) -> None:
    assert sql.execute("update returns set names = null where id = %s", (story.handed_in.id,)).rowcount == 1
    assert sql.execute("delete from return_copies").rowcount == 1


def test_nothing_is_readable_in_the_rows(sql: psycopg.Connection, story: Story) -> None:
    rows = sql.execute("select r::text from returns r union all select c::text from return_copies c").fetchall()  # fmt: skip
    assert len(rows) == 3
    assert not any("We met" in row[0] or "/9j/" in row[0] for row in rows)


def test_no_column_holds_a_number_of_identity(sql: psycopg.Connection) -> None:
    columns = sql.execute("select table_name || '.' || column_name from information_schema.columns where table_schema = 'public'")  # fmt: skip
    named = [row[0] for row in columns.fetchall()]
    assert len(named) > 300
    assert not [one for one in named if re.search(r"\bid_n|_id_n|national|passport|identity", one)]
