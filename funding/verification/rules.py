"""What an entry must be beside the ones before it: read in the order of the book, with what stood after each."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from funding.ledger.rules import CHART, AccountKind, EntryKind, Written

NAME_TWO = frozenset(
    {EntryKind.EXPENSE, EntryKind.HARDSHIP, EntryKind.REVERSAL, EntryKind.COUNT, EntryKind.BETWEEN_FUNDS}
)


class AsItStood:
    """What each place and fund held, how far the book was closed and which codes were paid, entry by entry."""

    def __init__(self) -> None:
        self.held: Counter[tuple[str, str]] = Counter()
        self.paid: set[str] = set()
        self.closed_through: date | None = None

    def faults_of(self, entry: Written, undone: Written | None) -> Iterator[str]:
        """What is wrong with the next entry of the book, in words for whoever looks after it."""
        if self.closed_through and entry.effective_on <= self.closed_through:
            yield "it is for a time that was closed when it was written"
        yield from self._of_people(entry)
        yield from self._of_what_is_held(entry)
        yield from self._of_help(entry, undone)

    def _of_people(self, entry: Written) -> Iterator[str]:
        leaves = sum(line.amount for line in entry.lines if _is_place(line.account)) < 0
        if entry.confirmed_by is None and (leaves or entry.kind in NAME_TWO):
            yield "it names no second person"
        if entry.confirmed_by == entry.recorded_by:
            yield "its second person is the first"

    def _of_what_is_held(self, entry: Written) -> Iterator[str]:
        """No place and no fund as a whole holds less than nothing; whoever took out too much is named, not who came later."""
        change: Counter[tuple[str, str]] = Counter()
        for line in entry.lines:
            if _is_place(line.account):
                change["place", line.account] += line.amount
                change["fund", line.fund] += line.amount
        self.held.update(change)
        for (what, name), amount in sorted(change.items()):
            if amount < 0 and self.held[what, name] < 0:
                yield f"it leaves less than nothing in {name}"

    def _of_help(self, entry: Written, undone: Written | None) -> Iterator[str]:
        if entry.kind == EntryKind.HARDSHIP and entry.code:
            if entry.code in self.paid:
                yield "its code was paid already"
            self.paid.add(entry.code)
        elif undone is not None and undone.kind == EntryKind.HARDSHIP and undone.code:
            self.paid.discard(undone.code)


def _is_place(account: str) -> bool:
    return CHART.get(account) is AccountKind.ASSET
