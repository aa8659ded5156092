"""Files of ballots as councils and counting programs write them, and the command that counts them."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groups.elections.counting import blt
from tests.groups.elections.test_counting import FIVE_FOR_TWO, ROOT

THREE = '3 1\n2 1 2 0\n1 3 0\n0\n"Ann"\n"Ben"\n"Cy"\n"Ward"\n'
SAME = {
    "windows": THREE.replace("\n", "\r\n"),
    "old mac": THREE.replace("\n", "\r"),
    "a mark at the start": "\ufeff" + THREE,
    "tabs": THREE.replace(" ", "\t"),
    "commas to the end": THREE.replace("\n", ",,,\n"),
    "blank lines": THREE.replace("\n", "\n\n"),
    "comments": "# exported\n3 1 # three for one\n2 1 2 0 # two alike\n#\n1 3 0\n0 # end\n"
    '"Ann" # one\n"Ben"\n"Cy"\n"Ward"',
    "blocks": THREE.replace("3 1\n", "/* exported\nyesterday */ 3 1\n", 1),
    "ballot numbers": THREE.replace("2 1 2 0", "(a 1) 1 1 2 0\n(2) 1 1 2 0"),
    "one by one": THREE.replace("2 1 2 0", "1 1 2 0\n1 1 2 0"),
    "all in one line": '3 1 2 1 2 0 1 3 0 0 "Ann" "Ben" "Cy" "Ward"',
    "names in one line": THREE.replace('"\n"', '" "'),
    "no quotation marks": THREE.replace('"', ""),
    "none around names": THREE.replace('"', "").replace("Ward", '"Ward"'),
    "round quotation marks": THREE.replace('"Ann"', "“Ann”"),
    "a source and a remark": THREE + '"from the council"\n"checked"\n',
    "an option for ties": THREE.replace("3 1\n", "3 1\n[tie 2 1 3]\n", 1),
    "none around the title": THREE.replace('"Ward"', "Ward"),
    "several on a line and none around the title": THREE.replace('"\n"', '" "').replace(' "Ward"', "\nWard"),
    "short names": '3 1\n[nick a b c]\n[tie b a c]\n2 a b 0\n1 c 0\n0\n"Ann"\n"Ben"\n"Cy"\n"Ward"\n',
    "an option of another program": THREE.replace("3 1\n", "3 1\n[droop precision=4]\n", 1),
}


class TestRead:
    @pytest.mark.parametrize("how", SAME)
    def test_the_same_election_however_it_is_written(self, how: str) -> None:
        found = blt.read(SAME[how])
        assert (found.title, found.names, found.seats) == ("Ward", ("Ann", "Ben", "Cy"), 1)
        assert found.papers == Counter({(1, 2): 2, (3,): 1})

    @pytest.mark.parametrize(
        ("ballot", "read"),
        [
            ("1 1 2=3 0", (1,)),
            ("1 1 2 = 3 0", (1,)),
            ("1 1 (2 3) 0", (1,)),
            ("1 1=2 3 0", ()),
            ("1 1 - 2 0", (1,)),
            ("1 - 1 0", ()),
            ("1 1 2 - 0", (1, 2)),
            ("1 0", ()),
        ],
    )
    def test_a_paper_counts_as_far_as_its_order_is_clear(self, ballot: str, read: tuple[int, ...]) -> None:
        assert blt.read(f'3 1\n{ballot}\n0\n"A" "B" "C"\n').papers == Counter({read: 1})

    @pytest.mark.parametrize("line", ["-2", "-2 -3", "[withdrawn 2 3]"])
    def test_knows_who_withdrew(self, line: str) -> None:
        found = blt.read(f'3 1\n{line}\n1 2 1 0\n0\n"A" "B" "C"\n')
        assert 2 in found.withdrawn
        assert found.standing[0] == 1
        assert found.title == ""

    def test_names_may_have_parties_and_quotation_marks_of_their_own(self) -> None:
        party = '2 1\n1 1 0\n0\n"Ann SMITH" "The Greens"\n"Ben"  "The Greens"\n"Ward 1"\n'
        assert blt.read(party).names == ("Ann SMITH, The Greens", "Ben, The Greens")
        saved_as_csv = (
            '2 1\n1 1 0\n0\n"Ann SMITH ""The Greens"""\n"Ben Ó MÓR ""Independent"""\nWard 1 - Hill\'s End\n'
        )
        found = blt.read(saved_as_csv)
        assert (found.names, found.title) == (
            ("Ann SMITH, The Greens", "Ben Ó MÓR, Independent"),
            "Ward 1 - Hill's End",
        )
        inner = '2 1\n1 1 0\n0\n"Robert "Bob" Smith"\n"Ann \\"Nan\\" # 2"\n"Ward 1"\n'
        assert blt.read(inner).names == ('Robert "Bob" Smith', 'Ann "Nan" # 2')

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
    def test_in_whatever_letters_it_was_saved(self, encoding: str) -> None:
        assert blt.read(blt.decode(THREE.replace("Ann", "Zoë").encode(encoding))).names[0] == "Zoë"

    @given(
        st.dictionaries(
            st.lists(st.integers(1, 5), unique=True).map(tuple), st.integers(1, 99), min_size=1
        ).map(Counter)
    )
    def test_comes_back_as_it_was_written(self, papers: Counter[tuple[int, ...]]) -> None:
        names = ["Ann", 'Robert "Bob"', "Cy", "Zoë", "عائشة"]
        found = blt.read(blt.write("Committee", seats=2, names=names, papers=papers))
        assert (found.papers, found.seats, found.title) == (papers, 2, "Committee")
        assert found.names == ("Ann", "Robert 'Bob'", "Cy", "Zoë", "عائشة")

    @given(
        st.dictionaries(st.lists(st.integers(1, 5), unique=True).map(tuple), st.integers(1, 9), min_size=1)
    )
    def test_is_written_in_an_order_that_tells_nothing(self, papers: dict[tuple[int, ...], int]) -> None:
        turned = Counter(dict(reversed(papers.items())))
        args = {"seats": 2, "names": list("ABCDE")}
        assert blt.write("T", papers=Counter(papers), **args) == blt.write("T", papers=turned, **args)


