"""The sheet's pages, without scripts: the server opens and closes in memory, and shows it to nobody else."""

import re
from typing import Any

import pytest
import sqlalchemy as sa

from network import clock
from network.accounts.models import Account, FormSubmission
from network.db import db
from network.support_sheets import commands, locks
from network.support_sheets.demo import WRITTEN
from network.support_sheets.models import SheetShare, SupportSheet
from tests.factories.network import make_account, make_group, make_holder, make_network
from tests.support import strict
from tests.support.app import in_scope
from tests.support.client import Page, StrictClient

WORDS = "mango river drum morning"
HELPS = "Sit with me under the jacaranda"
AT = "/me/sheet"


def a_sheet(owner: Account, words: str = WORDS) -> SupportSheet:
    key = locks.new_key()
    with in_scope(account=owner):
        return commands.write_sheet(
            account_id=owner.id,
            lock=locks.lock(key, words),
            content=locks.close(key, WRITTEN),
            now=clock.now(),
        )


def rows(model: Any, account: Account) -> int:
    with in_scope(account=account):
        return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def shown_words(page: Page) -> str:
    return next(e.get("value", "") for e in page.tree.iter("input") if e.get("name") == "shown")


def opened(client: StrictClient, at: str, words: str) -> Page:
    return client.send(client.fetch(f"{at}?here=1"), {"words": words})


class TestWriting:
    def test_begins_by_saying_what_it_is_and_where_urgent_help_is(self, client: StrictClient) -> None:
        page = client.sign_in(make_account()).fetch(AT)
        assert "/help-now" in page.links[0] or any("/help-now" in link for link in page.links)
        assert page.forms() == []

    def test_closes_it_with_four_words_the_page_showed(self, client: StrictClient) -> None:
        owner = make_account()
        client.sign_in(owner)
        page = client.fetch(f"{AT}/write?here=1")
        said = shown_words(page)
        assert len(said.split()) == 4
        wrong = client.send(page, {"words": "one two three four", "helps": HELPS})
        assert wrong.status == 422
        assert wrong.fields_with_errors == {"words"}
        assert shown_words(wrong) == said
        assert HELPS in wrong.html
        assert client.send(wrong, {"words": said.upper(), "helps": HELPS}).status == 200
        page = opened(client, AT, said)
        assert HELPS in page.text

    def test_is_done_once(self, client: StrictClient) -> None:
        owner = make_account()
        a_sheet(owner)
        client.sign_in(owner)
        assert client.fetch(f"{AT}/write").path == AT

    def test_takes_nothing_readable_where_the_browser_should_have_closed_it(
        self, client: StrictClient
    ) -> None:
        owner = make_account()
        client.sign_in(owner)
        answer = client.send(client.fetch(f"{AT}/write"), {"words": WORDS, "helps": HELPS})
        assert answer.status == 422
        assert rows(SupportSheet, owner) == 0


class TestOpening:
    def test_shows_nothing_without_the_words(self, client: StrictClient) -> None:
        owner = make_account()
        a_sheet(owner)
        client.sign_in(owner)
        assert "ginger" not in client.fetch(AT).html
        assert "ginger" not in opened(client, AT, "mango river drum evening").html
        page = opened(client, AT, WORDS)
        assert "ginger" in page.text
        assert any(link.startswith("sms:+254711222333?body=") for link in page.links)
        assert page.response.headers["Cache-Control"] == "no-store"

    def test_is_slowed_down(self, client: StrictClient) -> None:
        owner = make_account()
        a_sheet(owner)
        client.sign_in(owner)
        for _ in range(5):
            opened(client, AT, "a b c d")
        assert "ginger" not in opened(client, AT, WORDS).html

    def test_keeps_no_print_of_a_form_with_words_in_it(self, client: StrictClient) -> None:
        owner = make_account()
        a_sheet(owner)
        client.sign_in(owner)
        with in_scope():
            before = db.session.scalar(sa.select(sa.func.count()).select_from(FormSubmission))
        page = opened(client, AT, WORDS)
        client.send(page, {"words": WORDS, "helps": HELPS}, to="/change")
        client.send(client.fetch(f"{AT}?here=1"), {"own_words": WORDS, "lasts": "7"}, to="/share")
        with in_scope():
            assert db.session.scalar(sa.select(sa.func.count()).select_from(FormSubmission)) == before


class TestChanging:
    def test_closes_it_again(self, client: StrictClient) -> None:
        owner = make_account()
        a_sheet(owner)
        client.sign_in(owner)
        page = opened(client, AT, WORDS)
        assert client.send(page, {"words": "x y z q", "helps": HELPS}, to="/change").status == 422
        assert client.send(page, {"words": WORDS, "helps": HELPS}, to="/change").status == 200
        page = opened(client, AT, WORDS)
        assert HELPS in page.text

    def test_new_words_close_out_the_old_ones_and_everybody_else(self, client: StrictClient) -> None:
        owner = make_account()
        a_sheet(owner)
        client.sign_in(owner)
        client.send(client.fetch(f"{AT}?here=1"), {"own_words": WORDS}, to="/share")
        page = client.fetch(f"{AT}/words?here=1")
        said = shown_words(page)
        assert client.send(page, {"old": WORDS, "words": said}).status == 200
        assert "ginger" not in opened(client, AT, WORDS).html
        assert "ginger" in opened(client, AT, said).text
        assert rows(SheetShare, owner) == 0


