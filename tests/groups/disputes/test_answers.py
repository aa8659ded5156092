"""Whoever was told answers, for the panel alone; and what a member without a sign-in tells one of the panel."""

import uuid
from datetime import timedelta

import pytest

from groups.disputes import commands, queries, rules
from groups.disputes.commands import CannotGoOn
from groups.disputes.models import MatterState
from groups.disputes.rules import Refusal
from groups.membership import commands as membership
from groups.officers.queries import present_terms
from network import clock
from network.accounts.models import Account
from network.db import db
from network.mine.registry import Me
from network.tenancy.queries import get_group
from tests.factories.disputes import (
    SAID,
    Disputes,
    a_seat,
    agreed,
    forget_password,
    heard,
    latest_outcome,
    make_disputes,
    private_of,
    seen,
    somebody,
    tell,
    write_down,
)
from tests.factories.groups import a_member
from tests.groups.disputes.test_going_on import own_member, reads, refusal_of
from tests.groups.disputes.test_views import at, enter
from tests.support.app import in_scope
from tests.support.client import StrictClient


@pytest.fixture
def here(app: object) -> Disputes:
    return make_disputes()


def answer(here: Disputes, text_id: uuid.UUID, who: Account) -> None:
    with in_scope(None, who):
        commands.answer(queries.get_told(text_id), SAID, by=who.id, now=clock.now())


