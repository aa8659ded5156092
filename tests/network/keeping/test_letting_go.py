"""The diary, codes nobody used and applications nobody follows: each goes on its day, and running again finds nothing."""

import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import psycopg
import pytest
import sqlalchemy as sa

from network import audit, clock
from network.audit import RESTED_ON, AuditEvent
from network.data_map import period
from network.db import db
from network.invitations.models import Invitation
from network.keeping import jobs
from network.onboarding.applications import commands as applications
from network.onboarding.applications.jobs import forget_unfollowed
from network.onboarding.applications.models import Application, ApplicationState, Passage
from network.servers import Addresses
from network.support.commands import ANSWERED
from network.tenancy.models import Group
from tests.factories.invitations import give_invitation
from tests.factories.network import make_account, make_group
from tests.factories.onboarding import Sent, send_application
from tests.support.app import in_scope, the_app

A_DAY = timedelta(days=1)


def run(job: Callable[..., None], *, now: datetime | None = None) -> None:
    """Twice, as it may happen."""
    for _ in range(2):
        with the_app().app_context():
            job(now=now or clock.now())


class TestTheDiary:
    def ages(self, group: Group) -> set[str]:
        with in_scope(group):
            return set(db.session.scalars(sa.select(AuditEvent.event)))

    @pytest.fixture
    def group(self, app: object) -> Group:
        group, now = make_group(), clock.now()
        with in_scope(group):
            audit.record("old.done", now=now - period("audit") - A_DAY)
            audit.record("young.done", now=now - period("audit") + A_DAY)
            audit.record(ANSWERED, now=now - 3 * period("audit"))
        return group

    def test_goes_after_twenty_four_months_but_for_what_an_erasure_rests_on(self, group: Group) -> None:
        run(jobs.forget_old_events)
        assert self.ages(group) == {"young.done", ANSWERED}
        assert (ANSWERED,) == RESTED_ON

    def test_nobody_can_hurry_it(self, group: Group) -> None:
        run(jobs.forget_old_events, now=clock.now() + 900 * A_DAY)
        assert "young.done" in self.ages(group)

    def test_a_clock_that_is_late_lets_nothing_go_early(self, group: Group) -> None:
        run(jobs.forget_old_events, now=clock.now() - 30 * A_DAY)
        assert "old.done" in self.ages(group)

    @pytest.fixture(params=["web_url", "owner_url"])
    def sql(self, request: pytest.FixtureRequest, database_urls: Addresses) -> Iterator[psycopg.Connection]:
        with psycopg.connect(getattr(database_urls, request.param).replace("+psycopg", "")) as connection:
            yield connection
            connection.rollback()

    def test_the_database_lets_exactly_these_go(self, sql: psycopg.Connection, group: Group) -> None:
        sql.execute("select set_config('app.group_id', %s, false)", (str(group.id),))
        for refused in (
            "delete from audit_events where event = 'young.done'",
            f"delete from audit_events where event = '{ANSWERED}'",
            "delete from audit_events",
            "update audit_events set event = 'x' where event = 'old.done'",
            "update audit_events set at = at - interval '3 years'",
            "truncate audit_events",
        ):
            with (
                pytest.raises(
                    (
                        psycopg.errors.RaiseException,
                        psycopg.errors.IntegrityError,
                        psycopg.errors.InsufficientPrivilege,
                    )
                ),
                sql.transaction(),
            ):
                sql.execute(refused)
        assert sql.execute("delete from audit_events where event = 'old.done'").rowcount == 1


class TestCodesNobodyUsed:
    def kept(self, group: Group) -> list[tuple[bool, bool]]:
        with in_scope(group):
            rows = db.session.scalars(sa.select(Invitation).order_by(Invitation.made_at))
            return [(one.token is not None, one.code is not None) for one in rows]

    def test_go_after_thirty_days_and_the_row_stays(self, app: object) -> None:
        group, now = make_group(), clock.now()
        for days in (31, 29):
            give_invitation(group, now=now - days * A_DAY)
        run(jobs.forget_unused_codes, now=now)
        assert self.kept(group) == [(False, False), (True, True)]

    def test_stay_while_they_open_something(self, app: object) -> None:
        group, now = make_group(), clock.now()
        give_invitation(group, now=now - 40 * A_DAY, lasts=60 * A_DAY)
        run(jobs.forget_unused_codes, now=now)
        assert self.kept(group) == [(True, True)]
        run(jobs.forget_unused_codes, now=now + 21 * A_DAY)
        assert self.kept(group) == [(False, False)]


class TestApplications:
    def read(self, sent: Sent) -> tuple[Application, int]:
        with in_scope(sent.network.office_id):
            found = db.session.get_one(Application, sent.application.id)
            db.session.refresh(found)
            mine = sa.select(sa.func.count()).where(Passage.application_id == found.id)
            return found, db.session.scalar(mine) or 0

    def an_application(self, *, days_ago: int) -> Sent:
        return send_application(why="It is far to the next one", now=clock.now() - days_ago * A_DAY)

    def test_go_a_year_after_the_last_word(self, app: object) -> None:
        old, young = self.an_application(days_ago=367), self.an_application(days_ago=365)
        run(forget_unfollowed)
        gone, words = self.read(old)
        assert (gone.state, gone.reach, gone.code, words) == (ApplicationState.TAKEN_BACK, None, None, 0)
        kept, words = self.read(young)
        assert (kept.erased_at, bool(kept.reach), words) == (None, True, 1)

    def test_stay_while_somebody_writes(self, app: object) -> None:
        sent = self.an_application(days_ago=500)
        with in_scope(sent.network.office_id):
            found = db.session.get_one(Application, sent.application.id)
            applications.write_message(found, "Still here", language="en", now=clock.now() - 200 * A_DAY)
        run(forget_unfollowed)
        assert self.read(sent)[1] == 2
        run(forget_unfollowed, now=clock.now() + 170 * A_DAY)
        assert self.read(sent)[1] == 0

    def test_an_invitation_that_opens_nothing_any_more_goes_at_once(self, app: object) -> None:
        sent, by = self.an_application(days_ago=10), make_account().id
        with in_scope(sent.network.office_id, by):
            found = db.session.get_one(Application, sent.application.id)
            applications.open_group_for(
                found, network=sent.network, name=f"Group {uuid.uuid4().hex[:8]}", locality="", language="en",
                is_invitation_shown=True, by=by, now=clock.now(),
            )  # fmt: skip
        run(forget_unfollowed)
        assert self.read(sent)[0].invitation_token
        run(forget_unfollowed, now=clock.now() + 15 * A_DAY)
        found, words = self.read(sent)
        assert (found.state, found.invitation_token, found.invitation_code) == ("opened", None, None)
        assert words == 1
