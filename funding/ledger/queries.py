"""Reading the book: what there is, what moved, single entries, and what waits for a second person."""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload, selectinload

from funding.ledger import rules
from funding.ledger.models import Book, Draft, Journal, LedgerAccount, LedgerBalance, Leg
from funding.ledger.rules import AccountKind, DraftState, Entry, EntryKind, Line, Place, Written
from network.accounts.models import Account
from network.db import db
from network.tenancy import scope
from network.tenancy.queries import get_group


@dataclass(frozen=True)
class Movement:
    """One account and fund over a period: what stood before it, and what came on either side within."""

    account: str
    fund: str
    before: int
    debit: int
    credit: int


def movements(start: date, end: date) -> list[Movement]:
    """Every account and fund from the first of a month up to, not including, the first of another."""
    net = LedgerBalance.debit - LedgerBalance.credit
    inside = LedgerBalance.month >= start
    rows = (
        sa.select(
            LedgerAccount.code,
            LedgerBalance.fund,
            _total(net, LedgerBalance.month < start),
            _total(LedgerBalance.debit, inside),
            _total(LedgerBalance.credit, inside),
        )
        .join(LedgerAccount, LedgerBalance.account)
        .where(LedgerBalance.month < end)
        .group_by(LedgerAccount.code, LedgerBalance.fund)
        .order_by(LedgerAccount.code, LedgerBalance.fund)
    )
    return [
        Movement(code, fund, int(before), int(debit), int(credit))
        for code, fund, before, debit, credit in db.session.execute(rows)
    ]


def _total(what: sa.SQLColumnExpression[int], where: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(what).filter(where), 0)


def held() -> dict[tuple[str, str], int]:
    """What each place holds for each fund, now."""
    rows = (
        sa.select(
            LedgerAccount.code, LedgerBalance.fund, sa.func.sum(LedgerBalance.debit - LedgerBalance.credit)
        )
        .join(LedgerAccount, LedgerBalance.account)
        .where(LedgerAccount.kind == AccountKind.ASSET)
        .group_by(LedgerAccount.code, LedgerBalance.fund)
    )
    return {(code, fund): int(amount) for code, fund, amount in db.session.execute(rows)}


def held_in_places(there: Mapping[tuple[str, str], int]) -> dict[Place, int]:
    """The same by place; every place is named, also an empty one."""
    return {place: sum(amount for (code, _), amount in there.items() if code == place) for place in Place}


def find_book() -> Book | None:
    """How far the book of the group in scope has come, if anything stands in it."""
    return db.session.scalar(sa.select(Book).execution_options(populate_existing=True))


def find_first_day() -> date | None:
    """The first month anything moved in."""
    return db.session.scalar(sa.select(sa.func.min(LedgerBalance.month)))


def entries() -> sa.Select[Journal]:
    """The entries, the latest first; a selection so that pages can page it."""
    return _whole(sa.select(Journal).order_by(Journal.number.desc()))


def _whole(selection: sa.Select[Journal]) -> sa.Select[Journal]:
    return selection.options(selectinload(Journal.legs).joinedload(Leg.account), joinedload(Journal.memo))


def get_entry(entry_id: uuid.UUID) -> Journal:
    """One entry, or a page that says there is nothing here."""
    return db.one_or_404(_whole(sa.select(Journal).where(Journal.id == entry_id)))


def find_entry(entry_id: uuid.UUID | None) -> Journal | None:
    """One entry, if it is there."""
    return db.session.scalar(_whole(sa.select(Journal).where(Journal.id == entry_id)))


def find_reversal_of(entry_id: uuid.UUID) -> Journal | None:
    """The entry that takes this one back, if there is one."""
    return db.session.scalar(sa.select(Journal).where(Journal.reverses_id == entry_id))


