"""A lot anybody can draw again, from what was frozen and three people's numbers (VOTE-12)."""

import hashlib
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from groups.elections import commands, queries, rules
from groups.elections.commands import CannotElect
from groups.elections.counting.tallies import OfficeTally, RoomTally
from groups.elections.models import Election
from groups.elections.rules import Refusal
from network import clock
from network.db import db
from network.tenancy.models import Group
from tests.factories.groups import a_counted_vote, a_vote, some_members
from tests.factories.network import make_group
from tests.support.app import in_group

TIE = RoomTally(9, {"treasurer": OfficeTally({1: 4, 2: 4}, 1, 0)})


@pytest.fixture
def group(app: object) -> Iterator[Group]:
    made = make_group()
    with in_group(made):
        yield made


def smallest_first(election: Election, office: str, numbers: list[int], places: list[int]) -> list[int]:
    """As anybody with the page and a program for SHA-256 draws again."""
    said = " ".join(str(number) for number in numbers)
    lines = {place: f"{election.fingerprint} {office} {said} #{place}" for place in places}
    return sorted(places, key=lambda place: hashlib.sha256(lines[place].encode()).hexdigest())


class TestFingerprint:
    def test_is_of_what_was_frozen_and_can_be_made_again_later(self, group: Group) -> None:
        election = a_counted_vote(some_members(9), TIE)
        text = rules.frozen_text(election)
        assert hashlib.sha256(text.encode()).hexdigest() == election.fingerprint
        assert "roll 9\noffice treasurer first_past_the_post seats 1 months 12\ncandidate 1 " in text
        commands.draw_lot(election, election.contests[0], [7, 23, 5], by=None, now=clock.now())
        commands.declare_result(group, election, by=None, now=clock.now())
        assert rules.frozen_text(queries.get_election(election.id)) == text

    def test_differs_from_vote_to_vote(self, group: Group) -> None:
        members = some_members(9)
        first = a_vote(members)
        commands.void_election(first, "Once more", by=None, now=clock.now())
        assert a_vote(members).fingerprint != first.fingerprint

    def test_no_vote_begins_without(self, group: Group) -> None:
        a_vote(some_members(9))
        with pytest.raises(DBAPIError), db.session.begin_nested():
            db.session.execute(sa.text("update elections set state = 'voting', fingerprint = null"))


class TestDrawLot:
    def test_anybody_draws_the_same_again(self, group: Group) -> None:
        election = a_counted_vote(some_members(9), TIE)
        drawn = commands.draw_lot(election, election.contests[0], [7, 23, 5], by=None, now=clock.now())
        assert drawn.drawn_order == smallest_first(election, "treasurer", [7, 23, 5], [1, 2])
        assert (drawn.number, drawn.settles, drawn.numbers) == (1, "seat", [7, 23, 5])
        assert drawn.seed == election.fingerprint

    @pytest.mark.parametrize("numbers", [[], [7], [7, 23], [7, 23, 1_000_000]])
    def test_three_people_call_out_a_number(self, group: Group, numbers: list[int]) -> None:
        election = a_counted_vote(some_members(9), TIE)
        with pytest.raises(CannotElect) as refused:
            commands.draw_lot(election, election.contests[0], numbers, by=None, now=clock.now())
        assert refused.value.refusal == Refusal.TOO_FEW_NUMBERS

    @pytest.mark.parametrize(
        ("column", "value"),
        [
            ("drawn_order", "'[{second}, {first}]'"),
            ("numbers", "'[7, 23]'"),
            ("numbers", "'[7, 23, 6]'"),
            ("seed", "repeat('a', 64)"),
            ("seed", "election_id::text"),
        ],
    )
    def test_the_database_draws_again_itself(self, group: Group, column: str, value: str) -> None:
        """Nobody with a connection writes down a lot that those numbers do not draw."""
        election = a_counted_vote(some_members(9), TIE)
        other = smallest_first(election, "treasurer", [7, 23, 6], [1, 2])
        orders = ([7, 23, last] for last in range(7, 999))
        numbers = next(n for n in orders if smallest_first(election, "treasurer", n, [1, 2]) != other)
        drawn = smallest_first(election, "treasurer", numbers, [1, 2])
        values = {
            "drawn_order": f"'{drawn}'", "numbers": f"'{numbers}'", "seed": f"'{election.fingerprint}'",
        }  # fmt: skip
        row = (
            "insert into lots (id, group_id, election_id, contest_id, number, settles, seed, numbers, drawn_order, drawn_at)"
            " select gen_random_uuid(), group_id, election_id, id, 1, 'seat', {seed}, {numbers}, {drawn_order}, now() from contests"
        )
        wrong = values | {column: value.format(first=drawn[0], second=drawn[1])}
        with pytest.raises(DBAPIError), db.session.begin_nested():
            db.session.execute(sa.text(row.format(**wrong)))
        db.session.execute(sa.text(row.format(**values)))
