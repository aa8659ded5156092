"""A count told stage by stage, on the page and on paper; the papers as a file for the two who counted."""

from collections import Counter
from dataclasses import dataclass

import pytest

from groups.elections import commands, queries
from groups.elections.counting import blt, scottish
from groups.elections.models import Election
from groups.tallies.commands import enter_tally
from network import clock
from network.accounts.models import Account
from network.db import db
from network.tenancy.models import Group
from tests.factories.groups import LEVEL, a_counted_vote, a_member, a_term, a_vote_in_order, some_members
from tests.factories.network import make_account, make_group, make_holder
from tests.support.app import in_group
from tests.support.client import StrictClient
from tests.support.pdf import text_of

NUMBERS = [7, 23, 5]


@dataclass
class Room:
    group: Group
    chair: Account
    teller: Account
    member: Account
    election: Election

    def at(self, rest: str) -> str:
        return f"/g/{self.group.id}/counts/{self.election.id}/{rest}"

    @property
    def count(self) -> str:
        return self.at(str(self.election.contests[0].id))

    @property
    def papers(self) -> str:
        return self.at(f"{self.election.contests[0].id}/papers.blt")

    def count_it(self) -> None:
        with in_group(self.group):
            for teller in self.election.tellers:
                enter_tally(self.election, teller, LEVEL, now=clock.now())

    def declare(self) -> None:
        self.count_it()
        with in_group(self.group):
            election = queries.get_election(self.election.id)
            commands.draw_lot(election, election.contests[0], NUMBERS, by=None, now=clock.now())
            commands.declare_result(self.group, queries.get_election(election.id), by=None, now=clock.now())


@pytest.fixture
def room() -> Room:
    group, chair, teller = make_group(), make_account(), make_account()
    with in_group(group):
        a_term(a_member("Chair", account_id=chair.id), "chairperson")
        members = [*some_members(7), a_member("Tell", account_id=teller.id)]
        election = a_vote_in_order(members)
    return Room(group, chair, teller, make_holder("member", group).id, election)


class TestShowCount:
    def test_tells_every_stage_to_everybody_once_it_is_declared(
        self, client: StrictClient, room: Room
    ) -> None:
        room.declare()
        page = client.sign_in(room.member).fetch(room.count)
        assert page.status == 200
        with in_group(room.group):
            came = queries.how_it_came(queries.get_election(room.election.id))[0]
        assert len(list(page.tree.iter("table"))) == len(came.standing.stages)
        assert room.count in client.fetch(f"/g/{room.group.id}/elections/{room.election.id}/").links

    def test_before_that_only_who_runs_it(self, client: StrictClient, room: Room) -> None:
        assert client.sign_in(room.chair).fetch(room.count).status == 404
        room.count_it()
        assert list(client.fetch(room.count).tree.iter("table"))
        assert not list(client.sign_in(room.member).fetch(room.count).tree.iter("table"))

    def test_leads_from_lot_to_lot_until_it_is_through(self, client: StrictClient, room: Room) -> None:
        room.count_it()
        lot = f"/g/{room.group.id}/elections/{room.election.id}/lots/{room.election.contests[0].id}"
        page = client.sign_in(room.chair).fetch(lot)
        assert {"Somebody", "3,", "4"} <= set(page.text.split())
        done = client.send(page, {"numbers": "7 23 5"})
        assert done.path.endswith(f"/elections/{room.election.id}/")
        assert f"/g/{room.group.id}/elections/{room.election.id}/declare" in done.links

    def test_is_nowhere_for_offices_without_an_order(self, client: StrictClient, room: Room) -> None:
        with in_group(room.group):
            election = db.session.merge(room.election)
            commands.void_election(queries.get_election(election.id), "Once more", by=None, now=clock.now())
            other = a_counted_vote([*some_members_again(9)])
        client.sign_in(room.chair)
        path = f"/g/{room.group.id}/counts/{other.id}/{other.contests[0].id}"
        assert client.fetch(path).status == 404


def some_members_again(count: int) -> list[object]:
    return [a_member(f"Another {number}") for number in range(count)]


class TestPrintSheet:
    def test_empty_while_people_vote_and_filled_in_after(self, client: StrictClient, room: Room) -> None:
        path = room.at("sheet.pdf")
        empty = client.sign_in(room.member).get(path)
        assert (empty.status_code, empty.mimetype) == (200, "application/pdf")
        words = text_of(empty.get_data())
        assert "Somebody 1" in words
        room.declare()
        filled = client.get(path)
        again = text_of(filled.get_data())
        assert len(again) > len(words) / 2
        assert "Somebody 3" in again
        assert room.group.name not in again
        assert client.get(path).get_data() == filled.get_data()

    def test_keeps_quiet_before_the_result_is_declared(self, client: StrictClient, room: Room) -> None:
        path = room.at("sheet.pdf")
        before = client.sign_in(room.member).get(path).get_data()
        room.count_it()
        assert client.get(path).get_data() == before
        assert client.sign_in(room.chair).get(path).get_data() != before

    def test_there_is_none_before_anything_is_frozen(self, client: StrictClient, room: Room) -> None:
        with in_group(room.group):
            commands.void_election(queries.get_election(room.election.id), "Again", by=None, now=clock.now())
            from tests.factories.groups import an_election

            called = an_election(offices=["treasurer"])
        assert (
            client.sign_in(room.chair).get(f"/g/{room.group.id}/counts/{called.id}/sheet.pdf").status_code
            == 404
        )


class TestSavePapers:
    def test_for_who_counted_them_and_they_count_the_same(self, client: StrictClient, room: Room) -> None:
        room.declare()
        saved = client.sign_in(room.teller).get(room.papers)
        assert saved.status_code == 200
        ballots = blt.read(blt.decode(saved.get_data()))
        assert ballots.papers == Counter({(1, 3): 3, (2, 4): 3, (3,): 1, (4,): 1})
        counted = scottish.count(ballots.papers, candidates=ballots.standing, seats=ballots.seats)
        assert counted.level == (3, 4)
        assert room.papers in client.fetch(room.count).links

    def test_for_nobody_else(self, client: StrictClient, room: Room) -> None:
        room.declare()
        for person in (room.chair, room.member, make_holder("secretary", room.group)):
            assert client.sign_in(person).get(room.papers).status_code == 403
            assert room.papers not in client.fetch(room.count).links
