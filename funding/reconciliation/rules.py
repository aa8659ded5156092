"""What explains the difference between a place's statements and the book."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Reconciled:
    """A statement's balance and the book's on its last day, and what lies between them. The parts make up the difference."""

    statement: int
    book: int
    before: int
    """What the book and the statements differed by before the first statement."""
    not_in_book: int
    """Open lines: money that moved and is not written down."""
    left_aside: int
    not_on_statement: int
    """Entries, or what is left of them, that no line accounts for."""
    other_days: int
    """Joined, but written down for a day on the other side of the statement's first or last."""
    missing: int
    """Movements that the statements leave out between them."""

    @property
    def difference(self) -> int:
        return self.book - self.statement

    @property
    def explained(self) -> int:
        return (
            self.before
            + self.not_on_statement
            + self.other_days
            - self.not_in_book
            - self.left_aside
            - self.missing
        )


@dataclass(frozen=True)
class Joined:
    """A part of a line and its entry: whether each lies in the days that are looked at."""

    amount: int
    line_is_in: bool
    entry_is_in: bool


@dataclass(frozen=True)
class AccountRun:
    """One account over the days that are looked at: what it opened and closed with, and what its lines come to."""

    opening: int
    closing: int
    moved: int


def reconciled(
    accounts: Sequence[AccountRun],
    *,
    book_before: int,
    book_after: int,
    entries: int,
    joined: Sequence[Joined],
    left_aside: int,
) -> Reconciled:
    """Lay a place's statements and the book beside each other."""
    moved = sum(one.moved for one in accounts)
    of_entries = sum(one.amount for one in joined if one.entry_is_in)
    of_lines = sum(one.amount for one in joined if one.line_is_in)
    both = sum(one.amount for one in joined if one.line_is_in and one.entry_is_in)
    return Reconciled(
        statement=sum(one.closing for one in accounts),
        book=book_after,
        before=book_before - sum(one.opening for one in accounts),
        not_in_book=moved - of_lines - left_aside,
        left_aside=left_aside,
        not_on_statement=entries - of_entries,
        other_days=(of_entries - both) - (of_lines - both),
        missing=sum(one.closing - one.opening - one.moved for one in accounts),
    )
