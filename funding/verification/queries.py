"""Everything a book promises, asked again from the rows themselves."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from funding.contributions.queries import sheets_that_differ
from funding.ledger import queries as ledger
from funding.ledger import rules
from funding.ledger.queries.over_time import kept_sums
from funding.ledger.queries.whole import Stored, whole_book
from funding.periods.models import PeriodChange
from funding.periods.queries import closings
from funding.receipts.queries import receipts_that_differ
from funding.verification.models import BookAlarm
from network.db import db
from network.tenancy import scope
from network.tenancy.queries import get_group


@dataclass(frozen=True)
class Fault:
    """Something in the book that is not as it must be, and which row shows it."""

    what: str
    row: str


def faults() -> list[Fault]:
    """Everything the book of the group in scope promises, asked again from the rows themselves."""
    return [*_Reading().faults(), *_faults_of_sheets(), *_faults_of_receipts()]


class _Reading:
    """The book read once from its first entry to its last: the chain, and what the legs come to day by day."""

    def __init__(self) -> None:
        self.number, self.head = 0, rules.GENESIS
        self.currency = get_group(scope.group_id()).currency
        self.days: dict[tuple[str, str, date], list[int]] = {}
        self.closings: dict[int, list[PeriodChange]] = {}
        for change in closings():
            self.closings.setdefault(change.entries or 0, []).append(change)

    def faults(self) -> Iterator[Fault]:
        yield from self._of_closings()
        for stored in whole_book():
            yield from self._of_entry(stored)
            yield from self._of_closings()
        book = ledger.find_book()
        if (book.entries, bytes(book.head)) != (self.number, self.head) if book else self.number:
            yield Fault("the book does not end with its last entry", f"book of {scope.group_id()}")
        yield from self._of_sums()
        for change in (one for left in self.closings.values() for one in left):
            yield Fault("its seal is not that of the entry it names", f"closing {change.id}")

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
        yield from (Fault(name, row) for name in names)
        if stored.hash != rules.seal(written):
            yield Fault("the seal does not fit what it covers", row)
        if stored.words and stored.salt and rules.memo_hash(stored.salt, stored.words) != written.memo_hash:
            yield Fault("the words beside it are not those it was posted with", row)
        self.number, self.head = written.number, stored.hash
        for line in written.lines:
            both = self.days.setdefault((line.account, line.fund, written.effective_on), [0, 0])
            both[line.amount < 0] += abs(line.amount)

    def _of_closings(self) -> Iterator[Fault]:
        """What stood when a month was closed, against the entries there were then: later ones are left out."""
        for change in self.closings.pop(self.number, ()):
            row = f"closing {change.id}"
            if change.head is not None and self.head != bytes(change.head):
                yield Fault("its seal is not that of the entry it names", row)
            if change.through and self._stood_on(change.through) != sorted(change.balances or []):
                yield Fault("the balances it keeps are not those of its entries", row)

    def _stood_on(self, end_of_month: date) -> list[list[Any]]:
        found: Counter[tuple[str, str]] = Counter()
        for (account, fund, day), (debit, credit) in self.days.items():
            if day <= end_of_month:
                found[account, fund] += debit - credit
        return sorted([account, fund, amount] for (account, fund), amount in found.items() if amount)

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


def _spans(day: date) -> tuple[tuple[str, date], ...]:
    return (
        ("day", day),
        ("month", day.replace(day=1)),
        ("year", day.replace(month=1, day=1)),
        ("ever", date.min),
    )


def _faults_of_sheets() -> Iterator[Fault]:
    for sheet_id in sheets_that_differ():
        yield Fault("the sheet does not come to what its entry says", f"sheet {sheet_id}")


def _faults_of_receipts() -> Iterator[Fault]:
    for number in receipts_that_differ():
        yield Fault("its number does not follow", f"receipt {number}")


def find_alarm() -> BookAlarm | None:
    """Why the book is stopped, if it is."""
    return db.session.scalar(sa.select(BookAlarm).where(BookAlarm.cleared_at.is_(None)))


GUARDS = {
    "journals": {"append_only", "chain", "balanced", "hardship"},
    "legs": {"append_only", "in_time", "add_up", "balanced", "grant_pays"},
    "ledger_accounts": {"append_only"},
    "books": {"kept"},
    "ledger_balances": {"kept", "grant_holds"},
    "ledger_sums": {"kept"},
    "memos": {"append_only", "only_erased"},
    "ledger_funds": {"kept", "keeps_its_code"},
    "period_changes": {"append_only", "decided"},
    "book_alarms": {"append_only", "stops"},
    "contribution_sheets": {"append_only", "comes_to"},
    "contributions": {"append_only", "comes_to"},
    "agreed_amounts": {"append_only", "rests"},
    "reserve_shares": {"append_only", "rests"},
    "drafts": {"hardship", "as_written"},
    "grants": {"money"},
    "grant_tranches": {"entry"},
    "grant_reports": {"sent_once"},
    "budgets": {"agreed"},
    "budget_amounts": {"open"},
    "budget_charges": {"honest"},
    "cash_counts": {"append_only", "kept"},
    "handovers": {"append_only", "kept"},
    "handover_places": {"never_emptied", "kept"},
    "hardship_requests": {"begins", "keeps", "never_emptied"},
    "hardship_answers": {"seat", "goes_with_it", "append_only"},
    "receipts": {"append_only", "follows"},
}


def faults_of_guards() -> list[Fault]:
    """Triggers of the book that are missing or switched off."""
    rows = db.session.execute(
        sa.text(
            "select tgrelid::regclass::text, tgname from pg_trigger where not tgisinternal and tgenabled = 'A'"
        )
    )
    there = {tuple(row) for row in rows}
    return [
        Fault("this trigger is missing or switched off", f"{name} on {table}")
        for table, names in sorted(GUARDS.items())
        for name in sorted(names)
        if (table, name) not in there
    ]
