"""My page: each group's part in turn, nothing of a place one has no part in, and forgetting in one place or altogether."""

import io
import uuid
import zipfile

import pytest
import sqlalchemy as sa

from groups.membership.models import Member
from groups.officers.queries import present_terms
from network import audit, clock
from network.accounts.models import Account, RoleAssignment
from network.db import db
from network.mine import erasures
from network.tenancy.models import Group
from network.web.unit_of_work import Pamoja
from tests.factories.disputes import bring, make_disputes, offer
from tests.factories.groups import a_member, a_term
from tests.factories.network import PASSWORD, make_account, make_group, word
from tests.support.app import in_scope
from tests.support.client import StrictClient


@pytest.fixture(autouse=True)
def outside(app: Pamoja, tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "ERASURES_FILE", f"{tmp_path}/erasures.jsonl")


def taken_by(client: StrictClient) -> str:
    """What somebody takes away, for programs."""
    file = zipfile.ZipFile(io.BytesIO(client.get("/me/everything.zip").data))
    return file.read("my-page.json").decode()


def signed_in(app: Pamoja, who: Account) -> StrictClient:
    client = app.test_client()
    assert isinstance(client, StrictClient)
    return client.sign_in(who)


def joined(group: Group, who: Account, nickname: str, *, office: str | None = None) -> uuid.UUID:
    with in_scope(group):
        member = a_member(nickname, account_id=who.id)
        if office:
            a_term(member, office)
        return member.id


def member_of(group: Group, member_id: uuid.UUID) -> Member:
    with in_scope(group):
        found = db.session.get_one(Member, member_id)
        assert found.nickname
        return found


class TestWhatIsHeld:
    def test_is_shown_for_each_group_in_turn(self, app: Pamoja) -> None:
        me, first, second = make_account(), make_group(), make_group()
        one, other = word(), word()
        joined(first, me, one)
        joined(second, me, other)
        client = signed_in(app, me)
        links = client.fetch("/me").links
        for group, mine, not_here in ((first, one, other), (second, other, one)):
            assert f"/me/in/{group.id}" in links
            page = client.fetch(f"/me/in/{group.id}")
            part = next(link for link in page.links if "about=membership" in link)
            assert f"/g/{group.id}/members/me" in page.links
            shown = client.fetch(part)
            assert mine in shown.text
            assert not_here not in shown.text

    def test_of_a_place_one_has_no_part_in_there_is_no_page(self, app: Pamoja) -> None:
        client = signed_in(app, make_account())
        for path in (
            f"/me/in/{make_group().id}",
            f"/me/in/{uuid.uuid4()}",
            f"/me/in/{make_group().id}/forget",
        ):
            assert client.get(path).status_code == 404

    def test_can_still_be_seen_after_leaving(self, app: Pamoja) -> None:
        me, group = make_account(), make_group()
        nickname = word()
        joined(group, me, nickname)
        client = signed_in(app, me)
        client.send(client.fetch(f"/g/{group.id}/members/me/leave"))
        assert f"/me/in/{group.id}" in client.fetch("/me").links
        page = client.fetch(f"/me/in/{group.id}")
        assert not [link for link in page.links if link.startswith(f"/g/{group.id}")]
        assert nickname in client.fetch(f"/me/in/{group.id}?about=diary").text or client.fetch(
            f"/me/in/{group.id}?about=membership"
        )

    def test_is_shown_also_where_one_never_had_a_role(self, app: Pamoja) -> None:
        here = make_disputes()
        offer(here)
        bring(here, to=here.other)
        staff, place = make_account(), make_group()
        with in_scope(place, staff):
            audit.record("group.opened", None, by=staff.id, now=clock.now())
        for who, where, part in ((here.bringer, here.other, "matters"), (staff, place, "diary")):
            client = signed_in(app, who)
            if part == "matters":  # whoever holds the phone learns nothing of it before the password
                assert f"/me/in/{where.id}" not in client.fetch("/me").links
                assert client.get(f"/me/in/{where.id}").status_code == 404
                own = client.fetch(f"/me/in/{here.group.id}")
                assert not any("about=matters" in link for link in own.links)
                assert str(where.id) not in taken_by(client)
                client.send(client.fetch("/me/matters/door"), {"password": PASSWORD})
            assert f"/me/in/{where.id}" in client.fetch("/me").links
            links = client.fetch(f"/me/in/{where.id}").links
            assert any(link.endswith(f"about={part}") for link in links)
            assert str(where.id) in taken_by(client)
        assert f"/me/in/{here.other.id}" not in signed_in(app, here.party).fetch("/me").links

    def test_somebody_in_no_group_has_a_page_too(self, app: Pamoja) -> None:
        client = signed_in(app, make_account())
        assert client.fetch("/me").status == 200
        assert client.get("/me/everything.zip").status_code == 200


