"""Accepting an invitation, and invitations that open nothing any more."""

import uuid
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from network import clock
from network.accounts import queries as accounts
from network.accounts.models import Account
from network.db import db
from network.invitations import commands
from network.invitations.models import Invitation
from network.tenancy.models import Group
from tests.factories.invitations import give_invitation
from tests.factories.network import PASSWORD, make_account, make_group, make_holder, make_network, word
from tests.support.app import in_group, in_scope
from tests.support.client import StrictClient


def new_account() -> dict[str, str]:
    return {"shown_name": "Wanja", "sign_in": f"wanja{word()}", "password": "a long rainy season"}


def roles_in(group: Group, account_id: uuid.UUID) -> frozenset[str]:
    with in_group(group, account_id):
        return accounts.roles_held(account_id, group.id, now=clock.now())


def find(sign_in: str) -> Account | None:
    with in_scope():
        return accounts.find_account(sign_in)


class TestAcceptInvitation:
    def test_speaks_the_groups_language(self, client: StrictClient) -> None:
        given = give_invitation(make_group(language="sw"))
        page = client.fetch(f"/join/{given.token}", headers={"Accept-Language": "en"})
        assert page.tree.get("lang") == "sw"

    @pytest.mark.parametrize("way", ["token", "code"])
    def test_opens_an_account_and_leads_to_the_groups_home(self, client: StrictClient, way: str) -> None:
        group = make_group(language="sw")
        given, who = give_invitation(group), new_account()
        page = client.send(client.fetch(f"/join/{getattr(given, way)}"), who, to="/join/")
        assert (page.status, page.path) == (200, f"/g/{group.id}/")
        account = find(who["sign_in"])
        assert account.language == "sw"
        assert "member" in roles_in(group, account.id)

    def test_the_code_can_be_typed_on_the_first_page(self, client: StrictClient) -> None:
        group = make_group()
        typed = give_invitation(group).code.replace("-", " ").lower()
        page = client.send(client.fetch("/code"), {"code": typed})
        assert page.status == 200
        assert group.name in page.text

    def test_lets_in_somebody_who_signs_in(self, client: StrictClient) -> None:
        group, sign_in = make_group(language="fr"), f"{word()}@people.example"
        account = make_account(sign_in=sign_in)
        given = give_invitation(group)
        page = client.send(
            client.fetch(f"/join/{given.token}/sign-in"), {"sign_in": sign_in, "password": PASSWORD}
        )
        assert page.path == f"/g/{group.id}/"
        assert "member" in roles_in(group, account.id)
        assert find(sign_in).language == account.language != "fr", "what they read in stays their own"

    def test_lets_in_whoever_is_signed_in(self, client: StrictClient) -> None:
        group, account = make_group(), make_account()
        given = give_invitation(group)
        page = client.sign_in(account).send(client.fetch(f"/join/{given.token}"), to="as-myself")
        assert page.path == f"/g/{group.id}/"
        assert "member" in roles_in(group, account.id)

    def test_gives_the_browser_a_new_session(self, client: StrictClient) -> None:
        given = give_invitation(make_group())
        page = client.fetch(f"/join/{given.token}")
        before = client.get_cookie("pamoja").value
        client.send(page, new_account())
        assert client.get_cookie("pamoja").value != before

    def test_sent_twice_joins_once(self, client: StrictClient) -> None:
        group, who = make_group(), new_account()
        given = give_invitation(group)
        page = client.fetch(f"/join/{given.token}")
        browser = client.get_cookie("pamoja").value
        first = client.send(page, who, follow=False)
        client.set_cookie("pamoja", browser)
        second = client.send(page, who, follow=False)
        assert (first.status, second.status) == (303, 303)
        assert first.response.location == second.response.location

    def test_keeps_what_was_typed_and_opens_nothing_when_something_is_missing(
        self, client: StrictClient
    ) -> None:
        given, who = give_invitation(make_group()), new_account() | {"password": "short"}
        page = client.send(client.fetch(f"/join/{given.token}"), who)
        assert page.status == 422
        assert page.fields_with_errors == {"password"}
        assert who["sign_in"] in page.html
        assert find(who["sign_in"]) is None

    def test_an_identifier_somebody_has_is_told_beside_its_field(self, client: StrictClient) -> None:
        sign_in = f"{word()}@people.example"
        make_account(sign_in=sign_in)
        given = give_invitation(make_group())
        page = client.send(client.fetch(f"/join/{given.token}"), new_account() | {"sign_in": sign_in})
        assert (page.status, page.fields_with_errors) == (422, {"sign_in"})

    def test_a_wrong_password_lets_nobody_in(self, client: StrictClient) -> None:
        group, sign_in = make_group(), f"{word()}@people.example"
        account = make_account(sign_in=sign_in)
        given = give_invitation(group)
        page = client.send(
            client.fetch(f"/join/{given.token}/sign-in"), {"sign_in": sign_in, "password": "something else"}
        )
        assert page.status == 422
        assert roles_in(group, account.id) == frozenset()


