"""What stood on a day and what moved between two, from kept sums: whole years, then months, then days; never from the legs.

However long the book is and however much was written in it, a balance is a few rows for each account and fund.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from funding.ledger.models import LedgerAccount, LedgerBalance, LedgerSum, Span
from network.db import db


@dataclass(frozen=True)
class Movement:
    """One account and fund over a period: what stood before it, and what came on either side within."""

    account: str
    fund: str
    before: int
    debit: int
    credit: int


def movements(start: date, end: date) -> list[Movement]:
    """Every account and fund from one day up to, not including, another."""
    parts = sa.union_all(*_before(start, is_inside=False), *_before(end, is_inside=True)).subquery()
    debit, credit, is_inside = parts.c.debit, parts.c.credit, parts.c.is_inside
    debit_before, credit_before = _total(debit, ~is_inside), _total(credit, ~is_inside)
    rows = (
        sa.select(
            LedgerAccount.code, parts.c.fund, debit_before - credit_before, _total(debit, is_inside) - debit_before,
            _total(credit, is_inside) - credit_before,
        )
        .join(LedgerAccount, LedgerAccount.id == parts.c.account_id)
        .group_by(LedgerAccount.code, parts.c.fund)
        .order_by(LedgerAccount.code, parts.c.fund)
    )  # fmt: skip
    return [
        Movement(code, fund, int(before), int(plus), int(minus))
        for code, fund, before, plus, minus in db.session.execute(rows)
    ]


def _total(what: Any, where: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(what).filter(where), 0)


def _before(day: date, *, is_inside: bool) -> Iterator[sa.Select[*tuple[Any, ...]]]:
    """Everything that moved before a day."""
    year, month = day.replace(month=1, day=1), day.replace(day=1)
    mark = sa.literal(is_inside).label("is_inside")
    sums = sa.select(LedgerSum.account_id, LedgerSum.fund, LedgerSum.debit, LedgerSum.credit, mark)
    months = sa.select(
        LedgerBalance.account_id, LedgerBalance.fund, LedgerBalance.debit, LedgerBalance.credit, mark
    )
    yield sums.where(LedgerSum.span == Span.YEAR, LedgerSum.starts_on < year)
    if month > year:
        yield months.where(LedgerBalance.month >= year, LedgerBalance.month < month)
    if day > month:
        yield sums.where(LedgerSum.span == Span.DAY, LedgerSum.starts_on >= month, LedgerSum.starts_on < day)


def balances_on(day: date) -> dict[tuple[str, str], int]:
    """What stood on each account and fund at the end of a day, in minor units, signed as debit − credit."""
    parts = sa.union_all(*_before(day + timedelta(days=1), is_inside=True)).subquery()
    rows = (
        sa.select(LedgerAccount.code, parts.c.fund, sa.func.sum(parts.c.debit - parts.c.credit))
        .join(LedgerAccount, LedgerAccount.id == parts.c.account_id)
        .group_by(LedgerAccount.code, parts.c.fund)
        .order_by(LedgerAccount.code, parts.c.fund)
    )
    return {(code, fund): int(total) for code, fund, total in db.session.execute(rows) if total}


KeptSums = dict[tuple[str, str, str, date], tuple[int, int]]
"""By account, fund, span and first day: what came on either side."""


def kept_sums() -> KeptSums:
    """Every sum the book keeps, to be held against its legs."""
    months = sa.select(
        LedgerAccount.code, LedgerBalance.fund, sa.literal("month"), LedgerBalance.month, LedgerBalance.debit, LedgerBalance.credit
    ).join(LedgerAccount, LedgerBalance.account)  # fmt: skip
    others = sa.select(
        LedgerAccount.code, LedgerSum.fund, LedgerSum.span, LedgerSum.starts_on, LedgerSum.debit, LedgerSum.credit
    ).join(LedgerAccount, LedgerSum.account)  # fmt: skip
    return {
        (code, fund, span, starts_on): (debit, credit)
        for rows in (months, others)
        for code, fund, span, starts_on, debit, credit in db.session.execute(rows)
    }
