"""Counting about 11,000 papers with 12 candidates, the size of the largest real wards: ours beside other people's counters.

`make bench` installs those into a folder of their own, from `counters.txt`; the project itself never imports them.
"""

import json
import os
import random
import statistics
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from groups.elections.counting import blt, scottish

HERE = Path(__file__).resolve().parent
THEIRS = Path(os.environ.get("COUNTERS", HERE.parents[1] / "var" / "counters"))
"""Where they are installed."""
PAPERS, SEATS, CANDIDATES, SAMPLES = 11_000, 4, tuple(range(1, 13)), 9


def some_papers() -> Counter[tuple[int, ...]]:
    """Nearly all differ, which is the hardest for every counter; the same in every run."""
    chance = random.Random(2007)
    cast = (tuple(chance.sample(CANDIDATES, chance.randint(1, 12))) for _ in range(PAPERS))
    return Counter(cast)


def a_file() -> str:
    names = [f"Candidate {number}" for number in CANDIDATES]
    return blt.write("Bench", seats=SEATS, names=names, papers=some_papers())


def beside_others() -> Iterator[tuple[str, float, float]]:
    """Each other counter with its time and ours, in this run."""
    papers = some_papers()
    if not (python := THEIRS / "bin" / "python").exists():
        yield "other counters are not installed; make bench installs them", 0.0, _median(papers)
        return
    asked = {
        "seats": SEATS,
        "candidates": CANDIDATES,
        "papers": [[many, order] for order, many in papers.items()],
    }
    theirs = subprocess.run(
        [python, HERE / "counters.py"], input=json.dumps(asked), capture_output=True, text=True, check=True
    )
    ours, elected = _median(papers), sorted(_count(papers))
    for line in theirs.stdout.splitlines():
        name, agreed, seconds = json.loads(line)
        same = "elects the same" if agreed == elected else "elects others"
        yield f"{name} ({same}) : ours", seconds, ours


def _count(papers: Counter[tuple[int, ...]]) -> tuple[int, ...]:
    return scottish.count(papers, candidates=CANDIDATES, seats=SEATS, lots=[CANDIDATES]).elected


def _median(papers: Counter[tuple[int, ...]]) -> float:
    times = []
    for _ in range(SAMPLES):
        start = time.perf_counter()
        _count(papers)
        times.append(time.perf_counter() - start)
    return statistics.median(times)
