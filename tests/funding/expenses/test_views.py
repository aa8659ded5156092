"""Expenses and what waits for a second person, on two phones and on one."""

import pytest

from funding.ledger import queries
from network.db import db
from tests.factories.funding import Officers, make_officers, post_income
from tests.factories.network import PASSWORD, make_holder
from tests.support.app import in_scope
from tests.support.client import Page, StrictClient

GOOD = {"amount": "300", "cost": "venue", "place": "cash", "fund": "general", "words": "Hall"}


@pytest.fixture
def people(app: object) -> Officers:
    made = make_officers()
    post_income(made, 100_000)
    return made


def record(client: StrictClient, people: Officers, **more: str) -> Page:
    client.sign_in(people.treasurer)
    return client.send(client.fetch(f"/g/{people.group.id}/money/expenses/record"), {**GOOD, **more})


def cash(people: Officers) -> int:
    with in_scope(people.group):
        return sum(queries.held().values())


class TestRecordExpense:
    def test_waits_and_then_counts(self, client: StrictClient, people: Officers) -> None:
        waiting = record(client, people)
        assert waiting.status == 200
        assert cash(people) == 100_000
        client.sign_in(people.chair)
        assert "/money/waiting" in "".join(client.fetch(f"/g/{people.group.id}/").links)
        done = client.send(client.fetch(waiting.path))
        assert "/entries/" in done.path
        assert cash(people) == 70_000

    def test_more_than_there_is_is_said_beside_the_amount(
        self, client: StrictClient, people: Officers
    ) -> None:
        answer = record(client, people, amount="1000.01")
        assert answer.status == 422
        assert answer.fields_with_errors == {"amount"}
        assert "1,000" in answer.html

    @pytest.mark.parametrize(
        ("field", "typed"),
        [
            ("amount", "-1"), ("amount", "0"), ("amount", ""), ("amount", "five"), ("amount", "5 USD"), ("amount", "9" * 30),
            ("spent_on", "2099-01-01"), ("spent_on", "2001-01-01"), ("spent_on", "yesterday"),
            ("words", "x" * 500), ("words", "abc\u202edef"),
        ],
    )  # fmt: skip
    def test_bad_input_is_answered_beside_its_field(
        self, client: StrictClient, people: Officers, field: str, typed: str
    ) -> None:
        answer = record(client, people, **{field: typed})
        assert answer.status == 422
        assert answer.fields_with_errors == {field}
        with in_scope(people.group):
            assert db.session.scalars(queries.drafts_waiting()).all() == []

    @pytest.mark.parametrize("field", ["cost", "place", "fund"])
    def test_choices_that_are_none_change_nothing(
        self, client: StrictClient, people: Officers, field: str
    ) -> None:
        assert record(client, people, **{field: "reserve" if field == "fund" else "hardship"}).status == 422


class TestTheSecondPerson:
    def test_on_the_same_phone_the_first_session_stays(self, client: StrictClient, people: Officers) -> None:
        chair = make_holder("chairperson", people.group, sign_in=f"{people.group.slug}-chair@people.example")
        waiting = record(client, people)
        done = client.send(
            waiting, {"sign_in": f"{people.group.slug}-chair@people.example", "password": PASSWORD}
        )
        assert "/entries/" in done.path
        with in_scope(people.group):
            entry = queries.get_entry(done.path.rsplit("/", 1)[1])
            assert (entry.recorded_by_id, entry.confirmed_by_id) == (people.treasurer.id, chair.id)
        assert client.get(f"/g/{people.group.id}/money/sheet").status_code == 200

    def test_with_a_wrong_password_nothing_changes(self, client: StrictClient, people: Officers) -> None:
        make_holder("chairperson", people.group, sign_in=f"{people.group.slug}-c2@people.example")
        answer = client.send(
            record(client, people),
            {"sign_in": f"{people.group.slug}-c2@people.example", "password": "nothing"},
        )
        assert answer.status == 422
        assert cash(people) == 100_000

    def test_is_never_the_first(self, client: StrictClient, people: Officers) -> None:
        treasurer = make_holder("treasurer", people.group, sign_in=f"{people.group.slug}-t@people.example")
        own = people._replace(treasurer=treasurer)
        answer = client.send(
            record(client, own), {"sign_in": f"{people.group.slug}-t@people.example", "password": PASSWORD}
        )
        assert answer.status == 422
        assert cash(people) == 100_000

    def test_holds_an_office_here(self, client: StrictClient, people: Officers) -> None:
        make_holder("member", people.group, sign_in=f"{people.group.slug}-m@people.example")
        answer = client.send(
            record(client, people), {"sign_in": f"{people.group.slug}-m@people.example", "password": PASSWORD}
        )
        assert answer.status == 422
        assert cash(people) == 100_000

    def test_can_say_no_with_a_reason(self, client: StrictClient, people: Officers) -> None:
        waiting = record(client, people)
        client.sign_in(people.secretary)
        page = client.fetch(waiting.path + "/refuse")
        assert client.send(page, {"why_not": ""}).status == 422
        assert client.send(page, {"why_not": "No receipt"}).status == 200
        assert "No receipt" in client.fetch(waiting.path).text
        assert cash(people) == 100_000

    def test_a_member_sees_nothing_of_what_waits(self, client: StrictClient, people: Officers) -> None:
        waiting = record(client, people)
        client.sign_in(people.member)
        assert client.get(waiting.path).status_code == 403
        assert client.get(f"/g/{people.group.id}/money/waiting").status_code == 403


class TestTakeBack:
    def test_needs_a_reason_and_a_second_person(self, client: StrictClient, people: Officers) -> None:
        entry = post_income(people, 500)
        client.sign_in(people.treasurer)
        page = client.fetch(f"/g/{people.group.id}/money/entries/{entry.id}/take-back")
        assert client.send(page, {"reason": ""}).status == 422
        waiting = client.send(page, {"reason": "Written twice"})
        assert cash(people) == 100_500
        client.sign_in(people.chair)
        client.send(client.fetch(waiting.path))
        assert cash(people) == 100_000
        assert "/entries/" in "".join(client.fetch(f"/g/{people.group.id}/money/entries/{entry.id}").links)
