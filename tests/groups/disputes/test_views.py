"""The pages: a door in front of everything written, whom to call on each of them, and neutral words outside."""

import re
import uuid
from datetime import timedelta

import pytest
import sqlalchemy as sa

from groups.disputes import commands, queries
from network import clock
from network.accounts import passwords
from network.accounts.models import Account, BrowserSession
from network.db import db
from network.key_pairs import door
from network.key_pairs.jobs import shut_old_doors
from network.key_pairs.queries import find_pair
from tests.factories.disputes import (
    SAID,
    Disputes,
    bring,
    heard,
    latest_outcome,
    make_disputes,
    offer,
    private_of,
    somebody,
)
from tests.factories.network import PASSWORD, make_holder
from tests.support.app import in_scope, the_app
from tests.support.client import Page, StrictClient


@pytest.fixture
def here(app: object) -> Disputes:
    return make_disputes()


def at(here: Disputes, matter_id: uuid.UUID | str = "") -> str:
    return f"/g/{here.group.id}/matters" + (f"/{matter_id}" if matter_id else "")


def enter(client: StrictClient, who: Account, path: str) -> Page:
    """Sign in, go there, type the password where it is asked."""
    page = client.sign_in(who).fetch(path)
    return client.send(page, {"password": PASSWORD}) if "/door" in page.path else page


def sessions_of(who: Account) -> list[dict[str, object]]:
    with in_scope():
        asked = sa.select(BrowserSession.contents).where(BrowserSession.account_id == who.id)
        return list(db.session.scalars(asked))


class TestTheDoor:
    def test_stands_before_what_is_written_and_takes_ones_own_password(
        self, client: StrictClient, here: Disputes
    ) -> None:
        matter_id = bring(here)
        page = client.sign_in(here.panel[0]).fetch(at(here, matter_id))
        assert page.path.endswith("/matters/door")
        wrong = client.send(page, {"password": "not this one"})
        assert (wrong.status, wrong.fields_with_errors) == (422, {"password"})
        assert SAID not in wrong.html
        assert SAID in client.send(page, {"password": PASSWORD}).text

    def test_neither_the_session_nor_the_cookie_opens_it_alone(
        self, client: StrictClient, here: Disputes
    ) -> None:
        matter_id = bring(here)
        enter(client, here.panel[0], at(here, matter_id))
        cookie = client.get_cookie("pamoja-door")
        assert cookie
        assert cookie.http_only
        assert cookie.max_age == 20 * 60
        assert cookie.value not in str(sessions_of(here.panel[0]))
        client.delete_cookie("pamoja-door")
        assert client.fetch(at(here, matter_id)).path.endswith("/door")
        client.set_cookie("pamoja-door", cookie.value)
        assert SAID in client.fetch(at(here, matter_id)).html
        client.sign_in(here.panel[1])
        assert client.fetch(at(here, matter_id)).path.endswith("/door")

    def test_closes_after_twenty_minutes_and_when_closed_left_or_signed_out(
        self, client: StrictClient, here: Disputes, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        matter_id = bring(here)
        for way in ("later", "shut", "leave", "out"):
            page = enter(client, here.panel[0], at(here, matter_id))
            assert SAID in page.html
            if way == "later":
                later = clock.now() + door.LASTS + timedelta(seconds=1)
                with monkeypatch.context() as patched:
                    patched.setattr(clock, "now", lambda later=later: later)
                    assert client.fetch(at(here, matter_id)).path.endswith("/door")
                continue
            if way == "shut":
                client.send(page, to="/shut")
                assert client.fetch(at(here, matter_id)).path.endswith("/door")
            elif way == "leave":
                client.get("/leave")
            else:
                client.post("/sign-out", data={"csrf_token": _token(page)})
            if way != "shut":
                assert "/sign-in" in client.fetch(at(here, matter_id)).path

    def test_asks_before_it_begins_anew_for_a_key_that_is_lost(
        self, client: StrictClient, here: Disputes
    ) -> None:
        matter_id, one = bring(here), here.panel[0]
        with in_scope():
            changed = sa.update(Account).where(Account.id == one.id)
            db.session.execute(changed.values(password_hash=passwords.hashed("river-lamp-song")))
        page = client.sign_in(one).fetch(at(here, matter_id))
        assert 'name="anew"' not in page.html
        asked = client.send(page, {"password": "river-lamp-song"})
        assert (asked.status, asked.fields_with_errors) == (422, {"password"})
        assert 'name="anew"' in asked.html
        with in_scope():
            assert find_pair(one.id)  # nothing is gone before its owner says so
        opened = client.send(asked, {"password": "river-lamp-song", "anew": "y"})
        assert SAID not in opened.html
        assert not opened.path.endswith("/door")

    def test_is_taken_out_of_a_session_nobody_comes_back_to(
        self, client: StrictClient, here: Disputes
    ) -> None:
        enter(client, here.panel[0], at(here, bring(here)))
        for ahead, left in ((door.LASTS - timedelta(minutes=1), 1), (door.LASTS + timedelta(minutes=1), 0)):
            with the_app().app_context():
                shut_old_doors(now=clock.now() + ahead)
            assert len([one for one in sessions_of(here.panel[0]) if "door" in one]) == left

    def test_guessing_is_slowed(self, client: StrictClient, here: Disputes) -> None:
        page = client.sign_in(somebody(here.group, key=False)).fetch("/me/matters/door")
        for _ in range(5):
            client.send(page, {"password": "not this one"})
        slowed = client.send(page, {"password": PASSWORD})
        assert (slowed.status, slowed.fields_with_errors) == (422, {"password"})


def _token(page: Page) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.html)
    assert found
    return found[1]


