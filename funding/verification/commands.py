"""Stopping a book that does not add up, and letting it go on."""

from collections.abc import Sequence
from datetime import datetime

from funding.verification import queries
from funding.verification.models import BookAlarm
from funding.verification.queries import Fault
from network import audit
from network.db import db


def note_faults(faults: Sequence[Fault], *, now: datetime) -> BookAlarm | None:
    """Stop the book of the group in scope where anything is wrong; let it go on where everything holds again."""
    alarm = queries.find_alarm()
    if faults and alarm is None:
        alarm = BookAlarm(found_at=now, faults=[[fault.row, fault.what] for fault in faults])
        db.session.add(alarm)
        db.session.flush()
        audit.record("book.stopped", alarm, by=None, now=now)
    elif alarm and not faults:
        alarm.cleared_at = now
        db.session.flush()
        audit.record("book.cleared", alarm, by=None, now=now)
        return None
    return alarm
