"""Saving a sheet: one act, one entry in the book."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime

from funding.contributions import queries, rules
from funding.contributions.models import AgreedAmount, Contribution, ContributionSheet
from funding.contributions.rules import Given, Refusal
from funding.ledger import commands as ledger
from funding.ledger.rules import Entry, EntryKind
from funding.welfare.queries import share_on
from network import audit
from network.db import db, insert_at_once
from network.tenancy import scope
from network.tenancy.queries import get_group


class CannotAgree(Exception):
    """Not written down like this; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def save_sheet(
    given: Sequence[Given],
    *,
    received_on: date,
    by: uuid.UUID,
    now: datetime,
    key: uuid.UUID | None = None,
    meeting_id: uuid.UUID | None = None,
) -> ContributionSheet:
    """Save what was given that day, at a meeting or not; a second sheet adds, and the same key again gives the sheet
    that stands.

    The reserve's share is split off at the percentage in force on the day. Raises `CannotPost`.
    """
    percent = share_on(received_on)
    lines = rules.split_lines(rules.column_sums(given), percent)
    entry = Entry(EntryKind.CONTRIBUTIONS, received_on, lines, key=key)
    journal, is_new = ledger.post_once(entry, by=by, now=now)
    if not is_new and (standing := queries.find_sheet_of(journal.id)):
        return standing
    sheet = ContributionSheet(
        id=uuid.uuid4(), received_on=received_on, journal_id=journal.id, meeting_id=meeting_id, reserve_percent=percent,
        recorded_by_id=by, recorded_at=now,
    )  # fmt: skip
    db.session.add(sheet)
    db.session.flush()  # its lines refer to it
    rows = [
        {
            "id": uuid.uuid4(), "group_id": sheet.group_id, "sheet_id": sheet.id, "member_id": one.member_id,
            "place": one.place, "amount": one.amount,
        }
        for one in given
        if one.amount
    ]  # fmt: skip
    insert_at_once(Contribution, rows)
    return sheet


def agree_amount(
    *,
    amount: int,
    from_on: date,
    decided_on: date,
    meeting_id: uuid.UUID | None = None,
    motion_id: uuid.UUID | None = None,
    by: uuid.UUID,
    now: datetime,
) -> AgreedAmount:
    """Write down what the members suggest to give each month from a day on, or with nought that they no longer suggest anything.

    What they counted, only another decision that they counted changes; the database says so too. Raises `CannotAgree`.
    """
    if refusal := rules.why_not_agree(decided_on=decided_on, from_on=from_on, today=ledger.today(now)):
        raise CannotAgree(refusal)
    in_force = queries.find_decided(from_on)
    if motion_id is None and in_force and in_force.motion_id:
        raise CannotAgree(Refusal.COUNTED)
    agreed = AgreedAmount(
        amount=amount, currency=get_group(scope.group_id()).currency, from_on=from_on, decided_on=decided_on,
        meeting_id=meeting_id, motion_id=motion_id, recorded_by_id=by, recorded_at=now,
    )  # fmt: skip
    db.session.add(agreed)
    audit.record("agreed_amount.decided", agreed, by=by, now=now)
    db.session.flush()
    return agreed
