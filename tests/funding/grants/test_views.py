"""The pages of a grant, from writing it down to its last promise."""

import threading

import pytest

from funding.grants import queries
from funding.grants.commands import CannotGrant, add_tranche
from funding.ledger import queries as book
from network import clock
from tests.factories.funding import Officers, make_officers, post_income
from tests.factories.grants import END, START, give, make_grant, plan, spend
from tests.support.app import in_scope
from tests.support.client import Page, StrictClient

GOOD = {
    "funder": "The county", "funder_kind": "county", "name": "County 2026", "purpose": "Meetings", "amount": "10000",
    "starts_on": START.isoformat(), "ends_on": END.isoformat(), "binds": "restricted",
}  # fmt: skip


@pytest.fixture
def people(app: object) -> Officers:
    return make_officers()


def at(people: Officers, path: str = "") -> str:
    return f"/g/{people.group.id}/money/grants{path}"


def write(client: StrictClient, people: Officers, **more: str) -> Page:
    client.sign_in(people.treasurer)
    return client.send(client.fetch(at(people, "/write")), {**GOOD, **more})


class TestWriteGrant:
    def test_opens_a_fund_of_its_own(self, client: StrictClient, people: Officers) -> None:
        page = write(client, people)
        assert page.heading == "County 2026"
        with in_scope(people.group):
            assert [fund.code for fund in book.open_funds()] == ["grant-1"]

    @pytest.mark.parametrize(
        ("field", "typed"),
        [
            ("amount", "0"), ("amount", "-5"), ("amount", "a lot"), ("ends_on", "2001-01-01"), ("ends_on", "2199-01-01"),
            ("starts_on", "soon"), ("funder", ""), ("name", "x" * 61), ("purpose", "abc\u202edef"),
        ],
    )  # fmt: skip
    def test_bad_input_is_answered_beside_its_field(
        self, client: StrictClient, people: Officers, field: str, typed: str
    ) -> None:
        answer = write(client, people, **{field: typed})
        assert answer.status == 422
        assert answer.fields_with_errors == {field}
        with in_scope(people.group):
            assert book.open_funds() == []

    def test_is_for_the_treasurer_and_the_chair(self, client: StrictClient, people: Officers) -> None:
        for account, status in ((people.chair, 200), (people.secretary, 403), (people.member, 403)):
            client.sign_in(account)
            assert client.get(at(people, "/write")).status_code == status


class TestChangeGrant:
    def test_words_can_be_put_right(self, client: StrictClient, people: Officers) -> None:
        page = write(client, people)
        changed = client.send(
            client.fetch(page.path + "/change"), {"name": "County grant", "purpose": "Halls"}
        )
        assert changed.heading == "County grant"
        assert "Halls" in changed.text

    def test_how_much_stays_once_money_came(self, client: StrictClient, people: Officers) -> None:
        grant = make_grant(people)
        give(people, grant, 100_000)
        client.sign_in(people.chair)
        page = client.fetch(at(people, f"/{grant.id}/change"))
        assert client.send(page, {"amount": "20000"}).fields_with_errors == {"amount"}
        assert client.send(page, {"binds": "free"}).status == 422
        assert client.send(page, {"purpose": "Other words"}).status == 200

    def test_the_time_keeps_what_is_spent_inside(self, client: StrictClient, people: Officers) -> None:
        grant = make_grant(people)
        give(people, grant, 500_000)
        plan(people, grant, {"Hall": ("venue", 600_000)})
        spend(people, grant, "venue", 1_000)
        client.sign_in(people.chair)
        page = client.fetch(at(people, f"/{grant.id}/change"))
        answer = client.send(page, {"ends_on": START.isoformat()})
        assert answer.fields_with_errors == {"ends_on"}


