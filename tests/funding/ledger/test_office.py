"""An office's book: the same pages under the office's own address, for its own people."""

import pytest
from flask import url_for

from funding.ledger.queries import get_draft, held
from funding.ledger.rules import Fund, Place
from network.tenancy.models import Group
from network.web.unit_of_work import Pamoja
from tests.factories.funding import Staff, income, make_officers, make_staff, today
from tests.support.app import in_scope
from tests.support.client import Page, StrictClient

PATHS = (
    "", "/waiting", "/expenses/record", "/income/record", "/transfers/record", "/report", "/months", "/months/close", "/months/open",
)  # fmt: skip
WRITING = {"/expenses/record", "/income/record", "/transfers/record", "/months/close", "/months/open"}


def money_of(office: Group, path: str = "") -> str:
    return f"/n/{office.id}/money{path}"


def receive(client: StrictClient, staff: Staff, amount: str = "50,000") -> Page:
    page = client.sign_in(staff.finance).fetch(money_of(staff.office, "/income/record"))
    typed = {"kind": "grant", "amount": amount, "place": "bank", "fund": "general", "received_on": today().isoformat()}  # fmt: skip
    return client.send(page, typed)


def spend(client: StrictClient, staff: Staff, amount: str = "1,200") -> Page:
    page = client.fetch(money_of(staff.office, "/expenses/record"))
    typed = {"cost": "travel", "amount": amount, "place": "bank", "fund": "general", "spent_on": today().isoformat()}  # fmt: skip
    return client.send(page, typed)


class TestWhoOpensIt:
    @pytest.mark.parametrize("path", PATHS)
    def test_finance_opens_every_page(self, client: StrictClient, path: str) -> None:
        staff = make_staff()
        page = client.sign_in(staff.finance).fetch(money_of(staff.office, path))
        assert page.status == 200
        assert page.path == money_of(staff.office, path)

    @pytest.mark.parametrize("path", PATHS)
    def test_others_in_the_office_read_and_write_nothing(self, client: StrictClient, path: str) -> None:
        staff = make_staff()
        status = client.sign_in(staff.onboarding).fetch(money_of(staff.office, path)).status
        assert status == (403 if path in WRITING or path == "/waiting" else 200)

    @pytest.mark.parametrize("path", ["/sheet", "/sheets", "/mine", "/hardship", "/reserve"])
    def test_there_are_no_sheets_and_there_is_no_reserve(self, client: StrictClient, path: str) -> None:
        staff = make_staff()
        client.sign_in(staff.finance)
        assert client.fetch(money_of(staff.office, path)).status == 404
        assert client.fetch(f"/g/{staff.office.id}/money{path}").status == 404

    def test_each_place_keeps_to_its_own_address(self, client: StrictClient) -> None:
        staff, people = make_staff(), make_officers()
        assert client.sign_in(staff.finance).fetch(f"/g/{staff.office.id}/money").status == 404
        assert client.sign_in(people.treasurer).fetch(f"/n/{people.group.id}/money").status == 404

    def test_every_way_on_stays_in_the_office(self, client: StrictClient) -> None:
        staff = make_staff()
        client.sign_in(staff.finance)
        for path in PATHS:
            links = client.fetch(money_of(staff.office, path)).links
            assert [link for link in links if link.startswith(money_of(staff.office))]
            assert not [link for link in links if link.startswith("/g/")]

    def test_another_place_can_be_named_from_here(self, app: Pamoja) -> None:
        staff, people = make_staff(), make_officers()
        with app.test_request_context(money_of(staff.office)):
            app.preprocess_request()
            assert url_for("money.show_money") == money_of(staff.office)
            assert url_for("money.show_money", group_id=people.group.id) == f"/g/{people.group.id}/money"


class TestWhatIsWritten:
    def test_money_comes_in_and_two_of_the_office_let_it_out(self, client: StrictClient) -> None:
        staff = make_staff()
        assert receive(client, staff).path.startswith(money_of(staff.office, "/entries/"))
        waiting = spend(client, staff)
        client.sign_out().sign_in(staff.administration)
        done = client.send(client.fetch(waiting.path), to="/waiting/")
        assert done.path.startswith(money_of(staff.office, "/entries/"))
        with in_scope(staff.office):
            assert held() == {(Place.BANK, Fund.GENERAL): 4_880_000}

    def test_nobody_is_second_who_does_not_sign_for_money(self, client: StrictClient) -> None:
        staff = make_staff()
        receive(client, staff)
        waiting = spend(client, staff)
        client.sign_out().sign_in(staff.onboarding)
        assert client.fetch(waiting.path).status == 403
        client.sign_out().sign_in(staff.finance)
        assert client.send(client.fetch(waiting.path), to="/waiting/").status == 422
        with in_scope(staff.office):
            assert get_draft(waiting.path.rsplit("/", 1)[1]).state == "waiting"

    def test_an_office_offers_neither_the_welfare_fund_nor_seed_money(self, client: StrictClient) -> None:
        staff = make_staff()
        page = client.sign_in(staff.finance).fetch(money_of(staff.office, "/income/record"))
        offered = {(e.get("name"), e.get("value")) for e in page.form().iter("input")}
        assert ("fund", "general") in offered
        assert not offered & {("fund", "welfare"), ("fund", "reserve"), ("kind", "seed")}

    def test_a_groups_officer_is_nobody_here_and_the_office_nobody_there(self, client: StrictClient) -> None:
        staff = make_staff()
        people = make_officers()
        with in_scope(people.group, people.treasurer):
            from funding.ledger import commands
            from network import clock

            entry = commands.post(income(10_000), by=people.treasurer.id, now=clock.now())
        client.sign_in(staff.finance)
        assert client.fetch(f"/g/{people.group.id}/money/entries/{entry.id}").status == 404
        assert client.fetch(money_of(staff.office, f"/entries/{entry.id}")).status == 404


class TestItsFirstPage:
    def test_says_what_waits_for_a_second_person(self, client: StrictClient) -> None:
        staff = make_staff()
        receive(client, staff)
        spend(client, staff)
        client.sign_out().sign_in(staff.administration)
        assert money_of(staff.office, "/waiting") in client.fetch(f"/n/{staff.office.id}/").links
        client.sign_out().sign_in(staff.onboarding)
        links = client.fetch(f"/n/{staff.office.id}/").links
        assert money_of(staff.office) in links
        assert money_of(staff.office, "/waiting") not in links
