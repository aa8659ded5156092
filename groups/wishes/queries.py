"""Finding whoever asks, and what is written down of it."""

import uuid
from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from groups.membership.models import Member, folded
from groups.wishes.models import ErasureWish
from network.accounts.models import Account, RoleAssignment
from network.db import db


def _with_account() -> sa.Select[uuid.UUID | None]:
    """Members of the group in scope who have, or had before they left, an account that still opens something."""
    came_of = sa.select(RoleAssignment.because_of).join(Account, Account.id == RoleAssignment.account_id)
    return came_of.where(RoleAssignment.group_id == Member.group_id, Account.suspended_at.is_(None))


def _without_sign_in() -> sa.ColumnElement[bool]:
    return sa.and_(Member.account_id.is_(None), Member.id.not_in(_with_account()))


def get_somebody(member_id: uuid.UUID) -> Member:
    """A member without a sign-in, here or gone, or a page that says there is nothing here."""
    return db.one_or_404(sa.select(Member).where(Member.id == member_id, _without_sign_in()))


def called(nickname: str) -> list[Member]:
    """Everybody who is or was called so and has no sign-in, those who are here first."""
    asked = sa.select(Member).where(Member.folded == folded(nickname), _without_sign_in())
    return list(
        db.session.scalars(asked.order_by(Member.left_on.desc().nulls_first(), Member.joined_on, Member.id))
    )


def is_anybody_called(nickname: str) -> bool:
    """Whether somebody is or was called so, with a sign-in or without."""
    asked = sa.select(Member.id).where(Member.folded == folded(nickname))
    return db.session.scalar(asked.limit(1)) is not None


def wishes() -> sa.Select[ErasureWish]:
    """What is still to be done, the earliest first; a selection so that pages can page it."""
    asked = sa.select(ErasureWish).options(joinedload(ErasureWish.member))
    return asked.order_by(ErasureWish.written_at, ErasureWish.id)


def get_wish(wish_id: uuid.UUID) -> ErasureWish:
    """One of them, or a page that says there is nothing here."""
    return db.one_or_404(wishes().where(ErasureWish.id == wish_id))


def find_wish_of(member_id: uuid.UUID) -> ErasureWish | None:
    """What is written down of this member."""
    return db.session.scalar(wishes().where(ErasureWish.member_id == member_id))


def names_of(wish_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """What those who wrote these down are called here."""
    asked = (
        sa.select(ErasureWish.id, Member.nickname)
        .join(Member, sa.and_(Member.account_id == ErasureWish.written_by_id, Member.left_on.is_(None)))
        .where(ErasureWish.id.in_(wish_ids))
    )
    return {row[0]: row[1] for row in db.session.execute(asked)}
