"""Counting by the Scottish rules: small elections worked out by hand, and real wards."""

import csv
import os
from pathlib import Path

import pytest

from groups.elections import cli
from groups.elections.counting import blt, scottish
from groups.elections.counting.standing import VOTE, Settles, Standing

ROOT = Path(__file__).resolve().parents[3]
REAL = Path(os.environ.get("ELECTION_DATA", ROOT.parent / "shared" / "data" / "glasgow-2007"))
WARDS = sorted(REAL.glob("*.blt"))

FIVE_FOR_TWO = """5 2
1 1 2 0
2 2 0
3 3 0
4 4 0
5 5 0
0
"Achieng" "Baraka" "Halima" "Juma" "Wanjiru"
"A tie for the lowest, settled by an earlier stage"
"""


def shares(*votes: int) -> list[int]:
    return [v * VOTE for v in votes]


def count(file: str, *lots: tuple[int, ...]) -> Standing:
    ballots = blt.read(file)
    return scottish.count(ballots.papers, candidates=ballots.standing, seats=ballots.seats, lots=lots)


class TestASmallElection:
    def test_is_counted_as_by_hand(self) -> None:
        counted = count(FIVE_FOR_TWO)
        assert counted.quota == 6 * VOTE
        assert [list(stage.votes.values()) for stage in counted.stages] == [
            shares(1, 2, 3, 4, 5),
            shares(0, 3, 3, 4, 5),
            shares(0, 0, 3, 4, 5),
            shares(0, 0, 0, 4, 5),
        ]
        assert [stage.nontransferable for stage in counted.stages] == shares(0, 0, 3, 6)
        assert counted.elected == (5, 4)

    def test_a_tie_is_settled_by_the_latest_stage_that_differed_before_any_lot(self) -> None:
        second = count(FIVE_FOR_TWO, (3, 2, 1, 4, 5)).stages[2]
        assert (second.excluded, second.by_lot) == ((2,), False)

    def test_a_surplus_moves_at_a_part_of_its_value_cut_after_five_decimals(self) -> None:
        # 7 papers, 2 seats: quota 7 // 3 + 1 = 3; A has 5, so 2/5 of each of A's papers moves on.
        first, second = count('3 2\n3 1 2 0\n2 1 3 0\n1 2 0\n1 3 0\n0\n"A" "B" "C"\n"Surplus"\n').stages[:2]
        assert list(first.votes.values()) == shares(5, 1, 1)
        assert list(second.votes.values()) == [3 * VOTE, 220_000, 180_000]
        assert (second.source, second.surplus, second.moved) == (1, 2 * VOTE, {2: 120_000, 3: 80_000})

    def test_what_is_cut_off_is_lost(self) -> None:
        # 7 papers, quota 3: A has 7 and a surplus of 4, so 4/7 = 0.57142 a paper, 3.99994 in all.
        second = count('3 2\n7 1 2 0\n0\n"A" "B" "C"\n"Cut"\n').stages[1]
        assert (second.votes[2], second.nontransferable) == (399_994, 0)

    def test_stops_where_a_lot_has_to_decide_and_goes_on_with_it(self) -> None:
        file = '2 1\n1 1 0\n1 2 0\n0\n"A" "B"\n"Even"\n'
        waits = count(file)
        assert (waits.level, waits.settles, waits.elected, len(waits.stages)) == (
            (1, 2),
            Settles.EXCLUSION,
            (),
            1,
        )
        assert [count(file, lot).elected for lot in ((1, 2), (2, 1))] == [(2,), (1,)]
        assert count(file, (1, 2)).stages[1].by_lot

    def test_a_lot_among_more_settles_it_among_fewer(self) -> None:
        file = '4 1\n3 1 0\n1 2 0\n1 3 0\n1 4 0\n0\n"A" "B" "C" "D"\n"Three level"\n'
        assert count(file).level == (2, 3, 4)
        assert [stage.excluded for stage in count(file, (3, 4, 2)).stages[1:]] == [(3,), (4,), (2,)]

    def test_equal_surpluses_are_passed_on_as_the_lot_says(self) -> None:
        file = '4 3\n6 1 3 0\n6 2 4 0\n1 3 0\n1 4 0\n0\n"A" "B" "C" "D"\n"Surpluses"\n'
        assert (count(file).level, count(file).settles) == ((1, 2), Settles.SURPLUS)
        assert count(file, (2, 1)).stages[1].source == 2

    def test_nobody_draws_a_lot_about_surpluses_of_nothing(self) -> None:
        file = '4 3\n2 1 0\n2 2 0\n1 3 0\n2 4 0\n0\n"A" "B" "C" "D"\n"Exactly the quota"\n'
        assert count(file).quota == 2 * VOTE
        assert (count(file).elected, count(file).level) == ((1, 2, 4), ())

    def test_a_withdrawn_candidate_is_passed_over(self) -> None:
        assert count('3 1\n-1\n2 1 2 0\n1 3 0\n0\n"A" "B" "C"\n"Without A"\n').elected == (2,)


@pytest.mark.skipif(not WARDS, reason="the wards of Glasgow are not beside this checkout")
@pytest.mark.parametrize("ward", WARDS, ids=lambda path: path.stem)
def test_real_wards_are_counted_as_published_at_every_stage(ward: Path) -> None:
    ballots = blt.read(blt.decode(ward.read_bytes()))
    counted = cli.count(ballots)
    with (REAL / "reference" / f"{ward.stem}.txt").open(encoding="utf-8", newline="") as reference:
        rows = list(csv.reader(reference, delimiter="\t"))
    columns = range(len(ballots.names))
    published = [
        (row[3], [row[6 + 3 * c] for c in columns]) for row in rows if row[1] in {"begin", "transfer"}
    ]
    text = cli.votes_text
    ours = [
        (text(stage.nontransferable), [text(v) for v in stage.votes.values()]) for stage in counted.stages
    ]
    assert ours == published
    end = next(row for row in rows if row[1] == "end")
    assert set(counted.elected) == {c + 1 for c in columns if end[5 + 3 * c] == "E"}
