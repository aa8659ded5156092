"""Receipts that were made, and what they are about."""

import uuid
from collections import defaultdict
from dataclasses import dataclass

import sqlalchemy as sa
from flask import abort

from funding.contributions.queries import contributions_on, find_sheet_of
from funding.ledger import queries as ledger
from funding.ledger.rules import EntryKind, Place
from funding.receipts.models import Receipt
from funding.receipts.rules import INCOME, Received
from groups.membership.models import Member
from groups.safeguarding.queries import held_back
from network.db import db


@dataclass(frozen=True)
class Made:
    """A receipt with what it is about."""

    receipt: Receipt
    received: Received

    @property
    def account_id(self) -> uuid.UUID | None:
        return self.received.account_id


def get_gift(sheet_id: uuid.UUID, member_id: uuid.UUID) -> Received:
    """What a member gave on a sheet, or a page that says there is nothing here."""
    given = contributions_on(sheet_id, member_id)
    member = db.session.scalar(sa.select(Member).where(Member.id == member_id))
    if not given or member is None:
        abort(404)
    parts = {one.place: one.amount for one in given}
    return _received(given[0].sheet.journal_id, parts, member)


def get_income(entry_id: uuid.UUID) -> Received:
    """What an entry brought in from somebody outside, or a page that says there is nothing here."""
    entry = ledger.get_entry(entry_id)
    if entry.kind not in INCOME:
        abort(404)
    return _received(entry_id, _by_place(entry.lines), None)


def _by_place(lines: list[tuple[str, str, int]]) -> dict[str, int]:
    sums: dict[str, int] = defaultdict(int)
    for account, _fund, amount in lines:
        if account in set(Place):
            sums[account] += amount
    return dict(sums)


def _received(journal_id: uuid.UUID, parts: dict[str, int], member: Member | None) -> Received:
    entry, undone = ledger.get_entry(journal_id), ledger.find_reversal_of(journal_id)
    return Received(
        journal_id=entry.id, entry_number=entry.number, seal=ledger.short_seal(entry), kind=EntryKind(entry.kind),
        received_on=entry.effective_on, currency=entry.currency, parts=parts,
        words=(entry.memo.words or "") if entry.memo else "", member_id=member.id if member else None,
        nickname=member.nickname if member else "", account_id=member.account_id if member else None,
        taken_back_by=undone.number if undone else None,
    )  # fmt: skip


def find_receipt(received: Received) -> Receipt | None:
    """The receipt for this, if one was made."""
    wanted = sa.select(Receipt).where(
        Receipt.journal_id == received.journal_id, Receipt.member_id.is_not_distinct_from(received.member_id)
    )
    return db.session.scalar(wanted)


def get_receipt(receipt_id: uuid.UUID) -> Made:
    """A receipt with what it is about, or a page that says there is nothing here."""
    receipt = db.one_or_404(sa.select(Receipt).where(Receipt.id == receipt_id))
    if receipt.member_id is None:
        return Made(receipt, get_income(receipt.journal_id))
    sheet = find_sheet_of(receipt.journal_id)
    if sheet is None:
        abort(404)
    return Made(receipt, get_gift(sheet.id, receipt.member_id))


def is_told_in_person(made: Made) -> bool:
    """Whether nothing is sent to whom this receipt is for: a parent or guardian has not agreed yet."""
    member_id = made.received.member_id
    return member_id is not None and bool(held_back([member_id]))


def receipts() -> sa.Select[Receipt]:
    """Every receipt, the latest first; a selection so that pages can page it."""
    return sa.select(Receipt).order_by(Receipt.number.desc())


def receipts_that_differ() -> list[int]:
    """Numbers that do not follow each other: there are none, unless somebody forced it."""
    numbers = db.session.scalars(sa.select(Receipt.number).order_by(Receipt.number))
    return [number for place, number in enumerate(numbers, 1) if number != place]
