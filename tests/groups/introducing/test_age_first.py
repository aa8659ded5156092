"""At the door of a group for young people: a word about age before anybody can be written to."""

import re
from uuid import UUID

import pytest
import sqlalchemy as sa

from groups.permissions import Role
from groups.referrals import commands
from groups.referrals.commands import CannotChangeDoor
from groups.referrals.models import Answer, Referral
from groups.referrals.rules import Refusal
from network import clock
from network.db import db
from network.directory.models import Enquiry
from network.tenancy.models import Group
from network.tenancy.queries import get_group
from tests.factories.directory import list_group
from tests.factories.network import make_group, make_holder
from tests.factories.referrals import an_asker, an_introduction, behind, may_be_asked, seen_by
from tests.support.app import in_group
from tests.support.client import Page, StrictClient

SENT = {
    "join": {"called": "Sanaa", "reach": "0700 111 222"},
    "introduce": {
        "called": "Sanaa", "reach": "0700 111 222", "introduced_by": "family", "language": "sw", "agreement": "y",
    },
    "ask": {"contact": "0700 111 222", "words": "Can I come?"},
}  # fmt: skip


def a_group(*, young: bool = True) -> tuple[Group, UUID]:
    group = make_group()
    list_group(group, welcome=("young_people",) if young else ())
    return group, make_holder(Role.SECRETARY, group).id


def turns_young(group: Group) -> None:
    list_group(group, welcome=("young_people",))


def names(page: Page) -> set[str | None]:
    return {e.get("name") for e in page.tree.iter("input")}


def ways_to_send(page: Page) -> list[str]:
    return [link for link in page.links if link.startswith(("sms:", "mailto:"))]


def the_person(client: StrictClient, group: Group) -> Page:
    listed = client.fetch(f"/g/{group.id}/referrals")
    return client.fetch(next(link for link in listed.links if re.search(r"/referrals/[0-9a-f-]{36}$", link)))


@pytest.mark.parametrize("way", SENT)
def test_nothing_is_asked_where_the_group_is_not_for_young_people(client: StrictClient, way: str) -> None:
    group, _ = a_group(young=False)
    assert "old_enough" not in names(client.fetch(f"/en/groups/{group.slug}/{way}"))


@pytest.mark.parametrize("language", ["en", "sw"])
@pytest.mark.parametrize("way", SENT)
def test_a_number_is_taken_only_with_the_tick_and_the_group_reads_that_it_was_ticked(
    client: StrictClient, way: str, language: str
) -> None:
    group, secretary = a_group()
    page = client.fetch(f"/{language}/groups/{group.slug}/{way}")
    refused = client.send(page, SENT[way])
    assert (refused.status, refused.fields_with_errors) == (422, {"old_enough"})
    with in_group(group, secretary):
        assert not db.session.scalars(sa.select(Enquiry)).all()
    assert seen_by(group, secretary) == {}
    assert client.send(refused, {**SENT[way], "old_enough": "y"}).status == 200
    with in_group(group, secretary):
        kind = Enquiry if way == "ask" else Referral
        kept = db.session.scalars(sa.select(kind)).one()
        assert kept.old_enough_hash


@pytest.mark.parametrize("way", ["join", "introduce"])
def test_without_a_number_nothing_needs_to_be_said(client: StrictClient, way: str) -> None:
    group, secretary = a_group()
    sent = client.send(client.fetch(f"/en/groups/{group.slug}/{way}"), {**SENT[way], "reach": ""})
    assert sent.status == 200
    assert list(seen_by(group, secretary)) == ["Sanaa"]


@pytest.mark.parametrize("is_own", [True, False])
def test_no_note_is_ready_for_whoever_stood_at_the_door_before(client: StrictClient, *, is_own: bool) -> None:
    group, secretary = a_group(young=False)
    an_asker(group) if is_own else an_introduction(group)
    with in_group(group, secretary):
        kept = db.session.scalars(sa.select(Referral)).one()
        commands.answer_person(
            get_group(group.id), kept, Answer.COME, "On Saturday", by=secretary, now=clock.now()
        )
    client.sign_in(make_holder(Role.CHAIRPERSON, group))
    page = the_person(client, group)
    assert len(ways_to_send(page)) == 2
    turns_young(group)
    page = the_person(client, group)
    assert ways_to_send(page) == []
    assert "0700" not in page.text
    assert "On Saturday" in page.text


def test_nobody_is_asked_again_before_that_word(client: StrictClient) -> None:
    group, secretary = a_group(young=False)
    code = may_be_asked(group)
    turns_young(group)
    with in_group(group, secretary), pytest.raises(CannotChangeDoor) as refused:
        commands.ask_again(get_group(group.id), behind(code), by=secretary, now=clock.now())
    assert refused.value.refusal == Refusal.WAITS_FOR_WORD
    client.sign_in(make_holder(Role.CHAIRPERSON, group))
    assert not [
        form for form in the_person(client, group).forms() if "ask-again" in (form.get("action") or "")
    ]


def test_a_question_that_came_before_shows_no_number_any_more(client: StrictClient) -> None:
    group, _ = a_group(young=False)
    client.send(client.fetch(f"/en/groups/{group.slug}/ask"), SENT["ask"])
    client.sign_in(make_holder(Role.CHAIRPERSON, group))
    assert "0700" in client.fetch(f"/g/{group.id}/listing/questions").text
    turns_young(group)
    page = client.fetch(f"/g/{group.id}/listing/questions")
    assert "0700" not in page.text
    assert "Can I come?" in page.text


def test_who_was_asked_already_can_only_say_no_through_an_office(client: StrictClient) -> None:
    group, secretary = a_group(young=False)
    code = may_be_asked(group)
    with in_group(group, secretary):
        commands.ask_again(get_group(group.id), behind(code), by=secretary, now=clock.now())
    client.sign_in(make_holder(Role.CHAIRPERSON, group))
    page = client.fetch(f"{the_person(client, group).path}/said")
    offered = {e.get("value") for e in page.tree.iter("input") if e.get("name") == "said"}
    assert offered == {"closed"}
    assert client.send(page, {"said": "6"}).status == 422
