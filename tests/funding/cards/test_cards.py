"""A member's own card: only theirs, by month, and the same again for any day that was."""

import uuid
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from funding.cards import queries, rules
from funding.cards.rules import Gift
from funding.ledger import queries as ledger
from groups.membership import commands as membership
from groups.membership.queries import get_member
from network import clock
from network.db import db
from tests.factories.funding import Officers, make_members, make_officers, save_sheet, take_back
from tests.support import pdf
from tests.support.app import in_scope
from tests.support.client import StrictClient

DAY = clock.today("Africa/Nairobi")


@pytest.fixture
def people(app: object) -> Officers:
    return make_officers()


@pytest.fixture
def members(people: Officers) -> dict:
    found = make_members(people, "Achieng", "Baraka", "Zuri")
    with in_scope(people.group):
        membership.link_account(get_member(found["Achieng"]), people.member.id, now=clock.now())
    return found


gifts = st.builds(
    Gift,
    st.uuids(),
    st.uuids(),
    st.dates(date(2020, 1, 1), date(2026, 12, 31)),
    st.integers(1, 10**6),
    st.dictionaries(st.sampled_from(["cash", "mobile_money"]), st.integers(1, 10**12), min_size=1),
    st.booleans(),
)


class TestByMonth:
    @given(st.lists(gifts))
    def test_every_gift_stands_in_its_month_once_and_sums_are_whole(self, given_: list[Gift]) -> None:
        months = rules.by_month(given_)
        assert sorted((g.sheet_id for m in months for g in m.gifts), key=str) == sorted(
            (g.sheet_id for g in given_), key=str
        )
        assert all(g.received_on.replace(day=1) == month.first for month in months for g in month.gifts)
        assert sum(month.total for month in months) == rules.total(given_)

    @given(st.lists(gifts))
    def test_a_month_without_anything_is_not_there(self, given_: list[Gift]) -> None:
        assert {month.first for month in rules.by_month(given_)} == {
            gift.received_on.replace(day=1) for gift in given_
        }


class TestShowCard:
    def test_shows_ones_own_and_nobody_elses(
        self, client: StrictClient, people: Officers, members: dict
    ) -> None:
        save_sheet(people, {members["Achieng"]: 12300, members["Baraka"]: 45600})
        client.sign_in(people.member)
        path = f"/g/{people.group.id}/money/mine"
        page, paper = client.fetch(path), pdf.text_of(client.get(f"{path}/card.pdf").get_data())
        for said in (page.text, paper):
            assert "123" in said
            assert "456" not in said
            assert "Baraka" not in said
        client.sign_in(people.treasurer)
        assert "123" not in client.fetch(path).text
        assert "123" not in pdf.text_of(client.get(f"{path}/card.pdf").get_data())

    def test_leads_to_the_entry_behind_it(
        self, client: StrictClient, people: Officers, members: dict
    ) -> None:
        sheet = save_sheet(people, {members["Achieng"]: 100})
        client.sign_in(people.member)
        page = client.fetch(f"/g/{people.group.id}/money/mine")
        link = next(link for link in page.links if str(sheet.journal_id) in link)
        assert client.fetch(link).status == 200

    def test_paper_names_neither_the_group_nor_the_member(
        self, client: StrictClient, people: Officers, members: dict
    ) -> None:
        save_sheet(people, {members["Achieng"]: 100})
        client.sign_in(people.member)
        paper = client.get(f"/g/{people.group.id}/money/mine/card.pdf").get_data()
        text = pdf.text_of(paper)
        assert people.group.name not in text
        assert people.group.name.encode() not in paper
        assert "Achieng" not in text

    def test_what_was_taken_back_is_marked_and_not_counted(
        self, client: StrictClient, people: Officers, members: dict
    ) -> None:
        sheet = save_sheet(people, {members["Achieng"]: 12300})
        save_sheet(people, {members["Achieng"]: 700})
        take_back(people, sheet.journal_id)
        client.sign_in(people.member)
        page = client.fetch(f"/g/{people.group.id}/money/mine")
        assert "123" in page.text
        assert "130" not in page.text

    def test_a_year_at_a_time(self, client: StrictClient, people: Officers, members: dict) -> None:
        earlier = DAY - timedelta(days=365)
        save_sheet(people, {members["Achieng"]: 11100}, received_on=earlier)
        save_sheet(people, {members["Achieng"]: 22200}, received_on=DAY)
        client.sign_in(people.member)
        path = f"/g/{people.group.id}/money/mine"
        for asked, there, absent in (("", "222", "111"), (f"?year={earlier.year}", "111", "222")):
            page = client.fetch(path + asked)
            assert there in page.text
            assert absent not in page.text

    @pytest.mark.parametrize(
        "odd", ["year=x", "year=1", "stood=x", "stood=0001-01-01", "stood=9999-12-31", "stood=2026-02-30"]
    )
    def test_odd_addresses_show_a_page(
        self, client: StrictClient, people: Officers, members: dict, odd: str
    ) -> None:
        save_sheet(people, {members["Achieng"]: 100})
        client.sign_in(people.member)
        for path in ("mine", "mine/card.pdf"):
            assert client.get(f"/g/{people.group.id}/money/{path}?{odd}").status_code == 200

    def test_on_another_day_it_stood_as_it_stood(
        self, client: StrictClient, people: Officers, members: dict
    ) -> None:
        """Written down three days after the day it was given: until then the card did not have it."""
        given_on, written_on = DAY - timedelta(days=20), clock.now() - timedelta(days=17)
        save_sheet(people, {members["Achieng"]: 12300}, received_on=given_on, now=written_on)
        client.sign_in(people.member)
        path = f"/g/{people.group.id}/money/mine?stood="
        assert "123" not in client.fetch(path + str(given_on)).text
        assert "123" not in client.fetch(path + str(given_on + timedelta(days=2))).text
        assert "123" in client.fetch(path + str(given_on + timedelta(days=3))).text


