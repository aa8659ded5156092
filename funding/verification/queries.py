"""Everything a book promises, asked again from the rows themselves."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from funding.contributions.queries import sheets_that_differ
from funding.ledger import queries as ledger
from funding.ledger import rules
from funding.ledger.rules import Written
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
    return [
        *_faults_of_chain(),
        *_faults_of_balances(),
        *_faults_of_closings(),
        *_faults_of_sheets(),
        *_faults_of_receipts(),
    ]


def _faults_of_chain() -> Iterator[Fault]:
    number, head = 0, rules.GENESIS
    originals: dict[uuid.UUID, Written] = {}
    currency = get_group(scope.group_id()).currency
    for journal, written in ledger.written_entries():
        row = f"entry {written.number} ({written.id})"
        originals[written.id] = written
        names = rules.faults_of(
            written, number=number + 1, previous=head, currency=currency, reversed_=originals.get(written.reverses) if written.reverses else None
        )  # fmt: skip
        yield from (Fault(name, row) for name in names)
        if bytes(journal.hash) != rules.seal(written):
            yield Fault("the seal does not fit what it covers", row)
        memo = journal.memo
        if (
            memo
            and memo.words
            and memo.salt
            and rules.memo_hash(bytes(memo.salt), memo.words) != journal.memo_hash
        ):
            yield Fault("the words beside it are not those it was posted with", row)
        number, head = written.number, bytes(journal.hash)
    book = ledger.find_book()
    if (book.entries, bytes(book.head)) != (number, head) if book else number:
        yield Fault("the book does not end with its last entry", f"book of {scope.group_id()}")


def _faults_of_sheets() -> Iterator[Fault]:
    for sheet_id in sheets_that_differ():
        yield Fault("the sheet does not come to what its entry says", f"sheet {sheet_id}")


def _faults_of_receipts() -> Iterator[Fault]:
    for number in receipts_that_differ():
        yield Fault("its number does not follow", f"receipt {number}")


def _faults_of_balances() -> Iterator[Fault]:
    for account_id, fund, month in ledger.balances_that_differ():
        yield Fault("the balance is not the sum of its legs", f"account {account_id}, {fund}, {month:%Y-%m}")


def _faults_of_closings() -> Iterator[Fault]:
    """What stood when a month was closed, against the entries there were then: later ones are left out."""
    for change in closings():
        row = f"closing {change.id}"
        if change.head is not None and ledger.seal_of(change.entries or 0) != bytes(change.head):
            yield Fault("its seal is not that of the entry it names", row)
        if change.through is None:
            continue
        then = ledger.balances_on(change.through, until_entry=change.entries or 0)
        if sorted([account, fund, amount] for (account, fund), amount in then.items()) != sorted(
            change.balances or []
        ):
            yield Fault("the balances it keeps are not those of its entries", row)


def find_alarm() -> BookAlarm | None:
    """Why the book is stopped, if it is."""
    return db.session.scalar(sa.select(BookAlarm).where(BookAlarm.cleared_at.is_(None)))


GUARDS = {
    "journals": {"append_only", "chain", "balanced", "hardship"},
    "legs": {"append_only", "in_time", "add_up", "balanced"},
    "ledger_accounts": {"append_only"},
    "books": {"kept"},
    "ledger_balances": {"kept"},
    "memos": {"append_only", "only_erased"},
    "ledger_funds": {"kept", "keeps_its_code"},
    "period_changes": {"append_only", "decided"},
    "book_alarms": {"append_only", "stops"},
    "contribution_sheets": {"append_only", "comes_to"},
    "contributions": {"append_only", "comes_to"},
    "agreed_amounts": {"append_only"},
    "drafts": {"hardship"},
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
