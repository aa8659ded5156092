"""From the list to the grant, as the officers and the members of a group see it."""

import pytest

from funding.applications import queries
from funding.applications.models import ApplicationState
from funding.opportunities.models import Opportunity
from network.web.unit_of_work import Pamoja
from tests.factories.chances import WHY, day, make_application, make_own
from tests.factories.funding import Officers, make_officers
from tests.factories.groups import a_member, a_term
from tests.support.app import in_scope
from tests.support.client import StrictClient
from tests.support.statements import statements

State = ApplicationState


@pytest.fixture
def people(app: object) -> Officers:
    return make_officers()


@pytest.fixture
def chance(people: Officers) -> Opportunity:
    return make_own(
        people, asks=["registered", "mostly_women"], papers=["plan", "budget"], funder="Soap Fund"
    )


def at(people: Officers, path: str = "") -> str:
    return f"/g/{people.group.id}/money{path}"


class TestFromTheListToTheGrant:
    def test_the_whole_way(self, client: StrictClient, people: Officers, chance: Opportunity) -> None:
        client.sign_in(people.chair)
        page = client.send(client.fetch(at(people, f"/opportunities/{chance.id}")), to="/applications/for/")
        kept = client.send(page, {"ask_registered": "yes", "gathered": "plan", "notes": "By bus"})
        with in_scope(people.group):
            found = queries.find_going_on(chance.id)
            assert found
            assert (found.state, found.said_yes, found.gathered) == (
                State.PREPARING,
                ["registered"],
                ["plan"],
            )
        here = kept.path
        client.send(client.fetch(f"{here}/applied"), {"applied_on": day(-3).isoformat()})
        client.send(client.fetch(f"{here}/awarded"), {"amount": "1200", "settled_on": day().isoformat()})
        form = client.fetch(f"{here}/grant")
        grant = client.send(form, {"promises": "Two people count the stock\n\nA report in May"})
        assert grant.heading == chance.text.wordings[0].title
        assert "Soap Fund" in grant.text
        assert "A report in May" in grant.text
        assert here in grant.links
        assert grant.path in client.fetch(here).links

    def test_two_officers_on_one_page_lose_nothing(
        self, app: Pamoja, client: StrictClient, people: Officers, chance: Opportunity
    ) -> None:
        here = at(people, f"/applications/{make_application(people, chance).id}")
        mine = client.sign_in(people.chair).fetch(here)
        other = app.test_client()
        assert isinstance(other, StrictClient)
        theirs = other.sign_in(people.treasurer).fetch(here)
        other.send(theirs, {"notes": "The county answered", "gathered": "plan"})
        both = client.send(mine, {"notes": "I called them", "ask_registered": "yes"})
        assert both.status == 422
        assert "The county answered" in both.text
        assert "I called them" in both.html
        again = client.send(both, {"notes": "The county answered. I called them", "gathered": "plan"})
        assert again.status == 200
        with in_scope(people.group):
            found = queries.find_going_on(chance.id)
            assert found
            assert found.notes == "The county answered. I called them"
            assert (found.gathered, found.said_yes) == (["plan"], ["registered"])

    def test_a_refusal_helps_next_time(
        self, client: StrictClient, people: Officers, chance: Opportunity
    ) -> None:
        one = make_application(people, chance, State.APPLIED)
        client.sign_in(people.secretary)
        client.send(client.fetch(at(people, f"/applications/{one.id}/refused")), {"why": WHY})
        page = client.fetch(at(people, f"/opportunities/{chance.id}"))
        assert WHY in page.text
        assert page.form("/applications/for/") is not None
        client.sign_in(people.member)
        assert WHY not in client.fetch(at(people, f"/opportunities/{chance.id}")).text

    def test_the_awards_page_keeps_the_rules_of_a_grant(
        self, client: StrictClient, people: Officers, chance: Opportunity
    ) -> None:
        one = make_application(people, chance, State.AWARDED)
        client.sign_in(people.treasurer)
        page = client.fetch(at(people, f"/applications/{one.id}/grant"))
        assert client.send(page, {"ends_on": "2001-01-01"}).fields_with_errors == {"ends_on"}
        assert client.send(page, {"promises": "x" * 700}).fields_with_errors == {"promises"}
        client.sign_in(people.secretary)
        assert client.get(at(people, f"/applications/{one.id}/grant")).status_code == 403


