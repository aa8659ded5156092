"""Reading the book: what there is, what moved, single entries, and what waits for a second person."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload, selectinload

from funding.ledger import rules
from funding.ledger.models import Book, Draft, Journal, LedgerAccount, LedgerFund, LedgerSum, Leg, Span
from funding.ledger.queries.over_time import Movement, balances_on, movements
from funding.ledger.queries.whole import written_of
from funding.ledger.rules import AccountKind, DraftState, Entry, EntryKind, FundKind, Line, Place, Written
from network.accounts.models import Account
from network.db import db

__all__ = ["Movement", "balances_on", "movements"]


def held() -> dict[tuple[str, str], int]:
    """What each place holds for each fund, now."""
    rows = (
        sa.select(LedgerAccount.code, LedgerSum.fund, LedgerSum.debit - LedgerSum.credit)
        .join(LedgerAccount, LedgerSum.account)
        .where(LedgerAccount.kind == AccountKind.ASSET, LedgerSum.span == Span.EVER)
    )
    return {(code, fund): int(amount) for code, fund, amount in db.session.execute(rows)}


def held_in_places(there: Mapping[tuple[str, str], int]) -> dict[Place, int]:
    """The same by place; every place is named, also an empty one."""
    return {place: sum(amount for (code, _), amount in there.items() if code == place) for place in Place}


def find_book() -> Book | None:
    """How far the book of the group in scope has come, if anything stands in it."""
    return db.session.scalar(sa.select(Book).execution_options(populate_existing=True))


def closed_through() -> date | None:
    """The last day of the last closed month, if a month is closed."""
    book = find_book()
    return book.closed_through if book else None


def is_stopped() -> bool:
    """Whether the nightly check stopped the book."""
    book = find_book()
    return book is not None and book.stopped_at is not None


def funds() -> list[LedgerFund]:
    """Every fund of the book in the order it is read: the three that always are, then grants as they came."""
    order = sa.case({kind: n for n, kind in enumerate(FundKind)}, value=LedgerFund.kind)
    rows = sa.select(LedgerFund).order_by(order, sa.func.length(LedgerFund.code), LedgerFund.code)
    return list(db.session.scalars(rows))


def open_funds() -> list[LedgerFund]:
    """Those that money can still go in and out of."""
    return [fund for fund in funds() if fund.closed_on is None]


def get_fund(code: str) -> LedgerFund:
    """One fund of the book, or a page that says there is nothing here."""
    return db.one_or_404(sa.select(LedgerFund).where(LedgerFund.code == code))


def closed_among(codes: Iterable[str]) -> set[str]:
    """Which of these funds are closed."""
    wanted = list(codes)
    closed = sa.select(LedgerFund.code).where(LedgerFund.code.in_(wanted), LedgerFund.closed_on.is_not(None))
    return set(db.session.scalars(closed)) if wanted else set()


def find_first_day() -> date | None:
    """The first month anything moved in."""
    first = db.session.scalar(sa.select(Journal.effective_on).order_by(Journal.effective_on).limit(1))
    return first.replace(day=1) if first else None


def last_number() -> int:
    """The number of the last entry, which is how many there are: numbers have no gaps."""
    book = find_book()
    return book.entries if book else 0


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


def entries_among(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Journal]:
    """Those of these entries that are there, whole."""
    rows = _whole(sa.select(Journal).where(Journal.id.in_(list(ids))))
    return {journal.id: journal for journal in db.session.scalars(rows).unique()}


@dataclass(frozen=True)
class MoveAt:
    """What one entry moved at one place, whatever it was for."""

    entry_id: uuid.UUID
    number: int
    kind: str
    effective_on: date
    amount: int
    is_standing: bool
    """Whether it neither was taken back nor takes another back."""


def moves_at(place: str, start: date, end: date) -> list[MoveAt]:
    """What moved at a place from one day to another, both included, in the order of the book."""
    undoing = aliased(Journal)
    amount = sa.func.sum(Leg.amount)
    rows = (
        sa.select(
            Journal.id, Journal.number, Journal.kind, Journal.effective_on, amount,
            sa.and_(Journal.reverses_id.is_(None), sa.func.count(undoing.id) == 0),
        )
        .join(Leg, sa.and_(Leg.group_id == Journal.group_id, Leg.journal_id == Journal.id))
        .join(LedgerAccount, sa.and_(LedgerAccount.group_id == Leg.group_id, LedgerAccount.id == Leg.account_id))
        .outerjoin(undoing, sa.and_(undoing.group_id == Journal.group_id, undoing.reverses_id == Journal.id))
        .where(LedgerAccount.code == place, Journal.effective_on.between(start, end))
        .group_by(Journal.id)
        .having(amount != 0)
        .order_by(Journal.number)
    )  # fmt: skip
    return [
        MoveAt(entry_id, number, kind, day, int(moved), bool(stands))
        for entry_id, number, kind, day, moved, stands in db.session.execute(rows)
    ]


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


def taken_back_by(ids: Iterable[uuid.UUID], *, on: date, known_at: datetime) -> set[uuid.UUID]:
    """Which of these entries had been taken back by a day, as far as was written down at a moment."""
    undone = sa.select(Journal.reverses_id).where(
        Journal.reverses_id.in_(list(ids)), Journal.effective_on <= on, Journal.recorded_at <= known_at
    )
    return set(filter(None, db.session.scalars(undone)))


def numbers_of(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, int]:
    """The numbers of these entries."""
    rows = db.session.execute(sa.select(Journal.id, Journal.number).where(Journal.id.in_(list(ids))))
    return {entry_id: number for entry_id, number in rows}  # noqa: C416 - rows are not pairs to the type checker


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


def has_draft_waiting_until(day: date) -> bool:
    """Whether anything dated on this day or before it waits for a second person."""
    waiting = sa.select(Draft.id).where(Draft.state == DraftState.WAITING, Draft.effective_on <= day)
    return db.session.scalar(waiting.limit(1)) is not None


def get_draft(draft_id: uuid.UUID) -> Draft:
    """One that waits or waited, or a page that says there is nothing here."""
    return db.get_or_404(Draft, draft_id)


def find_draft(draft_id: uuid.UUID | None) -> Draft | None:
    """One that waits or waited, if it is there."""
    return db.session.scalar(sa.select(Draft).where(Draft.id == draft_id)) if draft_id else None


def came_to_nothing_among(ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Which of these drafts were refused, or posted and taken back since."""
    undoing = aliased(Journal)
    nothing = sa.or_(Draft.state == DraftState.REFUSED, undoing.id.is_not(None))
    rows = sa.select(Draft.id).outerjoin(undoing, undoing.reverses_id == Draft.journal_id)
    return set(db.session.scalars(rows.where(Draft.id.in_(list(ids)), nothing)))


def waiting_among(ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Which of these drafts still wait for a second person."""
    waiting = sa.select(Draft.id).where(Draft.id.in_(list(ids)), Draft.state == DraftState.WAITING)
    return set(db.session.scalars(waiting))


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
    return written_of(journal, [line_of(leg) for leg in journal.legs])
