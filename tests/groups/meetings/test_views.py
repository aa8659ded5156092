"""Meetings as people use them: planned, counted, called off; numbers and never names."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from groups.meetings import queries
from groups.meetings.models import Meeting
from groups.permissions import Role
from network import clock
from network.db import db
from network.tenancy.models import Group
from tests.factories.directory import list_group
from tests.factories.meetings import a_meeting
from tests.factories.network import make_group, make_holder
from tests.support.app import in_group
from tests.support.client import StrictClient
from tests.support.statements import statements


@pytest.fixture
def group() -> Group:
    return make_group()


def as_role(client: StrictClient, role: str, group: Group) -> StrictClient:
    return client.sign_in(make_holder(role, group))


def meetings_of(group: Group) -> list[Meeting]:
    with in_group(group):
        return list(db.session.scalars(sa.select(Meeting)))


def tomorrow() -> str:
    return (clock.now() + timedelta(days=1)).date().isoformat()


class TestAddMeeting:
    def test_adds_it_on_the_groups_clock(self, client: StrictClient, group: Group) -> None:
        as_role(client, Role.SECRETARY, group)
        page = client.fetch(f"/g/{group.id}/meetings/add")
        page = client.send(page, {"day": tomorrow(), "hour": "10:00", "place": "The hall"})
        (meeting,) = meetings_of(group)
        assert page.path == f"/g/{group.id}/meetings/{meeting.id}"
        assert (meeting.day.isoformat(), meeting.local.hour) == (tomorrow(), 10)

    def test_sent_twice_is_one_meeting(self, client: StrictClient, group: Group) -> None:
        as_role(client, Role.SECRETARY, group)
        page = client.fetch(f"/g/{group.id}/meetings/add")
        for _ in range(2):
            client.send(page, {"day": tomorrow(), "hour": "10:00"})
        assert len(meetings_of(group)) == 1

    def test_suggests_the_next_day_of_the_groups_card(self, client: StrictClient, group: Group) -> None:
        list_group(group, weekday=2)
        as_role(client, Role.SECRETARY, group)
        page = client.fetch(f"/g/{group.id}/meetings/add")
        day = next(e.get("value") for e in page.tree.iter("input") if e.get("name") == "day")
        assert date.fromisoformat(str(day)).weekday() == 2

    @pytest.mark.parametrize(
        ("bad", "field"),
        [
            ({"day": "31/31/2026"}, "day"),
            ({"day": ""}, "day"),
            ({"day": "1826-01-01"}, "day"),
            ({"day": "9999-12-31"}, "day"),
            ({"hour": "25:99"}, "hour"),
            ({"hour": ""}, "hour"),
            ({"place": "x" * 500}, "place"),
            ({"place": "a\u202eb"}, "place"),
        ],
    )
    def test_says_beside_the_field_what_is_amiss(
        self, client: StrictClient, group: Group, bad: dict[str, str], field: str
    ) -> None:
        as_role(client, Role.SECRETARY, group)
        values = {"day": tomorrow(), "hour": "10:00", "place": "The hall", **bad}
        page = client.send(client.fetch(f"/g/{group.id}/meetings/add"), values)
        assert (page.status, page.fields_with_errors) == (422, {field})
        assert meetings_of(group) == []


class TestRecordMeeting:
    def test_keeps_a_number_and_broad_needs(self, client: StrictClient, group: Group) -> None:
        with in_group(group):
            meeting = a_meeting()
        as_role(client, Role.TREASURER, group)
        page = client.fetch(f"/g/{group.id}/meetings/{meeting.id}/record")
        page = client.send(
            page, {"people": "24", "newcomers": "3", "needs": ["medicine", "work"], "note": "Fares"}
        )
        (kept,) = meetings_of(group)
        assert (kept.people, kept.newcomers, kept.needs) == (24, 3, ["medicine", "work"])
        assert "24" in page.text

    @pytest.mark.parametrize(
        ("bad", "field"),
        [
            ({"people": ""}, "people"),
            ({"people": "-3"}, "people"),
            ({"people": "many"}, "people"),
            ({"people": "9999999999999"}, "people"),
            ({"newcomers": "30"}, "newcomers"),
            ({"note": "x" * 501}, "note"),
        ],
    )
    def test_says_beside_the_field_what_is_amiss(
        self, client: StrictClient, group: Group, bad: dict[str, str], field: str
    ) -> None:
        with in_group(group):
            meeting = a_meeting()
        as_role(client, Role.SECRETARY, group)
        page = client.fetch(f"/g/{group.id}/meetings/{meeting.id}/record")
        page = client.send(page, {"people": "24", "newcomers": "2", **bad})
        assert (page.status, page.fields_with_errors) == (422, {field})
        assert meetings_of(group)[0].people is None

    def test_waits_at_home_until_it_is_done(self, client: StrictClient, group: Group) -> None:
        with in_group(group):
            meeting = a_meeting()
        as_role(client, Role.SECRETARY, group)
        address = f"/g/{group.id}/meetings/{meeting.id}/record"
        assert address in client.fetch(f"/g/{group.id}/").links
        client.send(client.fetch(address), {"people": "5"})
        assert address not in client.fetch(f"/g/{group.id}/").links

    def test_not_before_it_has_begun(self, client: StrictClient, group: Group) -> None:
        with in_group(group):
            meeting = a_meeting(clock.now() + timedelta(days=2))
        as_role(client, Role.SECRETARY, group)
        page = client.send(client.fetch(f"/g/{group.id}/meetings/{meeting.id}/record"), {"people": "5"})
        assert page.status == 422


class TestCancelMeeting:
    def test_leaves_it_in_the_list_with_the_reason(self, client: StrictClient, group: Group) -> None:
        with in_group(group):
            meeting = a_meeting(clock.now() + timedelta(days=2))
        as_role(client, Role.CHAIRPERSON, group)
        page = client.send(client.fetch(f"/g/{group.id}/meetings/{meeting.id}/cancel"), {"reason": "Rain"})
        assert "Rain" in page.text
        assert meetings_of(group)[0].is_cancelled

    def test_is_not_for_a_member(self, client: StrictClient, group: Group) -> None:
        with in_group(group):
            meeting = a_meeting(clock.now() + timedelta(days=2))
        as_role(client, Role.MEMBER, group)
        assert client.fetch(f"/g/{group.id}/meetings").status == 200
        assert client.fetch(f"/g/{group.id}/meetings/{meeting.id}/cancel").status == 403


class TestListMeetings:
    def test_takes_as_many_statements_for_one_as_for_many(self, client: StrictClient, group: Group) -> None:
        with in_group(group):
            a_meeting(people=5)
        as_role(client, Role.MEMBER, group).fetch(f"/g/{group.id}/meetings")
        with statements() as few:
            client.fetch(f"/g/{group.id}/meetings")
        with in_group(group):
            for days in range(2, 40):
                a_meeting(clock.now() - timedelta(days=days), people=5)
        with statements() as many:
            page = client.fetch(f"/g/{group.id}/meetings")
        assert len(few) == len(many)
        assert f"/g/{group.id}/meetings?page=2" in [*page.links, *(page.path + link for link in page.links)]

    def test_another_groups_meeting_is_not_there(self, client: StrictClient, group: Group) -> None:
        other = make_group()
        with in_group(other):
            meeting = a_meeting()
        as_role(client, Role.SECRETARY, group)
        assert client.fetch(f"/g/{group.id}/meetings/{meeting.id}").status == 404
        assert client.fetch(f"/g/{other.id}/meetings/{meeting.id}").status == 404


def test_figures_count_meetings_and_heads_of_a_time(group: Group) -> None:
    today = clock.now()
    with in_group(group):
        assert queries.count_meetings_held(date(2020, 1, 1), date(2100, 1, 1)) is None
        for days, people in ((1, 10), (2, 12), (200, 99)):
            a_meeting(today - timedelta(days=days), people=people)
        a_meeting(today - timedelta(days=3))
        start, end = (today - timedelta(days=30)).date(), (today + timedelta(days=1)).date()
        assert queries.count_meetings_held(start, end) == 2
        assert queries.count_people_attending(start, end) == 22
