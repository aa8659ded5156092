"""By SQL, as the ordinary role and as the owner of the tables: nothing private without a yes, and a yes is only ever taken back."""

import uuid
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from groups.consents import queries
from groups.consents.models import Purpose
from groups.membership import commands as membership
from groups.membership.models import Member
from network import clock
from network.db import db
from network.servers import Addresses
from network.tenancy.models import Group
from tests.factories.groups import a_member, tells
from tests.factories.network import make_group
from tests.support.app import in_group

PRIVATE = ("contact", "lived_experience", "sex", "age_band", "disability_registered")
Sql = psycopg.Connection[Any]


@pytest.fixture(params=["web_url", "owner_url"])
def sql(request: pytest.FixtureRequest, database_urls: Addresses) -> Iterator[Sql]:
    """Once as whoever serves the pages, once as whoever migrates."""
    url = getattr(database_urls, request.param).replace("+psycopg", "")
    with psycopg.connect(url, autocommit=False) as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def group(app: object) -> Group:
    return make_group()


@pytest.fixture
def told(group: Group) -> uuid.UUID:
    """Somebody who told everything there is."""
    with in_group(group):
        member = a_member()
        for purpose, value in zip(PRIVATE, ("+254700111222", "lived", "f", "under", "yes"), strict=True):
            tells(member, Purpose(purpose), value)
        return member.id


def be_in(sql: Sql, group: Group) -> None:
    sql.execute("select set_config('app.group_id', %s, true)", (str(group.id),))


@pytest.mark.parametrize("column", PRIVATE)
def test_nothing_private_is_written_without_a_yes(sql: Sql, group: Group, column: str) -> None:
    with in_group(group):
        silent = a_member("Silent").id
    be_in(sql, group)
    sql.execute(f"update members set {column} = 'x' where id = %s", (silent,))
    with pytest.raises(psycopg.errors.CheckViolation):
        sql.execute("set constraints all immediate")


@pytest.mark.parametrize("column", PRIVATE)
def test_nothing_private_outlives_its_yes(sql: Sql, group: Group, told: uuid.UUID, column: str) -> None:
    be_in(sql, group)
    taken = (
        "update consents set withdrawn_at = given_at, ended = 'self' where member_id = %s and purpose = %s"
    )
    sql.execute(taken, (told, column))
    with pytest.raises(psycopg.errors.CheckViolation):
        sql.execute("set constraints all immediate")


def test_taken_back_with_its_value_it_is_gone(sql: Sql, group: Group, told: uuid.UUID) -> None:
    be_in(sql, group)
    sql.execute("update members set sex = null where id = %s", (told,))
    sql.execute(
        "update consents set withdrawn_at = given_at, ended = 'self' where member_id = %s and purpose = 'sex'",
        (told,),
    )
    sql.execute("set constraints all immediate")


@pytest.mark.parametrize(
    "change",
    [
        "update consents set purpose = 'language' where purpose = 'sex'",
        "update consents set given_at = given_at - interval '1 day'",
        "update consents set method = 'aloud'",
        "update consents set words_id = null, method = 'before'",
        "delete from consents",
        "update consent_words set words = 'Something else'",
        "delete from consent_words",
    ],
)
def test_a_yes_does_not_change_and_does_not_vanish(
    sql: Sql, group: Group, told: uuid.UUID, change: str
) -> None:
    be_in(sql, group)
    with pytest.raises(
        (
            psycopg.errors.RestrictViolation,
            psycopg.errors.RaiseException,
            psycopg.errors.InsufficientPrivilege,
        )
    ):
        sql.execute(change)


@pytest.mark.parametrize(
    "also",
    [
        "purpose = 'language'",
        "method = 'before', words_id = null",
        "read_by_id = (select id from members where nickname = 'Officer')",
        "given_at = given_at - interval '1 day'",
        "member_id = (select id from members where nickname = 'Officer')",
        "words_id = (select id from consent_words where purpose = 'age_band')",
        "id = gen_random_uuid()",
    ],
)
def test_nothing_else_changes_in_the_moment_it_is_taken_back(
    sql: Sql, group: Group, told: uuid.UUID, also: str
) -> None:
    with in_group(group):
        a_member("Officer")
    be_in(sql, group)
    sql.execute("update members set sex = null where id = %s", (told,))
    back = "update consents set withdrawn_at = given_at, ended = 'self' {} where member_id = %s and purpose = 'sex'"
    with pytest.raises(psycopg.errors.RestrictViolation), sql.transaction():
        sql.execute(back.format(f", {also}"), (told,))
    assert sql.execute(back.format(""), (told,)).rowcount == 1


