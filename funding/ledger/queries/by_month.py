"""Reading the book month by month, from the kept balances: as quick after ten years as after one."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from funding.ledger.models import LedgerAccount, LedgerBalance
from network.db import db


@dataclass(frozen=True)
class MonthMoved:
    """What moved on an account and a fund in a month, signed as debit − credit."""

    month: date
    account: str
    fund: str
    amount: int


def moved_by_month(end: date) -> list[MonthMoved]:
    """What moved in every month before this day, in order."""
    rows = (
        sa.select(LedgerBalance.month, LedgerAccount.code, LedgerBalance.fund, LedgerBalance.debit - LedgerBalance.credit)
        .join(LedgerAccount, LedgerBalance.account)
        .where(LedgerBalance.month < end)
        .order_by(LedgerBalance.month, LedgerAccount.code, LedgerBalance.fund)
    )  # fmt: skip
    return [
        MonthMoved(month, code, fund, int(amount)) for month, code, fund, amount in db.session.execute(rows)
    ]