Stood = dict[uuid.UUID, list[Gift]]


def cards(people: Officers, members: dict, *, on: date, known_at: datetime) -> Stood:
    return {
        member: sorted(queries.gifts_of(member, on=on, known_at=known_at), key=lambda gift: gift.number)
        for member in members.values()
    }


def contributions_in_book(on: date, known_at: datetime) -> int:
    """From the legs alone, without asking sheets or balances."""
    found = db.session.scalar(
        sa.text(
            """select coalesce(-sum(l.amount), 0) from legs l join journals j on j.group_id = l.group_id and j.id = l.journal_id
               join ledger_accounts a on a.group_id = l.group_id and a.id = l.account_id
               where a.code = 'contributions' and j.effective_on <= :on and j.recorded_at <= :known"""
        ),
        {"on": on, "known": known_at},
    )
    return int(found or 0)


def moments(start: datetime) -> Iterator[datetime]:
    while True:
        yield start
        start += timedelta(hours=31)


@pytest.mark.parametrize("seed", range(4))
def test_any_past_day_is_rebuilt_as_it_was_stored(people: Officers, members: dict, seed: int) -> None:
    """LED-09: sheets about days long gone, sheets taken back; the cards are kept as they were and asked for again later."""
    chance = Random(seed)
    begun = clock.now() + timedelta(minutes=1)
    kept: list[tuple[date, datetime, Stood, int]] = []
    for step, now in zip(range(16), moments(begun), strict=False):
        if step % 4 == 3:
            _take_one_back(people, chance, now)
        else:
            given_on = now.date() - timedelta(days=chance.choice((0, 0, 1, 9, 40)))
            given = {one: chance.randrange(1, 10**6) for one in chance.sample(list(members.values()), 2)}
            save_sheet(people, given, received_on=given_on, now=now)
        with in_scope(people.group):
            for on in (now.date(), now.date() - timedelta(days=5)):
                stood = cards(people, members, on=on, known_at=now)
                kept.append((on, now, stood, contributions_in_book(on, now)))
    assert any(gift.is_taken_back for _, _, stood, _ in kept for gifts in stood.values() for gift in gifts)
    with in_scope(people.group):
        for on, known_at, stood, in_book in kept:
            assert cards(people, members, on=on, known_at=known_at) == stood
            assert sum(rules.total(gifts) for gifts in stood.values()) == in_book


def _take_one_back(people: Officers, chance: Random, now: datetime) -> None:
    with in_scope(people.group):
        found = list(db.session.scalars(ledger.entries()))
        undone = ledger.reversed_among(entry.id for entry in found)
        standing = [one.id for one in found if one.kind == "contributions" and one.id not in undone]
    take_back(people, chance.choice(standing), now=now)
