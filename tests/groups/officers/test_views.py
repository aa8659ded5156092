from datetime import timedelta

from groups.officers import commands
from groups.officers.queries import present_terms
from network import clock
from tests.factories.groups import a_member, a_term
from tests.factories.network import make_account, make_group, make_holder
from tests.support.app import in_group
from tests.support.client import StrictClient


class TestOffices:
    def test_shows_who_holds_what_and_who_did(self, client: StrictClient) -> None:
        group, now = make_group(), clock.now()
        with in_group(group):
            past = a_term(a_member("Before"), now=now - timedelta(days=90))
            commands.end_term(past, by=None, now=now - timedelta(days=10))
            a_term(a_member("Today"))
        client.sign_in(make_holder("member", group))
        page = client.fetch(f"/g/{group.id}/offices/")
        assert "Today" in page.text
        assert "Before" not in page.text
        assert "Before" in client.fetch(f"/g/{group.id}/offices/history").text

    def test_the_template_is_there_before_anybody_adopted_anything(self, client: StrictClient) -> None:
        group = make_group()
        assert client.sign_in(make_holder("member", group)).fetch(f"/g/{group.id}/offices/").status == 200


class TestAppoint:
    def test_is_for_offices_that_are_not_elected(self, client: StrictClient) -> None:
        group = make_group()
        with in_group(group):
            member = a_member("Njeri")
        page = client.sign_in(make_holder("secretary", group)).fetch(f"/g/{group.id}/offices/appoint")
        assert client.send(page, {"office": "treasurer", "member_id": str(member.id)}).status == 422
        fresh = client.fetch(f"/g/{group.id}/offices/appoint")
        assert client.send(fresh, {"office": "facilitator", "member_id": str(member.id)}).status == 200
        with in_group(group):
            assert [(term.office, term.member_id) for term in present_terms()] == [("facilitator", member.id)]


class TestStepDown:
    def test_is_ones_own_and_the_chair_cannot_end_an_elected_office(self, client: StrictClient) -> None:
        group, account = make_group(), make_account()
        with in_group(group):
            term = a_term(a_member("Old", account_id=account.id), "treasurer")
        path = f"/g/{group.id}/offices/{term.id}/end"
        assert client.sign_in(make_holder("chairperson", group)).fetch(path).status == 403
        client.send(client.sign_in(account).fetch(path))
        with in_group(group):
            assert present_terms() == []
