"""Without an account: asking to join, introducing somebody who agreed, reading the answer, leaving the door open or closing it."""

import re
from uuid import UUID

import pytest
import sqlalchemy as sa

from groups.permissions import Role
from groups.referrals import commands
from groups.referrals.emails import note_to_send
from groups.referrals.models import Answer, Referral, ReferralState
from network import clock
from network.data_map import read_words
from network.data_map.reading import plain
from network.db import db
from network.tenancy.models import Group
from network.tenancy.queries import get_group
from tests.factories.directory import list_group
from tests.factories.network import make_group, make_holder
from tests.factories.referrals import (
    an_asker,
    an_introduction,
    behind,
    left_open,
    may_be_asked,
    note_of,
    seen_by,
)
from tests.support.app import in_group, in_scope
from tests.support.client import Page, StrictClient

INTRODUCED = {"called": "Baraka", "introduced_by": "family", "language": "sw", "agreement": "y"}


def a_listed_group(**card: object) -> tuple[Group, UUID]:
    group = make_group()
    list_group(group, **card)
    return group, make_holder(Role.SECRETARY, group).id


def answered(group: Group, code: str, words: str, *, by: UUID, invited: bool = False) -> None:
    with in_group(group, by):
        commands.answer_person(
            get_group(group.id), behind(code), Answer.WELCOME, words, by=by, now=clock.now(), with_invitation=invited
        )  # fmt: skip


def shown_code(page: Page) -> str:
    found = re.search(r"\b[A-Z2-9]{5}-[A-Z2-9]{5}\b", page.text)
    assert found
    return found[0]


class TestAskToJoin:
    def test_needs_a_nickname_only_and_leads_to_a_page_of_ones_own(self, client: StrictClient) -> None:
        group, secretary = a_listed_group()
        assert f"/en/groups/{group.slug}/join" in client.fetch(f"/en/groups/{group.slug}").links
        page = client.send(client.fetch(f"/en/groups/{group.slug}/join"), {"called": "Sanaa"})
        assert page.path == "/your-code"
        own = client.fetch(f"/answer/{shown_code(page)}")
        assert "Sanaa" in own.text
        assert seen_by(group, secretary) == {"Sanaa": ReferralState.WAITING}

    @pytest.mark.parametrize(
        "bad", [{"called": ""}, {"called": "x" * 61}, {"words": "x" * 301}, {"reach": "a\u202eb"}]
    )
    def test_says_what_is_amiss_and_keeps_nothing(self, client: StrictClient, bad: dict[str, str]) -> None:
        group, secretary = a_listed_group()
        page = client.send(
            client.fetch(f"/en/groups/{group.slug}/join"), {"called": "Sanaa", "words": "Hello", **bad}
        )
        assert (page.status, page.fields_with_errors) == (422, set(bad))
        assert seen_by(group, secretary) == {}

    @pytest.mark.parametrize("way", ["join", "introduce"])
    def test_is_not_there_where_the_group_switched_it_off(self, client: StrictClient, way: str) -> None:
        group, _ = a_listed_group(takes_requests=False)
        page = client.fetch(f"/en/groups/{group.slug}/{way}")
        assert page.path == f"/en/groups/{group.slug}"
        assert not [link for link in page.links if link.endswith(f"/{way}")]

    @pytest.mark.parametrize("way", ["join", "introduce"])
    def test_of_a_group_that_is_not_listed_is_the_same_as_of_none(
        self, client: StrictClient, way: str
    ) -> None:
        group = make_group()
        list_group(group, shown=False)
        assert client.get(f"/en/groups/{group.slug}/{way}").status_code == 404

    def test_sent_twice_is_one(self, client: StrictClient) -> None:
        group, secretary = a_listed_group()
        page = client.fetch(f"/en/groups/{group.slug}/join")
        codes = {shown_code(client.send(page, {"called": "Sanaa"})) for _ in range(2)}
        assert len(codes) == 1
        assert list(seen_by(group, secretary)) == ["Sanaa"]

    def test_many_from_one_place_are_slowed_down(self, client: StrictClient) -> None:
        group, secretary = a_listed_group()
        answers = [
            client.send(client.fetch(f"/en/groups/{group.slug}/join"), {"called": f"No {n}"}).status
            for n in range(7)
        ]
        assert answers[0] == 200
        assert answers[-1] == 429
        assert len(seen_by(group, secretary)) < 7


