"""Rows and columns of a CSV file, whatever separates them and whatever stands above the header."""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from funding.statements.formats.statement import NotReadable, at_line

SEPARATORS = ",;\t|"
CODES = frozenset(
    re.findall(
        "...",
        "BIFCDFDJFEGPERNETBGHSKESLSLMGAMURMWKMZNNADNGNRWFSCRSDGSLESOSSSPSZLTZSUGXXAFXOFZARZMW"
        "AEDAUDBHDBRLCADCHFCNYCZKDKKEURGBPHUFINRJPYKWDLKRMXNNOKNZDOMRPHPPKRPLNSEKTNDUSD",
    )
)
SHORT_FORMS = {"KSH": "KES", "KSHS": "KES", "TSH": "TZS", "TSHS": "TZS", "USH": "UGX", "USHS": "UGX"} | {
    "EURO": "EUR",
    "EUROS": "EUR",
}
NOTHING = {"-", "--", "\u2013", "N/A", "n/a", "null", "NULL", "None", "nil", "NIL"}
DRESSED = re.compile(r'\A="\s*(.*?)\s*"\Z')
"""What makes a spreadsheet take figures for words."""
DEEPEST_HEADER = 120
WIDEST_HEADER = 200
LONGEST_LINE = 1_000_000


@dataclass(frozen=True)
class Row:
    """The cells of one row and the line of the file on which it ends."""

    number: int
    cells: tuple[str, ...]

    def cell(self, column: int | None) -> str:
        """What stands in that column; nothing when the row stops before it."""
        return self.cells[column] if column is not None and column < len(self.cells) else ""

    def is_blank(self) -> bool:
        return not any(self.cells)


@dataclass(frozen=True)
class Sheet:
    """A file that was understood: what stood above the header, the columns by what they hold, and the rows below."""

    above: tuple[Row, ...]
    header: Row
    columns: Mapping[str, int]
    rows: tuple[Row, ...]
    currency: str | None = field(default=None)
    """The currency that the header or the lines above it name."""


def plain(cell: str) -> str:
    """A header's words for comparing: small letters, no signs, no currency."""
    words = re.sub(r"[\W_]+", " ", cell.replace("a/c", "account").replace("A/C", "account")).split()
    return " ".join(word.lower() for word in words if currency_named(word) is None)


def currency_named(text: str) -> str | None:
    """The first currency a text names, by its code or the short form people write."""
    for word in re.findall(r"[A-Za-z]+", text):
        code = SHORT_FORMS.get(word.upper(), word)
        if code in CODES:
            return code
    return "EUR" if "€" in text else None


def currency_above(rows: Iterable["Row"]) -> str | None:
    """The currency that lines above a header name: alone in a cell, beside an amount, or after its own label.

    In other words three capitals are somebody's name: SOS is a currency and a children's village.
    """
    for row in rows:
        cells = [part.strip() for cell in row.cells for part in cell.split(":", 1) if part.strip()]
        for cell in cells:
            word = re.sub(r"[-+.,0-9\s()]", "", cell)
            is_beside_an_amount = any(sign.isdigit() for sign in cell)
            code = SHORT_FORMS.get(word.upper(), word.upper() if is_beside_an_amount else word)
            if code in CODES:
                return code
        for label, value in pairwise(cells):
            if "currency" in label.lower() and (named := currency_named(value.upper())):
                return named
    return None


def tables(text: str) -> list[tuple[Row, ...]]:
    """The file's rows, once for every separator that can be meant. Raises `NotReadable`."""
    if max(map(len, text.splitlines()), default=0) > LONGEST_LINE:
        raise NotReadable("A line of this file is longer than a line of a statement can be.")
    first, _, rest = text.partition("\n")
    if re.fullmatch(r"sep=.\s*", first, re.IGNORECASE):
        return [_rows(rest, first[4], offset=1)]
    found, refused = [], None
    for separator in SEPARATORS:
        if separator in text:
            try:
                found.append(_rows(text, separator))
            except NotReadable as broken:
                refused = refused or broken
    if not found:
        raise refused or NotReadable("There are no columns in this file.")
    return found


