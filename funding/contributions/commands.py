"""Saving a sheet: one act, one entry in the book."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime

from funding.contributions import queries, rules
from funding.contributions.models import Contribution, ContributionSheet
from funding.contributions.rules import Given
from funding.ledger import commands as ledger
from funding.ledger.rules import Entry, EntryKind
from funding.welfare.queries import share_on
from network.db import db


def save_sheet(
    given: Sequence[Given],
    *,
    received_on: date,
    by: uuid.UUID,
    now: datetime,
    key: uuid.UUID | None = None,
) -> ContributionSheet:
    """Save what was given that day; a second sheet adds, and the same key again gives the sheet that stands.

    The reserve's share is split off at the percentage in force on the day. Raises `CannotPost`.
    """
    percent = share_on(received_on)
    lines = rules.split_lines(rules.column_sums(given), percent)
    journal = ledger.post(Entry(EntryKind.CONTRIBUTIONS, received_on, lines, key=key), by=by, now=now)
    if standing := queries.find_sheet_of(journal.id):
        return standing
    sheet = ContributionSheet(
        id=uuid.uuid4(), received_on=received_on, journal_id=journal.id, reserve_percent=percent, recorded_by_id=by,
        recorded_at=now,
    )  # fmt: skip
    db.session.add(sheet)
    db.session.flush()  # its lines refer to it
    db.session.add_all(
        Contribution(sheet_id=sheet.id, member_id=one.member_id, place=one.place, amount=one.amount)
        for one in given
        if one.amount
    )
    db.session.flush()
    return sheet
