"""The office: seeing, answering, marking steps, opening the group, and who may not."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from network import clock
from network.accounts import queries as accounts
from network.db import db
from network.onboarding.applications import commands
from network.onboarding.applications.models import Application, ApplicationState, Arrival, Passage, Question
from network.onboarding.journey.models import StepMark
from network.onboarding.journey.queries import find_step
from network.onboarding.phrases.queries import phrases
from network.permissions import Role
from network.tenancy.models import Group
from network.tenancy.settings import APPROVED_ONLY, STAFF_LANGUAGES
from network.wording.commands import approve
from tests.factories.network import make_group, make_holder, make_network, word
from tests.factories.onboarding import Sent, send_application
from tests.support.app import in_group, in_scope
from tests.support.client import Page, StrictClient


def office(sent: Sent, path: str = "") -> str:
    return f"/n/{sent.network.office_id}/applications/{path}"


def one(sent: Sent, path: str = "") -> str:
    return office(sent, str(sent.application.id)) + path


def staff_of(sent: Sent, client: StrictClient, role: Role = Role.ONBOARDING, **more: str) -> StrictClient:
    return client.sign_in(make_holder(role, sent.network, **more))


def again(sent: Sent) -> Application:
    with in_group(sent.network.office_id):
        return db.session.get_one(Application, sent.application.id)


def replies(sent: Sent) -> list[Passage]:
    with in_group(sent.network.office_id):
        found = sa.select(Passage).where(Passage.question == Question.REPLY)
        return list(db.session.scalars(found.order_by(Passage.phrase_id.is_(None))))


def statements(look: Callable[[], object]) -> int:
    """How many statements a page takes."""
    seen: list[str] = []

    def note(*call: object) -> None:
        seen.append(str(call[2]))

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        look()
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
    return len(seen)


def marked(page: Page, language: str) -> str:
    """What a page says in another language than its own."""
    return " ".join(
        "".join(e.itertext()) for e in page.tree.iter() if e.get("lang") == language and e.tag == "p"
    )


class TestWhoMaySee:
    @pytest.mark.parametrize("role", [Role.ONBOARDING, Role.ADMINISTRATION])
    def test_onboarding_and_administration(self, client: StrictClient, role: Role) -> None:
        sent = send_application(place="Thika")
        assert "Thika" in staff_of(sent, client, role).fetch(office(sent)).text

    @pytest.mark.parametrize("role", [Role.FINANCE, Role.TRANSLATION])
    def test_not_the_others_in_the_office(self, client: StrictClient, role: Role) -> None:
        sent = send_application()
        staff_of(sent, client, role)
        for path in (office(sent), one(sent), one(sent, "/answer"), one(sent, "/open-group")):
            assert client.get(path).status_code == 403

    def test_for_another_networks_staff_it_does_not_exist(self, client: StrictClient) -> None:
        sent, other = send_application(), make_network()
        client.sign_in(make_holder(Role.ONBOARDING, other))
        assert client.get(one(sent)).status_code == 404
        assert client.get(f"/n/{other.office_id}/applications/{sent.application.id}").status_code == 404

    def test_nobody_who_is_not_signed_in(self, client: StrictClient) -> None:
        assert client.get(one(send_application())).status_code == 302


class TestListApplications:
    def test_those_who_wait_come_first_and_the_list_is_paged(self, client: StrictClient) -> None:
        network = make_network()
        for number in range(27):
            last = send_application(network, place=f"Place {number}")
        with in_group(network.office_id):
            db.session.get_one(Application, last.application.id).waits_since = None
        staff_of(last, client)
        first, second = client.fetch(office(last)), client.fetch(office(last, "?page=2"))
        assert "Place 0" in first.text
        assert "Place 26" not in first.text
        assert "Place 26" in second.text

    def test_takes_no_more_questions_to_the_database_for_more_applications(
        self, client: StrictClient
    ) -> None:
        sent = send_application()
        staff_of(sent, client).fetch(office(sent))
        few = statements(lambda: client.get(office(sent)))
        for _time in range(4):
            send_application(sent.network, place="Thika")
        assert statements(lambda: client.get(office(sent))) == few

    def test_home_says_that_somebody_waits(self, client: StrictClient) -> None:
        sent = send_application()
        page = staff_of(sent, client).fetch(f"/n/{sent.network.office_id}/")
        assert office(sent) in page.links

    def test_home_of_finance_does_not(self, client: StrictClient) -> None:
        sent = send_application()
        page = staff_of(sent, client, Role.FINANCE).fetch(f"/n/{sent.network.office_id}/")
        assert office(sent) not in page.links


class TestShowApplication:
    def test_words_are_marked_with_their_language(self, client: StrictClient) -> None:
        sent = send_application(
            language="fr", why="Parce que", network=make_network(settings={STAFF_LANGUAGES: ["en"]})
        )
        page = staff_of(sent, client).fetch(one(sent))
        assert page.tree.get("lang") == "en"
        assert "Parce que" in marked(page, "fr")
        assert len([e for e in page.tree.iter("span") if e.get("class") == "tag near"]) == 1

    def test_what_staff_read_is_not_called_untranslated(self, client: StrictClient) -> None:
        sent = send_application(
            language="sw", why="Kwa sababu", network=make_network(settings={STAFF_LANGUAGES: ["en", "sw"]})
        )
        page = staff_of(sent, client).fetch(one(sent))
        assert not [e for e in page.tree.iter("span") if e.get("class") == "tag near"]


class TestAnswerApplicant:
    def test_a_phrase_arrives_in_the_applicants_language_as_a_draft(self, client: StrictClient) -> None:
        sent = send_application(language="sw")
        page = staff_of(sent, client).fetch(one(sent, "/answer"))
        with in_group(sent.network.office_id):
            phrase = phrases()[1]
        client.send(page, {"phrase": str(phrase.id)}, to="answer")
        [reply] = replies(sent)
        words = {w.language: w.body for w in phrase.wordings}
        assert (reply.body, reply.language, reply.arrival) == (words["sw"], "sw", Arrival.DRAFT)
        assert words["en"] in client.fetch(one(sent)).text
        assert (again(sent).state, again(sent).waits_since) == (ApplicationState.ACCOMPANIED, None)
        assert words["sw"] in client.sign_out().fetch(f"/application/{sent.token}").text

    def test_a_reviewed_phrase_arrives_as_reviewed(self, client: StrictClient) -> None:
        sent = send_application(language="fr")
        with in_group(sent.network.office_id):
            phrase = phrases()[0]
            approve(next(w for w in phrase.wordings if w.language == "fr"), reviewed_by="A reader")
        client.send(
            staff_of(sent, client).fetch(one(sent, "/answer")), {"phrase": str(phrase.id)}, to="answer"
        )
        assert [reply.arrival for reply in replies(sent)] == [Arrival.REVIEWED]

    def test_where_only_approved_words_may_be_shown_a_draft_stays_at_home(self, client: StrictClient) -> None:
        sent = send_application(language="fr", network=make_network(settings={APPROVED_ONLY: True}))
        with in_group(sent.network.office_id):
            phrase = phrases()[0]
        client.send(
            staff_of(sent, client).fetch(one(sent, "/answer")), {"phrase": str(phrase.id)}, to="answer"
        )
        [reply] = replies(sent)
        assert (reply.language, reply.arrival) == ("en", Arrival.UNTRANSLATED)

    def test_own_words_arrive_marked_as_not_translated(self, client: StrictClient) -> None:
        sent = send_application(language="sw")
        client.send(
            staff_of(sent, client).fetch(one(sent, "/answer")), {"words": "See you soon"}, to="answer"
        )
        assert [(r.body, r.language, r.arrival) for r in replies(sent)] == [
            ("See you soon", "en", Arrival.UNTRANSLATED)
        ]

    @pytest.mark.parametrize(
        "values", [{}, {"phrase": "not-a-phrase"}, {"phrase": "3d9b2d0e-8ab9-4f1c-9e8f-6d5f3c1b2a09"}]
    )
    def test_nothing_to_say_is_told_so(self, client: StrictClient, values: dict[str, str]) -> None:
        sent = send_application()
        page = client.send(staff_of(sent, client).fetch(one(sent, "/answer")), values, to="answer")
        assert (page.status, page.fields_with_errors) == (422, {"words"})
        assert replies(sent) == []


class TestMarkStep:
    def path(self, sent: Sent, code: str = "conversation") -> str:
        with in_group(sent.network.office_id):
            step = find_step(code)
            assert step
            return one(sent, f"/steps/{step.id}")

    def notes(self, sent: Sent) -> list[str | None]:
        with in_group(sent.network.office_id):
            return list(db.session.scalars(sa.select(StepMark.note).order_by(StepMark.marked_at)))

    def test_writes_nothing_beside_an_application_that_was_taken_back(self, client: StrictClient) -> None:
        sent = send_application()
        page = staff_of(sent, client).fetch(self.path(sent))
        with in_group(sent.network.office_id):
            commands.take_back(db.session.get_one(Application, sent.application.id), now=clock.now())
        assert client.send(page, {"note": "Lives by the river"}, to="steps").status == 410
        assert set(self.notes(sent)) == {None}

    def test_keeps_the_day_and_the_sentence_which_the_applicant_does_not_see(
        self, client: StrictClient
    ) -> None:
        sent = send_application()
        page = client.send(
            staff_of(sent, client).fetch(self.path(sent)), {"note": "A good long talk"}, to="steps"
        )
        assert "A good long talk" in page.text
        assert self.notes(sent) == [None, "A good long talk"]
        assert "A good long talk" not in client.sign_out().fetch(f"/application/{sent.token}").html

    def test_a_day_that_has_not_come_is_refused(self, client: StrictClient) -> None:
        sent = send_application()
        page = client.send(
            staff_of(sent, client).fetch(self.path(sent)), {"done_on": "2999-01-01"}, to="steps"
        )
        assert (page.status, page.fields_with_errors) == (422, {"done_on"})
        assert self.notes(sent) == [None]

    def test_can_be_undone(self, client: StrictClient) -> None:
        sent = send_application()
        client.send(staff_of(sent, client).fetch(self.path(sent)), to="steps")
        client.send(client.fetch(self.path(sent)), to="undo")
        assert len(self.notes(sent)) == 1


class TestOpenGroup:
    def opened(self, client: StrictClient, sent: Sent, **values: str) -> Page:
        typed = {"name": f"Nyota {word()}", **values}
        return client.send(staff_of(sent, client).fetch(one(sent, "/open-group")), typed, to="open-group")

    def test_the_chairperson_comes_in_by_the_invitation(self, client: StrictClient) -> None:
        sent = send_application(language="sw", place="Voi")
        page = self.opened(client, sent)
        application = again(sent)
        assert application.state == ApplicationState.OPENED
        join = next(link for link in page.links if "/join/" in link).partition("localhost")[2]
        assert "sms:" in page.html
        joining = client.sign_out().fetch(join)
        assert joining.tree.get("lang") == "sw"
        home = client.send(
            joining,
            {"shown_name": "Wanja", "sign_in": f"w{word()}", "password": "rain on the roof"},
            to="join",
        )
        assert (home.status, home.path) == (200, f"/g/{application.opened_group_id}/")
        assert home.tree.get("lang") == "sw"

    def test_the_group_is_in_the_applicants_language_and_the_networks_money(
        self, client: StrictClient
    ) -> None:
        sent = send_application(language="fr", place="Voi")
        self.opened(client, sent)
        with in_scope():
            group = db.session.get_one(Group, again(sent).opened_group_id)
        assert (group.language, group.currency, group.locality) == ("fr", "KES", "Voi")

    def test_the_note_to_send_names_neither_group_nor_purpose(self, client: StrictClient) -> None:
        sent, name = send_application(), f"Voices of {word()}"
        page = self.opened(client, sent, name=name)
        notes = [
            e.get("href", "")
            for e in page.tree.iter("a")
            if e.get("href", "").startswith(("sms:", "mailto:"))
        ]
        assert len(notes) == 2
        assert not any(
            secret in note for note in notes for secret in ("Voices", name.rsplit(maxsplit=1)[-1], "group")
        )

    def test_on_paper_it_is_in_the_groups_language_and_names_no_group(self, client: StrictClient) -> None:
        sent, name = send_application(language="sw"), f"Nyota {word()}"
        self.opened(client, sent, name=name)
        client.get("/language/en")
        paper = client.fetch(one(sent, "/invitation/paper"))
        assert (paper.status, paper.tree.get("lang")) == (200, "sw")
        assert again(sent).invitation_code in paper.text
        assert name not in paper.html

    def test_the_applicants_own_page_leads_to_it(self, client: StrictClient) -> None:
        sent = send_application()
        self.opened(client, sent)
        page = client.sign_out().fetch(f"/application/{sent.token}")
        assert any("/join/" in link for link in page.links)

    def test_unless_somebody_else_is_to_be_chairperson(self, client: StrictClient) -> None:
        sent = send_application()
        page = staff_of(sent, client).fetch(one(sent, "/open-group"))
        client.send(page, {"name": "Nyota", "is_invitation_shown": ""}, to="open-group")
        assert not again(sent).is_invitation_shown
        page = client.sign_out().fetch(f"/application/{sent.token}")
        assert not any("/join/" in link for link in page.links)

    def test_a_group_is_opened_once(self, client: StrictClient) -> None:
        sent = send_application()
        self.opened(client, sent)
        first = again(sent).opened_group_id
        page = self.opened(client, sent)
        assert page.status == 422
        assert again(sent).opened_group_id == first

    def test_a_new_invitation_ends_the_earlier_one(self, client: StrictClient) -> None:
        sent = send_application()
        page = self.opened(client, sent)
        earlier = again(sent).invitation_token
        client.send(page, to="invitation")
        assert again(sent).invitation_token != earlier
        assert client.get(f"/join/{earlier}").status_code == 410

    def test_once_somebody_is_in_the_office_hands_out_no_key_any_more(self, client: StrictClient) -> None:
        sent = send_application()
        page = self.opened(client, sent)
        group = make_group()
        with in_scope():
            group = db.session.get_one(Group, again(sent).opened_group_id)
        make_holder("member", group)
        refused = client.send(page, to="invitation")
        assert refused.status == 422
        with in_group(sent.network.office_id), pytest.raises(commands.CannotChange):
            application = db.session.get_one(Application, sent.application.id)
            commands.invite_again(application, by=sent.application.id, now=clock.now())

    def test_the_office_holds_no_role_in_the_group_it_opened(self, client: StrictClient) -> None:
        sent = send_application()
        staff = make_holder(Role.ONBOARDING, sent.network)
        page = client.sign_in(staff).fetch(one(sent, "/open-group"))
        client.send(page, {"name": "Nyota"}, to="open-group")
        group_id = again(sent).opened_group_id
        with in_group(group_id, staff):
            assert accounts.roles_held(staff.id, group_id, now=clock.now()) == frozenset()
        assert client.get(f"/g/{group_id}/").status_code == 404
