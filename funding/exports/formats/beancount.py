"""A book as beancount text, so that a program nobody here wrote can check that it adds up.

Every account carries its fund as its last part, so each fund balances by itself. Amounts are exact; the balances at the
end are asserted without tolerance, since a program that allows half a unit would not notice one.
"""

import re
from collections.abc import Iterator
from datetime import timedelta

from funding.exports.formats.entries import Book, Entry, decimal

ROOTS = {
    "asset": "Assets",
    "liability": "Liabilities",
    "income": "Income",
    "expense": "Expenses",
    "equity": "Equity",
}
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029\ufffe\uffff\ud800-\udfff]+")


def account(code: str, kind: str, fund: str) -> str:
    """A name such as Assets:MobileMoney:Grant-1."""
    return f"{ROOTS[kind]}:{_part(code)}:{_part(fund)}"


def _part(code: str) -> str:
    """Codes are small letters, digits, underscores and dashes; a part begins with a capital and has no underscore."""
    return "".join(word[:1].upper() + word[1:] for word in code.split("_"))


def quoted(words: str) -> str:
    """Words as a string on one line that cannot end before it is over."""
    plain = UNPRINTABLE.sub(" ", words).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{plain.strip()}"'


def lines(book: Book, *, with_words: bool) -> Iterator[str]:
    """The text, line by line."""
    yield f'option "title" {quoted(book.name)}'
    yield f'option "operating_currency" {quoted(book.currency)}'
    yield ""
    for closing in book.closings:
        through = f"closed through {closing.through}" if closing.through else "open again"
        yield f"; {closing.kind}: {through}, decided at entry {closing.entries}, seal {closing.seal}"
    for fund in book.funds:
        closed = f", closed on {fund.closed_on}" if fund.closed_on else ""
        yield f"; fund {fund.code}: {quoted(fund.name or fund.code)}{closed}"
    yield ""
    for code, of, kind, first in book.opened:
        yield f"{first} open {account(code, kind, of)} {book.currency}"
    last = 0
    for entry in book.entries:
        yield ""
        yield from _transaction(entry, book.currency, with_words=with_words)
        last = entry.number
    yield ""
    yield from _balances(book)
    yield f"; {last} entries"


def _transaction(entry: Entry, currency: str, *, with_words: bool) -> Iterator[str]:
    words = quoted(entry.words if with_words else "")
    link = f" ^entry-{entry.number}" + (f" ^entry-{entry.takes_back}" if entry.takes_back else "")
    yield f"{entry.effective_on} * {quoted(entry.kind)} {words}{link}"
    yield f"  number: {entry.number}"
    yield f"  recorded: {quoted(entry.recorded_at.isoformat(timespec='seconds'))}"
    if entry.code:
        yield f"  code: {quoted(entry.code)}"
    if entry.takes_back:
        yield f"  takes-back: {entry.takes_back}"
    yield f"  seal: {quoted(entry.seal)}"
    for leg in entry.legs:
        name = account(leg.account, leg.account_kind, leg.fund)
        yield f"  {name}  {decimal(leg.amount, currency):f} {currency}"


def _balances(book: Book) -> Iterator[str]:
    """An assertion holds at the beginning of its day, so it is on the day after the last entry."""
    if book.last_on is None:
        return
    day = book.last_on + timedelta(days=1)
    for code, fund, kind, amount in book.balances:
        yield f"{day} balance {account(code, kind, fund)}  {decimal(amount, book.currency):f} ~ 0 {book.currency}"
