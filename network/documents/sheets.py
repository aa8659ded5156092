"""Tables for a spreadsheet, as XLSX or CSV: money as numbers, days as days, and nothing in them ever runs.

    sheet("What came in", [_("Day"), _("Amount")], [[entry.day, Money(entry.amount, "KES")]])

Headings are marked by whoever passes them, inside `in_language(...)` where the reader's language is not the document's.
"""

import csv as standard
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from network.currencies import minor_digits
from network.web.languages import language_of

MARK = "\ufeff"
"""At the start of a CSV: without it the most common spreadsheet reads our letters as those of an old code page.
Readers that need no mark know and skip it."""
RUNS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\t", "\r", "\n")
"""What a spreadsheet may take for the beginning of a formula."""
NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\]")
LONGEST_NAME, WIDEST, NARROWEST = 31, 60, 10
A4 = 9
"""How a spreadsheet numbers the size of paper."""


class Money(NamedTuple):
    """An amount in minor units with its currency."""

    amount: int
    currency: str

    @property
    def value(self) -> Decimal:
        """The same in whole units, exactly, with the decimals its currency has."""
        return Decimal(self.amount).scaleb(-minor_digits(self.currency))


@dataclass(frozen=True)
class Sheet:
    """One table: a name, headings, and rows of text, whole numbers, days, money or nothing."""

    name: str
    headings: Sequence[Any]
    rows: Iterable[Sequence[Any]] = field(default_factory=list)


def xlsx(sheets: Sequence[Sheet], *, language: str) -> bytes:
    """A workbook with these tables, written from the right where the language is."""
    book = Workbook(write_only=True)
    book.properties.creator, book.properties.language = "Pamoja", language_of(language).code
    for one in sheets:
        _add(book, one, is_rtl=language_of(language).direction == "rtl")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _add(book: Workbook, sheet: Sheet, *, is_rtl: bool) -> None:
    rows = [list(row) for row in sheet.rows]
    page = book.create_sheet(NOT_IN_A_NAME.sub(" ", str(sheet.name)).strip("' ")[:LONGEST_NAME] or None)
    page.sheet_view.rightToLeft = is_rtl
    page.freeze_panes = "A2"
    page.print_title_rows = "1:1"
    page.page_setup.paperSize, page.page_setup.orientation = A4, "landscape"
    page.page_setup.fitToHeight, page.sheet_properties.pageSetUpPr.fitToPage = 0, True
    for number, widest in enumerate(_widths(sheet.headings, rows), 1):
        page.column_dimensions[get_column_letter(number)].width = widest
    page.append([_heading(page, words) for words in sheet.headings])
    for row in rows:
        page.append([_cell(page, value) for value in row])


def _widths(headings: Sequence[Any], rows: list[list[Any]]) -> Iterator[int]:
    for number, heading in enumerate(headings):
        longest = max((len(_text(row[number])) for row in rows if number < len(row)), default=0)
        yield min(WIDEST, max(NARROWEST, len(str(heading)) + 2, longest + 2))


def _heading(page: Any, words: Any) -> WriteOnlyCell:
    cell = _as_text(page, str(words))
    cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    return cell


def _cell(page: Any, value: Any) -> WriteOnlyCell:
    if isinstance(value, Money):
        cell = WriteOnlyCell(page, value=value.value)
        digits = minor_digits(value.currency)
        cell.number_format = "#,##0." + "0" * digits if digits else "#,##0"
        return cell
    if isinstance(value, date):
        cell = WriteOnlyCell(page, value=value)
        cell.number_format = "yyyy-mm-dd"
        return cell
    if value is None or isinstance(value, int):
        return WriteOnlyCell(page, value=value)
    return _as_text(page, str(value))


def _as_text(page: Any, words: str) -> WriteOnlyCell:
    """Text stays text, whatever it begins with, also after somebody has edited the cell."""
    cell = WriteOnlyCell(page, value=NO_XML.sub("\ufffd", words) or None)
    cell.data_type = "s" if words else "n"
    if words.startswith(RUNS):
        cell.style = "Normal"
        cell.quotePrefix = True
    return cell


def csv(sheet: Sheet) -> bytes:
    """One table as CSV (RFC 4180) in UTF-8: decimals with a point and no spaces, days as 2026-12-31, an empty field for nothing."""
    out = io.StringIO(newline="")
    writer = standard.writer(out)
    writer.writerow([_harmless(heading) for heading in sheet.headings])
    writer.writerows([_harmless(value) for value in row] for row in sheet.rows)
    return (MARK + out.getvalue()).encode()


def _harmless(value: Any) -> str:
    words = _text(value)
    is_number = isinstance(value, Money | int)
    return "'" + words if words.startswith(RUNS) and not is_number else words


def _text(value: Any) -> str:
    if isinstance(value, Money):
        return str(value.value)
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else NO_XML.sub("\ufffd", str(value))
