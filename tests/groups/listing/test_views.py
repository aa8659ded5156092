"""The group writes its card, shows it, takes it down, and reads the questions that come."""

from groups.permissions import Role
from network import clock
from network.directory import commands
from network.tenancy.models import Group
from tests.factories.directory import list_group
from tests.factories.network import make_group, make_holder
from tests.support.app import in_group
from tests.support.client import StrictClient


def as_role(client: StrictClient, role: str, group: Group) -> StrictClient:
    return client.sign_in(make_holder(role, group))


class TestCard:
    def test_is_written_read_and_shown_and_taken_down(self, client: StrictClient) -> None:
        group = make_group(locality="Kisumu")
        as_role(client, Role.SECRETARY, group)
        page = client.fetch(f"/g/{group.id}/listing/edit")
        saved = client.send(
            page, {"week_of_month": "1", "weekday": "5", "starts_at": "10:00", "words": "Come in"}
        )
        assert saved.path == f"/g/{group.id}/listing"
        assert client.get(f"/en/groups/{group.slug}").status_code == 404
        shown = client.send(saved, to="/publish")
        assert client.fetch(f"/en/groups/{group.slug}").status == 200
        assert "Come in" in client.fetch(f"/en/groups/{group.slug}").text
        client.send(shown, to="/take-down")
        assert client.get(f"/en/groups/{group.slug}").status_code == 404

    def test_keeps_what_was_typed_and_says_beside_the_field_what_is_missing(
        self, client: StrictClient
    ) -> None:
        group = make_group()
        as_role(client, Role.CHAIRPERSON, group)
        page = client.send(
            client.fetch(f"/g/{group.id}/listing/edit"), {"place": "", "words": "Kept as typed"}
        )
        assert (page.status, page.fields_with_errors) == (422, {"place"})
        assert "Kept as typed" in page.html
        page = client.send(page, {"place": "Here", "starts_at": "half past"})
        assert (page.status, page.fields_with_errors) == (422, {"starts_at"})

    def test_takes_requests_to_join_until_the_group_switches_that_off(self, client: StrictClient) -> None:
        group = make_group(locality="Kisumu")
        list_group(group)
        as_role(client, Role.SECRETARY, group)
        card = f"/en/groups/{group.slug}"
        assert f"{card}/join" in client.fetch(card).links
        client.send(client.fetch(f"/g/{group.id}/listing/edit"), {"takes_requests": []})
        assert f"{card}/join" not in client.fetch(card).links

    def test_is_not_for_others_in_the_group(self, client: StrictClient) -> None:
        group = make_group()
        as_role(client, Role.TREASURER, group)
        assert client.fetch(f"/g/{group.id}/listing").status == 403


class TestQuestions:
    def test_wait_at_home_and_are_erased_when_answered(self, client: StrictClient) -> None:
        group = make_group()
        list_group(group)
        with in_group(group):
            commands.take_question(
                name="Wema", contact="0722", words="May I come?", language="sw", now=clock.now()
            )
        as_role(client, Role.SECRETARY, group)
        assert f"/g/{group.id}/listing/questions" in client.fetch(f"/g/{group.id}/").links
        page = client.fetch(f"/g/{group.id}/listing/questions")
        assert "0722" in page.text
        page = client.send(page, to="/erase")
        assert "0722" not in page.text

    def test_of_another_group_are_not_there(self, client: StrictClient) -> None:
        ours, theirs = make_group(), make_group()
        list_group(theirs)
        with in_group(theirs):
            asked = commands.take_question(
                name="", contact="0722", words="Hello", language="en", now=clock.now()
            )
        as_role(client, Role.SECRETARY, ours)
        client.fetch(f"/g/{ours.id}/listing/questions")
        answer = client.post(f"/g/{ours.id}/listing/questions/{asked.id}/erase", data={})
        assert answer.status_code in {400, 404}


def test_several_languages_are_kept_once_each(client: StrictClient) -> None:
    group = make_group(locality="Kisumu", language="sw")
    as_role(client, Role.SECRETARY, group)
    page = client.fetch(f"/g/{group.id}/listing/edit")
    spoken = {"language_2": "luo", "language_3": "sw", "weekday": "5", "week_of_month": "1"}
    client.send(client.send(page, spoken), to="/publish")
    listed = client.get("/en/groups.json", query_string={"place": group.name, "language": "luo"}).get_json()
    assert listed["groups"][0]["languages"] == ["sw", "luo"]
    page = client.send(
        client.fetch(f"/g/{group.id}/listing/edit"), {f"language_{n}": "" for n in range(1, 5)}
    )
    assert (page.status, page.fields_with_errors) == (422, {"language_1"})
