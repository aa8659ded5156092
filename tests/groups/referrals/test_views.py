"""The two offices at the door: who waits, answering, the note to send, what was said, asking once."""

import re

import pytest

from groups.permissions import Role
from network.tenancy.models import Group
from tests.factories.network import make_group, make_holder
from tests.factories.referrals import an_asker, an_introduction, left_open, may_be_asked, note_of, seen_by
from tests.support import strict
from tests.support.client import Page, StrictClient
from tests.support.statements import statements


def at_the_door(client: StrictClient, group: Group, role: str = Role.SECRETARY) -> Page:
    client.sign_in(make_holder(role, group))
    return client.fetch(f"/g/{group.id}/referrals")


def first(client: StrictClient, page: Page) -> Page:
    return client.fetch(next(link for link in page.links if re.search(r"/referrals/[0-9a-f-]{36}$", link)))


def follow(client: StrictClient, page: Page, ending: str) -> Page:
    return client.fetch(next(link for link in page.links if link.endswith(ending)))


class TestList:
    def test_who_waits_is_named_at_home_and_listed(self, client: StrictClient) -> None:
        group = make_group()
        an_asker(group, called="Sanaa")
        page = at_the_door(client, group)
        assert "Sanaa" in page.text
        assert f"/g/{group.id}/referrals" in client.fetch(f"/g/{group.id}/").links

    @pytest.mark.parametrize("role", [Role.TREASURER, Role.FACILITATOR, Role.MEMBER])
    def test_is_for_two_offices(self, client: StrictClient, role: str) -> None:
        group = make_group()
        an_asker(group)
        assert at_the_door(client, group, role).status == 403
        assert f"/g/{group.id}/referrals" not in client.fetch(f"/g/{group.id}/").links

    def test_asks_the_database_as_often_for_many_as_for_one(self, client: StrictClient) -> None:
        group = make_group()
        an_asker(group)
        at_the_door(client, group)
        with statements() as few:
            client.fetch(f"/g/{group.id}/referrals")
        for _ in range(4):
            an_introduction(group)
        with statements() as many:
            client.fetch(f"/g/{group.id}/referrals")
        assert len(few) == len(many)


class TestAnswer:
    def test_come_and_see_us_is_ready_in_their_language_and_can_be_sent(self, client: StrictClient) -> None:
        group = make_group()
        an_asker(group, called="Sanaa", language="sw", reach="0700 111 222")
        person = first(client, at_the_door(client, group))
        form = follow(client, person, "/come")
        answered = client.send(form, {"words": "Saturday at ten, under the tree"})
        assert "Saturday at ten" in answered.text
        texts = [link for link in answered.links if link.startswith("sms:")]
        assert texts
        assert texts[0].startswith("sms:0700%20111%20222")
        assert group.name not in texts[0]

    def test_a_welcome_puts_nobody_among_the_members(self, client: StrictClient) -> None:
        group = make_group()
        an_asker(group, called="Sanaa")
        person = first(client, at_the_door(client, group))
        welcomed = client.send(follow(client, person, "/welcome"))
        assert welcomed.status == 200
        assert "Sanaa" not in client.fetch(f"/g/{group.id}/members/").text

    def test_of_two_who_answer_the_second_is_told(self, client: StrictClient) -> None:
        group = make_group()
        an_asker(group)
        person = first(client, at_the_door(client, group))
        come, not_here = (follow(client, person, ending) for ending in ("/come", "/not-here"))
        assert client.send(come, {"words": "On Saturday"}).status == 200
        assert client.send(not_here, {"words": "Not here"}).status == 422
        assert "On Saturday" in client.fetch(person.path).text

    def test_of_another_group_is_not_found(self, client: StrictClient) -> None:
        ours, theirs = make_group(), make_group()
        an_asker(theirs)
        person = first(client, at_the_door(client, theirs))
        client.sign_out()
        at_the_door(client, ours)
        for ending in ("", "/welcome", "/come", "/not-here", "/pass-over", "/said"):
            path = person.path.replace(str(theirs.id), str(ours.id))
            assert client.fetch(f"{path}{ending}").status == 404

    def test_passed_over_is_gone(self, client: StrictClient) -> None:
        group = make_group()
        an_asker(group, called="Sanaa")
        person = first(client, at_the_door(client, group))
        page = client.send(follow(client, person, "/pass-over"))
        assert "Sanaa" not in page.text

    def test_several_are_passed_over_together_and_nobody_else(self, client: StrictClient) -> None:
        group = make_group()
        for name in ("Sanaa", "Again", "And again"):
            an_asker(group, called=name)
        page = follow(client, at_the_door(client, group), "/referrals/pass-over")
        assert client.send(page, {}).status == 422
        boxes = {e.get("id"): e.get("value") for e in page.tree.iter("input")}
        named = {strict.text_of(label): boxes.get(label.get("for")) for label in page.tree.iter("label")}
        gone = [value for words, value in named.items() if "gain" in words]
        assert len(gone) == 2
        client.send(page, {"whom": gone})
        assert set(seen_by(group, make_holder(Role.SECRETARY, group).id)) == {"Sanaa"}


class TestSaid:
    def test_not_now_is_kept_and_not_shown_until_its_day(self, client: StrictClient) -> None:
        group = make_group()
        an_asker(group, called="Sanaa")
        person = first(client, at_the_door(client, group))
        page = client.send(follow(client, person, "/said"), {"said": "6"})
        assert page.status == 200
        assert "Sanaa" not in page.text
        assert client.fetch(person.path).status == 404

    def test_no_leaves_nothing(self, client: StrictClient) -> None:
        group = make_group()
        an_introduction(group, called="Baraka")
        person = first(client, at_the_door(client, group))
        page = client.send(follow(client, person, "/said"), {"said": "closed"})
        assert "Baraka" not in page.text

    def test_saying_nothing_is_put_right(self, client: StrictClient) -> None:
        group = make_group()
        an_asker(group)
        person = first(client, at_the_door(client, group))
        assert client.send(follow(client, person, "/said"), {}).status == 422


class TestAskAgain:
    def test_is_offered_on_the_day_and_only_once(self, client: StrictClient) -> None:
        group = make_group()
        code = may_be_asked(group)
        rests = an_asker(group, called="Rests")
        left_open(group, rests, 12)
        page = at_the_door(client, group)
        assert "Rests" not in page.text
        assert f"/g/{group.id}/referrals" in client.fetch(f"/g/{group.id}/").links
        person = first(client, page)
        asked = client.send(person, to="/ask-again")
        assert not [form for form in asked.forms() if "ask-again" in (form.get("action") or "")]
        secretary = make_holder(Role.SECRETARY, group).id
        assert any(note_of(group, secretary) in link for link in asked.links)
        assert code not in asked.html
        assert set(seen_by(group, secretary)) == {"Nia"}
