"""Other people's counters, timed on the same papers. Runs where `counters.txt` is installed; nothing of ours is imported here.

Reads papers from the standard input, `{"seats", "candidates", "papers": [[many, [numbers]]]}`, and writes one line for each
counter: its name, who it elects, and the median time of its count in seconds. Reading and preparing papers is not timed.
"""

import json
import statistics
import sys
import time
import warnings
from collections.abc import Callable, Iterable
from typing import Any

import pyrankvote
from stvpoll.scottish_stv import calculate_scottish_stv
from votekit import RankBallot, RankProfile
from votekit.elections import STV, FastSTV

SAMPLES = 3
Papers = list[tuple[int, tuple[int, ...]]]


def main() -> None:
    asked = json.load(sys.stdin)
    papers = [(many, tuple(order)) for many, order in asked["papers"]]
    warnings.simplefilter("ignore")
    for name, prepare in COUNTERS.items():
        elect = prepare(papers, asked["candidates"], asked["seats"])
        elected = sorted(int(one) for one in elect())  # also warms up what is compiled when first used
        print(json.dumps([name, elected, _median(elect)]), flush=True)  # noqa: T201 - read by the bench


def _median(count: Callable[[], object]) -> float:
    times = []
    for _ in range(SAMPLES):
        start = time.perf_counter()
        count()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def stvpoll(papers: Papers, candidates: list[int], seats: int) -> Callable[[], Iterable[Any]]:
    """By its Scottish rules."""
    ballots = tuple((order, many) for many, order in papers)
    return lambda: calculate_scottish_stv(tuple(candidates), ballots, seats).elected_as_tuple()


def votekit(
    kind: Callable[..., Any],
) -> Callable[[Papers, list[int], int], Callable[[], Iterable[Any]]]:
    """Its exact count, or its quick one; both carry surpluses as parts of a vote, one candidate at a time."""

    def prepare(papers: Papers, candidates: list[int], seats: int) -> Callable[[], Iterable[Any]]:
        ballots = [RankBallot(ranking=[{str(c)} for c in order], weight=many) for many, order in papers]
        profile = RankProfile(ballots=ballots, candidates=[str(c) for c in candidates])

        def elect() -> Iterable[Any]:
            counted = kind(profile, n_seats=seats, simultaneous=False, tiebreak="random")
            return [c for at_once in counted.get_elected() for c in at_once]

        return elect

    return prepare


def rankvote(papers: Papers, candidates: list[int], seats: int) -> Callable[[], Iterable[Any]]:
    people = {number: pyrankvote.Candidate(str(number)) for number in candidates}
    ballots = [
        pyrankvote.Ballot(ranked_candidates=[people[c] for c in order]) for many, order in papers for _ in range(many)
    ]  # fmt: skip

    def elect() -> Iterable[Any]:
        counted = pyrankvote.single_transferable_vote(list(people.values()), ballots, number_of_seats=seats)
        return [winner.name for winner in counted.get_winners()]

    return elect


COUNTERS = {
    "stvpoll": stvpoll,
    "votekit": votekit(STV),
    "votekit, the quick one": votekit(FastSTV),
    "pyrankvote": rankvote,
}

if __name__ == "__main__":
    main()