class TestIntroduce:
    def test_is_sent_with_their_agreement_and_asks_for_no_reason(self, client: StrictClient) -> None:
        group, secretary = a_listed_group()
        page = client.fetch(f"/en/groups/{group.slug}/introduce")
        names = {e.get("name") for e in page.tree.iter() if e.tag in {"input", "textarea", "select"}}
        assert names - {"csrf_token", "once"} == {
            "called", "reach", "language", "introduced_by", "writer_name", "agreement",
        }  # fmt: skip
        sent = client.send(page, INTRODUCED)
        assert sent.path == "/passed-on"
        assert seen_by(group, secretary) == {"Baraka": ReferralState.WAITING}

    def test_without_agreement_is_not_sent(self, client: StrictClient) -> None:
        group, secretary = a_listed_group()
        values = {name: value for name, value in INTRODUCED.items() if name != "agreement"}
        page = client.send(client.fetch(f"/en/groups/{group.slug}/introduce"), values)
        assert (page.status, page.fields_with_errors) == (422, {"agreement"})
        assert seen_by(group, secretary) == {}

    def test_keeps_a_print_of_the_words_in_the_language_they_were_shown_in(
        self, client: StrictClient
    ) -> None:
        group, secretary = a_listed_group()
        prints = {}
        for language in ("en", "sw", "fr"):
            page = client.fetch(f"/{language}/groups/{group.slug}/introduce")
            client.send(page, {**INTRODUCED, "called": language})
        with in_group(group, secretary):
            for one in db.session.scalars(sa.select(Referral)):
                assert one.called == one.agreement_language
                prints[one.called] = one.agreement_hash
        assert len(set(prints.values())) == 3


class TestPassedOn:
    def test_says_the_same_bytes_whatever_becomes_of_it(self, client: StrictClient) -> None:
        group, secretary = a_listed_group()

        def page() -> bytes:
            answer = client.get("/passed-on")
            assert answer.status_code == 200
            return answer.get_data()

        client.send(client.fetch(f"/en/groups/{group.slug}/introduce"), INTRODUCED)
        first = page()
        with in_group(group, secretary):
            kept = db.session.scalars(sa.select(Referral)).one()
            values = {"by": secretary, "now": clock.now(), "with_invitation": True}
            commands.answer_person(get_group(group.id), kept, Answer.WELCOME, "Come", **values)
        seen = {page()}
        own = left_open(group, note_of(group, secretary)) or ""
        seen.add(page())
        with in_group(group, secretary):
            commands.come_back(get_group(group.id), behind(own), now=clock.now())
        seen.add(page())
        with in_group(group, secretary):
            commands.erase_referral(behind(own), by=None, now=clock.now(), why="closed")
        seen.add(page())
        assert seen == {first}

    def test_is_shown_to_whoever_has_just_sent_it_and_leads_back_to_nothing(
        self, client: StrictClient
    ) -> None:
        assert client.get("/passed-on").status_code == 302
        group, _ = a_listed_group()
        sent = client.send(client.fetch(f"/en/groups/{group.slug}/introduce"), INTRODUCED)
        assert not [link for link in sent.links if "/answer/" in link or str(group.id) in link]
        client.sign_out()
        assert client.get("/passed-on").status_code == 302


