"""A book as a table for programs: one row a leg, codes as they are."""

import csv
import io
from collections.abc import Iterator

from funding.exports.formats.entries import Book, decimal

HEADINGS = (
    "entry", "day", "recorded_at", "kind", "code", "account", "fund", "amount_minor", "amount", "currency", "takes_back", "seal",
)  # fmt: skip


def lines(book: Book) -> Iterator[str]:
    """The table, line by line, without the ends of lines. Every column is a code, a number or a day: nothing somebody typed."""
    yield _line(HEADINGS)
    for entry in book.entries:
        for leg in entry.legs:
            amount = decimal(leg.amount, book.currency)
            yield _line(
                (
                    entry.number, entry.effective_on.isoformat(), entry.recorded_at.isoformat(), entry.kind, entry.code,
                    leg.account, leg.fund, leg.amount, f"{amount:f}", book.currency, entry.takes_back or "", entry.seal,
                )
            )  # fmt: skip


def _line(values: tuple[object, ...]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(values)
    return out.getvalue()
