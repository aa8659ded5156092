"""Clearing away what an earlier run left behind, and nothing else."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from network.servers import children


@pytest.fixture
def left_behind(tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    wait = [sys.executable, "-c", "import time; time.sleep(60) # postgres"]
    with subprocess.Popen(wait, cwd=tmp_path) as running:
        (tmp_path / "left.pid").write_text(f"{running.pid}\n")
        yield running
        running.kill()


class TestStopLeftover:
    def test_stops_what_is_ours(self, tmp_path: Path, left_behind: "subprocess.Popen[bytes]") -> None:
        assert children.stop_leftover(tmp_path / "left.pid", folder=tmp_path, word="postgres")
        assert left_behind.wait(5) != 0
        assert not (tmp_path / "left.pid").exists()

    @pytest.mark.parametrize(("folder", "word"), [("elsewhere", "postgres"), (".", "granian")])
    def test_leaves_alone_what_only_has_the_number(
        self, tmp_path: Path, left_behind: "subprocess.Popen[bytes]", folder: str, word: str
    ) -> None:
        assert not children.stop_leftover(tmp_path / "left.pid", folder=tmp_path / folder, word=word)
        assert left_behind.poll() is None

    @pytest.mark.parametrize("content", ["", "x", "999999999\n"])
    def test_a_file_that_says_nothing_is_removed(self, tmp_path: Path, content: str) -> None:
        (tmp_path / "left.pid").write_text(content)
        assert not children.stop_leftover(tmp_path / "left.pid", folder=tmp_path, word="postgres")
        assert not (tmp_path / "left.pid").exists()