class TestDeadInvitations:
    def test_one_that_was_used_opens_nothing(self, client: StrictClient) -> None:
        given = give_invitation(make_group())
        client.send(client.fetch(f"/join/{given.token}"), new_account())
        client.sign_out()
        for way in given:
            assert client.get(f"/join/{way}").status_code == 410

    def test_one_whose_time_has_passed_opens_nothing(self, client: StrictClient) -> None:
        given = give_invitation(make_group(), now=clock.now() - timedelta(days=15))
        assert client.get(f"/join/{given.token}").status_code == 410
        assert client.get(f"/join/{given.token}/sign-in").status_code == 410

    def test_one_that_was_taken_back_opens_nothing(self, client: StrictClient) -> None:
        group = make_group()
        given = give_invitation(group)
        with in_group(group):
            invitation = db.session.scalars(sa.select(Invitation)).one()
            commands.withdraw_invitation(invitation, by=None, now=clock.now())
            assert invitation.token is None
        assert client.get(f"/join/{given.code}").status_code == 410

    def test_a_made_up_one_opens_nothing(self, client: StrictClient) -> None:
        assert client.get("/join/ABCDE-ABCDE").status_code == 410


class TestOnAccept:
    def test_whoever_registered_decides_and_a_failure_undoes_the_joining(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        group, account = make_group(), make_account()
        give_invitation(group)
        seen = []

        def refuse(invitation: Invitation, who: Account, *, now: datetime) -> None:
            seen.append((invitation.office, who.id))
            raise RuntimeError

        monkeypatch.setitem(commands._on_accept, "member", refuse)
        with pytest.raises(RuntimeError), in_group(group):
            invitation = db.session.scalars(sa.select(Invitation)).one()
            commands.accept_invitation(invitation, db.session.get_one(Account, account.id), now=clock.now())
        with in_group(group):
            assert db.session.scalars(sa.select(Invitation)).one().accepted_at is None
        assert seen == [("member", account.id)]


class TestWhomItIsNotFor:
    def test_whoever_is_in_already_leaves_it_unused(self, client: StrictClient) -> None:
        group = make_group()
        given = give_invitation(group)
        client.sign_in(make_holder("member", group))
        page = client.send(client.fetch(f"/join/{given.token}"), to="as-myself")
        assert page.path == f"/g/{group.id}/"
        assert client.fetch(f"/join/{given.token}").status == 200

    def test_staff_do_not_step_in_by_the_invitation_they_made(self, client: StrictClient) -> None:
        network = make_network()
        group, staff = make_group(network), make_holder("staff_onboarding", network)
        given = give_invitation(group, kind="first_chairperson", office="chairperson", by=staff.id)
        client.sign_in(staff)
        page = client.send(client.fetch(f"/join/{given.token}"), to="as-myself")
        assert page.status == 403
        assert client.fetch(f"/g/{group.id}/").status == 404