class TestThePages:
    def test_each_says_whom_to_call(self, client: StrictClient, here: Disputes) -> None:
        offer(here)
        matter_id = heard(here)
        enter(client, here.panel[0], at(here, matter_id))
        for path in ("", "/bring", "/write-down"):
            assert "tel:999" in client.fetch(at(here) + path).links
        for path in ("", "/notes", "/tell", "/outcome", "/review", "/help", "/step-aside"):
            page = client.fetch(at(here, matter_id) + path)
            assert page.status == 200
            assert "tel:999" in page.links

    def test_bringing_one_by_the_page_and_reading_it_again(
        self, client: StrictClient, here: Disputes
    ) -> None:
        offer(here)
        page = client.sign_in(here.bringer).fetch(at(here) + "/bring")
        with in_scope(here.group):
            about = db.session.execute(
                sa.text("select id from members where account_id = :a"), {"a": here.party.id}
            ).scalar_one()
        values = {"words": SAID, "about": str(about), "panel": str(here.other.id)}
        done = client.send(page, values)
        assert done.path.endswith("/matters")
        assert not re.search(r"/matters/[0-9a-f-]{36}", done.html), "behind the door, whoever holds the phone"
        listed = enter(client, here.bringer, "/me/matters")
        matter = next(one for one in listed.links if re.search(r"/matters/[0-9a-f-]{36}$", one))
        own = client.fetch(matter)
        assert SAID in own.text
        assert here.party.shown_name in own.text
        assert client.sign_in(here.panel[0]).get(matter).status_code == 404
        elsewhere = matter.replace("/me/", f"/g/{here.other.id}/")
        assert SAID in enter(client, here.others[0], elsewhere).text
        assert "/door" in client.sign_in(here.bringer).fetch(f"{matter}/take-back").path
        enter(client, here.bringer, matter)
        client.send(client.fetch(f"{matter}/take-back"))
        assert client.get(matter).status_code == 404

    def test_nobody_to_hear_it_is_said_and_nothing_is_lost(self, client: StrictClient) -> None:
        here = make_disputes(sitting=0)
        page = client.sign_in(here.bringer).fetch(at(here) + "/bring")
        again = client.send(page, {"words": SAID})
        assert again.status == 422
        assert SAID in again.html

    def test_from_hearing_to_an_outcome(self, client: StrictClient, here: Disputes) -> None:
        matter_id = bring(here)
        place = at(here, matter_id)
        enter(client, here.panel[0], place)
        client.send(client.fetch(f"{place}/notes"), {"words": "NOTED"})
        told = {"who": str(here.party.id), "words": "FOR THEM"}
        client.send(client.fetch(f"{place}/tell"), told)
        on = (clock.now() + timedelta(days=20)).date().isoformat()
        panel = client.send(client.fetch(f"{place}/outcome"), {"words": "AGREED ON", "review_on": on})
        assert all(one in panel.text for one in (SAID, "NOTED", "FOR THEM", "AGREED ON"))
        client.send(enter(client, here.panel[1], place), to="/agree")
        own = enter(client, here.bringer, place)
        assert "AGREED ON" in own.text
        assert "NOTED" not in own.html
        assert "FOR THEM" not in own.html
        listed = enter(client, here.party, "/me/matters")
        link = next(one for one in listed.links if "/told/" in one)
        theirs = enter(client, here.party, link)
        assert "FOR THEM" in theirs.text
        assert "AGREED ON" in theirs.text
        assert SAID not in theirs.html
        assert here.bringer.shown_name not in theirs.html

    def test_a_closed_door_keeps_what_was_typed(self, client: StrictClient, here: Disputes) -> None:
        place = at(here, heard(here)) + "/tell"
        enter(client, here.panel[0], place)
        page = client.fetch(place)
        client.delete_cookie("pamoja-door")
        again = client.send(page, {"who": str(here.party.id), "words": "LONG AND CAREFUL"})
        assert again.status == 422
        assert "LONG AND CAREFUL" in again.html

    def test_only_the_panel_works_on_it_and_only_whoever_brought_it_takes_it_back(
        self, client: StrictClient, here: Disputes
    ) -> None:
        place = at(here, heard(here))
        client.sign_in(here.bringer)
        assert {client.get(f"{place}/{one}").status_code for one in ("notes", "tell", "outcome", "help")} == {
            403
        }
        own = f"/me/matters/{place.rpartition('/')[2]}"
        assert client.get(f"{own}/step-aside").status_code == 403
        client.sign_in(here.panel[0])
        assert client.get(f"{own}/take-back").status_code == 403
        client.sign_in(make_holder("chairperson", here.group))
        assert {client.get(f"{place}/{one}").status_code for one in ("notes", "tell")} == {404}
        assert {client.get(f"{own}{one}").status_code for one in ("", "/take-back", "/step-aside")} == {404}