class TestAFileThatCannotBeRead:
    @pytest.mark.parametrize(
        ("file", "line"),
        [
            ("", 1),
            ("three 2\n", 1),
            ("3 4\n", 1),
            ("2\n", 1),
            ("0 0\n", 1),
            ("2 0\n", 1),
            ("\n\n2 x\n", 3),
            ("2 1\n1 1 3 0\n", 2),
            ("2 1\n1 1 1 0\n", 2),
            ("2 1\n1 1 2=1 0\n", 2),
            ("2 1\n1 1 2 0\n1 x 0\n", 3),
            ("2 1\n1 1 2\n1 2 0\n0\n", 2),
            ("2 1\n0 1 2 0\n0\n", 2),
            ("2 1\n1.5 1 0\n", 2),
            ("2 1\n1 -1 0\n", 2),
            (f"2 1\n1 {'9' * 5000} 0\n", 2),
            ('2 1\n1 1 0\n"A"\n"B"\n"T"\n', 3),
            ('2 1\n1 1 0\n0\n"A"\nB\n', 5),
            ('2 1\n1 1 0\n0\n"A"\n"B\n"T"\n', 5),
            ('2 1\n1 1 0\n0\n"A"\n"A"\n"T"\n', 5),
            ('2 1\n1 1 0\n0\n"A"\n""\n"T"\n', 5),
            ('2 1\n1 1 0\n0\n"A"\n', 4),
            ("2 1\n1 1 0\n", 2),
            ("2 1\n1 1 0\n0\n1\n2\n", 4),
            ('2 1\n1 1 0\n0\n"A" "B" "T" 7\n', 4),
            ('2 1\n1 1 0\n0\n"A"\n"B"\n"T"\n"from"\n"remark"\n"more"\n', 7),
            ("2 1\n-7\n", 2),
            ('2 1\n-1 -2\n1 1 0\n0\n"A" "B"\n', 4),
            ("2 1\n(1 1 0\n", 2),
            ("2 1\n[nick a b]\n", 2),
            ("2 1\n[tie 1]\n", 2),
            ("2 1\n[nick a a]\n", 2),
            ("2 1\n[nick a b]\n1 a c 0\n", 3),
            ('3 1\n1 1 0\n0\n"A"\n"B"\nWard\n', 6),
            ("999999999999 1\n[tie 1]\n", 2),
        ],
    )  # fmt: skip
    def test_says_in_which_line(self, file: str, line: int) -> None:
        with pytest.raises(blt.NotReadable, match=f"^Line {line}: "):
            blt.read(file)

    @given(st.text(st.sampled_from('0123 -=()[]"#\n/*A'), max_size=60))
    def test_whatever_is_in_it(self, file: str) -> None:
        told = "Line 1: "
        try:
            blt.read("3 1\n" + file)
        except blt.NotReadable as refused:
            told = str(refused)
        assert told.startswith("Line ")


class TestTheCommand:
    def run(self, file: Path) -> subprocess.CompletedProcess[str]:
        flask = Path(sys.executable).parent / "flask"
        return subprocess.run(
            [flask, "--app", "wsgi", "elections", "count", file, "--rule", "scottish", "--json"],
            cwd=ROOT, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=False, encoding="utf-8",
        )  # fmt: skip

    def test_needs_no_server_and_prints_the_count(self, tmp_path: Path) -> None:
        (tmp_path / "small.blt").write_text(FIVE_FOR_TWO)
        answer = self.run(tmp_path / "small.blt")
        told = json.loads(answer.stdout)
        assert answer.returncode == 0
        assert list(told) == ["title", "seats", "quota", "elected", "stages"]
        assert (told["seats"], told["quota"], told["elected"]) == (2, 6, ["Wanjiru", "Juma"])
        assert all(list(one) == ["votes", "nontransferable", "elected", "excluded"] for one in told["stages"])
        assert told["stages"][1]["votes"]["Baraka"] == "3.00000"
        assert told["stages"][1]["excluded"] == ["Achieng"]
        assert told["stages"][3]["nontransferable"] == "6.00000"
        assert told["stages"][3]["elected"] == ["Wanjiru", "Juma"]

    def test_reads_and_prints_any_letters(self, tmp_path: Path) -> None:
        (tmp_path / "letters.blt").write_bytes(THREE.replace("Ann", "Zoë Łukasz").encode("utf-16"))
        assert json.loads(self.run(tmp_path / "letters.blt").stdout)["elected"] == ["Zoë Łukasz"]

    @pytest.mark.parametrize("content", ["2 1\n1 1 9 0\n", None])
    def test_answers_what_it_cannot_read_with_a_sentence(self, tmp_path: Path, content: str | None) -> None:
        if content:
            (tmp_path / "broken.blt").write_text(content)
        answer = self.run(tmp_path / "broken.blt")
        assert (answer.returncode, answer.stdout) == (1, "")
        assert len(answer.stderr.splitlines()) == 1
        assert ("Line 2" in answer.stderr) == bool(content)
