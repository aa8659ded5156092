"""What an entry must be beside the ones before it: read in the order of the book, with what stood after each."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from funding.ledger.rules import CHART, AccountKind, EntryKind, Line, Written

NAME_TWO = frozenset(
    {EntryKind.EXPENSE, EntryKind.HARDSHIP, EntryKind.REVERSAL, EntryKind.COUNT, EntryKind.BETWEEN_FUNDS}
)

PLACES = frozenset(code for code, kind in CHART.items() if kind is AccountKind.ASSET)


@dataclass(frozen=True)
class Fault:
    """Something in the book that is not as it must be, and which row shows it."""

    what: str
    row: str


@dataclass(frozen=True)
class Signed:
    """What somebody signed when an entry was the last one: its seal, and what places and funds held."""

    row: str
    head: bytes | None
    held: Mapping[tuple[str, str], int]
    tells_funds: bool


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
        moved = [line for line in entry.lines if line.account in PLACES]
        if entry.confirmed_by is None and (entry.kind in NAME_TWO or sum(line.amount for line in moved) < 0):
            yield "it names no second person"
        if entry.confirmed_by == entry.recorded_by:
            yield "its second person is the first"
        yield from self._of_what_is_held(moved)
        yield from self._of_help(entry, undone)

    def faults_of_signed(self, signed: Signed, head: bytes) -> Iterator[Fault]:
        """What somebody signed after the last entry so far, against what the book held by then."""
        if signed.head is not None and signed.head != head:
            yield Fault("its seal is not that of the entry it names", signed.row)
        funds = {whole for whole, amount in self.held.items() if amount and whole[0] == "fund"}
        told = set(signed.held) | (funds if signed.tells_funds else set())
        for whole in sorted(told):
            if self.held[whole] != signed.held.get(whole, 0):
                yield Fault(f"the book held something else in {whole[1]} when it was signed", signed.row)

    def _of_what_is_held(self, moved: list[Line]) -> Iterator[str]:
        """No place and no fund as a whole holds less than nothing; whoever took out too much is named, not who came later."""
        taken: Counter[tuple[str, str]] = Counter()
        for line in moved:
            for whole in (("place", line.account), ("fund", line.fund)):
                self.held[whole] += line.amount
                taken[whole] += line.amount
        for whole, amount in taken.items():
            if amount < 0 and self.held[whole] < 0:
                yield f"it leaves less than nothing in {whole[1]}"

    def _of_help(self, entry: Written, undone: Written | None) -> Iterator[str]:
        if entry.kind == EntryKind.HARDSHIP and entry.code:
            if entry.code in self.paid:
                yield "its code was paid already"
            self.paid.add(entry.code)
        elif undone is not None and undone.kind == EntryKind.HARDSHIP and undone.code:
            self.paid.discard(undone.code)
