"""The volunteer sees the chosen passages and nothing else, once, until a day."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from network import clock
from network.db import db
from network.onboarding.applications.queries import passages_to_translate
from network.onboarding.volunteers import commands, rules
from network.onboarding.volunteers.models import AskedPassage, TranslationRequest
from network.onboarding.volunteers.queries import translations_of
from network.permissions import Role
from tests.factories.network import make_holder
from tests.factories.onboarding import Sent, send_application
from tests.support.app import in_group
from tests.support.client import Page, StrictClient

PRIVATE = {"reach": "0700 123 987", "called": "Espérance-K", "place": "Kakuma-Nord"}


@pytest.fixture
def sent() -> Sent:
    return send_application(language="fr", why="Parce que c’est loin", for_whom="Pour les jeunes", **PRIVATE)


def ask(sent: Sent, client: StrictClient, *questions: str) -> Page:
    """Ask as staff for the passages that answer these questions; returns the page with the link."""
    client.sign_in(make_holder(Role.ONBOARDING, sent.network))
    with in_group(sent.network.office_id):
        chosen = [
            str(one.id) for one in passages_to_translate(sent.application.id) if one.question in questions
        ]
    path = f"/n/{sent.network.office_id}/applications/{sent.application.id}/translations/new"
    return client.send(client.fetch(path), {"passages": chosen, "into": "en"}, to="translations")


def link_in(page: Page) -> str:
    return next(link for link in page.links if "/translate/" in link).partition("localhost")[2]


def requests_of(sent: Sent) -> list[TranslationRequest]:
    with in_group(sent.network.office_id):
        return list(db.session.scalars(sa.select(TranslationRequest)))


class TestAskVolunteer:
    def test_at_least_one_passage_must_be_chosen(self, client: StrictClient, sent: Sent) -> None:
        assert ask(sent, client).status == 422
        assert requests_of(sent) == []

    def test_the_note_says_nothing_about_whom_it_is_from(self, client: StrictClient, sent: Sent) -> None:
        page = ask(sent, client, "why")
        notes = [link for link in page.links if link.startswith(("sms:", "mailto:"))]
        assert len(notes) == 2
        assert not any(word in note for note in notes for word in (*PRIVATE.values(), sent.network.name))

    def test_another_networks_passage_cannot_be_smuggled_out(self, client: StrictClient, sent: Sent) -> None:
        other = send_application(why="Theirs")
        with in_group(other.network.office_id):
            [theirs] = passages_to_translate(other.application.id)
        client.sign_in(make_holder(Role.ONBOARDING, sent.network))
        path = f"/n/{sent.network.office_id}/applications/{sent.application.id}/translations/new"
        page = client.send(
            client.fetch(path), {"passages": [str(theirs.id)], "into": "en"}, to="translations"
        )
        assert page.status == 422


class TestTranslatePassages:
    def test_shows_the_chosen_passages_and_nothing_else(self, client: StrictClient, sent: Sent) -> None:
        link = link_in(ask(sent, client, "why"))
        page = client.sign_out().fetch(link)
        assert "Parce que c’est loin" in page.text
        for hidden in ("Pour les jeunes", *PRIVATE.values(), sent.network.name, str(sent.application.id)):
            assert hidden not in page.html

    def test_what_is_written_stands_beside_the_original(self, client: StrictClient, sent: Sent) -> None:
        link = link_in(ask(sent, client, "why"))
        page = client.sign_out().fetch(link)
        [field] = [e.get("name") for e in page.tree.iter("textarea")]
        thanks = client.send(page, {field: "Because it is far", "volunteer": "Odile"}, to="translate")
        assert (thanks.status, thanks.path) == (200, "/en/translated")
        staff = client.sign_in(make_holder(Role.ONBOARDING, sent.network))
        shown = staff.fetch(f"/n/{sent.network.office_id}/applications/{sent.application.id}")
        for words in ("Because it is far", "Odile", "Parce que c’est loin"):
            assert words in shown.text

    def test_the_link_and_the_code_work_once(self, client: StrictClient, sent: Sent) -> None:
        link = link_in(ask(sent, client, "why"))
        [request] = requests_of(sent)
        page = client.sign_out().fetch(f"/translate/{request.code}")
        [field] = [e.get("name") for e in page.tree.iter("textarea")]
        client.send(page, {field: "Because"}, to="translate")
        assert client.get(link).status_code == 410
        assert client.get(f"/translate/{request.code}").status_code == 410

    def test_an_empty_page_is_told_so_and_stays_open(self, client: StrictClient, sent: Sent) -> None:
        page = client.fetch(link_in(ask(sent, client, "why")))
        assert client.send(page, to="translate").status == 422
        assert [request.done_at for request in requests_of(sent)] == [None]

    def test_a_taken_back_application_leaves_nothing_behind(self, client: StrictClient, sent: Sent) -> None:
        link = link_in(ask(sent, client, "why", "for_whom"))
        client.sign_out()
        client.send(client.fetch(f"/application/{sent.token}/take-back"), to="take-back")
        assert client.get(link).status_code == 410
        assert requests_of(sent) == []
        with in_group(sent.network.office_id):
            assert db.session.scalars(sa.select(AskedPassage)).all() == []

    def test_runs_out(self, client: StrictClient, sent: Sent) -> None:
        earlier = clock.now() - rules.LASTS - timedelta(minutes=1)
        by = make_holder(Role.ONBOARDING, sent.network).id
        with in_group(sent.network.office_id):
            passages = passages_to_translate(sent.application.id)
            asked = commands.ask_volunteer(sent.application.id, passages, into="en", by=by, now=earlier)
        assert client.get(f"/translate/{asked.token}").status_code == 410

    def test_can_be_closed_by_the_office(self, client: StrictClient, sent: Sent) -> None:
        page = ask(sent, client, "why")
        link = link_in(page)
        client.send(page, to="withdraw")
        assert client.get(link).status_code == 410
        with in_group(sent.network.office_id):
            assert translations_of(sent.application.id) == {}