class TestParts:
    def add(self, client: StrictClient, page: Page, amount: str) -> Page:
        form = client.fetch(page.path + "/parts/add")
        return client.send(form, {"amount": amount, "expected_on": START.isoformat()})

    def test_a_part_that_came_stands_in_the_grants_fund(self, client: StrictClient, people: Officers) -> None:
        page = self.add(client, write(client, people), "4000")
        receive = next(link for link in page.links if link.endswith("/receive"))
        form = client.fetch(receive)
        done = client.send(form, {"place": "bank"})
        assert done.heading == "County 2026"
        again = client.send(form, {"place": "bank"})
        assert again.status == 200
        with in_scope(people.group):
            assert book.held() == {("bank", "grant-1"): 400_000}

    def test_the_parts_are_never_more_than_the_grant(self, client: StrictClient, people: Officers) -> None:
        page = write(client, people)
        self.add(client, page, "6000")
        assert self.add(client, page, "4000.01").fields_with_errors == {"amount"}
        assert self.add(client, page, "4000").status == 200

    def test_are_never_more_than_the_grant_when_two_add_at_once(self, people: Officers) -> None:
        grant, meet, came = make_grant(people), threading.Barrier(4), []

        def add() -> None:
            with in_scope(people.group, people.treasurer):
                found = queries.get_grant(grant.id)
                meet.wait(20)
                try:
                    add_tranche(
                        found,
                        expected_on=None,
                        amount=600_000,
                        condition="",
                        by=people.treasurer.id,
                        now=clock.now(),
                    )
                except CannotGrant as refused:
                    came.append(refused.refusal)
                    return
            came.append("added")

        threads = [threading.Thread(target=add) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert sorted(came) == ["added", *["more_than_awarded"] * 3]

    def test_a_day_that_has_not_come_is_said_beside_the_day(
        self, client: StrictClient, people: Officers
    ) -> None:
        page = self.add(client, write(client, people), "4000")
        form = client.fetch(next(link for link in page.links if link.endswith("/receive")))
        answer = client.send(form, {"place": "bank", "received_on": "2199-01-01"})
        assert answer.fields_with_errors == {"received_on"}

    def test_an_entry_that_stands_already_can_be_the_part(
        self, client: StrictClient, people: Officers
    ) -> None:
        page = self.add(client, write(client, people), "4000")
        entry = post_income(people, 400_000, place="bank", fund="grant-1")
        form = client.fetch(next(link for link in page.links if link.endswith("/receive")))
        link = client.fetch(next(link for link in form.links if link.endswith("/link")))
        assert client.send(link, {"entry": str(entry.id)}).status == 200
        with in_scope(people.group):
            grant = queries.find_by_fund("grant-1")
            assert grant is not None
            assert [part.has_come for part in queries.parts_of(grant.id)] == [True]
            assert queries.unlinked_income(grant) == []

    def test_what_has_not_come_can_be_changed_and_removed(
        self, client: StrictClient, people: Officers
    ) -> None:
        page = self.add(client, write(client, people), "4000")
        change = client.fetch(
            next(link for link in page.links if link.endswith("/change") and "/parts/" in link)
        )
        assert client.send(change, {"amount": "5000", "condition": "When the report is in"}).status == 200
        gone = client.send(client.fetch(change.path), to="/remove")
        assert "5,000" not in gone.text.partition("Budget")[0].partition("parts")[2]


class TestPromisesAndReports:
    def test_a_promise_is_written_down_and_settled(self, client: StrictClient, people: Officers) -> None:
        page = write(client, people)
        form = client.fetch(page.path + "/conditions/add")
        kept = client.send(form, {"words": "A sign on the door", "due_on": END.isoformat()})
        settle = client.fetch(next(link for link in kept.links if link.endswith("/settle")))
        assert client.send(settle, {"state": "met", "on": "2199-01-01"}).fields_with_errors == {"on"}
        assert client.send(settle, {"state": "met"}).status == 200
        assert client.send(client.fetch(settle.path), {"state": "let_go"}).status == 422

    def test_a_report_that_is_due_stands_on_the_first_page(
        self, client: StrictClient, people: Officers
    ) -> None:
        page = write(client, people)
        form = client.fetch(page.path + "/reports/add")
        bad = client.send(form, {"to_on": "2001-01-01", "due_on": START.isoformat()})
        assert "to_on" in bad.fields_with_errors
        good = {"to_on": START.isoformat(), "due_on": START.isoformat()}
        assert client.send(form, good).status == 200
        for account, sees in ((people.chair, True), (people.treasurer, True), (people.secretary, False)):
            client.sign_in(account)
            assert (page.path in client.fetch(f"/g/{people.group.id}/").links) is sees


class TestReading:
    def test_every_member_reads_and_nobody_else(self, client: StrictClient, people: Officers) -> None:
        page = write(client, people)
        client.sign_in(people.member)
        assert client.fetch(page.path).status == 200
        assert client.fetch(at(people)).status == 200
        client.sign_in(make_officers().treasurer)
        assert client.get(page.path).status_code == 404

    def test_empty_pages_teach_the_next_step(self, client: StrictClient, people: Officers) -> None:
        client.sign_in(people.treasurer)
        assert at(people, "/write") in client.fetch(at(people)).links
        page = write(client, people)
        assert client.fetch(page.path + "/entries").status == 200
        assert client.fetch(page.path + "/notes").status == 200
