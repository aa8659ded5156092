"""The whole book in order, as plain values and some entries at a time: for asking it everything it promises."""

import uuid
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag

from funding.ledger.models import Journal, LedgerAccount, LedgerBalance, LedgerSum, Leg, Memo, Span
from funding.ledger.rules import Line, Written
from network.db import db
from network.vault.columns import Sealed

AT_ONCE = 1000
WORDS = Sealed("memos.words")


@dataclass(frozen=True)
class Stored:
    """An entry as its seal covers it, its seal, and the words beside it with their salt."""

    written: Written
    hash: bytes
    words: str | None
    """Nothing where they were erased; nothing beside a salt where they cannot be opened."""
    salt: bytes | None
    reversed: Written | None = None
    """The entry before it that it takes back, if that is there."""


def hold_still() -> None:
    """See the book as it is now until the transaction ends, whatever is written meanwhile; asked before anything is read."""
    db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def whole_book() -> Iterator[Stored]:
    """Every entry by its number."""
    after = 0
    while rows := _rows(Journal.number > after):
        earlier = _earlier({row.reverses_id for row in rows if row.reverses_id})
        for row, lines in _with_lines(rows):
            undone = earlier.get(row.reverses_id)
            stands = undone if undone and undone.number < row.number else None
            yield Stored(
                written_of(row, lines), bytes(row.hash), _opened(row.sealed), _bytes(row.salt), stands
            )
        after = rows[-1].number


CALENDAR = "between '1900-01-01' and '2200-12-31'"


def outside_the_calendar() -> list[tuple[int, uuid.UUID]]:
    """Entries whose day or moment no page could show: there are none, unless somebody forced it."""
    odd = sa.text(f"not (effective_on {CALENDAR} and recorded_at {CALENDAR})")
    rows = db.session.execute(sa.select(Journal.number, Journal.id).where(odd).order_by(Journal.number))
    return [(number, entry_id) for number, entry_id in rows]


def sums_outside_the_calendar() -> list[uuid.UUID]:
    """Kept sums over a day, a month or a year that no page could show."""
    months = sa.select(LedgerBalance.id).where(sa.text(f"not month {CALENDAR}"))
    others = sa.select(LedgerSum.id).where(LedgerSum.span != Span.EVER, sa.text(f"not starts_on {CALENDAR}"))
    return list(db.session.scalars(sa.union_all(months, others)))


def written_of(row: Any, lines: Iterable[Line]) -> Written:
    """An entry, or a row with its columns, as its seal covers it."""
    return Written(
        group_id=row.group_id, number=row.number, id=row.id, kind=row.kind, currency=row.currency,
        effective_on=row.effective_on, recorded_at=row.recorded_at, recorded_by=row.recorded_by_id,
        confirmed_by=row.confirmed_by_id, code=row.code, reverses=row.reverses_id, memo_hash=_bytes(row.memo_hash),
        previous_hash=bytes(row.previous_hash), lines=tuple(lines),
    )  # fmt: skip


def _bytes(kept: bytes | None) -> bytes | None:
    return None if kept is None else bytes(kept)


def _rows(where: sa.ColumnElement[bool]) -> Sequence[Any]:
    same = sa.and_(Memo.group_id == Journal.group_id, Memo.journal_id == Journal.id)
    sealed = sa.type_coerce(WORDS.column_expression(Memo.__table__.c.words), sa.LargeBinary).label("sealed")
    rows = sa.select(*Journal.__table__.columns, sealed, Memo.salt).outerjoin(Memo, same).where(where)
    return db.session.execute(rows.order_by(Journal.number).limit(AT_ONCE)).all()


def _opened(sealed: bytes | None) -> str | None:
    """Words beside an entry; what somebody put in their place must not keep the book from being read."""
    try:
        return WORDS.process_result_value(sealed, db.engine.dialect)
    except (InvalidTag, ValueError):
        return None


def _earlier(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Written]:
    rows = _rows(Journal.id.in_(ids)) if ids else ()
    return {row.id: written_of(row, lines) for row, lines in _with_lines(rows)}


def _with_lines(rows: Sequence[Any]) -> Iterator[tuple[Any, list[Line]]]:
    legs = (
        sa.select(Leg.journal_id, LedgerAccount.code, Leg.fund, Leg.amount)
        .join(
            LedgerAccount, sa.and_(LedgerAccount.group_id == Leg.group_id, LedgerAccount.id == Leg.account_id)
        )
        .where(Leg.journal_id.in_([row.id for row in rows]))
    )
    lines: dict[uuid.UUID, list[Line]] = {}
    for journal_id, code, fund, amount in db.session.execute(legs) if rows else ():
        lines.setdefault(journal_id, []).append(Line(code, fund, amount))
    for row in rows:
        yield row, lines.get(row.id, [])
