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
from funding.ledger.queries.whole import Stored, outside_the_calendar, whole_book
from funding.periods.models import PeriodChange
from funding.periods.queries import closings
from funding.receipts.queries import receipts_that_differ
from funding.verification.models import BookAlarm
from funding.verification.rules import AsItStood
from network.db import Base, db
from network.tenancy import scope
from network.tenancy.queries import get_group


@dataclass(frozen=True)
class Fault:
    """Something in the book that is not as it must be, and which row shows it."""

    what: str
    row: str


def faults() -> list[Fault]:
    """Everything the book of the group in scope promises, asked again from the rows themselves."""
    if unreadable := list(_faults_of_days()):
        return unreadable
    return [*_Reading().faults(), *_faults_of_sheets(), *_faults_of_receipts()]


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

    def faults(self) -> Iterator[Fault]:
        yield from self._of_closings()
        for stored in whole_book():
            yield from self._of_entry(stored)
            yield from self._of_closings()
        book = ledger.find_book()
        if (book.entries, bytes(book.head)) != (self.number, self.head) if book else self.number:
            yield Fault("the book does not end with its last entry", f"book of {scope.group_id()}")
        if book and book.closed_through != self.stood.closed_through:
            yield Fault("it is not closed as far as two people agreed", f"book of {scope.group_id()}")
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
        yield from (Fault(name, row) for name in (*names, *self.stood.faults_of(written, stored.reversed)))
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
            self.stood.closed_through = change.through
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


def _faults_of_days() -> Iterator[Fault]:
    """A day that is in no calendar cannot even be read, so the book is not read further."""
    for number, entry_id in outside_the_calendar():
        yield Fault("its day is in no calendar", f"entry {number} ({entry_id})")


def _faults_of_sheets() -> Iterator[Fault]:
    for sheet_id in sheets_that_differ():
        yield Fault("the sheet does not come to what its entry says", f"sheet {sheet_id}")


def _faults_of_receipts() -> Iterator[Fault]:
    for number in receipts_that_differ():
        yield Fault("its number does not follow", f"receipt {number}")


LONGEST_NAME = 63
"""PostgreSQL cuts longer names off."""
MADE_BY_TRIGGERS = frozenset({"ledger_balances", "ledger_sums"})
"""Their days are made out of those of entries."""


def find_alarm() -> BookAlarm | None:
    """Why the book is stopped, if it is."""
    return db.session.scalar(sa.select(BookAlarm).where(BookAlarm.cleared_at.is_(None)))


GUARDS = {
    "journals": {"append_only", "chain", "balanced", "hardship", "lines_leave"},
    "legs": {"append_only", "in_time", "add_up", "balanced", "grant_pays"},
    "ledger_accounts": {"append_only"},
    "books": {"kept"},
    "ledger_balances": {"kept"},
    "ledger_sums": {"kept", "holds_enough", "holds_enough_still"},
    "memos": {"append_only", "only_erased"},
    "ledger_funds": {"kept", "keeps_its_code"},
    "period_changes": {"append_only", "decided"},
    "book_alarms": {"append_only", "stops"},
    "contribution_sheets": {"append_only", "comes_to"},
    "contributions": {"append_only", "comes_to"},
    "agreed_amounts": {"append_only", "rests"},
    "reserve_shares": {"append_only", "rests"},
    "drafts": {"hardship", "as_written", "lines_follow"},
    "grants": {"append_only", "money"},
    "grant_tranches": {"entry"},
    "grant_reports": {"append_only", "sent_once"},
    "grant_closings": {"append_only", "decided", "closes"},
    "grant_applications": {"append_only", "kept"},
    "budgets": {"append_only", "agreed"},
    "budget_lines": {"append_only", "stays"},
    "budget_amounts": {"open"},
    "budget_charges": {"append_only", "honest"},
    "cash_counts": {"append_only", "kept"},
    "handovers": {"append_only", "kept"},
    "handover_places": {"never_emptied", "kept"},
    "hardship_requests": {"begins", "keeps", "never_emptied"},
    "hardship_answers": {"seat", "goes_with_it", "append_only"},
    "receipts": {"append_only", "follows"},
    "statement_lines": {"holds", "goes"},
    "line_matches": {"holds", "settles"},
    "onward_grants": {"kept"},
    "onward_parts": {"kept"},
    "part_receipts": {"kept"},
    "opportunities": {"append_only", "kept"},
}


def faults_of_guards() -> list[Fault]:
    """Triggers, rules and fences around the book that are missing or switched off."""
    return [*_missing_triggers(), *_missing_rules(), *_open_fences()]


def _missing_triggers() -> Iterator[Fault]:
    rows = db.session.execute(
        sa.text(
            "select tgrelid::regclass::text, tgname from pg_trigger where not tgisinternal and tgenabled = 'A'"
        )
    )
    there = {tuple(row) for row in rows}
    for table, names in sorted(GUARDS.items()):
        for name in sorted(names):
            if (table, name) not in there:
                yield Fault("this trigger is missing or switched off", f"{name} on {table}")


def guarded_tables() -> list[sa.Table]:
    """Every table of the book and of what is kept beside it."""
    mine = (
        mapper.local_table
        for mapper in Base.registry.mappers
        if mapper.class_.__module__.startswith("funding.")
    )
    return sorted((table for table in mine if isinstance(table, sa.Table)), key=lambda table: table.name)


def _missing_rules() -> Iterator[Fault]:
    """Checks, keys and references as the models have them, and that days are days of a calendar."""
    rows = db.session.execute(
        sa.text(
            "select conrelid::regclass::text, conname from pg_constraint where convalidated and conrelid <> 0"
        )
    )
    there = {tuple(row) for row in rows}
    for table in guarded_tables():
        names = {str(one.name)[:LONGEST_NAME] for one in table.constraints if one.name}
        if table.name not in MADE_BY_TRIGGERS and any(
            isinstance(one.type, sa.Date | sa.DateTime) for one in table.columns
        ):
            names.add(f"ck_{table.name}_real_days")
        for name in sorted(names):
            if (table.name, name) not in there:
                yield Fault("this rule is missing or not in force", f"{name} on {table.name}")


def _open_fences() -> Iterator[Fault]:
    rows = sa.text(
        "select relname from pg_class where relnamespace = 'public'::regnamespace and relname = any(:tables)"
        " and not (relrowsecurity and relforcerowsecurity) order by relname"
    )
    tables = [table.name for table in guarded_tables()]
    for name in db.session.scalars(rows, {"tables": tables}):
        yield Fault("this table is open to other groups", name)
