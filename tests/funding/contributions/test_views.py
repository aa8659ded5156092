"""The one-page sheet, as a treasurer uses it and misuses it."""

from datetime import timedelta
from xml.etree.ElementTree import Element

import pytest
import sqlalchemy as sa

from funding.contributions.models import Contribution, ContributionSheet
from funding.ledger import queries
from funding.verification import queries as checks
from network import clock
from network.db import db
from network.tenancy.settings import RESERVE_PERCENT
from tests.factories.funding import Officers, make_members, make_officers
from tests.support.app import in_scope
from tests.support.client import Page, StrictClient

DAY = clock.today("Africa/Nairobi")


@pytest.fixture
def people(app: object) -> Officers:
    return make_officers(settings={RESERVE_PERCENT: 20})


@pytest.fixture
def members(people: Officers) -> dict[str, object]:
    return make_members(people, "Achieng", "Baraka", "Zuri")


def strict_text(cell: Element) -> str:
    return "".join(cell.itertext()).strip()


def sheet(client: StrictClient, people: Officers) -> Page:
    client.sign_in(people.treasurer)
    return client.fetch(f"/g/{people.group.id}/money/sheet")


def box(members: dict[str, object], name: str, place: str = "cash") -> str:
    return f"{place}_{members[name].hex}"


def held(people: Officers) -> dict[tuple[str, str], int]:
    with in_scope(people.group):
        return queries.held()