def _rows(text: str, separator: str, *, offset: int = 0) -> tuple[Row, ...]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        return tuple(Row(reader.line_num + offset, tuple(_trimmed(cells))) for cells in reader)
    except csv.Error:
        line = reader.line_num + offset
    plain_lines = _with_marks_inside(text, separator, offset)
    if plain_lines:
        return plain_lines
    refused = NotReadable("A quotation mark is not closed, so the columns cannot be told apart.")
    raise refused.at(at_line(line)) from None


def _with_marks_inside(text: str, separator: str, offset: int) -> tuple[Row, ...]:
    """The rows where every cell stands in quotation marks and some have their own inside; nothing for any other file."""
    found = []
    for number, line in enumerate(text.splitlines(), start=1 + offset):
        bare = line.strip(f" \t{separator}")
        if not bare:
            continue
        if len(bare) < len('""') or bare[0] != '"' or bare[-1] != '"':
            return ()
        cells = [cell.replace('""', '"') for cell in bare[1:-1].split(f'"{separator}"')]
        found.append(Row(number, tuple(_trimmed(cells))))
    return tuple(found)


def _trimmed(cells: list[str]) -> list[str]:
    cells = [" ".join(cell.split()) for cell in cells]
    cells = [DRESSED.sub(r"\1", cell) for cell in cells]
    return ["" if cell in NOTHING else cell for cell in cells]


def find(
    text: str, names: Mapping[str, tuple[str, ...]], needed: tuple[tuple[str, ...], ...]
) -> Sheet | None:
    """The sheet under a header with these columns (`names`: what a column holds, and what it may be called).

    Of each group in `needed` at least one column has to be there; `None` when no line is such a header.
    """
    best: Sheet | None = None
    for rows in tables(text):
        for place in range(min(len(rows), DEEPEST_HEADER)):
            found = _under(rows, place, names, needed)
            if found:
                best = found if best is None or len(found.columns) > len(best.columns) else best
                break
    return best


def _under(
    rows: tuple[Row, ...],
    place: int,
    names: Mapping[str, tuple[str, ...]],
    needed: tuple[tuple[str, ...], ...],
) -> Sheet | None:
    """The sheet under the header in this row, or in this and the next: what takes tables out of PDFs may break it."""
    for header, below in ((rows[place], place + 1), (_on_two_rows(rows, place), place + 2)):
        columns = _columns(header, names) if header else {}
        if header and all(any(name in columns for name in group) for group in needed):
            return _sheet(rows[:place], header, columns, rows[below:])
    return None


def _on_two_rows(rows: tuple[Row, ...], place: int) -> Row | None:
    one, two = rows[place], rows[place + 1] if place + 1 < len(rows) else None
    if two is None or one.is_blank() or two.is_blank() or len(one.cells) != len(two.cells):
        return None
    if any(sign.isdigit() for cell in (*one.cells, *two.cells) for sign in cell):
        return None
    cells = tuple(f"{above} {below}".strip() for above, below in zip(one.cells, two.cells, strict=True))
    return Row(two.number, cells)


def _columns(row: Row, names: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    columns: dict[str, int] = {}
    if len(row.cells) > WIDEST_HEADER:
        return columns
    cells = [plain(cell) for cell in row.cells]
    for name, called in names.items():
        for word in called:
            if word in cells and cells.index(word) not in columns.values():
                columns[name] = cells.index(word)
                break
    return columns


def _sheet(above: tuple[Row, ...], header: Row, columns: dict[str, int], below: tuple[Row, ...]) -> Sheet:
    in_header = (currency_named(cell) for cell in header.cells)
    currency = next((code for code in in_header if code), None) or currency_above(above)
    told = [row for row in below if not row.is_blank() and row.cells != header.cells]
    return Sheet(tuple(row for row in above if not row.is_blank()), header, columns, tuple(told), currency)