def reversed_among(ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Which of these entries were taken back."""
    return set(
        filter(
            None, db.session.scalars(sa.select(Journal.reverses_id).where(Journal.reverses_id.in_(list(ids))))
        )
    )


def count_standing(kind: EntryKind, start: date, end: date) -> int:
    """How many entries of a kind stand in a period, without those that were taken back."""
    undoing = aliased(Journal)
    return (
        db.session.scalar(
            sa.select(sa.func.count())
            .select_from(Journal)
            .outerjoin(undoing, undoing.reverses_id == Journal.id)
            .where(
                Journal.kind == kind,
                Journal.effective_on >= start,
                Journal.effective_on < end,
                undoing.id.is_(None),
            )
        )
        or 0
    )


def drafts_waiting() -> sa.Select[Draft]:
    """What waits for a second person, the oldest first."""
    return sa.select(Draft).where(Draft.state == DraftState.WAITING).order_by(Draft.recorded_at, Draft.id)


def get_draft(draft_id: uuid.UUID) -> Draft:
    """One that waits or waited, or a page that says there is nothing here."""
    return db.get_or_404(Draft, draft_id)


def find_draft(draft_id: uuid.UUID | None) -> Draft | None:
    """One that waits or waited, if it is there."""
    return db.session.scalar(sa.select(Draft).where(Draft.id == draft_id)) if draft_id else None


def refused_among(ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Which of these drafts were refused."""
    refused = sa.select(Draft.id).where(Draft.id.in_(list(ids)), Draft.state == DraftState.REFUSED)
    return set(db.session.scalars(refused))


def is_code_used(code: str) -> bool:
    """Whether an entry or a draft carries this code."""
    used = sa.union_all(
        sa.select(Journal.id).where(Journal.code == code), sa.select(Draft.id).where(Draft.code == code)
    )
    return db.session.scalar(used.limit(1)) is not None


def count_drafts_waiting() -> int:
    """How many wait for a second person."""
    waiting = sa.select(sa.func.count()).select_from(Draft).where(Draft.state == DraftState.WAITING)
    return db.session.scalar(waiting) or 0


def short_seal(journal: Journal) -> str:
    """An entry's seal as somebody can read it out."""
    return rules.short_seal(bytes(journal.hash))


def count_drafts_for(account_id: uuid.UUID | None) -> int:
    """How many wait for somebody else than the person who wrote them, and this is somebody else."""
    waiting = sa.select(sa.func.count()).select_from(Draft)
    return (
        db.session.scalar(
            waiting.where(Draft.state == DraftState.WAITING, Draft.recorded_by_id != account_id)
        )
        or 0
    )


def names_of(ids: Iterable[uuid.UUID | None]) -> dict[uuid.UUID, str]:
    """What the people who recorded and confirmed are called."""
    wanted = {one for one in ids if one}
    return {
        account.id: account.shown_name
        for account in db.session.scalars(sa.select(Account).where(Account.id.in_(wanted)))
    }


def written_entries() -> Iterator[tuple[Journal, Written]]:
    """The whole book in order, each entry as its seal covers it."""
    for journal in db.session.scalars(_whole(sa.select(Journal).order_by(Journal.number))).unique():
        yield journal, as_written(journal)


def line_of(leg: Leg) -> Line:
    """A leg as plain values."""
    return Line(leg.account.code, leg.fund, leg.amount)


def entry_of(waiting: Draft) -> Entry:
    """What would be written in the book."""
    return Entry(
        kind=EntryKind(waiting.kind), effective_on=waiting.effective_on, memo=waiting.words or "", code=waiting.code,
        lines=tuple(Line(account, fund, amount) for account, fund, amount in waiting.lines), reverses=waiting.reverses_id, key=waiting.id,
    )  # fmt: skip


def as_written(journal: Journal) -> Written:
    """A stored entry as plain values."""
    return Written(
        group_id=journal.group_id, number=journal.number, id=journal.id, kind=journal.kind, currency=journal.currency,
        effective_on=journal.effective_on, recorded_at=journal.recorded_at, recorded_by=journal.recorded_by_id,
        confirmed_by=journal.confirmed_by_id, code=journal.code, reverses=journal.reverses_id, memo_hash=journal.memo_hash,
        previous_hash=journal.previous_hash, lines=tuple(line_of(leg) for leg in journal.legs),
    )  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """Something in the book that is not as it must be, and which row shows it."""

    what: str
    row: str


def faults() -> list[Fault]:
    """Everything the book of the group in scope promises, asked again from the rows themselves."""
    return [*_faults_of_chain(), *_faults_of_balances()]


def _faults_of_chain() -> Iterator[Fault]:
    number, head = 0, rules.GENESIS
    originals: dict[uuid.UUID, Written] = {}
    currency = get_group(scope.group_id()).currency
    for journal, written in written_entries():
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
    book = find_book()
    if (book.entries, bytes(book.head)) != (number, head) if book else number:
        yield Fault("the book does not end with its last entry", f"book of {scope.group_id()}")


def _faults_of_balances() -> Iterator[Fault]:
    month = sa.cast(sa.func.date_trunc("month", Journal.effective_on), sa.Date)
    from_legs = sa.select(
        Leg.account_id,
        Leg.fund,
        month,
        sa.func.sum(sa.func.greatest(Leg.amount, 0)),
        sa.func.sum(sa.func.greatest(-Leg.amount, 0)),
    ).join(Journal, sa.and_(Journal.group_id == Leg.group_id, Journal.id == Leg.journal_id))
    kept = sa.select(
        LedgerBalance.account_id,
        LedgerBalance.fund,
        LedgerBalance.month,
        LedgerBalance.debit,
        LedgerBalance.credit,
    )
    added = {
        tuple(row[:3]): (int(row[3]), int(row[4]))
        for row in db.session.execute(from_legs.group_by(Leg.account_id, Leg.fund, month))
    }
    stored = {tuple(row[:3]): (int(row[3]), int(row[4])) for row in db.session.execute(kept)}
    for key in sorted(added.keys() | stored.keys(), key=str):
        if added.get(key, (0, 0)) != stored.get(key, (0, 0)):
            yield Fault(
                "the balance is not the sum of its legs", f"account {key[0]}, {key[1]}, {key[2]:%Y-%m}"
            )


GUARDS = {
    "journals": {"append_only", "chain", "balanced"},
    "legs": {"append_only", "in_time", "add_up", "balanced"},
    "ledger_accounts": {"append_only"},
    "books": {"kept"},
    "ledger_balances": {"kept"},
    "memos": {"append_only", "only_erased"},
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