class TestForgettingInOnePlace:
    def test_leaves_there_without_a_name_and_stays_elsewhere(self, app: Pamoja) -> None:
        me, here, elsewhere = make_account(), make_group(), make_group()
        nickname = word()
        gone, stays = joined(here, me, nickname, office="chairperson"), joined(elsewhere, me, nickname)
        client = signed_in(app, me)
        page = client.send(client.fetch(f"/me/in/{here.id}/forget"), {"password": PASSWORD})
        assert page.path == "/me"
        erased, kept = member_of(here, gone), member_of(elsewhere, stays)
        assert (erased.left_on is not None, erased.account_id, nickname in erased.nickname) == (
            True,
            None,
            False,
        )
        assert (kept.left_on, kept.account_id, kept.nickname) == (None, me.id, nickname)
        with in_scope(here):
            assert list(present_terms()) == []
            theirs = sa.select(RoleAssignment).where(RoleAssignment.account_id == me.id)
            assert db.session.scalars(theirs).all() == []
        left = client.fetch(f"/me/in/{here.id}")
        assert {link.partition("about=")[2] for link in left.links if "about=" in link} == {"diary"}
        assert client.get(f"/g/{elsewhere.id}/").status_code == 200
        with app.app_context():
            (wish,) = erasures.read().wishes
        assert (wish.is_whole, wish.places) == (False, {here.id: (gone,)})


class TestForgettingAltogether:
    def test_the_only_officer_of_a_group_goes_when_they_want(self, app: Pamoja) -> None:
        me, group = make_account(), make_group()
        member = joined(group, me, word(), office="treasurer")
        client = signed_in(app, me)
        client.send(client.fetch("/me/forget"), {"password": PASSWORD})
        assert client.get("/me").status_code == 302
        assert member_of(group, member).left_on is not None
        with in_scope():
            assert db.session.get_one(Account, me.id).is_active is False

    def test_asks_for_the_password_and_does_nothing_without(self, app: Pamoja) -> None:
        me, group = make_account(), make_group()
        member = joined(group, me, word())
        client = signed_in(app, me)
        page = client.send(client.fetch("/me/forget"), {"password": "something else"})
        assert (page.status, page.fields_with_errors) == (422, {"password"})
        assert member_of(group, member).account_id == me.id
        with app.app_context():
            assert erasures.read().wishes == []

    def test_somebody_in_no_group_goes_too(self, app: Pamoja) -> None:
        me = make_account(shown_name=(name := f"Person {word()}"))
        client = signed_in(app, me)
        client.send(client.fetch("/me/forget"), {"password": PASSWORD})
        with in_scope():
            left = db.session.get_one(Account, me.id)
            assert (name in left.shown_name, left.password_hash) == (False, "")

    def test_somebody_who_left_before_is_forgotten_too(self, app: Pamoja) -> None:
        me, group = make_account(), make_group()
        nickname = word()
        member = joined(group, me, nickname)
        client = signed_in(app, me)
        client.send(client.fetch(f"/g/{group.id}/members/me/leave"))
        assert member_of(group, member).nickname == nickname
        client.send(client.fetch("/me/forget"), {"password": PASSWORD})
        assert nickname not in member_of(group, member).nickname
