"""The applicant: starting, following, writing back, taking everything back."""

import pytest
import sqlalchemy as sa

from network.db import db
from network.onboarding.applications.models import Application, ApplicationState, Passage, Question
from network.onboarding.journey.models import Step, StepMark
from network.tenancy.models import Network
from tests.factories.network import make_network
from tests.factories.onboarding import send_application
from tests.support.app import in_group
from tests.support.client import StrictClient


def applications_of(network: Network) -> list[Application]:
    with in_group(network.office_id):
        return list(db.session.scalars(sa.select(Application)))


def passages_of(network: Network) -> dict[str, str]:
    with in_group(network.office_id):
        return {one.question: one.body for one in db.session.scalars(sa.select(Passage))}


class TestStartGroup:
    def test_the_first_page_leads_to_it(self, client: StrictClient) -> None:
        assert "/sw/start" in client.fetch("/sw/").links

    def test_a_network_named_in_the_address_is_chosen(self, client: StrictClient) -> None:
        network = make_network()
        page = client.fetch(f"/sw/start?network={network.slug}")
        assert page.path == f"/sw/start/{network.office_id}"
        assert network.name in page.text

    def test_otherwise_the_visitor_chooses(self, client: StrictClient) -> None:
        networks = [make_network(), make_network()]
        assert {f"/fr/start/{one.office_id}" for one in networks} <= set(client.fetch("/fr/start").links)

    def test_a_network_that_is_not_there_is_told_so(self, client: StrictClient) -> None:
        assert client.get("/en/start/00000000-0000-0000-0000-000000000000").status_code == 404


class TestApply:
    def test_a_way_to_be_reached_is_all_it_takes(self, client: StrictClient) -> None:
        network = make_network()
        page = client.send(
            client.fetch(f"/sw/start/{network.office_id}"), {"reach": "Ulizia Juma sokoni"}, to="start"
        )
        assert page.status == 200
        assert page.path.startswith("/application/")
        assert page.tree.get("lang") == "sw"
        [application] = applications_of(network)
        assert (application.language, application.state) == ("sw", ApplicationState.RECEIVED)
        with in_group(network.office_id):
            assert db.session.get_one(Application, application.id).reach == "Ulizia Juma sokoni"

    def test_the_page_that_follows_it_carries_the_link_and_a_code_that_open_it(
        self, client: StrictClient
    ) -> None:
        network = make_network()
        page = client.send(client.fetch(f"/en/start/{network.office_id}"), {"reach": "me"}, to="start")
        [link] = [link for link in page.links if "/application/" in link and link.startswith("http")]
        assert not link.endswith(page.path), "the address shown by the phone opens nothing elsewhere"
        code = "".join(next(p for p in page.tree.iter("p") if p.get("class") == "code").itertext())
        again = client.sign_out().send(client.fetch("/code"), {"code": code})
        assert again.status == 200
        assert (
            again.heading
            == client.sign_out().fetch(link.removeprefix("http://localhost")).heading
            == page.heading
        )

    def test_sent_twice_is_one_application(self, client: StrictClient) -> None:
        network = make_network()
        page = client.fetch(f"/en/start/{network.office_id}")
        first = client.send(page, {"reach": "me"}, to="start", follow=False)
        second = client.send(page, {"reach": "me"}, to="start", follow=False)
        assert first.response.location == second.response.location
        assert len(applications_of(network)) == 1

    @pytest.mark.parametrize(
        ("field", "typed"),
        [
            ("reach", ""),
            ("reach", "x" * 201),
            ("why", "turned \u202e around"),
            ("place", "broken \ufffd letters"),
            ("why", "x" * 2001),
            ("called", "nul\x00"),
        ],
    )
    def test_bad_input_is_told_beside_its_field_and_keeps_what_was_typed(
        self, client: StrictClient, field: str, typed: str
    ) -> None:
        network = make_network()
        values = {"reach": "me", "for_whom": "Everybody in the valley", field: typed}
        page = client.send(client.fetch(f"/sw/start/{network.office_id}"), values, to="start")
        assert (page.status, page.fields_with_errors) == (422, {field})
        assert "Everybody in the valley" in page.html
        assert applications_of(network) == []

    def test_bytes_that_are_not_letters_are_refused(self, client: StrictClient) -> None:
        network = make_network()
        page = client.fetch(f"/en/start/{network.office_id}")
        hidden = {
            e.get("name"): e.get("value")
            for e in page.form("start").iter("input")
            if e.get("type") == "hidden"
        }
        body = "&".join(f"{name}={value}" for name, value in hidden.items()).encode() + b"&reach=%ff%fe"
        response = client.post(page.path, data=body, content_type="application/x-www-form-urlencoded")
        assert response.status_code == 422
        assert applications_of(network) == []

    def test_the_office_gets_its_steps_once_and_the_first_is_done(self, client: StrictClient) -> None:
        network = make_network()
        for _time in range(2):
            send_application(network)
        with in_group(network.office_id):
            assert db.session.scalar(sa.select(sa.func.count()).select_from(Step)) == 11
            assert db.session.scalar(sa.select(sa.func.count()).select_from(StepMark)) == 2

    def test_many_from_one_place_are_asked_to_wait(self, client: StrictClient) -> None:
        network = make_network()
        page = client.fetch(f"/en/start/{network.office_id}")
        statuses = [
            client.send(client.fetch(page.path), {"reach": "me"}, to="start", follow=False).status
            for _time in range(6)
        ]
        assert statuses == [303] * 5 + [429]
        assert len(applications_of(network)) == 5


class TestFollowApplication:
    def test_speaks_the_applicants_language(self, client: StrictClient) -> None:
        sent = send_application(language="fr")
        page = client.fetch(f"/application/{sent.token}", headers={"Accept-Language": "sw"})
        assert page.tree.get("lang") == "fr"

    def test_takes_a_message_to_the_office(self, client: StrictClient) -> None:
        sent = send_application(language="sw")
        page = client.send(
            client.fetch(f"/application/{sent.token}"), {"words": "Tuko tayari"}, to="application"
        )
        assert "Tuko tayari" in page.text
        assert passages_of(sent.network) == {Question.MESSAGE: "Tuko tayari"}

    def test_an_empty_message_is_told_so(self, client: StrictClient) -> None:
        sent = send_application()
        page = client.send(client.fetch(f"/application/{sent.token}"), {"words": " "}, to="application")
        assert (page.status, page.fields_with_errors) == (422, {"words"})

    def test_a_made_up_link_opens_nothing(self, client: StrictClient) -> None:
        assert client.get("/application/nobody-was-ever-given-this-one").status_code == 410


class TestTakeBack:
    def test_says_first_what_will_happen_and_changes_nothing(self, client: StrictClient) -> None:
        sent = send_application(why="Because")
        page = client.fetch(f"/application/{sent.token}/take-back")
        assert page.status == 200
        assert passages_of(sent.network) == {Question.WHY: "Because"}

    def test_erases_every_word_and_closes_the_door(self, client: StrictClient) -> None:
        sent = send_application(why="Because", called="Juma", place="Thika")
        client.send(client.fetch(f"/application/{sent.token}/take-back"), to="take-back")
        [application] = applications_of(sent.network)
        assert application.state == ApplicationState.TAKEN_BACK
        assert {application.reach, application.called, application.place, application.code} == {None}
        assert passages_of(sent.network) == {}
        assert client.get(f"/application/{sent.token}").status_code == 410
