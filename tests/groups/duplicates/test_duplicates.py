"""Entries that look alike are suggested, never merged; an entry something hangs on stays."""

import uuid
from datetime import date

import pytest

from groups.consents import commands as consents
from groups.consents.models import Purpose
from groups.duplicates import commands, queries
from groups.duplicates.commands import CannotLetGo
from groups.duplicates.rules import Entry, Refusal, Why, key_of, pairs_of
from groups.looks.models import Look
from groups.membership.models import Member
from network import clock
from network.accounts.models import Account
from network.db import db
from network.tenancy.models import Group
from tests.factories.groups import a_member, a_term, some_members, tells, tells_for_return
from tests.factories.network import make_account, make_group
from tests.support.app import in_group
from tests.support.client import StrictClient


def entry(nickname: str, contact: str | None = None, *, on: date = date(2026, 1, 1)) -> Entry:
    return Entry(uuid.uuid4(), nickname, contact, on)


class TestPairsOf:
    @pytest.mark.parametrize(
        ("one", "other"),
        [("Zawadi M", "Zawadi-M"), ("Éva", "Eva"), ("Kip", "Kip 2"), ("Mama  Njeri", "mamanjeri")],
    )
    def test_are_alike_but_for_accents_signs_and_a_number(self, one: str, other: str) -> None:
        (pair,) = pairs_of([entry(one), entry(other)], different=[])
        assert pair.why == Why.NAME

    @pytest.mark.parametrize(
        ("one", "other"), [("Rain", "Sun"), ("Name 1", "Name 2"), ("Big Sam", "Little Sam")]
    )
    def test_are_no_two_who_only_share_a_word(self, one: str, other: str) -> None:
        assert pairs_of([entry(one), entry(other)], different=[]) == []

    def test_are_reached_at_the_same_place_however_it_is_written(self) -> None:
        (pair,) = pairs_of(
            [entry("Rain", "+254 700 111 222", on=date(2026, 2, 1)), entry("Sun", "0700111222")], different=[]
        )
        assert (pair.why, pair.earlier.nickname, pair.later.nickname) == (Why.CONTACT, "Sun", "Rain")

    def test_a_phone_of_many_is_nobody_twice(self) -> None:
        assert pairs_of([entry(f"Name {n}", "0700111222") for n in range(7)], different=[]) == []

    def test_are_not_asked_again_once_they_are_two_people(self) -> None:
        one, other = entry("Kip"), entry("Kip 2")
        assert pairs_of([one, other], different=[key_of(other.id, one.id)]) == []


class TestTwoPeople:
    def test_is_kept_and_not_asked_again(self) -> None:
        with in_group(make_group()):
            one, other = a_member("Kip"), a_member("Kip 2")
            commands.say_different(other.id, one.id, by=None, now=clock.now())
            assert queries.lookalikes() == []
            with pytest.raises(CannotLetGo):
                commands.say_different(other.id, one.id, by=None, now=clock.now())


class TestTheSamePerson:
    def test_lets_the_entry_go_nothing_hangs_on(self) -> None:
        group = make_group()
        with in_group(group):
            one, other = a_member("Kip"), a_member("Kip 2")
            consents.note_brought([(other.id, Purpose.LANGUAGE)], read_by_id=None, now=clock.now())
            db.session.add(Look(member_id=other.id, office="chairperson", on_day=date(2026, 1, 1)))
            commands.let_one_go(group, stays=one.id, goes=other.id, by=None, now=clock.now())
            assert (one.is_present, other.is_present) == (True, False)

    @pytest.mark.parametrize("what", ["account", "term", "told", "left out"])
    def test_keeps_an_entry_something_hangs_on(self, what: str) -> None:
        group, account = make_group(), make_account()
        with in_group(group):
            one, other = (
                a_member("Kip"),
                a_member("Kip 2", account_id=account.id if what == "account" else None),
            )
            if what == "told":
                tells(other, Purpose.AGE_BAND, "under")
            if what == "left out":
                tells_for_return(other, left_out=True)
            if what == "term":
                a_term(other, "treasurer")
            assert queries.with_something_on_them([one.id, other.id]) == {other.id}
            with pytest.raises(CannotLetGo) as refused:
                commands.let_one_go(group, stays=one.id, goes=other.id, by=None, now=clock.now())
            assert refused.value.refusal == Refusal.SOMETHING_HANGS_ON_IT
            assert other.is_present

    def test_is_said_of_nobody_who_looks_like_nobody(self) -> None:
        group = make_group()
        with in_group(group):
            one, other = some_members(2)
            with pytest.raises(CannotLetGo) as refused:
                commands.let_one_go(group, stays=one.id, goes=other.id, by=None, now=clock.now())
            assert refused.value.refusal == Refusal.NOT_ALIKE


@pytest.fixture
def group(app: object) -> Group:
    return make_group()


@pytest.fixture
def chair(group: Group) -> Account:
    account = make_account()
    with in_group(group):
        a_term(a_member("Wanja", account_id=account.id))
        a_member("Kip")
        a_member("Kip 2")
        a_member("Wanja.")
    return account


class TestPages:
    def test_the_list_of_members_hints_at_it_and_each_pair_is_settled_by_a_button(
        self, client: StrictClient, group: Group, chair: Account
    ) -> None:
        at = f"/g/{group.id}/members/"
        hint = client.sign_in(chair).fetch(at)
        assert f"{at}alike" in hint.links
        page = client.fetch(f"{at}alike")
        assert len([form for form in page.forms() if (form.get("action") or "").endswith("two-people")]) == 2
        page = client.send(page, to="two-people")
        page = client.send(page, to="same-person")
        assert page.forms() == []
        assert f"{at}alike" not in client.fetch(at).links
        with in_group(group):
            assert db.session.query(Member).filter(Member.left_on.is_(None)).count() == 3

    def test_an_entry_with_a_sign_in_is_never_the_one_that_goes(
        self, client: StrictClient, group: Group, chair: Account
    ) -> None:
        page = client.sign_in(chair).fetch(f"/g/{group.id}/members/alike")
        with in_group(group):
            own = db.session.query(Member).filter(Member.account_id.is_not(None)).one()
        goes = [i.get("value") for form in page.forms() for i in form.iter("input") if i.get("name") == "other"
                and "same-person" in (form.get("action") or "")]  # fmt: skip
        assert goes
        assert str(own.id) not in goes

    @pytest.mark.parametrize("to", ["two-people", "same-person"])
    @pytest.mark.parametrize("sent", ["", "x", str(uuid.UUID(int=7))])
    def test_what_is_no_pair_is_refused(
        self, client: StrictClient, group: Group, chair: Account, to: str, sent: str
    ) -> None:
        page = client.sign_in(chair).fetch(f"/g/{group.id}/members/alike")
        assert client.send(page, {"one": sent}, to=to).status == 422