class TestOwnDoor:
    def test_reads_the_answer_and_the_invitation(self, client: StrictClient) -> None:
        group, secretary = a_listed_group()
        code = an_asker(group)
        answered(group, code, "Come as you are", by=secretary, invited=True)
        page = client.fetch(f"/answer/{code}")
        assert "Come as you are" in page.text
        joining = client.send(page, to="/invitation")
        assert joining.path.startswith("/join/here-")
        assert joining.status == 200

    @pytest.mark.parametrize("by_address", [True, False])
    def test_the_code_opens_it_and_stands_in_no_address(
        self, client: StrictClient, *, by_address: bool
    ) -> None:
        group, _ = a_listed_group()
        code = an_asker(group)
        typed = {"code": code.lower().replace("-", " ")}
        page = client.fetch(f"/answer/{code}") if by_address else client.send(client.fetch("/code"), typed)
        assert page.path.startswith("/answer/here-")
        whole = client.get(page.path).get_data(as_text=True)
        assert not [said for said in (code, code.replace("-", "")) if said in whole]
        client.sign_out()
        assert client.fetch(page.path).path == "/code", "on another phone the address opens nothing"

    def test_leaves_the_door_open_and_opens_it_again(self, client: StrictClient) -> None:
        group, secretary = a_listed_group()
        code = an_asker(group, called="Nia")
        page = client.send(client.fetch(f"/answer/{code}"), {"months": "6"})
        assert seen_by(group, secretary) == {}
        client.send(page, to="/come-back")
        assert seen_by(group, secretary) == {"Nia": ReferralState.WAITING}

    def test_says_when_no_time_was_chosen(self, client: StrictClient) -> None:
        group, _ = a_listed_group()
        assert client.send(client.fetch(f"/answer/{an_asker(group)}"), {}).status == 422

    def test_closes_the_door_and_nothing_opens_it_any_more(self, client: StrictClient) -> None:
        group, secretary = a_listed_group()
        code = may_be_asked(group)
        page = client.fetch(f"/answer/{code}")
        closed = client.send(client.fetch(next(one for one in page.links if one.endswith("/take-back"))))
        assert closed.status == 200
        assert seen_by(group, secretary) == {}
        gone = client.get(f"/answer/{code}")
        assert gone.status_code == 410

    def test_every_code_that_opens_nothing_is_answered_alike(self, client: StrictClient) -> None:
        group, _ = a_listed_group()
        code = an_asker(group)
        with in_group(group):
            commands.erase_referral(behind(code), by=None, now=clock.now(), why="closed")
        said = {
            client.get(path).get_data(as_text=True).replace(path, "")
            for path in (f"/answer/{code}", "/answer/AAAAA-BBBBB")
        }
        assert len(said) == 1
        assert "/groups" in said.pop()

    def test_is_not_stored_by_the_browser_nor_found_by_search(self, client: StrictClient) -> None:
        group, _ = a_listed_group()
        answer = client.get(client.fetch(f"/answer/{an_asker(group)}").path)
        assert answer.headers["Cache-Control"] == "no-store"
        assert "noindex" in answer.get_data(as_text=True)

    def test_asked_from_a_borrowed_phone_leaves_no_way_in(self, client: StrictClient) -> None:
        group, _ = a_listed_group()
        page = client.fetch(f"/en/groups/{group.slug}/join")
        sent = client.send(page, {"called": "Sanaa"}, follow=False)
        code = shown_code(client.fetch("/your-code"))
        assert shown_code(client.fetch("/your-code")) == code, (
            "a page that did not arrive can be fetched again"
        )
        assert sent.response.location == "/your-code"
        with in_scope():
            kept = db.session.execute(sa.text("select contents::text from sessions")).scalars().all()
        assert not [one for one in kept if code in one]
        client.send(client.fetch("/your-code"))
        assert client.fetch("/your-code").path == "/code"

    def test_a_new_code_is_shown_for_ten_minutes_to_its_own_browser(self, client: StrictClient) -> None:
        group, _ = a_listed_group()
        page = client.send(client.fetch(f"/en/groups/{group.slug}/join"), {"called": "Sanaa"})
        code = shown_code(page)
        with in_scope():
            earlier = "update sessions set contents = jsonb_set(contents, '{shown_code,until}', '\"2026-01-01T00:00:00+00:00\"')"
            db.session.execute(sa.text(earlier + " where contents ? 'shown_code'"))
        assert client.fetch("/your-code").path == "/code"
        assert client.fetch(f"/answer/{code}").status == 200
        client.sign_out()
        assert client.fetch("/your-code").path == "/code"