class TestBadInput:
    @pytest.mark.parametrize(
        ("step", "state", "values", "field"),
        [
            ("applied", State.INTERESTED, {"applied_on": "soon"}, "applied_on"),
            ("applied", State.INTERESTED, {"applied_on": day(1).isoformat()}, "applied_on"),
            ("awarded", State.APPLIED, {"amount": "0"}, "amount"),
            ("awarded", State.APPLIED, {"amount": "much"}, "amount"),
            ("awarded", State.APPLIED, {"amount": "5", "settled_on": day(-9).isoformat()}, "settled_on"),
            ("refused", State.APPLIED, {"why": ""}, "why"),
            ("refused", State.APPLIED, {"why": "x" * 1001}, "why"),
            ("withdraw", State.APPLIED, {"why": "abc\u202edef"}, "why"),
            ("", State.INTERESTED, {"notes": "x" * 2001}, "notes"),
            ("", State.INTERESTED, {"gathered": "health file"}, "gathered"),
            ("", State.INTERESTED, {"ask_registered": "maybe"}, "ask_registered"),
        ],
    )  # fmt: skip
    def test_is_answered_beside_its_field(
        self, client: StrictClient, people: Officers, chance: Opportunity, step: str, state: State, values: dict[str, str], field: str
    ) -> None:  # fmt: skip
        one = make_application(people, chance, state)
        client.sign_in(people.treasurer)
        path = at(people, f"/applications/{one.id}" + (f"/{step}" if step else ""))
        answer = client.send(client.fetch(path), values)
        assert answer.status == 422
        assert field in answer.html
        with in_scope(people.group):
            assert queries.get_application(one.id).state == state

    def test_a_step_that_does_not_follow_is_told_at_the_top(
        self, client: StrictClient, people: Officers, chance: Opportunity
    ) -> None:
        one = make_application(people, chance, State.WITHDRAWN)
        client.sign_in(people.treasurer)
        page = client.fetch(at(people, f"/applications/{one.id}/applied"))
        assert client.send(page).status == 422


class TestWhoReads:
    def test_members_see_that_the_group_applied_and_nothing_more(
        self, client: StrictClient, people: Officers, chance: Opportunity
    ) -> None:
        one = make_application(people, chance, State.APPLIED)
        client.sign_in(people.member)
        page = client.fetch(at(people, f"/opportunities/{chance.id}"))
        assert page.forms() == []
        assert not any("/applications" in link for link in page.links)
        assert client.get(at(people, "/applications")).status_code == 403
        assert client.get(at(people, f"/applications/{one.id}")).status_code == 403

    def test_the_committee_is_not_asked_for_it(
        self, client: StrictClient, people: Officers, chance: Opportunity
    ) -> None:
        client.sign_in(people.committee)
        assert client.get(at(people, "/applications")).status_code == 403


class TestHome:
    def home(self, client: StrictClient, people: Officers, link: str) -> bool:
        return any(link in each for each in client.fetch(f"/g/{people.group.id}/").links)

    def test_whoever_looks_after_it_is_told_of_its_day(self, client: StrictClient, people: Officers) -> None:
        chance = make_own(people, until="day", closes_on=day(6), papers=["plan"])
        one = make_application(people, chance)
        link = f"/applications/{one.id}"
        for account in (people.chair, people.treasurer):
            client.sign_in(account)
            assert self.home(client, people, link)
        with in_scope(people.group):
            chair = a_member("Chair", account_id=people.chair.id)
            a_term(chair)
        client.sign_in(people.treasurer)
        client.send(client.fetch(at(people, link)), {"keeper": str(chair.id)})
        assert not self.home(client, people, link)
        client.sign_in(people.chair)
        assert self.home(client, people, link)
        client.sign_in(people.member)
        assert not self.home(client, people, link)

    def test_an_award_waits_to_become_a_grant(
        self, client: StrictClient, people: Officers, chance: Opportunity
    ) -> None:
        one = make_application(people, chance, State.AWARDED)
        client.sign_in(people.treasurer)
        assert self.home(client, people, f"/applications/{one.id}/grant")
        client.sign_in(people.secretary)
        assert not self.home(client, people, f"/applications/{one.id}/grant")


class TestTheLists:
    def test_take_as_many_questions_for_one_as_for_many(self, client: StrictClient, people: Officers) -> None:
        client.sign_in(people.treasurer)
        paths = at(people, "/opportunities"), at(people, "/applications"), f"/g/{people.group.id}/"
        asked: list[list[int]] = []
        for count in (1, 6):
            for _ in range(count):
                make_application(people, make_own(people, until="day", closes_on=day(5), papers=["plan"]))
            for path in paths:
                client.fetch(path)
            asked.append([])
            for path in paths:
                with statements() as seen:
                    client.fetch(path)
                asked[-1].append(len(seen))
        assert asked[0] == asked[1]

    def test_come_a_page_at_a_time(self, client: StrictClient, people: Officers) -> None:
        for _ in range(27):
            make_own(people)
        client.sign_in(people.member)
        page = client.fetch(at(people, "/opportunities"))
        assert any("page=2" in link for link in page.links)
        assert client.fetch(at(people, "/opportunities?page=2")).status == 200