class TestDestroying:
    def test_takes_one_tap_and_no_words(self, client: StrictClient) -> None:
        owner = make_account()
        a_sheet(owner)
        client.sign_in(owner)
        client.send(client.fetch(f"{AT}?here=1"), {"own_words": WORDS}, to="/share")
        client.send(client.fetch(AT), to="/destroy")
        assert rows(SupportSheet, owner) == rows(SheetShare, owner) == 0


class TestShowingIt:
    def link_and_words(self, client: StrictClient, lasts: str) -> tuple[str, str]:
        page = client.send(client.fetch(f"{AT}?here=1"), {"own_words": WORDS, "lasts": lasts}, to="/share")
        found = re.search(r"/note/[\w-]+", page.html)
        assert found
        code = next(e for e in page.tree.iter("p") if e.get("class") == "code")
        return found[0], "".join(code.itertext()).strip()

    def test_to_somebody_without_a_sign_in_until_it_is_closed(self, client: StrictClient) -> None:
        owner, own_client = make_account(), client.application.test_client()
        assert isinstance(own_client, StrictClient)
        a_sheet(owner)
        own_client.sign_in(owner)
        link, said = self.link_and_words(own_client, "7")
        page = client.fetch(link)
        assert owner.shown_name not in page.html
        assert page.response.headers["Cache-Control"] == "no-store"
        assert "ginger" not in opened(client, link, WORDS).html, "only the other words open it here"
        assert "ginger" in opened(client, link, said).text
        own_client.send(own_client.fetch(AT), to="/stop")
        assert client.fetch(link).status == 404

    def test_to_one_person_who_keeps_it_until_it_is_closed(self, client: StrictClient) -> None:
        owner, keeper, own_client = make_account(), make_account(), client.application.test_client()
        assert isinstance(own_client, StrictClient)
        a_sheet(owner)
        own_client.sign_in(owner)
        link, said = self.link_and_words(own_client, "person")
        assert client.fetch(link).forms() == [], "first one signs in"
        client.sign_in(keeper)
        kept = client.send(client.fetch(link))
        assert kept.path.startswith("/me/notes/")
        assert client.fetch(link).status == 404, "the link is used up"
        assert "ginger" in opened(client, kept.path, said).text
        assert kept.path in client.fetch("/me").links
        assert keeper.shown_name in own_client.fetch(AT).text
        own_client.send(own_client.fetch(AT), to="/stop")
        assert client.fetch(kept.path).status == 404
        assert kept.path not in client.fetch("/me").links

    def test_whoever_keeps_it_can_give_it_back(self, client: StrictClient) -> None:
        owner, keeper, own_client = make_account(), make_account(), client.application.test_client()
        assert isinstance(own_client, StrictClient)
        a_sheet(owner)
        own_client.sign_in(owner)
        link, _said = self.link_and_words(own_client, "person")
        client.sign_in(keeper)
        kept = client.send(client.fetch(link))
        client.send(kept, to="/give-back")
        assert client.fetch(kept.path).status == 404
        assert rows(SheetShare, owner) == 0

    def test_ones_own_link_is_not_kept_by_oneself(self, client: StrictClient) -> None:
        owner = make_account()
        a_sheet(owner)
        client.sign_in(owner)
        link, _said = self.link_and_words(client, "person")
        client.send(client.fetch(link))
        with in_scope(account=owner):
            assert db.session.scalar(sa.select(SheetShare.keeper_id)) is None


class TestBadAnswers:
    @pytest.mark.parametrize("at", [AT, f"{AT}?here=1", f"{AT}/words", f"{AT}/words?here=1"])
    @pytest.mark.parametrize("value", ["abc\u202edef", "caf\ufffd", "x" * 30_000])
    def test_are_told_beside_the_field(self, client: StrictClient, at: str, value: str) -> None:
        owner = make_account()
        a_sheet(owner)
        page = client.sign_in(owner).fetch(at)
        for form in page.forms():
            typed = [e.get("name") for e in form.iter("input") if e.get("type") == "text"]
            if typed:
                answer = client.post(
                    form.get("action"), data={**strict.values_of(form), **dict.fromkeys(typed, value)}
                )
                assert answer.status_code == 422
                assert Page(answer, at).fields_with_errors

    def test_a_choice_nobody_offered(self, client: StrictClient) -> None:
        owner = make_account()
        a_sheet(owner)
        client.sign_in(owner)
        for at in (AT, f"{AT}?here=1"):
            assert (
                client.send(client.fetch(at), {"lasts": "x", "own_words": WORDS}, to="/share").status == 422
            )
        assert rows(SheetShare, owner) == 0


class TestOthers:
    @pytest.mark.parametrize("role", ["chairperson", "secretary", "member"])
    def test_find_nothing_in_the_group(self, client: StrictClient, role: str) -> None:
        group = make_group()
        owner = make_holder("member", group)
        a_sheet(owner)
        client.sign_in(make_holder(role, group))
        assert client.fetch(AT).forms() == []
        with in_scope(group, make_holder(role, group)):
            assert db.session.scalars(sa.select(SupportSheet)).all() == []

    def test_staff_find_nothing(self, client: StrictClient) -> None:
        network = make_network()
        owner = make_holder("member", make_group(network))
        a_sheet(owner)
        with in_scope(network.office_id, make_holder("staff_administration", network)):
            assert db.session.scalars(sa.select(SupportSheet)).all() == []
            assert db.session.scalars(sa.select(SheetShare)).all() == []

    def test_are_asked_to_sign_in(self, client: StrictClient) -> None:
        assert client.get(AT).status_code == 302
        assert client.get("/note/nothing-here").status_code == 404
