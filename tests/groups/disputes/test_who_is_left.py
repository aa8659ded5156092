"""Who still hears a matter, a no to an ask, and a way in that nobody closes: not by letting go, not by forgetting elsewhere."""

import uuid

import pytest
import sqlalchemy as sa

from groups.disputes import commands, queries
from groups.disputes.commands import CannotGoOn
from groups.disputes.models import AskState, MatterAsk, MatterState
from groups.disputes.rules import Refusal
from groups.hearings import commands as hearings
from network import clock
from network.accounts.models import Account
from network.db import db
from network.mine.registry import Me
from network.tenancy.models import Group
from tests.factories.disputes import (
    SAID,
    Disputes,
    ask,
    bring,
    heard,
    make_disputes,
    offer,
    private_of,
    seen,
    sits_too,
    somebody,
)
from tests.groups.disputes.test_views import at, enter
from tests.support.app import in_scope
from tests.support.client import StrictClient


@pytest.fixture
def here(app: object) -> Disputes:
    return make_disputes()


def let_go(who: Account, group: Group) -> None:
    with in_scope(group):
        ended = "update role_assignments set ends_at = now() where account_id = :a and group_id = scope.group_id()"
        db.session.execute(sa.text(ended), {"a": who.id})


def suspend(who: Account) -> None:
    with in_scope():
        db.session.execute(sa.update(Account).where(Account.id == who.id).values(suspended_at=clock.now()))


def tell(here: Disputes, matter_id: uuid.UUID) -> None:
    with in_scope(here.group, here.panel[0]):
        commands.tell(
            queries.get_matter(matter_id), here.party.id, SAID, by=here.panel[0].id, now=clock.now()
        )


class TestWhoIsLeft:
    def test_neither_whoever_is_suspended_nor_whoever_is_gone_and_two_are_needed(
        self, here: Disputes
    ) -> None:
        matter_id, (one, two, three) = heard(here), here.panel
        suspend(two)
        let_go(three, here.group)
        with in_scope(here.group, one):
            matter = queries.get_matter(matter_id)
            assert queries.hearing(matter) == [one.id]
            with pytest.raises(CannotGoOn) as refused:
                commands.tell(matter, here.party.id, SAID, by=one.id, now=clock.now())
            assert refused.value.refusal is Refusal.TOO_FEW

    def test_whoever_came_from_elsewhere_counts_for_whoever_brought_it_too(self) -> None:
        here = make_disputes(sitting=1)
        offer(here)
        matter_id = bring(here)
        ask_and_answer(here, matter_id, here.others[0], comes=True)
        private = private_of(here.panel[0])
        with in_scope(here.group, here.panel[0]):
            matter = queries.get_matter(matter_id)
            hearings.seat(
                matter, queries.asks_of(matter_id)[0], private=private, by=here.panel[0].id, now=clock.now()
            )
        for where, who in ((here.group, here.bringer), (None, here.bringer), (here.other, here.others[0])):
            with in_scope(where, who):
                assert len(queries.hearing(queries.get_matter(matter_id))) == 2
        let_go(here.others[0], here.other)
        with in_scope(here.group, here.panel[0]):
            assert queries.hearing(queries.get_matter(matter_id)) == [here.panel[0].id]

    def test_whoever_brought_it_is_told_when_one_or_nobody_is_left(self, client: StrictClient) -> None:
        here = make_disputes(sitting=1)
        page = client.send(client.sign_in(here.bringer).fetch(at(here) + "/bring"), {"words": SAID})
        assert "Only one person can hear it now" in page.text
        with in_scope(here.group, here.bringer):
            matter_id = db.session.scalars(queries.matters()).one().id
        own = enter(client, here.bringer, at(here, matter_id))
        assert "Only one person can hear it now" in own.text
        first = f"/g/{here.group.id}/"
        assert str(matter_id) not in client.fetch(first).html
        with in_scope(here.group, here.panel[0]):
            commands.step_aside(queries.get_matter(matter_id))
        page = client.fetch(first)
        assert str(matter_id) in page.html
        assert "Nobody hears it now" not in page.text
        assert "Nobody hears it now" in client.fetch(at(here, matter_id)).text


