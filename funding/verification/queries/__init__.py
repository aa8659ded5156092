"""Everything a book promises, asked again from the rows themselves."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa

from funding.ledger import queries as ledger
from funding.ledger import rules
from funding.ledger.queries.over_time import kept_sums
from funding.ledger.queries.whole import (
    Stored,
    outside_the_calendar,
    sums_outside_the_calendar,
    whole_book,
)
from funding.periods.models import PeriodChange
from funding.periods.queries import closings
from funding.receipts.queries import receipts_that_differ
from funding.verification.models import BookAlarm
from funding.verification.queries.asking import ask
from funding.verification.queries.guards import GUARDS, faults_of_guards, guarded_tables
from funding.verification.queries.of_entries import OF_ENTRIES
from funding.verification.queries.of_grants import OF_GRANTS, OF_ONWARD, OF_STATEMENTS
from funding.verification.queries.of_sheets import OF_COUNTS, OF_DECISIONS, OF_SHEETS
from funding.verification.queries.signed import signed
from funding.verification.rules import AsItStood, Fault
from network.db import db
from network.tenancy import scope
from network.tenancy.queries import get_group

__all__ = ["GUARDS", "Fault", "faults_of_guards", "guarded_tables"]
QUESTIONS = (
    *OF_ENTRIES, *OF_SHEETS, *OF_DECISIONS, *OF_COUNTS, *OF_GRANTS, *OF_STATEMENTS, *OF_ONWARD,
)  # fmt: skip


def faults() -> list[Fault]:
    """Everything the book of the group in scope promises, asked again from the rows themselves; a long book takes its time."""
    db.session.execute(sa.text("set local statement_timeout = '15min'"))
    if unreadable := list(_faults_of_days()):
        return unreadable
    return [*_Reading().faults(), *ask(QUESTIONS), *_faults_of_receipts()]


class _Reading:
    """The book read once from its first entry to its last: the chain, and what the legs come to day by day."""

    def __init__(self) -> None:
        self.number, self.head = 0, rules.GENESIS
        self.currency = get_group(scope.group_id()).currency
        self.days: dict[tuple[str, str, date], list[int]] = {}
        self.stood = AsItStood()
        self.closings: dict[int, list[PeriodChange]] = {}
        for change in closings():
            self.closings.setdefault(change.entries or 0, []).append(change)
        self.signed = signed()

    def faults(self) -> Iterator[Fault]:
        yield from self._of_what_was_said()
        for stored in whole_book():
            yield from self._of_entry(stored)
            yield from self._of_what_was_said()
        book = ledger.find_book()
        if (book.entries, bytes(book.head)) != (self.number, self.head) if book else self.number:
            yield Fault("the book does not end with its last entry", f"book of {scope.group_id()}")
        if book and book.closed_through != self.stood.closed_through:
            yield Fault("it is not closed as far as two people agreed", f"book of {scope.group_id()}")
        yield from self._of_sums()
        for row in (*_rows_of(self.closings), *(one.row for left in self.signed.values() for one in left)):
            yield Fault("the entry it names is not in the book", row)

    def _of_entry(self, stored: Stored) -> Iterator[Fault]:
        written = stored.written
        row = f"entry {written.number} ({written.id})"
        names = rules.faults_of(
            written,
            number=self.number + 1,
            previous=self.head,
            currency=self.currency,
            reversed_=stored.reversed,
        )
        yield from (Fault(name, row) for name in (*names, *self.stood.faults_of(written, stored.reversed)))
        if stored.hash != rules.seal(written):
            yield Fault("the seal does not fit what it covers", row)
        if stored.words is None and stored.salt:
            yield Fault("the words beside it cannot be read", row)
        elif stored.salt and rules.memo_hash(stored.salt, stored.words or "") != written.memo_hash:
            yield Fault("the words beside it are not those it was posted with", row)
        self.number, self.head = written.number, stored.hash
        for line in written.lines:
            both = self.days.setdefault((line.account, line.fund, written.effective_on), [0, 0])
            both[line.amount < 0] += abs(line.amount)

    def _of_what_was_said(self) -> Iterator[Fault]:
        """What stood when a month was closed or a count signed, against the entries there were then: later ones are left out."""
        for change in self.closings.pop(self.number, ()):
            row = f"closing {change.id}"
            self.stood.closed_through = change.through
            if change.head is not None and self.head != bytes(change.head):
                yield Fault("its seal is not that of the entry it names", row)
            if change.through and self._stood_on(change.through) != _in_order(change.balances):
                yield Fault("the balances it keeps are not those of its entries", row)
        for one in self.signed.pop(self.number, ()):
            yield from self.stood.faults_of_signed(one, self.head)

    def _stood_on(self, end_of_month: date) -> list[list[Any]]:
        found: Counter[tuple[str, str]] = Counter()
        for (account, fund, day), (debit, credit) in self.days.items():
            if day <= end_of_month:
                found[account, fund] += debit - credit
        return _in_order([[account, fund, amount] for (account, fund), amount in found.items() if amount])

    def _of_sums(self) -> Iterator[Fault]:
        sums: dict[tuple[str, str, str, date], list[int]] = {}
        for (account, fund, day), (debit, credit) in self.days.items():
            for span, starts_on in _spans(day):
                both = sums.setdefault((account, fund, span, starts_on), [0, 0])
                both[0] += debit
                both[1] += credit
        kept = kept_sums()
        for key in sorted(sums.keys() | kept.keys()):
            if tuple(sums.get(key, (0, 0))) != kept.get(key, (0, 0)):
                account, fund, span, starts_on = key
                row = f"account {account}, {fund}, {span} {starts_on}"
                yield Fault("the balance is not the sum of its legs", row)


def _in_order(balances: Any) -> list[Any]:
    """What a closing keeps, also where somebody put something else in its place."""
    return sorted(balances, key=str) if isinstance(balances, list) else []


def _rows_of(closings: dict[int, list[PeriodChange]]) -> Iterator[str]:
    yield from (f"closing {change.id}" for left in closings.values() for change in left)


def _spans(day: date) -> tuple[tuple[str, date], ...]:
    return (
        ("day", day),
        ("month", day.replace(day=1)),
        ("year", day.replace(month=1, day=1)),
        ("ever", date.min),
    )


def _faults_of_days() -> Iterator[Fault]:
    """A day that is in no calendar cannot even be read, so the book is not read further."""
    for number, entry_id in outside_the_calendar():
        yield Fault("its day is in no calendar", f"entry {number} ({entry_id})")
    yield from (Fault("its day is in no calendar", f"sum {sum_id}") for sum_id in sums_outside_the_calendar())


def _faults_of_receipts() -> Iterator[Fault]:
    for number in receipts_that_differ():
        yield Fault("its number does not follow", f"receipt {number}")


def find_alarm() -> BookAlarm | None:
    """Why the book is stopped, if it is."""
    return db.session.scalar(sa.select(BookAlarm).where(BookAlarm.cleared_at.is_(None)))
