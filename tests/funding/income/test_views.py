"""What came in, and what was moved."""

import pytest

from funding.ledger import queries
from tests.factories.funding import Officers, make_officers, post_income
from tests.factories.network import make_account, make_holder, make_network
from tests.support.app import in_scope
from tests.support.client import StrictClient


@pytest.fixture
def people(app: object) -> Officers:
    return make_officers()


def held(people: Officers) -> dict[tuple[str, str], int]:
    with in_scope(people.group):
        return queries.held()


class TestRecordIncome:
    def test_names_the_funder(self, client: StrictClient, people: Officers) -> None:
        client.sign_in(people.treasurer)
        page = client.fetch(f"/g/{people.group.id}/money/income/record")
        done = client.send(
            page,
            {"kind": "grant", "amount": "1,250.50", "place": "bank", "fund": "general", "words": "OSIEA"},
        )
        assert "OSIEA" in done.text
        assert held(people) == {("bank", "general"): 125_050}

    def test_nothing_chosen_is_named(self, client: StrictClient, people: Officers) -> None:
        client.sign_in(people.treasurer)
        answer = client.send(client.fetch(f"/g/{people.group.id}/money/income/record"), {"amount": "5"})
        assert answer.status == 422
        assert held(people) == {}


class TestRecordTransfer:
    def test_moves_and_keeps_what_it_is_for(self, client: StrictClient, people: Officers) -> None:
        post_income(people, 500, fund="reserve")
        post_income(people, 300)
        client.sign_in(people.treasurer)
        page = client.fetch(f"/g/{people.group.id}/money/transfers/record")
        assert client.send(page, {"amount": "6", "source": "cash", "target": "bank"}).status == 200
        assert held(people) == {
            ("cash", "reserve"): 0, ("cash", "general"): 200, ("bank", "reserve"): 500, ("bank", "general"): 100,
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"amount": "9", "source": "cash", "target": "bank"}, "amount"),
            ({"amount": "5", "source": "cash", "target": "cash"}, None),
        ],
    )
    def test_what_cannot_be_moved_stays(
        self, client: StrictClient, people: Officers, values: dict, field: str | None
    ) -> None:
        post_income(people, 800)
        client.sign_in(people.treasurer)
        answer = client.send(client.fetch(f"/g/{people.group.id}/money/transfers/record"), values)
        assert answer.status == 422
        assert field is None or answer.fields_with_errors == {field}
        assert held(people) == {("cash", "general"): 800}


class TestWhoMay:
    paths = ("", "/sheet", "/report", "/expenses/record", "/income/record", "/hardship", "/reserve")

    def test_staff_of_the_network_find_nothing_there(self, client: StrictClient) -> None:
        network = make_network()
        people = make_officers_of(network)
        client.sign_in(make_holder("staff_finance", network))
        assert {client.get(f"/g/{people.group.id}/money{path}").status_code for path in self.paths} == {404}

    def test_somebody_from_nowhere_finds_nothing(self, client: StrictClient, people: Officers) -> None:
        client.sign_in(make_account())
        assert {client.get(f"/g/{people.group.id}/money{path}").status_code for path in self.paths} == {404}

    def test_a_treasurer_whose_term_ended_reads_and_no_longer_writes(
        self, client: StrictClient, people: Officers
    ) -> None:
        former = make_former_treasurer(people)
        client.sign_in(former)
        answers = {path: client.get(f"/g/{people.group.id}/money{path}").status_code for path in self.paths}
        assert answers == {
            "": 200, "/sheet": 403, "/report": 200, "/expenses/record": 403, "/income/record": 403, "/hardship": 200, "/reserve": 200,
        }  # fmt: skip

    def test_a_visiting_facilitator_does_not_read_the_book(
        self, client: StrictClient, people: Officers
    ) -> None:
        client.sign_in(make_holder("facilitator", people.group))
        assert {client.get(f"/g/{people.group.id}/money{path}").status_code for path in self.paths} == {403}


class TestMoveBetweenFunds:
    def test_waits_for_a_second_person_and_leaves_the_money_where_it_lies(
        self, client: StrictClient, people: Officers
    ) -> None:
        post_income(people, 500)
        client.sign_in(people.treasurer)
        page = client.fetch(f"/g/{people.group.id}/money/funds/move")
        waiting = client.send(
            page, {"amount": "3", "source": "general", "target": "welfare", "words": "The meeting decided"}
        )
        client.sign_in(people.chair)
        client.send(client.fetch(waiting.path))
        with in_scope(people.group):
            assert queries.held() == {("cash", "general"): 200, ("cash", "welfare"): 300}

    @pytest.mark.parametrize(
        ("field", "typed", "marked"),
        [
            ("target", "general", "target"),
            ("amount", "6", "amount"),
            ("words", "", "words"),
            ("source", "grant-9", "source"),
        ],
    )
    def test_bad_input_is_answered_beside_its_field(
        self, client: StrictClient, people: Officers, field: str, typed: str, marked: str
    ) -> None:
        post_income(people, 500)
        client.sign_in(people.treasurer)
        good = {"amount": "3", "source": "general", "target": "welfare", "words": "The meeting decided"}
        page = client.fetch(f"/g/{people.group.id}/money/funds/move")
        answer = client.send(page, good | {field: typed})
        assert answer.status == 422
        assert f"{marked}-error" in answer.html


def make_officers_of(network: object) -> Officers:
    from tests.factories.network import make_group

    return make_officers(make_group(network))


def make_former_treasurer(people: Officers) -> object:
    import uuid

    from network import clock
    from network.accounts import commands as accounts
    from tests.factories.network import give_role

    former, term = make_account(), uuid.uuid4()
    give_role(former, "member", people.group)
    with in_scope(people.group):
        accounts.give_role(former.id, "treasurer", because_of=term, now=clock.now())
        accounts.end_roles(because_of=term, now=clock.now())
    return former
