"""Counting by the Scottish rules: small elections worked out by hand, real wards, and what must hold for any ballots."""

import csv
import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groups.elections.counting import blt, scottish

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


def shares(*votes: int) -> tuple[int, ...]:
    return tuple(v * scottish.VOTE for v in votes)


class TestASmallElection:
    def test_is_counted_as_by_hand(self) -> None:
        counted = scottish.count(blt.read(FIVE_FOR_TWO))
        assert counted.quota == 6 * scottish.VOTE
        assert [stage.votes for stage in counted.stages] == [
            shares(1, 2, 3, 4, 5),
            shares(0, 3, 3, 4, 5),
            shares(0, 0, 3, 4, 5),
            shares(0, 0, 0, 4, 5),
        ]
        assert [stage.nontransferable for stage in counted.stages] == list(shares(0, 0, 3, 6))
        assert counted.elected == (4, 3)

    def test_a_tie_is_settled_by_the_latest_stage_that_differed_before_any_lot(self) -> None:
        second = scottish.count(blt.read(FIVE_FOR_TWO), lot=[2, 1, 0, 3, 4]).stages[2]
        assert (second.excluded, second.by_lot) == ((1,), False)

    def test_a_surplus_moves_at_a_part_of_its_value_cut_after_five_decimals(self) -> None:
        # 7 papers, 1 seat less than half: quota 7 // 3 + 1 = 3; A has 5, so 2/5 of each of A's papers moves on.
        ballots = blt.read('3 2\n3 1 2 0\n2 1 3 0\n1 2 0\n1 3 0\n0\n"A" "B" "C"\n"Surplus"\n')
        first, second = scottish.count(ballots).stages[:2]
        assert first.votes == shares(5, 1, 1)
        assert second.votes == (3 * scottish.VOTE, 220_000, 180_000)

    def test_candidates_tied_to_the_end_are_settled_by_the_lot_that_was_drawn(self) -> None:
        ballots = blt.read('2 1\n1 1 0\n1 2 0\n0\n"A" "B"\n"Even"\n')
        assert [scottish.count(ballots, lot=lot).elected for lot in ([0, 1], [1, 0])] == [(1,), (0,)]
        assert scottish.count(ballots).stages[1].by_lot

    def test_a_withdrawn_candidate_is_passed_over(self) -> None:
        ballots = blt.read('3 1\n-1\n2 1 2 0\n1 3 0\n0\n"A" "B" "C"\n"Without A"\n')
        assert scottish.count(ballots).elected == (1,)


@pytest.mark.skipif(not WARDS, reason="the wards of Glasgow are not beside this checkout")
@pytest.mark.parametrize("ward", WARDS, ids=lambda path: path.stem)
def test_real_wards_are_counted_as_published_at_every_stage(ward: Path) -> None:
    ballots = blt.read(ward.read_text(encoding="utf-8-sig"))
    counted = scottish.count(ballots)
    with (REAL / "reference" / f"{ward.stem}.txt").open(encoding="utf-8", newline="") as reference:
        rows = list(csv.reader(reference, delimiter="\t"))
    columns = range(len(ballots.names))
    published = [
        (row[3], [row[6 + 3 * c] for c in columns]) for row in rows if row[1] in {"begin", "transfer"}
    ]
    ours = [(text(stage.nontransferable), [text(v) for v in stage.votes]) for stage in counted.stages]
    assert ours == published
    end = next(row for row in rows if row[1] == "end")
    assert set(counted.elected) == {c for c in columns if end[5 + 3 * c] == "E"}


def text(value: int) -> str:
    return f"{value // scottish.VOTE}.{value % scottish.VOTE:05d}"


@st.composite
def some_ballots(draw: st.DrawFn) -> blt.Ballots:
    candidates = draw(st.integers(1, 8))
    order = st.lists(st.integers(0, candidates - 1), unique=True, max_size=candidates).map(tuple)
    papers = draw(st.dictionaries(order, st.integers(1, 5), max_size=12))
    seats = draw(st.integers(1, candidates))
    return blt.Ballots("Any", seats, tuple("ABCDEFGH"[:candidates]), tuple((n, o) for o, n in papers.items()))


