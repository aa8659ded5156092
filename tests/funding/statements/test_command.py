"""`funding read-statement`: what it prints, and how it ends. It needs no settings and no server."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from funding.statements.cli import funding
from tests.funding.statements.test_camt import WHOLE, document, stmt
from tests.funding.statements.test_mpesa import CUSTOMER, ROWS
from tests.funding.statements.test_ofx import HEADER, SGML
from tests.funding.statements.test_swift import INTERIM, STATEMENT

ROOT = Path(__file__).resolve().parents[3]
ONE_OF_EACH = {
    "mpesa": f"{CUSTOMER}\n{ROWS}",
    "camt053": WHOLE,
    "mt940": STATEMENT,
    "mt942": INTERIM,
    "ofx": HEADER + SGML,
    "csv": "Date,Amount\n2026-09-03,5\n",
}


def run(tmp_path: Path, content: str | bytes, *options: str) -> Result:
    file = tmp_path / "statement"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return CliRunner().invoke(funding, ["read-statement", str(file), *options])


@pytest.mark.parametrize("name", ONE_OF_EACH)
@pytest.mark.parametrize("is_named", [True, False])
def test_json_has_the_agreed_shape(tmp_path: Path, name: str, *, is_named: bool) -> None:
    options = ["--json", *(["--format", name] if is_named else [])]
    result = run(tmp_path, ONE_OF_EACH[name], *options)
    assert result.exit_code == 0
    told = json.loads(result.stdout)
    assert list(told) == ["format", "account", "currency", "opening", "closing", "lines", "warnings"]
    assert told["format"] == name
    for line in told["lines"]:
        assert list(line) == ["date", "amount", "reference", "text", "status"]
        assert type(line["amount"]) is int
        assert line["status"] in {"booked", "pending", "failed"}


@pytest.mark.parametrize("name", ["camt.053", "CAMT 053", "camt053"])
def test_a_format_may_be_called_as_people_call_it(tmp_path: Path, name: str) -> None:
    assert json.loads(run(tmp_path, WHOLE, "--format", name, "--json").stdout)["format"] == "camt053"


def test_a_format_that_nobody_knows_is_told(tmp_path: Path) -> None:
    result = run(tmp_path, WHOLE, "--format", "klingon", "--json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "klingon" in result.stderr


def test_several_statements_are_one_object_a_line(tmp_path: Path) -> None:
    result = run(tmp_path, document(stmt("") + stmt("")), "--json")
    assert [json.loads(line)["lines"] for line in result.stdout.splitlines()] == [[], []]


def test_what_does_not_add_up_ends_well_and_is_told(tmp_path: Path) -> None:
    result = run(tmp_path, STATEMENT.replace("4719,78", "4719,79"), "--json")
    assert result.exit_code == 0
    assert len(json.loads(result.stdout)["warnings"]) == 1


@pytest.mark.parametrize("content", [b"", b"hello", b"\xff\xfe\x00", WHOLE[:900].encode(), b"%PDF-1.7"])
@pytest.mark.parametrize("options", [(), ("--json",), ("--format", "mt940", "--json"), ("--format", "ofx")])
def test_what_cannot_be_read_ends_badly_with_a_sentence(
    tmp_path: Path, content: bytes, options: tuple[str, ...]
) -> None:
    result = run(tmp_path, content, *options)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1


def test_nothing_is_printed_of_a_file_whose_end_is_broken(tmp_path: Path) -> None:
    result = run(tmp_path, STATEMENT + STATEMENT.replace(":62F:C", ":62F:X"), "--json")
    assert (result.exit_code, result.stdout) == (1, "")


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    result = CliRunner().invoke(funding, ["read-statement", str(tmp_path / "none"), "--json"])
    assert (result.exit_code, result.stdout) == (1, "")


def test_people_get_a_table(tmp_path: Path) -> None:
    result = run(tmp_path, ONE_OF_EACH["mpesa"])
    assert result.exit_code == 0
    assert "1,000.00" in result.stdout


def test_needs_no_settings(tmp_path: Path) -> None:
    file = tmp_path / "statement.csv"
    file.write_text(ONE_OF_EACH["mpesa"], encoding="utf-8")
    told = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "funding", "read-statement", str(file), "--json"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(told.stdout)["currency"] == "KES"
