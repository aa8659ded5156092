"""Entries of a CSV statement in the order in which they happened, judged by times and by running balances."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby, pairwise
from typing import NamedTuple, Optional

from funding.statements.formats.statement import Status, Told, at_line

LARGEST_TIE = 200


class Entry(NamedTuple):
    """A row of the file; a fee that stands in a column of its own follows as `charge`."""

    number: int
    when: datetime
    amount: int
    reference: str
    text: str
    status: Status
    balance: int | None
    charge: Optional["Entry"] = None

    @property
    def place(self) -> Told:
        return at_line(self.number)

    @property
    def moved(self) -> int:
        """What the row took from or added to the balance."""
        return self.amount + (self.charge.amount if self.charge else 0)

    @property
    def after(self) -> int | None:
        """The balance afterwards, when the row moved money and says so."""
        balance = self.charge.balance if self.charge else self.balance
        return balance if self.status == Status.BOOKED else None


def with_charges_that_count(entries: Sequence[Entry]) -> Sequence[Entry]:
    """The entries, without the fees beside them where the balances say that the amounts hold these already."""
    bare = [e._replace(charge=None, balance=e.charge.balance) if e.charge else e for e in entries]
    return bare if _most_that_follow(bare) > _most_that_follow(entries) else entries


def _most_that_follow(entries: Sequence[Entry]) -> int:
    """How many balances follow from their neighbour's, in the order of the file or in the other."""
    told = [entry for entry in entries if entry.after is not None]
    onward = sum(1 for one, two in pairwise(told) if _follows(two, one.after))
    return max(onward, sum(1 for one, two in pairwise(told) if _follows(one, two.after)))


def in_time(entries: Sequence[Entry], *, is_latest_first: bool) -> list[Entry]:
    """Oldest first. What happened in the same moment is put in the order that the balances give."""
    turned = list(reversed(entries)) if _begins_with_latest(entries, is_latest_first) else list(entries)
    turned.sort(key=lambda entry: entry.when)
    ordered: list[Entry] = []
    before: int | None = None
    for _, moment in groupby(turned, key=lambda entry: entry.when):
        for entry in _settled(list(moment), before):
            ordered.append(entry)
            before = _after(entry, before)
    return [part for entry in ordered for part in _parts(entry)]


def around(entries: Sequence[Entry]) -> tuple[int | None, int | None]:
    """The balances before the first and after the last movement, when the balance column tells them."""
    booked = [entry for entry in entries if entry.status == Status.BOOKED]
    opening, moved = None, 0
    for entry in booked:
        moved += entry.amount
        if entry.balance is not None:
            opening = entry.balance - moved
            break
    return opening, booked[-1].balance if booked else None


def _parts(entry: Entry) -> list[Entry]:
    return [entry._replace(charge=None), entry.charge] if entry.charge else [entry]


def _begins_with_latest(entries: Sequence[Entry], is_latest_first: bool) -> bool:  # noqa: FBT001 - a habit, not a switch
    if not entries:
        return False
    if entries[0].when != entries[-1].when:
        return entries[0].when > entries[-1].when
    told = [entry for entry in entries if entry.after is not None]
    onward = sum(1 for one, two in pairwise(told) if _follows(two, one.after))
    back = sum(1 for one, two in pairwise(told) if _follows(one, two.after))
    return back > onward or (back == onward and is_latest_first)


def _follows(entry: Entry, before: int | None) -> bool:
    return entry.after is None or before is None or entry.after - entry.moved == before


def _after(entry: Entry, before: int | None) -> int | None:
    if entry.status != Status.BOOKED:
        return before
    if entry.after is not None:
        return entry.after
    return None if before is None else before + entry.moved


def _is_chain(entries: Sequence[Entry], before: int | None) -> bool:
    for entry in entries:
        if not _follows(entry, before):
            return False
        before = _after(entry, before)
    return True


def _settled(moment: list[Entry], before: int | None) -> list[Entry]:
    """Entries of one moment so that each balance follows from the one before; as they stand when none does."""
    if len(moment) > LARGEST_TIE or _is_chain(moment, before):
        return moment
    left, ordered, now = list(moment), [], before if before is not None else _start(moment)
    while left:
        chosen = next((e for e in left if e.after is not None and _follows(e, now)), left[0])
        left.remove(chosen)
        ordered.append(chosen)
        now = _after(chosen, now)
    return ordered if _is_chain(ordered, before) else moment


def _start(moment: Sequence[Entry]) -> int | None:
    """The balance that none of these entries leaves behind: the one from before them."""
    left_behind = {entry.after for entry in moment}
    starts = [e.after - e.moved for e in moment if e.after is not None]
    return next((start for start in starts if start not in left_behind), None)
