"""Who looked: an officer opens a page with a member's private things, and that member sees the office and the day."""

from datetime import date, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from groups.looks.jobs import forget_old_looks
from groups.looks.models import Look
from groups.looks.rules import looked_as
from network import clock
from network.accounts.models import Account
from network.db import db
from network.tenancy.models import Group
from network.web.unit_of_work import Pamoja
from tests.factories.groups import a_member, a_term
from tests.factories.network import make_account, make_group
from tests.support.app import in_scope
from tests.support.client import StrictClient


@pytest.fixture
def group() -> Group:
    return make_group()


def joined(group: Group, nickname: str, *, office: str | None = None) -> tuple[Account, UUID]:
    who = make_account()
    with in_scope(group):
        member = a_member(nickname, account_id=who.id)
        if office:
            a_term(member, office)
        return who, member.id


def signed_in(app: Pamoja, who: Account) -> StrictClient:
    client = app.test_client()
    assert isinstance(client, StrictClient)
    return client.sign_in(who)


def looks(group: Group) -> list[tuple[UUID, str, date]]:
    with in_scope(group):
        return [(one.member_id, one.office, one.on_day) for one in db.session.scalars(sa.select(Look))]


class TestALook:
    @pytest.mark.parametrize("page", ["", "edit"])
    def test_is_noted_once_a_day_by_office(self, app: Pamoja, group: Group, page: str) -> None:
        chair, _ = joined(group, "Chair", office="chairperson")
        _, rain = joined(group, "Rain")
        client = signed_in(app, chair)
        for _ in range(2):
            assert client.get(f"/g/{group.id}/members/{rain}/{page}").status_code == 200
        assert looks(group) == [(rain, "chairperson", clock.today(group.time_zone))]

    def test_is_shown_to_the_member_by_office_and_day_without_a_name(self, app: Pamoja, group: Group) -> None:
        chair, _ = joined(group, "Chair", office="chairperson")
        rain_account, rain = joined(group, "Rain")
        signed_in(app, chair).get(f"/g/{group.id}/members/{rain}/")
        mine = signed_in(app, rain_account)
        assert any("about=looks" in link for link in mine.fetch(f"/me/in/{group.id}").links)
        page = mine.fetch(f"/me/in/{group.id}?about=looks")
        assert chair.shown_name not in page.html
        assert "Chair" not in page.text.replace("Chairperson", "")

    def test_at_oneself_or_at_a_list_is_none(self, app: Pamoja, group: Group) -> None:
        chair, own = joined(group, "Chair", office="chairperson")
        client = signed_in(app, chair)
        for path in (f"{own}/", "", "me"):
            assert client.get(f"/g/{group.id}/members/{path}").status_code == 200
        assert looks(group) == []

    def test_that_is_refused_is_none(self, app: Pamoja, group: Group) -> None:
        member, _ = joined(group, "Plain")
        _, rain = joined(group, "Rain")
        assert signed_in(app, member).get(f"/g/{group.id}/members/{rain}/").status_code == 403
        assert looks(group) == []

    def test_is_forgotten_after_two_years(self, app: Pamoja, group: Group) -> None:
        _, rain = joined(group, "Rain")
        today = clock.today(group.time_zone)
        with in_scope(group):
            for days in (800, 700):
                db.session.add(Look(member_id=rain, office="secretary", on_day=today - timedelta(days=days)))
        for _ in range(2):
            with app.app_context():
                forget_old_looks(now=clock.now())
            assert [day for _, _, day in looks(group)] == [today - timedelta(days=700)]


@pytest.mark.parametrize(
    ("roles", "office"),
    [
        ({"member", "treasurer", "chairperson"}, "chairperson"),
        ({"member", "secretary"}, "secretary"),
        ({"member"}, None),
    ],
)
def test_as_what_somebody_looked(roles: set[str], office: str | None) -> None:
    assert looked_as(roles) == office
