"""From a pasted text or a file to lines of cells: whatever separates them, and in the letters that files really come in."""

import codecs
import csv
import io
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from openpyxl import load_workbook

LARGEST_FILE = 400 * 1024
"""Small enough that the server reads it without laying it on its disk, which happens to files of half a megabyte."""
LARGEST_UNPACKED = 16 * 1024 * 1024
MOST_LINES = 1000
WIDEST = 60
SEPARATORS = "\t;,"
OTHER_FILES = (b"%PDF", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"\x89PNG", b"\xff\xd8\xff")
"""How a PDF, an old spreadsheet, a packed file and a picture begin."""


class NotReadable(Exception):
    """These bytes are no table."""


@dataclass(frozen=True)
class Line:
    """The cells of one line that is not empty, and its number as people count."""

    number: int
    cells: tuple[str, ...]


def lines_of_text(text: str) -> list[Line]:
    """The lines of a text, in cells where something separates them. Raises `NotReadable`.

    Each line is read by itself, so that a quotation mark somebody forgot never swallows the people below it.
    """
    lines = text.splitlines()
    found = []
    try:
        separator = _separator(lines)
        for number, line in enumerate(lines, start=1):
            found += _line(number, _cells(line, separator))
    except csv.Error as broken:
        raise NotReadable from broken
    return found


def _separator(lines: list[str]) -> str:
    """What stands between the cells: of the first line that has any of the signs, the one that makes most cells."""
    first = next((line for line in lines if any(sign in line for sign in SEPARATORS)), "")
    return max(SEPARATORS, key=lambda sign: len(_cells(first, sign)))


def _cells(line: str, separator: str) -> list[str]:
    return next(csv.reader([line], delimiter=separator), [])


def lines_of_file(content: bytes) -> list[Line]:
    """The lines of a CSV or XLSX file; of a workbook those of its first sheet. Raises `NotReadable`."""
    if len(content) > LARGEST_FILE or content.startswith(OTHER_FILES):
        raise NotReadable
    if content.startswith(b"PK"):
        return list(_lines_of_book(content))
    text = _decoded(content).lstrip("\ufeff")
    if "\x00" in text:
        raise NotReadable
    first, _, rest = text.partition("\n")
    return lines_of_text("\n" + rest if first.strip(" \r").lower() in {"sep=,", "sep=;", "sep=\t"} else text)


def _line(number: int, cells: list[str]) -> list[Line]:
    tidy = tuple(" ".join(cell.split()) for cell in cells[:WIDEST])
    return [Line(number, tidy)] if any(tidy) else []


def _decoded(content: bytes) -> str:
    beginning = content[:400]
    encoding = "utf-8-sig"
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif beginning[1::2].count(0) * 4 > len(beginning):  # every other byte is nought: UTF-16 without its mark
        encoding = "utf-16-le"
    elif beginning[::2].count(0) * 4 > len(beginning):
        encoding = "utf-16-be"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _lines_of_book(content: bytes) -> Iterator[Line]:
    if _unpacked_size(content) > LARGEST_UNPACKED:
        raise NotReadable
    try:
        with closing(
            load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        ) as book:
            rows = book.worksheets[0].iter_rows(max_row=MOST_LINES, max_col=WIDEST, values_only=True)
            for number, row in enumerate(rows, start=1):
                yield from _line(number, [_words(value) for value in row])
    except Exception as broken:  # whatever the library stumbles over, the file is no table
        raise NotReadable from broken


def _unpacked_size(content: bytes) -> int:
    """How large a packed file says it becomes; the library that unpacks it gives up where that was a lie."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return sum(part.file_size for part in packed.infolist())
    except (zipfile.BadZipFile, OSError, ValueError) as broken:
        raise NotReadable from broken


def _words(value: Any) -> str:
    """What a cell shows: a day as 2026-12-31, a whole number (as telephone numbers become) without its decimals."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    is_whole = isinstance(value, float) and value.is_integer()
    return str(int(value)) if is_whole else str(value)
