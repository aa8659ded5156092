"""Sheets that were saved, and what stands on one."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from funding.contributions.models import AgreedAmount, Contribution, ContributionSheet
from funding.ledger import queries as ledger
from groups.membership.models import Member
from network.db import db


def get_sheet(sheet_id: uuid.UUID) -> ContributionSheet:
    """One sheet, or a page that says there is nothing here."""
    return db.get_or_404(ContributionSheet, sheet_id)


def find_sheet_of(journal_id: uuid.UUID) -> ContributionSheet | None:
    """The sheet an entry in the book comes from."""
    return db.session.scalar(sa.select(ContributionSheet).where(ContributionSheet.journal_id == journal_id))


ORDER_OF_SHEETS = (ContributionSheet.received_on, ContributionSheet.recorded_at, ContributionSheet.id)
"""The latest first."""


def sheets() -> sa.Select[ContributionSheet]:
    """The sheets; a selection so that pages can page it."""
    return sa.select(ContributionSheet)


def totals_of(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, tuple[int, int]]:
    """What each of these sheets comes to, and from how many people."""
    rows = (
        sa.select(
            Contribution.sheet_id,
            sa.func.sum(Contribution.amount),
            sa.func.count(Contribution.member_id.distinct()),
        )
        .where(Contribution.sheet_id.in_(list(ids)))
        .group_by(Contribution.sheet_id)
    )
    return {sheet_id: (int(amount), people) for sheet_id, amount, people in db.session.execute(rows)}


@dataclass(frozen=True)
class Together:
    """What several sheets come to, without those that were taken back."""

    amount: int
    sheets: int


def totals_at(meeting_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Together]:
    """What was written down at each of these meetings, where anything stands."""
    rows = sa.select(ContributionSheet.id, ContributionSheet.meeting_id, ContributionSheet.journal_id)
    found = db.session.execute(rows.where(ContributionSheet.meeting_id.in_(list(meeting_ids)))).all()
    taken_back = ledger.reversed_among(journal_id for _, _, journal_id in found)
    standing = {sheet_id: at for sheet_id, at, journal_id in found if at and journal_id not in taken_back}
    sums: dict[uuid.UUID, Together] = {}
    for sheet_id, (amount, _) in totals_of(standing).items():
        before = sums.get(standing[sheet_id], Together(0, 0))
        sums[standing[sheet_id]] = Together(before.amount + amount, before.sheets + 1)
    return sums


def sheets_at(meeting_id: uuid.UUID) -> list[ContributionSheet]:
    """Every sheet of one meeting, in the order they were written."""
    rows = sa.select(ContributionSheet).where(ContributionSheet.meeting_id == meeting_id)
    return list(db.session.scalars(rows.order_by(ContributionSheet.recorded_at, ContributionSheet.id)))


def lines_of(sheet: ContributionSheet) -> list[tuple[uuid.UUID, str, dict[str, int]]]:
    """Who gave what on a sheet, each member with their nickname: for the treasurer who wrote it."""
    rows = db.session.execute(
        sa.select(Member.id, Member.nickname, Contribution.place, Contribution.amount)
        .join(Member, Member.id == Contribution.member_id)
        .where(Contribution.sheet_id == sheet.id)
        .order_by(Member.folded, Member.id)
    )
    given: dict[uuid.UUID, tuple[str, dict[str, int]]] = {}
    for member_id, nickname, place, amount in rows:
        given.setdefault(member_id, (nickname, {}))[1][place] = amount
    return [(member_id, nickname, amounts) for member_id, (nickname, amounts) in given.items()]


def own_contributions(member_id: uuid.UUID) -> list[Contribution]:
    """What one member gave, each with its sheet: for that member alone."""
    rows = sa.select(Contribution).join(Contribution.sheet).options(contains_eager(Contribution.sheet))
    return list(db.session.scalars(rows.where(Contribution.member_id == member_id)))


def contributions_on(sheet_id: uuid.UUID, member_id: uuid.UUID) -> list[Contribution]:
    """What one member gave on one sheet, each form of money, with the sheet."""
    rows = sa.select(Contribution).join(Contribution.sheet).options(contains_eager(Contribution.sheet))
    wanted = rows.where(Contribution.sheet_id == sheet_id, Contribution.member_id == member_id)
    return list(db.session.scalars(wanted.order_by(Contribution.place)))


def has_sheet_since(day: date) -> bool:
    """Whether a sheet was written for this day or later."""
    return (
        db.session.scalar(
            sa.select(ContributionSheet.id).where(ContributionSheet.received_on >= day).limit(1)
        )
        is not None
    )


def find_agreed(day: date) -> AgreedAmount | None:
    """What the members suggest to give each month on a day, if they suggest anything."""
    latest = find_decided(day)
    return latest if latest and latest.amount else None


def find_decided(day: date) -> AgreedAmount | None:
    """The decision in force on a day, also one that nothing is suggested.

    What the members counted holds before words written down without a count, whenever those were written and for whichever day.
    """
    begun = sa.select(AgreedAmount).where(AgreedAmount.from_on <= day)
    in_force = (
        AgreedAmount.motion_id.is_(None),
        AgreedAmount.from_on.desc(),
        AgreedAmount.recorded_at.desc(),
    )
    return db.session.scalar(begun.order_by(*in_force).limit(1))


def find_first_counted() -> date | None:
    """The day from which on something holds that the members counted."""
    return db.session.scalar(
        sa.select(sa.func.min(AgreedAmount.from_on)).where(AgreedAmount.motion_id.is_not(None))
    )


def agreed_amounts() -> sa.Select[AgreedAmount]:
    """What the members agreed on, the latest first."""
    return sa.select(AgreedAmount).order_by(AgreedAmount.from_on.desc(), AgreedAmount.recorded_at.desc())
