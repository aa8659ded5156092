"""The words of a challenge go a year after it was decided or taken back, by the database's own clock."""

import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from groups.challenges import commands, queries
from groups.challenges.jobs import forget_words
from groups.challenges.models import Challenge
from network import clock
from network.db import db
from tests.factories.challenges import Declared, a_challenge, a_committee, a_declared_result
from tests.support.app import in_scope, the_app


def taken_back(*, days_ago: int) -> tuple[Declared, uuid.UUID]:
    here, then = a_declared_result(days_ago=days_ago + 1), clock.now() - timedelta(days=days_ago)
    a_committee(here)
    made = a_challenge(here, now=then)
    with in_scope(here.group, here.voter):
        commands.withdraw_challenge(queries.get_challenge(made), by=here.voter, now=then)
    return here, made


def words_of(here: Declared, made: uuid.UUID) -> str | None:
    with in_scope(here.group, here.voter):
        return db.session.get_one(Challenge, made).words


def run(days: int = 0) -> None:
    for _ in range(2):
        with the_app().app_context():
            forget_words(now=clock.now() + timedelta(days=days))


def test_goes_after_a_year_and_that_there_was_one_stays(app: object) -> None:
    old, young = taken_back(days_ago=367), taken_back(days_ago=365)
    run(days=900)
    assert words_of(*old) is None
    assert words_of(*young) == "The door was shut"


class TestTheDatabase:
    @pytest.fixture(params=["web_url", "owner_url"])
    def sql(
        self, app: object, request: pytest.FixtureRequest, database_urls: object
    ) -> Iterator[sa.Connection]:
        engine = sa.create_engine(getattr(database_urls, request.param), poolclass=sa.NullPool)
        with engine.connect() as opened:
            yield opened
            opened.rollback()

    def enter(self, sql: sa.Connection, here: Declared) -> None:
        said = "select set_config('app.group_id', :g, false), set_config('app.account_id', '', false)"
        sql.execute(sa.text(said), {"g": str(here.group.id)})
        sql.commit()

    def test_lets_go_of_old_words_alone(self, sql: sa.Connection) -> None:
        """Only for whoever serves: the owner of the tables is shown no challenge, nor lets any go."""
        is_owner = sql.scalar(
            sa.text("select current_user = tableowner from pg_tables where tablename = 'terms'")
        )
        for days, count in ((367, 0 if is_owner else 1), (365, 0)):
            here, _ = taken_back(days_ago=days)
            self.enter(sql, here)
            assert sql.scalar(sa.text("select challenges_forget_words()")) == count
            sql.rollback()

    def test_changes_no_old_words(self, sql: sa.Connection) -> None:
        here, made = taken_back(days_ago=367)
        self.enter(sql, here)
        sql.execute(sa.text("select set_config('app.account_id', :a, true)"), {"a": str(here.voter)})
        for change in ("words = '\\x00'", "words = null, state = 'upheld'", "words = null, made_at = now()"):
            with pytest.raises(DBAPIError), sql.begin_nested():
                sql.execute(sa.text(f"update election_challenges set {change} where id = :id"), {"id": made})
        with pytest.raises(DBAPIError), sql.begin_nested():
            sql.execute(sa.text("delete from election_challenges where id = :id"), {"id": made})