def ask_and_answer(here: Disputes, matter_id: uuid.UUID, who: Account, *, comes: bool) -> None:
    with in_scope(here.group, here.panel[0]):
        is_asked = bool(queries.asks_of(matter_id))
    if not is_asked:
        ask(here, matter_id)
    with in_scope(here.other, who):
        (waits,) = queries.asks_waiting(who.id)
        hearings.answer_ask(waits, accepts=comes, by=who.id, now=clock.now())


def the_ask(here: Disputes, matter_id: uuid.UUID) -> MatterAsk:
    with in_scope(here.group, here.panel[0]):
        (found,) = queries.asks_of(matter_id)
        return found


class TestANo:
    def test_is_ones_own_and_the_others_may_still_come(self, here: Disputes) -> None:
        offer(here)
        matter_id, (one, two) = bring(here), here.others
        ask_and_answer(here, matter_id, one, comes=False)
        with in_scope(here.other, one):
            assert queries.asks_waiting(one.id) == []
        assert the_ask(here, matter_id).state == AskState.ASKED
        ask_and_answer(here, matter_id, two, comes=False)
        assert the_ask(here, matter_id).state == AskState.DECLINED

    def test_whoever_is_not_let_in_does_not_keep_the_others_away(self, client: StrictClient) -> None:
        here = make_disputes(sitting=1)
        offer(here)
        matter_id = bring(here)
        ask(here, matter_id)
        sits_too(here.party, here.other)
        ask_and_answer(here, matter_id, here.party, comes=True)
        page = enter(client, here.panel[0], at(here, matter_id))
        client.send(page, to="/seat")
        assert the_ask(here, matter_id).state == AskState.ASKED
        matter = seen(matter_id, here.group, here.panel[0])
        assert matter
        assert matter.panel == [here.panel[0].id]
        with in_scope(here.other, here.party):
            assert queries.asks_waiting(here.party.id) == []
        with in_scope(here.other, here.others[0]):
            assert len(queries.asks_waiting(here.others[0].id)) == 1


class TestTheWayIn:
    def test_stays_open_for_whoever_was_let_go(self, client: StrictClient, here: Disputes) -> None:
        matter_id = heard(here)
        tell(here, matter_id)
        for who in (here.bringer, here.party, here.panel[2]):
            let_go(who, here.group)
        own = enter(client, here.bringer, f"/me/matters/{matter_id}")
        assert SAID in own.text
        assert f"/me/matters/{matter_id}" in client.fetch("/me/matters").links
        told = enter(client, here.party, "/me/matters")
        assert SAID in client.fetch(next(one for one in told.links if "/told/" in one)).text
        assert client.get(f"/me/matters/{matter_id}").status_code == 404
        hears = enter(client, here.panel[2], f"/me/matters/{matter_id}")
        assert SAID in hears.text
        client.send(client.fetch(f"/me/matters/{matter_id}/step-aside"))
        assert client.get(f"/me/matters/{matter_id}").status_code == 404
        enter(client, here.bringer, "/me/matters")
        client.send(client.fetch(f"/me/matters/{matter_id}/take-back"))
        assert seen(matter_id, here.group, here.panel[0]) is None

    def test_says_nothing_before_the_password(self, client: StrictClient, here: Disputes) -> None:
        matter_id = heard(here)
        tell(here, matter_id)
        for who in (here.bringer, here.party, here.panel[0], somebody(here.group)):
            client.sign_in(who)
            assert "/door" in client.fetch("/me/matters").path
            page = client.fetch(at(here))
            assert str(matter_id) not in page.html
            assert "/told/" not in page.html


class TestForgetting:
    def test_whoever_was_told_and_is_forgotten_has_no_key_left(self, here: Disputes) -> None:
        matter_id = heard(here)
        tell(here, matter_id)
        with in_scope(here.group, here.party):
            commands.forget_in_matters(Me(here.party.id), now=clock.now())
        with in_scope(here.group, here.party):
            assert queries.texts_of(matter_id) == []
        with in_scope(here.group, here.panel[1]):
            assert here.party.id not in queries.texts_by_reader(matter_id)
            assert queries.get_matter(matter_id).state == MatterState.HEARD
