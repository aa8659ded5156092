"""The book of the group in scope, as its formats want it."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from funding.exports.formats.entries import Book, Closing, Entry, Fund, Leg
from funding.ledger import queries as ledger
from funding.ledger.queries import in_order
from funding.ledger.queries.in_order import EntryInOrder
from funding.ledger.rules import short_seal
from funding.periods.queries import closings
from network.tenancy import scope
from network.tenancy.queries import get_group


def whole_book(*, with_words: bool) -> Book:
    """Everything, its entries read as they are asked for."""
    group = get_group(scope.group_id())
    moved = in_order.months_moved()
    opened: dict[tuple[str, str, str], date] = {}
    sums: Counter[tuple[str, str, str]] = Counter()
    for one in moved:
        key = (one.account, one.fund, str(one.account_kind))
        opened[key] = min(one.month, opened.get(key, one.month))
        sums[key] += one.debit - one.credit
    return Book(
        name=group.name,
        currency=group.currency,
        funds=tuple(Fund(one.code, one.name or "", one.closed_on) for one in ledger.funds()),
        closings=tuple(_closings()),
        opened=tuple((*key, opened[key]) for key in sorted(opened)),
        balances=tuple((*key, sums[key]) for key in sorted(sums)),
        last_on=in_order.find_last_day(),
        entries=entries(with_words=with_words),
    )


def _closings() -> Iterator[Closing]:
    for one in closings():
        seal = short_seal(bytes(one.head)) if one.head else ""
        yield Closing(str(one.kind), one.through, one.entries or 0, seal)


def entries(*, with_words: bool, since: date | None = None, before: date | None = None) -> Iterator[Entry]:
    """The entries in order."""
    for one in in_order.entries_in_order(since=since, before=before, with_words=with_words):
        yield _as_entry(one)


def _as_entry(one: EntryInOrder) -> Entry:
    legs = tuple(Leg(leg.account, str(leg.account_kind), leg.fund, leg.amount) for leg in one.legs)
    return Entry(
        one.number, one.effective_on, one.recorded_at, str(one.kind), one.code or "", one.words or "", one.takes_back,
        one.seal.hex(), legs,
    )  # fmt: skip
