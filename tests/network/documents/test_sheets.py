"""Spreadsheets: exact money, days as days, and nothing somebody typed ever becomes a formula."""

import csv
import io
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from network.currencies import minor_digits
from network.documents.sheets import Money, Sheet, xlsx
from network.documents.sheets import csv as as_csv
from network.web.unit_of_work import Pamoja

FORMULAS = ["=1+1", "+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", '=HYPERLINK("http://x")']


def read_xlsx(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.fixture(autouse=True)
def _context(app: Pamoja) -> Any:
    with app.app_context():
        yield


@pytest.mark.parametrize("typed", FORMULAS)
def test_what_begins_like_a_formula_stays_text(typed: str) -> None:
    table = Sheet("x", [typed], [[typed]])
    for row in read_xlsx(xlsx([table], language="en")).active.iter_rows():
        assert [cell.data_type for cell in row] == ["s"]
        assert row[0].quotePrefix
    assert [row[0][0] for row in read_csv(as_csv(table))] == ["'", "'"]


@given(st.text())
def test_any_text_survives_in_a_spreadsheet_and_never_runs(typed: str) -> None:
    table = Sheet("x", ["What"], [[typed, 1]])
    cell = read_xlsx(xlsx([table], language="en")).active["A2"]
    assert cell.data_type == ("s" if typed else "n")
    kept = read_csv(as_csv(table))[1][0]
    assert not kept.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


@given(st.integers(-(10**15), 10**15), st.sampled_from(["UGX", "KES", "KWD"]))
def test_money_keeps_every_unit_with_none_two_or_three_decimals(amount: int, currency: str) -> None:
    table = Sheet("x", ["Amount"], [[Money(amount, currency)]])
    cell = read_xlsx(xlsx([table], language="en")).active["A2"]
    digits = minor_digits(currency)
    assert Decimal(str(cell.value)) * 10**digits == amount
    assert cell.data_type == "n"
    assert cell.number_format.count("0") == 1 + digits
    written = read_csv(as_csv(table))[1][0]
    assert Decimal(written) * 10**digits == amount
    assert len(written.partition(".")[2]) == digits


def test_days_are_days_and_nothing_is_empty() -> None:
    table = Sheet("x", ["Day", "None", "Count"], [[date(2026, 12, 5), None, 7]])
    row = read_xlsx(xlsx([table], language="en")).active[2]
    assert (row[0].value.date(), row[0].number_format) == (date(2026, 12, 5), "yyyy-mm-dd")
    assert [cell.value for cell in row[1:]] == [None, 7]
    assert read_csv(as_csv(table))[1] == ["2026-12-05", "", "7"]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_sheet_is_written_from_where_its_language_begins(language: str) -> None:
    sheet = read_xlsx(xlsx([Sheet("x", ["What"])], language=language)).active
    assert bool(sheet.sheet_view.rightToLeft) is (language == "ar")


def test_several_tables_each_have_a_name_a_spreadsheet_takes() -> None:
    names = ["In/Out: [2026]?", "x" * 40, "''"]
    book = read_xlsx(xlsx([Sheet(name, ["What"]) for name in names], language="en"))
    assert len(book.sheetnames) == 3
    assert all(0 < len(name) <= 31 for name in book.sheetnames)


def test_csv_ends_lines_and_quotes_as_the_standard_says() -> None:
    made = as_csv(Sheet("x", ["a", "b"], [['say "x", then', "two\nlines"]]))
    assert made == '\ufeffa,b\r\n"say ""x"", then","two\nlines"\r\n'.encode()