class TestTheNote:
    """The code that the group sends: known to an office, so it opens one answer and ends with it."""

    def test_reads_the_answer_and_nothing_that_was_written(self, client: StrictClient) -> None:
        group, secretary = a_listed_group()
        code = an_asker(group, called="Sanaa", words="On Saturdays")
        answered(group, code, "Come as you are", by=secretary, invited=True)
        note = note_of(group, secretary)
        page = client.fetch(f"/answer/{note}")
        assert note != code
        assert "Come as you are" in page.text
        assert any((form.get("action") or "").endswith("/invitation") for form in page.forms())
        assert not [said for said in ("Sanaa", "On Saturdays", code, note) if said in page.text]

    @pytest.mark.parametrize("by_note", [True, False])
    def test_ends_when_the_door_rests_and_the_persons_own_code_does_not(
        self, client: StrictClient, *, by_note: bool
    ) -> None:
        group, secretary = a_listed_group()
        code = an_asker(group, called="Nia")
        answered(group, code, "Come", by=secretary)
        note = note_of(group, secretary)
        client.send(client.fetch(f"/answer/{note if by_note else code}"), {"months": "6"})
        assert client.get(f"/answer/{note}").status_code == 410
        assert "Nia" in client.fetch(f"/answer/{code}").text
        assert seen_by(group, secretary) == {}

    def test_gives_somebody_introduced_a_code_that_no_office_has_seen(self, client: StrictClient) -> None:
        group, secretary = a_listed_group()
        an_introduction(group, called="Baraka")
        with in_group(group, secretary):
            kept = db.session.scalars(sa.select(Referral)).one()
            values = {"by": secretary, "now": clock.now()}
            commands.answer_person(get_group(group.id), kept, Answer.COME, "On Saturday", **values)
        note = note_of(group, secretary)
        page = client.send(client.fetch(f"/answer/{note}"), {"months": "3"})
        own = shown_code(page)
        assert (page.path, own == note) == ("/your-code", False)
        assert client.get(f"/answer/{note}").status_code == 410
        client.send(client.fetch(f"/answer/{own}"), to="/come-back")
        assert seen_by(group, secretary) == {"Baraka": ReferralState.WAITING}

    def test_closes_the_door_for_somebody_introduced(self, client: StrictClient) -> None:
        group, secretary = a_listed_group()
        an_introduction(group)
        with in_group(group, secretary):
            kept = db.session.scalars(sa.select(Referral)).one()
            values = {"by": secretary, "now": clock.now()}
            commands.answer_person(get_group(group.id), kept, Answer.COME, "On Saturday", **values)
        note = note_of(group, secretary)
        client.send(client.fetch(f"/answer/{note}/take-back"))
        assert client.get(f"/answer/{note}").status_code == 410
        assert seen_by(group, secretary) == {}

    def test_of_an_asking_is_a_new_one_and_ends_with_it(self, client: StrictClient) -> None:
        group, secretary = a_listed_group()
        code = may_be_asked(group)
        notes = []
        with in_group(group, secretary):
            commands.ask_again(get_group(group.id), behind(code), by=secretary, now=clock.now())
        notes.append(note_of(group, secretary))
        client.send(client.fetch(f"/answer/{notes[0]}"), to="/come-back")
        answered(group, code, "Come", by=secretary)
        notes.append(note_of(group, secretary))
        assert [client.fetch(f"/answer/{one}").status for one in notes] == [410, 200]


class TestNotes:
    @pytest.mark.parametrize("language", ["en", "sw", "fr", "ar"])
    def test_name_no_group_nobody_and_nothing_about_health(self, language: str) -> None:
        group, secretary = a_listed_group()
        never = read_words().never
        with in_group(group):
            asked = behind(an_asker(group, called="Sanaa", language=language))
            notes = [note_to_send(asked, "https://here.example/answer/X")]
        an_introduction(group, called="Baraka")
        may = may_be_asked(group)
        with in_group(group, secretary):
            kept = behind(may)
            commands.ask_again(get_group(group.id), kept, by=secretary, now=clock.now())
            notes += [
                note_to_send(one, "https://here.example/answer/X")
                for one in db.session.scalars(sa.select(Referral))
            ]
        assert len(notes) == 4
        for note in notes:
            said = plain(f"{note.subject} {note.body}")
            assert not [name for name in (group.name, "Sanaa", "Baraka", "Nia") if plain(name) in said]
            assert not [stem for stem in never if re.search(rf"\b{re.escape(stem.rstrip('$'))}", said)]