class TestAnyElection:
    @given(some_ballots())
    @settings(deadline=None)
    def test_fills_every_seat_and_loses_no_more_than_fractions(self, ballots: blt.Ballots) -> None:
        counted = scottish.count(ballots)
        assert len(set(counted.elected)) == ballots.seats
        valid = sum(many for many, order in ballots.papers if order) * scottish.VOTE
        papers = sum(many for many, _ in ballots.papers)
        for number, stage in enumerate(counted.stages):
            lost = valid - sum(stage.votes) - stage.nontransferable
            assert 0 <= lost <= papers * number

    @given(some_ballots(), st.randoms(use_true_random=False))
    @settings(deadline=None)
    def test_does_not_depend_on_the_order_of_papers_or_candidates(
        self, ballots: blt.Ballots, chance: random.Random
    ) -> None:
        lot = list(range(len(ballots.names)))
        chance.shuffle(lot)
        papers = list(ballots.papers)
        chance.shuffle(papers)
        seat = list(range(len(ballots.names)))
        chance.shuffle(seat)
        moved = blt.Ballots(
            "Moved",
            ballots.seats,
            tuple(ballots.names[seat.index(c)] for c in range(len(seat))),
            tuple((many, tuple(seat[c] for c in order)) for many, order in papers),
        )
        there = scottish.count(moved, lot=[seat[c] for c in lot])
        here = scottish.count(ballots, lot=lot)
        assert {moved.names[c] for c in there.elected} == {ballots.names[c] for c in here.elected}


class TestAFileThatCannotBeRead:
    @pytest.mark.parametrize(
        ("file", "line"),
        [
            ("", 1),
            ("three 2\n", 1),
            ("3 4\n", 1),
            ("2 1\n1 1 3 0\n", 2),
            ("2 1\n1 1 1 0\n", 2),
            ("2 1\n1 1 2 0\n1 x 0\n", 3),
            ('2 1\n1 1 0\n0\n"A"\nB\n', 5),
            ('2 1\n1 1 0\n0\n"A"\n', 4),
            ("2 1\n1 1 0\n", 2),
            ('2 1\n1 1 0\n0\n"A" "B" "T" 7\n', 4),
            ("2 1\n-7\n", 2),
        ],
    )  # fmt: skip
    def test_says_in_which_line(self, file: str, line: int) -> None:
        with pytest.raises(blt.NotReadable, match=f"^Line {line}: "):
            blt.read(file)


class TestTheCommand:
    def run(self, file: Path) -> subprocess.CompletedProcess[str]:
        flask = Path(sys.executable).parent / "flask"
        return subprocess.run(
            [flask, "--app", "wsgi", "elections", "count", file, "--rule", "scottish", "--json"],
            cwd=ROOT, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def test_needs_no_server_and_prints_the_count(self, tmp_path: Path) -> None:
        (tmp_path / "small.blt").write_text(FIVE_FOR_TWO)
        answer = self.run(tmp_path / "small.blt")
        told = json.loads(answer.stdout)
        assert answer.returncode == 0
        assert (told["seats"], told["quota"], told["elected"]) == (2, 6, ["Wanjiru", "Juma"])
        assert told["stages"][1]["votes"]["Baraka"] == "3.00000"
        assert told["stages"][1]["excluded"] == ["Achieng"]
        assert told["stages"][3]["nontransferable"] == "6.00000"

    def test_answers_a_broken_file_with_its_line(self, tmp_path: Path) -> None:
        (tmp_path / "broken.blt").write_text("2 1\n1 1 9 0\n")
        answer = self.run(tmp_path / "broken.blt")
        assert answer.returncode == 1
        assert "Line 2" in answer.stderr
