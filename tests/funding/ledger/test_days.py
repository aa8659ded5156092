"""What there was on another day, and turning the pages of a book by its numbers."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from funding.ledger.rules import Place
from network import clock
from network.db import db
from tests.factories.funding import Officers, make_officers, make_staff, post_income, today
from tests.support.app import in_scope
from tests.support.client import Page, StrictClient


@pytest.fixture
def people(app: object) -> Officers:
    return make_officers()


def sums(page: Page) -> list[str]:
    """The amounts in the lists of facts: first the places, then the funds."""
    return ["".join(cell.itertext()).strip().replace("\xa0", " ") for cell in page.tree.iter("dd")]


class TestShowDay:
    def test_adds_up_that_day_place_by_place_and_fund_by_fund(
        self, client: StrictClient, people: Officers
    ) -> None:
        post_income(people, 500_00, effective_on=today() - timedelta(days=70))
        post_income(
            people, 30_00, place=Place.BANK, fund="reserve", effective_on=today() - timedelta(days=10)
        )
        client.sign_in(people.member)
        at = f"/g/{people.group.id}/money/on"
        shown = {
            days: sums(client.fetch(f"{at}?day={today() - timedelta(days=days)}"))
            for days in (71, 70, 11, 10)
        }
        assert [one.count("KES 0") for one in shown.values()] == [6, 4, 4, 2]
        assert [[amount for amount in one if amount != "KES 0"] for one in shown.values()] == [
            [], ["KES 500", "KES 500"], ["KES 500", "KES 500"], ["KES 500", "KES 30", "KES 500", "KES 30"],
        ]  # fmt: skip

    @pytest.mark.parametrize("day", ["", "x", "9999-12-31", "0001-01-01", "2026-13-45", "١٢", "2026-02-30"])
    def test_a_day_that_cannot_be_is_today(self, client: StrictClient, people: Officers, day: str) -> None:
        post_income(people, 500_00)
        client.sign_in(people.treasurer)
        shown = client.fetch(f"/g/{people.group.id}/money/on?day={day}")
        chosen = next(one for one in shown.tree.iter("input") if one.get("name") == "day")
        assert chosen.get("value") == str(clock.today("Africa/Nairobi"))
        assert "KES 500" in sums(shown)

    def test_is_there_for_an_office_too(self, client: StrictClient) -> None:
        staff = make_staff()
        client.sign_in(staff.finance)
        shown = client.fetch(f"/n/{staff.office.id}/money/on")
        assert shown.status == 200
        assert len(sums(shown)) == 4

    def test_the_money_page_leads_there(self, client: StrictClient, people: Officers) -> None:
        client.sign_in(people.member)
        assert f"/g/{people.group.id}/money/on" in client.fetch(f"/g/{people.group.id}/money").links


class TestPagesOfTheBook:
    def test_every_entry_is_on_one_page_and_the_latest_come_first(
        self, client: StrictClient, people: Officers
    ) -> None:
        ids = [post_income(people, number).id for number in range(1, 24)]
        client.sign_in(people.member)
        at, found = f"/g/{people.group.id}/money", []
        for page in (1, 2, 3):
            links = client.fetch(f"{at}?page={page}").links
            found.append([link.rsplit("/", 1)[1] for link in links if "/entries/" in link])
        assert [len(one) for one in found] == [10, 10, 3]
        assert [one for page in found for one in page] == [str(one) for one in reversed(ids)]

    @pytest.mark.parametrize("page", ["4", "0", "-1", "x", "99999999999999999999"])
    def test_a_page_that_is_not_there_is_the_first(
        self, client: StrictClient, people: Officers, page: str
    ) -> None:
        last = [post_income(people, number).id for number in range(1, 13)][-1]
        client.sign_in(people.member)
        assert (
            f"/g/{people.group.id}/money/entries/{last}"
            in client.fetch(f"/g/{people.group.id}/money?page={page}").links
        )

    @pytest.mark.parametrize("path", ["", "?page=2", "/on", "/report", "/over-time"])
    def test_the_same_few_questions_however_many_entries(
        self, client: StrictClient, people: Officers, path: str
    ) -> None:
        for number in range(1, 12):
            post_income(people, number)
        few = questions(client, people, path)
        for number in range(24):
            post_income(
                people, 5, place=list(Place)[number % 3], effective_on=today() - timedelta(days=13 * number)
            )
        assert questions(client, people, path) == few


def questions(client: StrictClient, people: Officers, path: str) -> list[str]:
    """Everything the database is asked for a page, with the numbers left out."""
    client.sign_in(people.treasurer)
    asked: list[str] = []
    with in_scope():
        engine = db.engine

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement.split("WHERE", maxsplit=1)[0][:200])

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        assert client.fetch(f"/g/{people.group.id}/money{path}").status == 200
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    return asked


def test_the_money_page_counts_nothing_that_grows(client: StrictClient, people: Officers) -> None:
    post_income(people, 5)
    assert not [one for one in questions(client, people, "") if "count(" in one and "FROM journals" in one]
