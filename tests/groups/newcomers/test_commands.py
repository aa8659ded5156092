import pytest
import sqlalchemy as sa

from groups.consents.models import Method
from groups.consents.queries import standing_of
from groups.membership.queries import count_present_members
from groups.newcomers import commands, queries
from groups.newcomers.rules import CannotRead, Refusal, Row
from network import clock
from network.audit import AuditEvent
from network.db import db
from tests.factories.groups import a_member
from tests.factories.network import make_group
from tests.support.app import in_group


class TestAddNewcomers:
    def test_adds_nobody_where_one_of_them_came_in_at_the_same_moment(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        group = make_group()
        with in_group(group):
            a_member("Sun")
            monkeypatch.setattr(queries, "everybody_here", list)  # the look was before Sun came
            with pytest.raises(CannotRead) as refused:
                commands.add_newcomers(
                    group, [Row(1, "Rain"), Row(2, "Sun")], languages={}, by=None, now=clock.now()
                )
            assert refused.value.refusal == Refusal.CHANGED_MEANWHILE
            assert count_present_members() == 1
            noted = sa.select(sa.func.count()).where(AuditEvent.event.like("members.%"))
            assert db.session.scalar(noted) == 0

    def test_seals_how_to_reach_them(self) -> None:
        group = make_group()
        with in_group(group):
            rows = [Row(1, "Rain", contact="0700111222")]
            added = commands.add_newcomers(group, rows, languages={}, by=None, now=clock.now())
            stored = sa.text("select contact from members where id = :id")
            assert b"0700111222" not in bytes(db.session.execute(stored, {"id": added[0].id}).scalar_one())

    def test_notes_that_nobody_has_asked_them_yet(self) -> None:
        group = make_group()
        with in_group(group):
            rows = [Row(1, "Rain", contact="0700111222"), Row(2, "Sun")]
            rain, sun = commands.add_newcomers(group, rows, languages={}, by=None, now=clock.now())
            assert [one.method for one in standing_of(rain.id).values()] == [Method.LIST]
            assert standing_of(sun.id) == {}
