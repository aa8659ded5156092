"""Which months are closed, and who decided it."""

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import defer

from funding.periods.models import ChangeState, PeriodChange
from network.db import db


def changes() -> sa.Select[PeriodChange]:
    """What was decided or waits, the latest first."""
    return sa.select(PeriodChange).order_by(PeriodChange.asked_at.desc(), PeriodChange.id)


def get_change(change_id: uuid.UUID) -> PeriodChange:
    """One, or a page that says there is nothing here."""
    return db.get_or_404(PeriodChange, change_id)


def find_waiting() -> PeriodChange | None:
    """The one that waits for a second person, if there is one."""
    return db.session.scalar(sa.select(PeriodChange).where(PeriodChange.state == ChangeState.WAITING))


def closings() -> list[PeriodChange]:
    """Every closing that was agreed, in the order of the book: what `book verify` holds the entries against."""
    rows = sa.select(PeriodChange).where(PeriodChange.state == ChangeState.DONE)
    rows = rows.options(defer(PeriodChange.reason))  # words nobody can open any more must not hide the rest
    return list(db.session.scalars(rows.order_by(PeriodChange.decided_at, PeriodChange.id)))
