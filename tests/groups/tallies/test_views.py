"""Two tellers enter the orders on papers, on whatever phone is there, without JavaScript."""

from dataclasses import dataclass

import pytest

from groups.elections import queries
from groups.elections.models import Election, ElectionState
from groups.tallies.commands import enter_tally
from network import clock
from network.tenancy.models import Group
from tests.factories.groups import LEVEL, a_vote_in_order, in_order, some_members
from tests.factories.network import make_group
from tests.support.app import in_group
from tests.support.client import Page, StrictClient


@dataclass
class Room:
    group: Group
    election: Election

    @property
    def slips(self) -> list[str]:
        return [f"/teller/{(one.slip or '').replace('-', '')}" for one in self.election.tellers]

    def now(self) -> Election:
        with in_group(self.group):
            return queries.get_election(self.election.id)


@pytest.fixture
def room() -> Room:
    group = make_group()
    with in_group(group):
        return Room(group, a_vote_in_order(some_members(9)))


def rows(*papers: tuple[str, str], ballots: str = "9", nobody: str = "1") -> dict[str, str]:
    typed = {f"office1_order_{row}": order for row, (order, _many) in enumerate(papers)}
    many = {f"office1_many_{row}": many for row, (_order, many) in enumerate(papers)}
    return {"ballots": ballots, "office1_nobody": nobody, "office1_spoilt": "0", **typed, **many}


NINE = rows(("1 3", "3"), ("24", "3"), ("3", ""), ("4", "1"))


def rows_on(page: Page) -> int:
    return sum("office1_order_" in str(e.get("name")) for e in page.tree.iter("input"))


class TestEnteringOrders:
    def test_both_agree_and_it_is_counted(self, client: StrictClient, room: Room) -> None:
        first, second = room.slips
        client.send(client.fetch(first), NINE)
        assert room.now().state == ElectionState.VOTING
        done = client.send(
            client.fetch(second), rows(("3", "1"), ("13", "2"), ("1.3", ""), ("4", ""), ("2 4", "3"))
        )
        assert (done.status, done.forms()) == (200, [])
        assert room.now().state == ElectionState.COUNTED

    def test_more_rows_keep_what_was_typed_and_save_nothing(self, client: StrictClient, room: Room) -> None:
        page = client.fetch(room.slips[0])
        assert rows_on(page) == 8
        more = client.send(page, {"office1_order_0": "3 1", "office1_many_0": "2", "more": "1"})
        assert (more.status, rows_on(more)) == (200, 16)
        assert 'value="3 1"' in more.html
        assert room.now().tellers[0].tallies == []
        kept = client.send(more, NINE)
        assert kept.status == 200
        assert len(room.now().tellers[0].tallies) == 1

    @pytest.mark.parametrize(
        ("values", "wrong"),
        [
            ({"office1_order_0": "Amina"}, "office1_order_0"),
            ({"office1_order_0": "5"}, "office1_order_0"),
            ({"office1_order_0": "1 2 1"}, "office1_order_0"),
            ({"office1_many_0": "0"}, "office1_many_0"),
            ({"office1_many_0": "many"}, "office1_many_0"),
            ({"office1_many_5": "2"}, "office1_order_5"),
            ({"office1_nobody": "2"}, "office1_spoilt"),
        ],
    )
    def test_what_cannot_be_is_told_beside_it(
        self, client: StrictClient, room: Room, values: dict[str, str], wrong: str
    ) -> None:
        refused = client.send(client.fetch(room.slips[0]), NINE | values)
        assert (refused.status, refused.fields_with_errors) == (422, {wrong})
        assert room.now().tellers[0].tallies == []

    def test_only_piles_that_differ_are_asked_for_again(self, client: StrictClient, room: Room) -> None:
        first, second = room.slips
        client.send(client.fetch(first), NINE)
        client.send(client.fetch(second), NINE | {"office1_order_1": "2 3"})
        page = client.fetch(second)
        assert 'name="ballots"' not in page.html
        assert 'value="2 3"' in page.html
        assert 'value="1 3"' not in page.html
        assert "Somebody 2" in page.text
        values = {
            "office1_order_0": "2 4",
            "office1_nobody": "1",
            "office1_spoilt": "0",
            "reason": "Read again",
        }
        agreed = client.send(page, values)
        assert (agreed.status, agreed.forms()) == (200, [])
        done = room.now()
        assert done.state == ElectionState.COUNTED
        with in_group(room.group):
            assert queries.newest_tally(done, done.tellers[1]) == queries.newest_tally(done, done.tellers[0])

    def test_nobody_sees_what_the_other_found(self, client: StrictClient, room: Room) -> None:
        first, second = room.slips
        client.send(client.fetch(first), NINE)
        client.send(
            client.fetch(second),
            NINE | {"office1_order_1": "2 3", "office1_many_2": "2", "office1_nobody": "0"},
        )
        for slip, theirs in ((first, "2 3"), (second, "2 4")):
            assert f'value="{theirs}"' not in client.fetch(slip).html

    def test_a_thousand_rows_are_not_shown(self, client: StrictClient, room: Room) -> None:
        page = client.fetch(room.slips[0])
        many = {f"office1_order_{row}": "1" for row in range(1000)}
        assert rows_on(client.send(page, {**many, "more": "1"})) == 200


class TestWhatTellersTakeAway:
    def test_a_sheet_to_count_by_hand(self, client: StrictClient, room: Room) -> None:
        answer = client.get(f"{client.fetch(room.slips[0]).path}/sheet.pdf")
        assert (answer.status_code, answer.mimetype) == (200, "application/pdf")

    def test_the_papers_once_both_agree(self, client: StrictClient, room: Room) -> None:
        contest = room.election.contests[0]
        opened = client.fetch(room.slips[0]).path  # under a word that opens nothing elsewhere
        path = f"{opened}/{contest.id}/papers.blt"
        assert client.get(path).status_code == 404
        with in_group(room.group):
            for teller in room.now().tellers:
                enter_tally(room.election, teller, LEVEL, now=clock.now())
        assert path in client.fetch(opened).links
        saved = client.get(path)
        assert saved.headers["Content-Disposition"].startswith("attachment; filename=")
        lines = saved.get_data(as_text=True).splitlines()
        assert lines[:6] == ["4 3", "3 1 3 0", "3 2 4 0", "1 3 0", "1 4 0", "0"]
        assert lines[6] == '"Somebody 1"'
        assert room.group.name not in saved.get_data(as_text=True)

    def test_nothing_of_another_election(self, client: StrictClient, room: Room) -> None:
        other = make_group()
        with in_group(other):
            theirs = a_vote_in_order(some_members(9))
            for teller in theirs.tellers:
                enter_tally(theirs, teller, in_order({(1,): 9}), now=clock.now())
        opened = client.fetch(room.slips[0]).path
        assert client.get(f"{opened}/{theirs.contests[0].id}/papers.blt").status_code == 404
