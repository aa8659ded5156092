"""What was decided on folded papers: small figures are taken away by the database, whoever asks."""

import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from groups.decisions import commands
from groups.decisions.models import Motion
from groups.decisions.queries import outcome_of
from groups.decisions.rules import Count
from network import clock
from network.db import db
from network.support.models import SupportRequest
from network.tenancy.models import Group
from tests.factories.decisions import a_motion, begin, count
from tests.factories.groups import some_members
from tests.factories.network import make_account, make_group, make_holder
from tests.support.app import in_group
from tests.support.client import StrictClient


@pytest.fixture
def group(app: object) -> Iterator[Group]:
    made = make_group()
    with in_group(made):
        yield made


@pytest.fixture
def by(app: object) -> uuid.UUID:
    return make_account().id


class TestSealed:
    def _decide(self, by: uuid.UUID, counted: Count, **more: Any) -> Motion:
        members = some_members(12)
        return count(begin(a_motion(by, **more), members[:2], method="sealed"), counted)

    @pytest.mark.parametrize(
        ("counted", "is_so", "shown"),
        [
            (Count(10, 6, 3, 1), True, 6),
            (Count(10, 3, 6, 1), False, 3),
            (Count(10, 8, 2, 0), True, None),
            (Count(10, 2, 8, 0), False, None),
            (Count(10, 10, 0, 0), True, None),
        ],
    )
    def test_small_figures_are_not_kept(
        self, group: Group, by: uuid.UUID, counted: Count, is_so: object, shown: object
    ) -> None:
        done = self._decide(by, counted)
        assert (done.is_carried, done.votes_for, done.present) == (is_so, shown, 10)
        kept = db.session.scalar(sa.text("select count(*) from motion_counts"))
        assert kept == (2 if shown is not None else 0)
        assert outcome_of(done) == ("carried" if is_so else "not_carried")

    def test_too_few_are_told_apart_from_no(self, group: Group, by: uuid.UUID) -> None:
        assert outcome_of(self._decide(by, Count(5, 5, 0, 0))) == "too_few"

    def test_what_follows_follows(self, group: Group, by: uuid.UUID) -> None:
        self._decide(by, Count(10, 9, 1, 0), kind="charter")
        assert db.session.scalars(sa.select(SupportRequest)).one()

    def test_what_was_counted_goes_when_it_is_taken_back(self, group: Group, by: uuid.UUID) -> None:
        motion = begin(a_motion(by), some_members(12)[:2], method="sealed")
        commands.enter_count(group, motion, motion.counters[0], Count(10, 9, 1, 0), now=clock.now())
        commands.withdraw_motion(motion, "Not now", by=by, now=clock.now())
        assert db.session.scalar(sa.text("select count(*) from motion_counts")) == 0

    def test_hands_keep_every_figure(self, group: Group, by: uuid.UUID) -> None:
        done = count(begin(a_motion(by), some_members(12)[:2]), Count(10, 9, 1, 0))
        assert (done.votes_for, done.votes_against) == (9, 1)


class TestTheDatabaseOfSealed:
    """As SQL, by the ordinary role and by the owner of the tables."""

    @pytest.fixture(params=["web", "owner"])
    def connection(
        self, app: object, request: pytest.FixtureRequest, database_urls: object
    ) -> Iterator[sa.Connection]:
        url = database_urls.web_url if request.param == "web" else database_urls.owner_url  # type: ignore[attr-defined]
        engine = sa.create_engine(url, poolclass=sa.NullPool)
        with engine.connect() as opened:
            yield opened

    def _counted(self, counted: Count) -> tuple[Group, uuid.UUID]:
        """One of the two has counted, the other's count comes as SQL."""
        group, by = make_group(), make_account().id
        with in_group(group):
            motion = begin(a_motion(by), some_members(12)[:2], method="sealed")
            commands.enter_count(group, motion, motion.counters[0], counted, now=clock.now())
            second = motion.counters[1].id
        return group, second

    def _finish(self, connection: sa.Connection, group: Group, counter: uuid.UUID, *, carried: bool) -> None:
        connection.execute(sa.text("select set_config('app.group_id', :g, true)"), {"g": str(group.id)})
        connection.execute(
            sa.text(
                "insert into motion_counts (id, group_id, motion_id, counter_id, version, present, votes_for, votes_against, abstain, reason, entered_at)"
                " select gen_random_uuid(), group_id, motion_id, :c, 1, present, votes_for, votes_against, abstain, '', now() from motion_counts"
                " where group_id = :g"
            ),
            {"g": group.id, "c": counter},
        )
        connection.execute(
            sa.text(
                "update motions m set state = 'decided', decided_at = now(), present = c.present, votes_for = c.votes_for,"
                " votes_against = c.votes_against, abstain = c.abstain, is_carried = :k from motion_counts c"
                " where c.counter_id = :c and m.id = c.motion_id and m.group_id = :g"
            ),
            {"g": group.id, "c": counter, "k": carried},
        )

    def test_small_figures_go_whoever_writes_them(self, connection: sa.Connection) -> None:
        group, counter = self._counted(Count(10, 9, 1, 0))
        self._finish(connection, group, counter, carried=True)
        row = connection.execute(
            sa.text("select present, votes_for, votes_against, abstain from motions where group_id = :g"),
            {"g": group.id},
        ).one()
        assert tuple(row) == (10, None, None, None)
        left = connection.execute(
            sa.text("select count(*) from motion_counts where group_id = :g"), {"g": group.id}
        ).scalar()
        assert left == 0
        connection.rollback()

    def test_the_sum_is_done_before_they_go(self, connection: sa.Connection) -> None:
        group, counter = self._counted(Count(10, 1, 9, 0))
        with pytest.raises(DBAPIError, match="carried follows"):
            self._finish(connection, group, counter, carried=True)
        connection.rollback()

    def test_counts_stay_where_figures_stay(self, connection: sa.Connection) -> None:
        group, by = make_group(), make_account().id
        with in_group(group):
            count(begin(a_motion(by), some_members(12)[:2], method="sealed"), Count(10, 6, 3, 1))
        for statement in (
            "delete from motion_counts",
            "update motions set votes_for = null, votes_against = null, abstain = null",
        ):
            connection.execute(sa.text("select set_config('app.group_id', :g, true)"), {"g": str(group.id)})
            with pytest.raises(DBAPIError):
                connection.execute(sa.text(f"{statement} where group_id = :g"), {"g": group.id})
            connection.rollback()


class TestPagesOfSealed:
    def test_show_what_was_decided_and_no_figures(self, client: StrictClient) -> None:
        group = make_group()
        with in_group(group):
            members = some_members(40)
            motion = begin(a_motion(make_account().id), members[:2], method="sealed")
            slip = (motion.counters[0].slip or "").replace("-", "")
        client.sign_in(make_holder("member", group))
        path = f"/g/{group.id}/decisions/{motion.id}/"
        assert client.fetch(path).status == client.fetch(f"/counter/{slip}").status == 200
        with in_group(group):
            count(motion, Count(39, 38, 1, 0))
        figures = re.split(r"[^\d:]+", client.fetch(path).text)  # the time of day is no figure
        assert "38" not in figures
        assert "39" in figures
        assert client.fetch(f"/counter/{slip}").forms() == []