class TestHelpByThePages:
    def test_asked_answered_and_let_in(self, client: StrictClient) -> None:
        here = make_disputes(sitting=1)
        offer(here)
        place = at(here, bring(here))
        enter(client, here.panel[0], place)
        client.send(client.fetch(f"{place}/help"), {"group": str(here.other.id)})
        client.sign_in(here.others[0])
        home = client.fetch(f"/g/{here.other.id}/")
        ask = next(one for one in home.links if "/asks/" in one)
        asked = client.fetch(ask)
        assert here.group.name not in asked.html
        client.send(asked)
        page = client.send(enter(client, here.panel[0], place), to="/seat")
        assert here.others[0].shown_name in page.text
        there = place.replace(str(here.group.id), str(here.other.id))
        assert SAID in enter(client, here.others[0], there).text


class TestWhatWaits:
    def test_is_said_neutrally_to_those_it_waits_for(self, client: StrictClient, here: Disputes) -> None:
        first = f"/g/{here.group.id}/"
        matter_id = heard(here)
        with in_scope(here.group, here.panel[0]):
            commands.tell(
                queries.get_matter(matter_id), here.party.id, SAID, by=here.panel[0].id, now=clock.now()
            )
        another = bring(here, now=clock.now())
        for who, what in ((here.panel[1], str(another)), (here.party, "/told/")):
            page = client.sign_in(who).fetch(first)
            assert [one for one in page.links if what in one]
        chair = make_holder("chairperson", here.group)
        page = client.sign_in(chair).fetch(first)
        assert not [one for one in page.links if re.search(r"/matters/.", one)]

    def test_an_outcome_waits_for_whoever_brought_it_and_whoever_was_told(
        self, client: StrictClient, here: Disputes
    ) -> None:
        matter_id = heard(here)
        with in_scope(here.group, here.panel[0]):
            commands.tell(
                queries.get_matter(matter_id), here.party.id, SAID, by=here.panel[0].id, now=clock.now()
            )
            commands.propose_outcome(
                queries.get_matter(matter_id), SAID, review_on=(clock.now() + timedelta(days=9)).date(), by=here.panel[0].id, now=clock.now()
            )  # fmt: skip
        first = f"/g/{here.group.id}/"
        assert str(matter_id) not in client.sign_in(here.bringer).fetch(first).html
        private = private_of(here.panel[1])
        with in_scope(here.group, here.panel[1]):
            commands.agree_outcome(
                queries.get_matter(matter_id),
                latest_outcome(matter_id),
                private=private,
                by=here.panel[1].id,
                now=clock.now(),
            )
        for who, what in ((here.bringer, f"/matters/{matter_id}"), (here.party, "/told/")):
            page = client.sign_in(who).fetch(first)
            assert len([one for one in page.links if what in one]) == 1
        assert str(matter_id) not in client.sign_in(here.panel[2]).fetch(first).html

    def test_the_committee_says_whether_it_hears_others(self, client: StrictClient, here: Disputes) -> None:
        where = f"/g/{here.other.id}/matters"
        client.sign_in(here.others[0])
        client.send(client.fetch(where), to="/offer")
        with in_scope(here.group):
            assert [group.id for group in queries.groups_that_hear(here.group.id)] == [here.other.id]
        client.send(client.fetch(where), to="/offer")
        with in_scope(here.group):
            assert queries.groups_that_hear(here.group.id) == []
