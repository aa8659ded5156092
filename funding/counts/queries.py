"""Counts of the cash box."""

import uuid

import sqlalchemy as sa

from funding.counts.models import CashCount, CountState
from network.db import db


def counts() -> sa.Select[CashCount]:
    """The counts two people signed, the latest first."""
    done = sa.select(CashCount).where(CashCount.state == CountState.DONE)
    return done.order_by(CashCount.counted_at.desc(), CashCount.id)


def get_count(count_id: uuid.UUID) -> CashCount:
    """A count two people signed, or a page that says there is nothing here."""
    return db.one_or_404(counts().where(CashCount.id == count_id))


def get_waiting(count_id: uuid.UUID) -> CashCount:
    """One that waits for a second person, or a page that says there is nothing here."""
    return db.one_or_404(
        sa.select(CashCount).where(CashCount.id == count_id, CashCount.state == CountState.WAITING)
    )


def find_waiting() -> CashCount | None:
    """The one that waits for a second person."""
    return db.session.scalar(sa.select(CashCount).where(CashCount.state == CountState.WAITING))