def test_what_was_taken_back_does_not_stand_again(sql: Sql, group: Group, told: uuid.UUID) -> None:
    be_in(sql, group)
    sql.execute("update members set sex = null where id = %s", (told,))
    sql.execute(
        "update consents set withdrawn_at = given_at, ended = 'self' where member_id = %s and purpose = 'sex'",
        (told,),
    )
    with pytest.raises(psycopg.errors.RestrictViolation):
        sql.execute(
            "update consents set withdrawn_at = null, ended = null where member_id = %s and purpose = 'sex'",
            (told,),
        )


@pytest.mark.parametrize(
    ("purpose", "method", "reader", "has_words", "broken"),
    [
        ("sex", "list", None, False, "brought"),
        ("sex", "invitation", None, False, "brought"),
        ("contact", "list", "other", True, "words"),
        ("contact", "invitation", None, True, "words"),
        ("guardian", "paper", "other", True, "words"),
        ("sex", "self", None, False, "words"),
        ("sex", "aloud", "other", False, "words"),
        ("contact", "told", None, True, "method"),
        ("sex", "self", "other", True, "by_whom"),
        ("guardian", "self", None, True, "by_whom"),
        ("sex", "aloud", "own", True, "by_another"),
        ("guardian", "paper", "own", False, "by_another"),
        ("sex", "paper", "other", False, "in_writing"),
    ],
)
def test_a_yes_says_truly_how_and_by_whom(
    sql: Sql, group: Group, purpose: str, method: str, reader: str | None, *, has_words: bool, broken: str
) -> None:
    with in_group(group):
        officer, who = a_member("Officer"), a_member("Silent").id
        tells(officer, Purpose.LANGUAGE, "sw")
        words = queries.standing_of(officer.id)[Purpose.LANGUAGE].words_id
        by = {None: None, "other": officer.id, "own": who}[reader]
    be_in(sql, group)
    new = "insert into consents (id, group_id, member_id, purpose, method, words_id, read_by_id, given_at) values (%s, %s, %s, %s, %s, %s, %s, now())"
    with pytest.raises(psycopg.errors.CheckViolation) as refused:
        sql.execute(new, (uuid.uuid4(), group.id, who, purpose, method, words if has_words else None, by))
    assert refused.value.diag.constraint_name == f"ck_consents_{broken}"


@pytest.mark.parametrize("column", PRIVATE)
def test_whoever_has_left_keeps_nothing_private_and_says_yes_to_nothing(
    sql: Sql, group: Group, told: uuid.UUID, column: str
) -> None:
    be_in(sql, group)
    with pytest.raises(psycopg.errors.CheckViolation), sql.transaction():
        sql.execute("update members set left_on = joined_on where id = %s", (told,))
    with in_group(group):
        member = db.session.get_one(Member, told)
        membership.let_member_go(group, member, by=None, now=clock.now())
    with pytest.raises(psycopg.errors.CheckViolation), sql.transaction():
        sql.execute(f"update members set {column} = 'x' where id = %s", (told,))
    with pytest.raises(psycopg.errors.CheckViolation), sql.transaction():
        sql.execute(
            "insert into consents (id, group_id, member_id, purpose, method, given_at) values (%s, %s, %s, %s, 'before', now())",
            (uuid.uuid4(), group.id, told, column),
        )


def test_whoever_has_left_can_be_erased(sql: Sql, group: Group) -> None:
    with in_group(group):
        member = a_member("Gone")
        tells(member, Purpose.SEX, "f")
        membership.let_member_go(group, member, by=None, now=clock.now())
        gone = member.id
    be_in(sql, group)
    assert sql.execute("delete from consents where member_id = %s", (gone,)).rowcount == 1
