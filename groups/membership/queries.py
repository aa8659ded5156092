"""Finding members: who is here, one of them, oneself."""

import uuid
from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa

from groups.consents.models import Consent
from groups.membership.models import CompositionReading, Member
from groups.membership.rules import KEPT, MatrixRow, matrix_of
from network.accounts.models import RoleAssignment
from network.db import db


def present_members() -> sa.Select[Member]:
    """Members of the group in scope who have not left, by nickname; a selection so that pages can page it."""
    return sa.select(Member).where(Member.left_on.is_(None)).order_by(Member.folded, Member.id)


def count_present_members() -> int:
    """How many members the group in scope has."""
    return (
        db.session.scalar(sa.select(sa.func.count()).select_from(Member).where(Member.left_on.is_(None))) or 0
    )


def voters(*, joined_by: date) -> sa.Select[Member]:
    """Members who may vote: here now, and since a day that the constitution says."""
    return present_members().where(Member.joined_on <= joined_by)


def count_voters(*, on: date, joined_by: date) -> int:
    """How many members there were on a day who could vote."""
    was_there = sa.or_(Member.left_on.is_(None), Member.left_on > on)
    asked = sa.select(sa.func.count()).select_from(Member)
    return db.session.scalar(asked.where(was_there, Member.joined_on <= joined_by)) or 0


def get_member(member_id: uuid.UUID) -> Member:
    """A member who is here now, or a page that says there is nothing here."""
    return db.one_or_404(sa.select(Member).where(Member.id == member_id, Member.left_on.is_(None)))


def find_own_member(account_id: uuid.UUID | None) -> Member | None:
    """Who this account is in the group in scope."""
    if account_id is None:
        return None
    return db.session.scalar(
        sa.select(Member).where(Member.account_id == account_id, Member.left_on.is_(None))
    )


def memberships_of(account_id: uuid.UUID) -> frozenset[uuid.UUID]:
    """Who this account is and was in the group in scope; who has left is known by the role that came of it."""
    here = sa.select(Member.id).where(Member.account_id == account_id)
    came_of = sa.select(RoleAssignment.because_of).where(
        RoleAssignment.account_id == account_id, RoleAssignment.group_id == Member.group_id
    )
    return frozenset(db.session.scalars(here.union(sa.select(Member.id).where(Member.id.in_(came_of)))))


def left_before(day: date) -> list[uuid.UUID]:
    """Who had left the group in scope before a day, and said yes to something once."""
    said = sa.exists().where(Consent.group_id == Member.group_id, Consent.member_id == Member.id)
    return list(db.session.scalars(sa.select(Member.id).where(Member.left_on < day, said)))


def nicknames_taken(folded: Sequence[str]) -> set[str]:
    """Which of these nicknames, as they are compared, somebody here has already."""
    taken = sa.select(Member.folded).where(Member.folded.in_(folded), Member.left_on.is_(None))
    return set(db.session.scalars(taken))


def lived_experience_of(member_id: uuid.UUID) -> str | None:
    """What somebody told about themselves, for their own page and nowhere else."""
    return db.session.scalar(sa.select(Member.lived_experience).where(Member.id == member_id))


def told_by(member_id: uuid.UUID) -> dict[str, str | None]:
    """Everything somebody told about themselves, for their own page and nowhere else."""
    row = db.session.execute(
        sa.select(*(getattr(Member, purpose) for purpose in KEPT)).where(Member.id == member_id)
    ).one()
    return {str(purpose): value for purpose, value in zip(KEPT, row, strict=True)}


def answers_of_everybody() -> list[str]:
    """Every private answer there is, without whose it is; for counting only."""
    given = sa.select(Member.lived_experience).where(
        Member.left_on.is_(None), Member.lived_experience.is_not(None)
    )
    return [answer for answer in db.session.scalars(given) if answer]


def return_matrix(*, left_out: bool | None = None) -> dict[str, MatrixRow]:
    """How many members the group in scope has, by sex as the forms ask it: in all, registered, young, older.

    Everybody who is here; or only those who asked to be left out of the return, or only those who did not.
    One query: what was sealed is opened to count, and whose it is is not even read.
    """
    told = sa.select(Member.sex, Member.age_band, Member.disability_registered).where(
        Member.left_on.is_(None)
    )
    if left_out is not None:
        told = told.where(Member.left_out_of_return.is_(left_out))
    return matrix_of(db.session.execute(told).all())


def members_on_return() -> sa.Select[Member]:
    """Members who may be named on the list that goes to the authority, by nickname; a selection so that pages can page it."""
    return present_members().where(Member.left_out_of_return.is_(False))


def find_reading(month: date) -> CompositionReading | None:
    """The word for a month, if it was counted."""
    return db.session.scalar(sa.select(CompositionReading).where(CompositionReading.month == month))


def find_newest_reading() -> CompositionReading | None:
    """The latest word there is."""
    return db.session.scalar(readings().limit(1))


def readings() -> sa.Select[CompositionReading]:
    """The words of all months, the newest first."""
    return sa.select(CompositionReading).order_by(CompositionReading.month.desc())
