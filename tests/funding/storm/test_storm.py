"""A short storm with every run of the tests; the long one is `make storm`."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.xdist_group("storm")  # one worker sets it up, once
OPERATIONS = 1_000


@pytest.fixture(scope="module")
def report(app: object) -> dict[str, object]:
    """What a storm of its own process, over this worker's database, found."""
    command = [sys.executable, "-m", "tests.funding.storm", "--here", "--operations", str(OPERATIONS)]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ, capture_output=True, text=True, timeout=900, check=False
    )
    assert done.stdout.startswith("{"), done.stderr[-3_000:]
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_everything_the_books_promise_holds_and_no_answered_act_is_lost(report: dict[str, object]) -> None:
    assert report["faults"] == [], report


def test_people_were_killed_and_cut_off_in_the_middle_and_sent_again(report: dict[str, int]) -> None:
    assert report["begun"] == OPERATIONS
    assert min(report["processes killed"], report["connections cut"], report["sent again"]) >= 5, report
    assert report["done"] > OPERATIONS / 3


def test_nobody_waited_for_somebody_who_waited_for_them(report: dict[str, int]) -> None:
    """Whoever writes takes the book first, so there is nothing to send again on account of a deadlock."""
    assert report.get("clash", 0) == 0
