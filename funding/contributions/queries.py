"""Sheets that were saved, and what stands on one."""

import uuid
from collections.abc import Iterable
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from funding.contributions.models import Contribution, ContributionSheet
from groups.membership.models import Member
from network.db import db


def get_sheet(sheet_id: uuid.UUID) -> ContributionSheet:
    """One sheet, or a page that says there is nothing here."""
    return db.get_or_404(ContributionSheet, sheet_id)


def find_sheet_of(journal_id: uuid.UUID) -> ContributionSheet | None:
    """The sheet an entry in the book comes from."""
    return db.session.scalar(sa.select(ContributionSheet).where(ContributionSheet.journal_id == journal_id))


def sheets() -> sa.Select[ContributionSheet]:
    """The sheets, the latest first."""
    return sa.select(ContributionSheet).order_by(
        ContributionSheet.received_on.desc(), ContributionSheet.recorded_at.desc(), ContributionSheet.id
    )


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


def lines_of(sheet: ContributionSheet) -> list[tuple[str, dict[str, int]]]:
    """Who gave what on a sheet, by nickname: for the treasurer who wrote it."""
    rows = db.session.execute(
        sa.select(Member.id, Member.nickname, Contribution.place, Contribution.amount)
        .join(Member, Member.id == Contribution.member_id)
        .where(Contribution.sheet_id == sheet.id)
        .order_by(Member.folded, Member.id)
    )
    given: dict[uuid.UUID, tuple[str, dict[str, int]]] = {}
    for member_id, nickname, place, amount in rows:
        given.setdefault(member_id, (nickname, {}))[1][place] = amount
    return list(given.values())


def own_contributions(member_id: uuid.UUID) -> sa.Select[Contribution]:
    """What one member gave, the latest first: for that member alone."""
    return (
        sa.select(Contribution)
        .join(Contribution.sheet)
        .options(contains_eager(Contribution.sheet))
        .where(Contribution.member_id == member_id)
        .order_by(ContributionSheet.received_on.desc(), Contribution.id)
    )


def has_sheet_since(day: date) -> bool:
    """Whether a sheet was written for this day or later."""
    return (
        db.session.scalar(
            sa.select(ContributionSheet.id).where(ContributionSheet.received_on >= day).limit(1)
        )
        is not None
    )
