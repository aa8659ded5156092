"""What the database shows and refuses, asked as the ordinary role and as the owner of the tables."""

import uuid
from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest

from groups.notes import commands
from groups.notes.commands import CannotWrite
from groups.officers import commands as officers
from groups.officers.models import Term
from network import clock
from network.accounts.models import Account
from network.db import db
from network.servers import Addresses
from network.servers.addresses import plain
from network.tenancy.models import Group
from tests.factories.groups import a_member, a_term
from tests.factories.network import make_account, make_group
from tests.support.app import in_group

WRITE = (
    "insert into office_notes (id, group_id, term_id, words, written_at)"
    " values (gen_random_uuid(), %s, %s, '\\x01', now() + %s::interval)"
)


class Story:
    """Two treasurers one after the other, a chairperson, and the treasurer of another group."""

    def __init__(self) -> None:
        self.group, self.other = make_group(), make_group()
        self.accounts: dict[str, Account] = {}
        self.terms: dict[str, Term] = {}
        now = clock.now()
        self.begin("first", self.group, "treasurer", now - timedelta(days=400))
        self.end("first", self.group, now - timedelta(days=10))
        self.begin("second", self.group, "treasurer", now - timedelta(days=9))
        self.begin("chair", self.group, "chairperson", now - timedelta(days=400))
        self.begin("elsewhere", self.other, "treasurer", now - timedelta(days=400))
        for who in ("first", "second", "chair"):
            with in_group(self.group, self.accounts[who]):
                commands.write_note(
                    db.session.get_one(Term, self.terms[who].id), f"By {who}", by=None, now=now
                )

    def begin(self, who: str, group: Group, office: str, now: object) -> None:
        self.accounts[who] = make_account()
        with in_group(group):
            member = a_member(who, account_id=self.accounts[who].id, now=now)
            self.terms[who] = a_term(member, office, now=now)

    def end(self, who: str, group: Group, now: object) -> None:
        with in_group(group):
            officers.end_term(db.session.get_one(Term, self.terms[who].id), by=None, now=now)


@pytest.fixture
def story(app: object) -> Story:
    return Story()


@pytest.fixture(params=["web_url", "owner_url"])
def sql(request: pytest.FixtureRequest, database_urls: Addresses) -> Iterator[psycopg.Connection]:
    with psycopg.connect(plain(getattr(database_urls, request.param))) as connection:
        yield connection
        connection.rollback()


def enter(sql: psycopg.Connection, group: Group, who: Account | None) -> None:
    sql.rollback()
    sql.execute(
        "select set_config('app.group_id', %s, true), set_config('app.account_id', %s, true)",
        (str(group.id), str(who.id) if who else ""),
    )


def seen(sql: psycopg.Connection, story: Story) -> set[str]:
    by_term = {term.id: who for who, term in story.terms.items()}
    return {by_term[row[0]] for row in sql.execute("select term_id from office_notes").fetchall()}


def refuses(sql: psycopg.Connection, statement: str, values: tuple[object, ...] = ()) -> None:
    with pytest.raises((psycopg.errors.IntegrityError, psycopg.errors.InsufficientPrivilege)), sql.transaction():  # fmt: skip
        sql.execute(statement, values)


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("second", {"first", "second"}),
        ("first", {"first"}),
        ("chair", {"chair"}),
        ("elsewhere", set()),
        (None, set()),
    ],
)
def test_each_sees_the_notes_of_their_own_office(
    sql: psycopg.Connection, story: Story, who: str | None, sees: set[str]
) -> None:
    enter(sql, story.group, story.accounts[who] if who else None)
    assert seen(sql, story) == sees
    enter(sql, story.other, story.accounts[who] if who else None)
    assert seen(sql, story) == set()


def test_thirty_days_later_the_writer_sees_nothing_more(sql: psycopg.Connection, story: Story) -> None:
    with in_group(story.group):
        db.session.execute(
            db.text("update terms set ends_at = now() - interval '31 days' where id = :t"), {"t": story.terms["first"].id}
        )  # fmt: skip
    enter(sql, story.group, story.accounts["first"])
    assert seen(sql, story) == set()
    refuses(sql, WRITE, (story.group.id, story.terms["first"].id, "0"))


def test_a_note_cannot_be_written_for_somebody_else_or_changed_or_taken_away(
    sql: psycopg.Connection, story: Story
) -> None:
    group = story.group.id
    enter(sql, story.group, story.accounts["chair"])
    refuses(sql, WRITE, (group, story.terms["second"].id, "0"))
    refuses(sql, WRITE, (group, story.terms["elsewhere"].id, "0"))
    refuses(sql, WRITE, (group, uuid.uuid4(), "0"))
    refuses(sql, WRITE, (group, story.terms["chair"].id, "1 day"))
    refuses(sql, "update office_notes set words = '\\x02'")
    refuses(sql, "delete from office_notes")
    refuses(sql, "truncate office_notes")
    sql.execute(WRITE, (group, story.terms["chair"].id, "0"))


def test_words_are_sealed(sql: psycopg.Connection, story: Story) -> None:
    enter(sql, story.group, story.accounts["second"])
    rows = sql.execute("select words from office_notes").fetchall()
    assert len(rows) == 2
    assert not [words for (words,) in rows if b"By " in bytes(words)]


def test_whoever_left_the_office_long_ago_cannot_write(story: Story) -> None:
    with in_group(story.group, story.accounts["first"]):
        term = db.session.get_one(Term, story.terms["first"].id)
        with pytest.raises(CannotWrite):
            commands.write_note(term, "Late", by=None, now=clock.now() + timedelta(days=21))