class TestAnAnswer:
    def test_is_read_by_the_panel_and_by_whoever_wrote_it_and_by_nobody_else(self, here: Disputes) -> None:
        matter_id, other = heard(here), somebody(here.group)
        text_id = tell(here, matter_id)
        tell(here, matter_id, who=other)
        with in_scope(here.group, here.panel[2]):
            commands.step_aside(queries.get_matter(matter_id))
        answer(here, text_id, here.party)
        for one in here.panel[:2]:
            assert reads(matter_id, here.group, one)["answer"] == 1
        assert reads(matter_id, here.group, here.party) == {"told": 1, "answer": 1}
        assert reads(matter_id, here.group, other) == {"told": 1}
        assert reads(matter_id, here.group, here.bringer) == {"words": 1}
        assert reads(matter_id, here.group, here.panel[2]) == {}

    def test_waits_for_the_panel_until_it_goes_on(self, here: Disputes) -> None:
        matter_id, one = heard(here), here.panel[1]
        text_id, today = tell(here, matter_id), clock.now().date()
        with in_scope(here.group, one):
            assert queries.waiting_for(one.id, today) == []
        answer(here, text_id, here.party)
        with in_scope(here.group, one):
            assert [matter.id for matter in queries.waiting_for(one.id, today)] == [matter_id]
            commands.note_down(queries.get_matter(matter_id), SAID, by=one.id, now=clock.now())
            assert queries.waiting_for(one.id, today) == []

    def test_is_opened_again_for_whoever_lost_their_password(self, here: Disputes) -> None:
        matter_id, one = heard(here), here.panel[0]
        answer(here, tell(here, matter_id), here.party)
        forget_password(here.party)
        private = private_of(one)
        with in_scope(here.group, one):
            matter = queries.get_matter(matter_id)
            assert commands.let_in_again(matter, here.party.id, private=private, by=one.id) == 2
        assert reads(matter_id, here.group, here.party) == {"told": 1, "answer": 1}

    def test_is_not_closed_for_a_key_that_changed_nor_is_anything_else_until_they_are_let_in(
        self, here: Disputes
    ) -> None:
        matter_id, (one, taken, _) = heard(here), here.panel
        text_id = tell(here, matter_id)
        for who in (taken, here.bringer):
            forget_password(who)  # or an administrator set it, and now signs in as them
        answer(here, text_id, here.party)
        on, now = (clock.now() + timedelta(days=9)).date(), clock.now()
        with in_scope(here.group, one):
            commands.note_down(queries.get_matter(matter_id), SAID, by=one.id, now=now)
            commands.propose_outcome(queries.get_matter(matter_id), SAID, review_on=on, by=one.id, now=now)
        with in_scope(here.group, taken):
            matter = queries.get_matter(matter_id)
            refused = refusal_of(lambda: commands.note_down(matter, SAID, by=taken.id, now=now))
            assert refused is Refusal.LOST_KEY
        third = here.panel[2]
        private = private_of(third)
        with in_scope(here.group, third):
            matter, read = queries.get_matter(matter_id), latest_outcome(matter_id)
            commands.agree_outcome(matter, read, private=private, by=third.id, now=now)
        for who in (taken, here.bringer):
            assert reads(matter_id, here.group, who) == {}
        with in_scope(here.group, third):
            matter = queries.get_matter(matter_id)
            for who in (taken, here.bringer):
                commands.let_in_again(matter, who.id, private=private, by=third.id)
        assert reads(matter_id, here.group, here.bringer) == {"words": 1, "outcome": 1}
        assert reads(matter_id, here.group, taken)["answer"] == 1

    def test_comes_not_more_often_than_anybody_reads(
        self, here: Disputes, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        text_id = tell(here, heard(here))
        monkeypatch.setattr(rules, "MOST_ANSWERS", 1)
        answer(here, text_id, here.party)
        assert refusal_of(lambda: answer(here, text_id, here.party)) is Refusal.ENOUGH

    def test_goes_when_its_writer_is_forgotten_as_long_as_there_is_no_outcome(self, here: Disputes) -> None:
        matter_id = heard(here)
        answer(here, tell(here, matter_id), here.party)
        with in_scope(here.group, here.party):
            commands.forget_in_matters(Me(here.party.id), now=clock.now())
        assert "answer" not in reads(matter_id, here.group, here.panel[0])
        later = agreed(here)
        answer(here, tell(here, later), here.party)
        with in_scope(here.group, here.party):
            commands.forget_in_matters(Me(here.party.id), now=clock.now())
        assert reads(later, here.group, here.panel[0])["answer"] == 1
        assert reads(later, here.group, here.party) == {}

    def test_by_the_page_behind_the_door(self, client: StrictClient, here: Disputes) -> None:
        matter_id = heard(here)
        text_id = tell(here, matter_id)
        page = enter(client, here.party, f"/me/matters/told/{text_id}")
        writing = client.fetch(next(one for one in page.links if one.endswith("/answer")))
        empty = client.send(writing, {"words": ""})
        assert (empty.status, empty.fields_with_errors) == (422, {"words"})
        client.delete_cookie("pamoja-door")
        shut = client.send(writing, {"words": "LONG AND CAREFUL"})
        assert shut.status == 422
        assert "LONG AND CAREFUL" in shut.html
        again = enter(client, here.party, f"/me/matters/told/{text_id}/answer")
        assert "HOW IT WAS" in client.send(again, {"words": "HOW IT WAS"}).text
        assert "HOW IT WAS" in enter(client, here.panel[1], at(here, matter_id)).text
        assert "HOW IT WAS" not in enter(client, here.bringer, at(here, matter_id)).html
        assert client.get(f"/me/matters/told/{text_id}/answer").status_code == 404


class TestToldAloud:
    def test_whoever_writes_it_down_hears_it_as_the_others_and_no_more(self, here: Disputes) -> None:
        matter_id, writer = write_down(here), here.panel[0]
        for one in here.panel:
            assert reads(matter_id, here.group, one) == {"words": 1}
        assert seen(matter_id, here.group, here.bringer) is None
        with in_scope(here.group, writer):
            commands.step_aside(queries.get_matter(matter_id))
        assert seen(matter_id, here.group, writer) is None
        with in_scope(None, writer):
            assert list(db.session.scalars(queries.matters())) == []

    def test_nobody_near_writes_it_down_and_it_is_for_whoever_does_not_sign_in(self, here: Disputes) -> None:
        with in_scope(here.group):
            here_is, one = get_group(here.group.id), here.panel[0]
            host = membership.add_member(here_is, "Brought by one of them", by=one.id, now=clock.now())
            mate = a_member("Does the same", now=clock.now())
            a_seat(mate, "facilitator", now=clock.now())
            a_seat(own_member(here.panel[1].id), "facilitator", now=clock.now())
            signs_in = own_member(here.bringer.id)
        assert refusal_of(lambda: write_down(here, teller=host)) is Refusal.TOO_NEAR
        matter = seen(write_down(here, by=here.panel[1], teller=host), here.group, here.panel[1])
        assert matter
        assert here.panel[0].id not in matter.panel
        assert refusal_of(lambda: write_down(here, by=here.panel[1], teller=mate)) is Refusal.TOO_NEAR
        with in_scope(here.group, here.panel[0]):
            named = rules.About(signs_in.nickname, signs_in.id, signs_in.account_id)
            written = rules.Written(SAID, told_by=named)
            with pytest.raises(CannotGoOn) as refused:
                commands.write_down(written, by=here.panel[0].id, now=clock.now())
            assert refused.value.refusal is Refusal.SIGNS_IN

    def test_goes_on_like_any_other_and_who_told_it_is_known_to_the_panel_alone(
        self, client: StrictClient, here: Disputes
    ) -> None:
        with in_scope(here.group):
            teller = a_member("Mama Told", now=clock.now())
        page = client.sign_in(here.panel[0]).fetch(at(here) + "/write-down")
        unread = client.send(page, {"told_by": str(teller.id), "words": SAID})
        assert (unread.status, unread.fields_with_errors) == (422, {"is_read_out"})
        done = client.send(unread, {"told_by": str(teller.id), "words": SAID, "is_read_out": "y"})
        assert done.path == at(here)
        with in_scope(here.group, here.panel[0]):
            matter = db.session.scalars(queries.matters()).one()
            assert matter.is_spoken
        shown = enter(client, here.panel[1], at(here, matter.id))
        assert "Mama Told" in shown.text
        client.send(client.fetch(at(here, matter.id) + "/notes"), {"words": "NOTED"})
        moved = seen(matter.id, here.group, here.panel[0])
        assert moved
        assert moved.state == MatterState.HEARD

    def test_is_destroyed_once_two_say_that_it_is_taken_back(
        self, client: StrictClient, here: Disputes
    ) -> None:
        matter_id = write_down(here)
        client.send(enter(client, here.panel[0], at(here, matter_id)), to="/taken-back")
        assert seen(matter_id, here.group, here.panel[1])
        with in_scope(here.group, here.panel[1]):
            waiting = queries.waiting_for(here.panel[1].id, clock.now().date())
            assert [one.id for one in waiting] == [matter_id]
        client.send(enter(client, here.panel[1], at(here, matter_id)), to="/taken-back")
        assert seen(matter_id, here.group, here.panel[2]) is None

    def test_no_member_of_the_committee_is_there_by_role_alone(self, here: Disputes) -> None:
        with in_scope(here.group):
            held = {term.member_id for term in present_terms(["disputes"])}
            assert held == {own_member(one.id).id for one in here.panel}