class TestWriteSheet:
    def test_shows_every_member_on_one_page(
        self, client: StrictClient, people: Officers, members: dict
    ) -> None:
        page = sheet(client, people)
        assert [name for name in ("Achieng", "Baraka", "Zuri") if name in page.text] == list(members)

    def test_saves_it_as_one_act_and_splits_the_reserve(
        self, client: StrictClient, people: Officers, members: dict
    ) -> None:
        page = sheet(client, people)
        saved = client.send(
            page, {box(members, "Achieng"): "200", box(members, "Baraka", "mobile_money"): "150.50"}
        )
        assert saved.status == 200
        assert held(people) == {
            ("cash", "welfare"): 16000, ("cash", "reserve"): 4000,
            ("mobile_money", "welfare"): 12040, ("mobile_money", "reserve"): 3010,
        }  # fmt: skip
        with in_scope(people.group):
            assert db.session.scalar(sa.select(sa.func.count()).select_from(Contribution)) == 2
            assert checks.faults() == []

    def test_a_second_sheet_the_same_day_adds(
        self, client: StrictClient, people: Officers, members: dict
    ) -> None:
        for _ in range(2):
            client.send(sheet(client, people), {box(members, "Achieng"): "100"})
        assert sum(held(people).values()) == 20000

    def test_sent_twice_it_counts_once(self, client: StrictClient, people: Officers, members: dict) -> None:
        page = sheet(client, people)
        answers = [client.send(page, {box(members, "Zuri"): "100"}) for _ in range(2)]
        assert [answer.status for answer in answers] == [200, 200]
        assert answers[0].path == answers[1].path
        assert sum(held(people).values()) == 10000

    def test_without_scripts_it_can_be_added_up_before_it_is_saved(
        self, client: StrictClient, people: Officers, members: dict
    ) -> None:
        typed = {box(members, "Achieng"): "200", box(members, "Zuri", "mobile_money"): "50.25"}
        added = client.send(sheet(client, people), {**typed, "add_up": "1"})
        assert added.status == 422
        assert added.fields_with_errors == set()
        sums = [strict_text(cell) for cell in added.tree.iter("td") if cell.get("data-total")]
        assert sums == ["200", "50.25"]
        assert held(people) == {}
        saved = client.send(added)
        assert saved.status == 200
        assert sum(held(people).values()) == 25025

    def test_an_empty_sheet_is_not_saved(self, client: StrictClient, people: Officers, members: dict) -> None:
        assert client.send(sheet(client, people)).status == 422
        with in_scope(people.group):
            assert db.session.scalar(sa.select(sa.func.count()).select_from(ContributionSheet)) == 0

    @pytest.mark.parametrize(
        "typed",
        [
            "-5",
            "abc",
            "5 EUR",
            "$5",
            "1e99",
            "99999999999999999999",
            "1.0055",
            "NaN",
            "٣-",
            "100;drop",
            "\u202e55",
        ],
    )
    def test_every_bad_cell_is_named_and_what_was_typed_stays(
        self, client: StrictClient, people: Officers, members: dict, typed: str
    ) -> None:
        answer = client.send(
            sheet(client, people), {box(members, "Achieng"): typed, box(members, "Zuri"): "70"}
        )
        assert answer.status == 422
        assert answer.fields_with_errors == {box(members, "Achieng")}
        assert 'value="70"' in answer.html
        assert held(people) == {}

    def test_a_nought_is_nothing(self, client: StrictClient, people: Officers, members: dict) -> None:
        client.send(sheet(client, people), {box(members, "Achieng"): "0", box(members, "Zuri"): "70"})
        with in_scope(people.group):
            assert db.session.scalar(sa.select(sa.func.count()).select_from(Contribution)) == 1

    @pytest.mark.parametrize(
        "day", [DAY + timedelta(days=1), DAY - timedelta(days=367), "31-31-2026", "", "9999-12-31"]
    )
    def test_a_day_that_cannot_be_is_named(
        self, client: StrictClient, people: Officers, members: dict, day: object
    ) -> None:
        answer = client.send(sheet(client, people), {box(members, "Achieng"): "5", "received_on": str(day)})
        assert answer.status == 422
        assert answer.fields_with_errors == {"received_on"}
        assert held(people) == {}

    def test_the_share_of_the_day_counts(self, client: StrictClient, people: Officers, members: dict) -> None:
        client.sign_in(people.chair)
        decided = client.fetch(f"/g/{people.group.id}/money/reserve/decide")
        from_on = str(DAY - timedelta(days=3))
        client.send(decided, {"percent": "50", "decided_on": from_on, "from_on": from_on})
        for days, amount in ((10, 100), (0, 100)):
            page = sheet(client, people)
            client.send(
                page, {box(members, "Achieng"): str(amount), "received_on": str(DAY - timedelta(days=days))}
            )
        assert held(people) == {("cash", "welfare"): 8000 + 5000, ("cash", "reserve"): 2000 + 5000}

    def test_asks_the_same_few_questions_however_many_members(
        self, client: StrictClient, people: Officers
    ) -> None:
        make_members(people, "One")
        few = count_questions(client, people)
        make_members(people, *(f"Member {n}" for n in range(30)))
        assert count_questions(client, people) == few

    def test_only_the_treasurer_writes(self, client: StrictClient, people: Officers) -> None:
        path = f"/g/{people.group.id}/money/sheet"
        for who in (people.chair, people.secretary, people.committee, people.member):
            client.sign_in(who)
            assert client.get(path).status_code == 403


def count_questions(client: StrictClient, people: Officers) -> int:
    asked = []

    def count(*_: object) -> None:
        asked.append(1)

    with in_scope():
        engine = db.engine
    sheet(client, people)
    sa.event.listen(engine, "before_cursor_execute", count)
    try:
        client.fetch(f"/g/{people.group.id}/money/sheet")
    finally:
        sa.event.remove(engine, "before_cursor_execute", count)
    return len(asked)


def test_no_word_of_debt_and_no_mark_for_an_empty_box(
    client: StrictClient, people: Officers, members: dict
) -> None:
    client.send(sheet(client, people), {box(members, "Achieng"): "5"})
    page = sheet(client, people)
    assert not [
        word for word in ("owed", "owes", "arrear", "missing", "late") if word in page.text.casefold()
    ]
    assert page.fields_with_errors == set()
