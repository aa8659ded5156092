"""The door of a meeting: who looks in is counted and not entered, who joins gets a code to take home."""

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from groups.meetings import commands as meetings
from groups.meetings.models import Meeting
from groups.membership.models import Member
from groups.permissions import Role
from network import clock
from network.db import db
from network.tenancy.models import Group
from network.tenancy.queries import get_group
from tests.factories.network import make_group, make_holder
from tests.support.app import in_group
from tests.support.client import StrictClient


def a_meeting(group: Group, *, days: int = 0) -> UUID:
    with in_group(group):
        starts = clock.now() + timedelta(days=days)
        return meetings.add_meeting(
            get_group(group.id), starts_at=starts, place="", by=None, now=clock.now()
        ).id


def here(group: Group) -> tuple[list[str], list[int]]:
    """Who is a member, and how many new people each meeting counts."""
    with in_group(group):
        names = [one.nickname for one in db.session.scalars(sa.select(Member))]
        return names, list(db.session.scalars(sa.select(Meeting.at_door)))


def door(group: Group, meeting_id: UUID) -> str:
    return f"/g/{group.id}/meetings/{meeting_id}/door"


@pytest.mark.parametrize("role", [Role.CHAIRPERSON, Role.TREASURER, Role.FACILITATOR])
def test_who_looks_in_is_counted_and_nothing_else_is_kept(client: StrictClient, role: str) -> None:
    group = make_group()
    meeting_id = a_meeting(group)
    client.sign_in(make_holder(role, group))
    assert door(group, meeting_id) in client.fetch(f"/g/{group.id}/meetings/{meeting_id}").links
    page = client.fetch(door(group, meeting_id))
    for _ in range(2):
        page = client.send(page, {"stays": "looks_in", "nickname": "Passing By"})
    assert here(group) == ([], [2])


def test_who_joins_gets_a_code_that_opens_the_way_to_a_sign_in(client: StrictClient) -> None:
    group = make_group()
    meeting_id = a_meeting(group)
    client.sign_in(make_holder(Role.SECRETARY, group))
    page = client.send(client.fetch(door(group, meeting_id)), {"stays": "joins", "nickname": "Wema"})
    assert here(group) == (["Wema"], [1])
    link = next(link for link in page.links if "/join/" in link)
    client.sign_out()
    joining = client.fetch("/join/" + link.rpartition("/join/")[2])
    joined = client.send(
        joining, {"shown_name": "Wema", "sign_in": f"wema-{group.slug}", "password": "mango-rain-drum"}
    )
    assert joined.path == f"/g/{group.id}/"


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"stays": "joins"}, "nickname"), ({"stays": "joins", "nickname": "Wema"}, "nickname")],
)
def test_a_nickname_is_needed_and_free(client: StrictClient, typed: dict[str, str], field: str) -> None:
    group = make_group()
    meeting_id = a_meeting(group)
    client.sign_in(make_holder(Role.SECRETARY, group))
    client.send(client.fetch(door(group, meeting_id)), {"stays": "joins", "nickname": "Wema"})
    page = client.send(client.fetch(door(group, meeting_id)), typed)
    assert (page.status, page.fields_with_errors) == (422, {field})
    assert here(group) == (["Wema"], [1])


@pytest.mark.parametrize("days", [-9, 9])
def test_is_open_on_the_day_only(client: StrictClient, days: int) -> None:
    group = make_group()
    meeting_id = a_meeting(group, days=days)
    client.sign_in(make_holder(Role.SECRETARY, group))
    assert door(group, meeting_id) not in client.fetch(f"/g/{group.id}/meetings/{meeting_id}").links
    page = client.send(client.fetch(door(group, meeting_id)), {"stays": "looks_in"})
    assert page.status == 422
    assert here(group) == ([], [0])


def test_members_do_not_keep_the_door(client: StrictClient) -> None:
    group = make_group()
    meeting_id = a_meeting(group)
    client.sign_in(make_holder(Role.MEMBER, group))
    assert client.fetch(door(group, meeting_id)).status == 403


def test_a_code_is_shown_to_whoever_let_them_in_and_on_that_day_only(client: StrictClient) -> None:
    group = make_group()
    today, earlier = a_meeting(group), a_meeting(group, days=-9)
    client.sign_in(make_holder(Role.FACILITATOR, group))
    page = client.send(client.fetch(door(group, today)), {"stays": "joins", "nickname": "Wema"})
    assert page.status == 200
    assert client.fetch(page.path).status == 200
    assert client.fetch(page.path.replace(str(today), str(earlier))).status == 404
    client.sign_out().sign_in(make_holder(Role.TREASURER, group))
    assert client.fetch(page.path).status == 404


def test_the_count_afterwards_begins_with_who_was_counted_at_the_door(client: StrictClient) -> None:
    group = make_group()
    meeting_id = a_meeting(group)
    client.sign_in(make_holder(Role.SECRETARY, group))
    client.send(client.fetch(door(group, meeting_id)), {"stays": "looks_in"})
    page = client.fetch(f"/g/{group.id}/meetings/{meeting_id}/record")
    field = next(e for e in page.tree.iter("input") if e.get("name") == "newcomers")
    assert field.get("value") == "1"
