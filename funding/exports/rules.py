"""Which piece of a book fits into one file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

MOST_ENTRIES = 4_000
"""So many entries are put into one workbook while somebody waits; a larger book is taken year by year."""
FIRST_YEAR = 1990


@dataclass(frozen=True)
class Piece:
    """A year of the book, or all of it."""

    year: int | None = None

    @property
    def since(self) -> date | None:
        return date(self.year, 1, 1) if self.year else None

    @property
    def before(self) -> date | None:
        return date(self.year + 1, 1, 1) if self.year else None

    @property
    def code(self) -> str:
        """How an address and a file name it."""
        return str(self.year) if self.year else "all"


def years(first: date | None, last: date | None) -> list[int]:
    """The years the book reaches over, the latest first."""
    return list(range(last.year, first.year - 1, -1)) if first and last else []


def read_piece(asked: str | None, *, there: Sequence[int], fits_whole: bool) -> Piece:
    """What an address asks for; where that is not there, the whole book if it fits, else its latest year."""
    if asked and asked.isascii() and asked.isdigit() and len(asked) == 4 and int(asked) in there:  # noqa: PLR2004 - a year
        return Piece(int(asked))
    return Piece() if fits_whole or not there else Piece(there[0])
