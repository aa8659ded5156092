"""What the report is made from, and what is counted for the network's quarterly figures."""

from datetime import date

from funding.ledger import queries as ledger
from funding.ledger.rules import EntryKind, Source, short_seal
from funding.reports import rules
from funding.reports.rules import Period, Report


def report_of(period: Period) -> Report:
    """The one page for a period."""
    count = ledger.count_standing(EntryKind.HARDSHIP, period.start, period.end)
    return rules.report(ledger.movements(period.start, period.end), hardship_count=count)


def totals_of(start: date, end: date) -> Report | None:
    """The same between two firsts of a month, where the group keeps a book here at all."""
    first = ledger.find_first_day()
    if first is None or first >= end:
        return None
    count = ledger.count_standing(EntryKind.HARDSHIP, start, end)
    return rules.report(ledger.movements(start, end), hardship_count=count)


def sums_between(start: date, end: date) -> tuple[int, int] | None:
    """What came in and what went out from one day up to another; nothing where the group keeps no book here."""
    totals = totals_of(start, end)
    return (totals.whole.total_in, totals.whole.total_out) if totals else None


def _came_in(source: Source, start: date, end: date) -> int | None:
    totals = totals_of(start, end)
    return max(0, totals.whole.came_in.get(source, 0)) if totals else None


def contributions_received(start: date, end: date) -> int | None:
    """Members' contributions of a quarter, in minor units."""
    return _came_in(Source.CONTRIBUTIONS, start, end)


def grants_received(start: date, end: date) -> int | None:
    """Grants of a quarter, in minor units."""
    return _came_in(Source.GRANTS, start, end)


def other_income_received(start: date, end: date) -> int | None:
    """Other income of a quarter, in minor units."""
    return _came_in(Source.OTHER_INCOME, start, end)


def money_spent(start: date, end: date) -> int | None:
    """What was spent in a quarter, hardship included and not told apart, in minor units."""
    totals = totals_of(start, end)
    return max(0, totals.whole.total_out) if totals else None


def book_seal() -> tuple[int, str] | None:
    """The number and the seal of the last entry, to be written down beside the report."""
    book = ledger.find_book()
    return (book.entries, short_seal(bytes(book.head))) if book and book.entries else None
