"""Who reads a challenge, and decides about it, as SQL: by the ordinary role and by the owner of the tables."""

import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from groups.elections.queries import get_election
from network import clock
from network.accounts.models import RoleAssignment
from network.db import db
from tests.factories.challenges import (
    Declared,
    a_challenge,
    a_committee,
    a_declared_result,
    an_answer,
    an_officer,
)
from tests.factories.network import make_holder
from tests.support.app import in_scope

READS = "select count(*) from election_challenges where id = :id"
READS_ANSWERS = "select count(*) from election_challenge_answers where challenge_id = :id"
REPLY = (
    "insert into election_challenge_answers (id, group_id, challenge_id, account_id, upholds, answered_at)"
    " values (gen_random_uuid(), scope.group_id(), :id, scope.account_id(), true, now())"
)


@pytest.fixture(params=["web", "owner"])
def connection(app: object, request: pytest.FixtureRequest, database_urls: object) -> Iterator[sa.Connection]:
    url = database_urls.web_url if request.param == "web" else database_urls.owner_url  # type: ignore[attr-defined]
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as opened:
        yield opened


def enter(connection: sa.Connection, here: Declared, who: uuid.UUID) -> None:
    connection.rollback()
    connection.execute(
        sa.text("select set_config('app.group_id', :g, true), set_config('app.account_id', :a, true)"),
        {"g": str(here.group.id), "a": str(who)},
    )


def count(connection: sa.Connection, here: Declared, who: uuid.UUID, asked: str, made: uuid.UUID) -> int:
    enter(connection, here, who)
    return connection.execute(sa.text(asked), {"id": made}).scalar_one()


def test_nobody_appointed_after_the_result_reads_or_judges(connection: sa.Connection) -> None:
    here = a_declared_result()
    officers = [an_officer(here, role) for role in ("secretary", "committee")]
    made = a_challenge(here)
    chosen = [make_holder(role, here.group).id for role in ("disputes", "disputes", "facilitator")]
    for who in chosen:
        assert count(connection, here, who, READS, made) == 0
        enter(connection, here, who)
        with pytest.raises(DBAPIError):
            connection.execute(sa.text(REPLY), {"id": made})
    for who in officers:
        assert count(connection, here, who, READS, made) == 1


def test_an_office_begun_at_the_moment_of_the_result_counts(connection: sa.Connection) -> None:
    here = a_declared_result()
    with in_scope(here.group):
        declared = get_election(here.election_id).declared_at
        assert declared
    at_once = [make_holder("secretary", here.group, since=declared).id for _ in range(2)]
    later = make_holder("secretary", here.group, since=declared + timedelta(milliseconds=1)).id
    made = a_challenge(here)
    assert [count(connection, here, who, READS, made) for who in (*at_once, later)] == [1, 1, 0]


@pytest.mark.parametrize("upholds", [True, False])
def test_once_it_is_closed_only_those_concerned_read_it(connection: sa.Connection, *, upholds: bool) -> None:
    here = a_declared_result()
    first, second, third = a_committee(here, 3)
    made = a_challenge(here)
    for who in (first, second, third):
        assert count(connection, here, who, READS, made) == 1
    for who in (first, second):
        an_answer(here, made, who, upholds=upholds)
    end_roles(here, first, second, third)
    officers = [an_officer(here, role) for role in ("secretary", "committee")]
    for who, seen in ((here.voter, 1), (first, 1), (second, 1), (third, 0), *((one, 0) for one in officers)):
        assert count(connection, here, who, READS, made) == seen
    answers = [count(connection, here, who, READS_ANSWERS, made) for who in (first, here.voter, third)]
    assert answers == [2, 0, 0]
    for who in officers:
        assert count(connection, here, who, READS_ANSWERS, made) == 0


def end_roles(here: Declared, *accounts: uuid.UUID) -> None:
    with in_scope(here.group):
        gone = sa.update(RoleAssignment).where(RoleAssignment.account_id.in_(accounts))
        db.session.execute(gone.values(ends_at=clock.now()))
