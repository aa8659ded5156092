"""What the group owns: written down by officers, and no more in the list of a day once it is gone."""

from datetime import timedelta

import pytest

from groups.assets import commands, queries
from groups.assets.commands import CannotKeep
from groups.assets.models import Asset
from groups.assets.rules import MOST, Refusal, why_not_keep
from network import clock
from network.db import db
from network.tenancy.models import Group
from tests.factories.network import make_group, make_holder
from tests.support.app import in_group
from tests.support.client import StrictClient


@pytest.fixture
def group(app: object) -> Group:
    return make_group()


def page(group: Group, rest: str = "") -> str:
    return f"/g/{group.id}/assets{rest}"


class TestKeepAsset:
    def test_is_written_down_changed_and_gone_and_sealed(self, client: StrictClient, group: Group) -> None:
        today = clock.today(group.time_zone)
        since, gone = today - timedelta(days=9), today - timedelta(days=2)
        client.sign_in(make_holder("treasurer", group))
        told = {"what": "Forty chairs", "since_on": since.isoformat(), "amount": "2400"}
        assert "Forty chairs" in client.send(client.fetch(page(group, "/add")), told).text
        with in_group(group):
            one = db.session.scalars(queries.assets()).one()
            assert (one.amount, one.currency) == (240_000, "KES")
            assert b"chairs" not in db.session.scalar(db.text("select what from assets"))
        client.send(client.fetch(page(group, f"/{one.id}/edit")), {"gone_on": gone.isoformat()})
        with in_group(group):
            there = {day: len(queries.assets_on(since + timedelta(days=day))) for day in (-1, 0, 6, 7)}
        assert there == {-1: 0, 0: 1, 6: 1, 7: 0}

    @pytest.mark.parametrize(
        ("told", "field"),
        [
            ({"what": ""}, "what"),
            ({"since_on": "2999-01-01"}, "since_on"),
            ({"gone_on": "2001-01-01"}, "gone_on"),
            ({"amount": "-1"}, "amount"),
        ],
    )
    def test_says_beside_the_field_what_is_not_right(
        self, client: StrictClient, group: Group, told: dict[str, str], field: str
    ) -> None:
        client.sign_in(make_holder("chairperson", group))
        usual = {"what": "A tent", "since_on": "2020-02-29"}
        answer = client.send(client.fetch(page(group, "/add")), usual | told)
        assert (answer.status, answer.fields_with_errors) == (422, {field})

    def test_members_do_not_see_it(self, client: StrictClient, group: Group) -> None:
        client.sign_in(make_holder("member", group))
        assert client.get(page(group)).status_code == 403

    def test_two_hundred_are_enough(self, group: Group) -> None:
        today = clock.today(group.time_zone)
        assert why_not_keep(since=today, gone=None, today=today, already=MOST) == Refusal.TOO_MANY
        with in_group(group), pytest.raises(CannotKeep):
            later = today + timedelta(days=1)
            commands.keep_asset(group, None, "A plan", since_on=later, by=None, now=clock.now())
        with in_group(group):
            assert db.session.scalars(db.select(Asset)).all() == []
