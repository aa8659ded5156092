"""Finding invitations of the group in scope."""

import uuid
from datetime import datetime

import sqlalchemy as sa

from network.db import db
from network.invitations.models import Invitation


def get_invitation(invitation_id: uuid.UUID) -> Invitation:
    """The invitation, or a page that says there is nothing here."""
    return db.one_or_404(sa.select(Invitation).where(Invitation.id == invitation_id))


def get_invitation_to_accept(invitation_id: uuid.UUID) -> Invitation:
    """The invitation, held for this transaction so that two phones cannot both accept it."""
    return db.one_or_404(sa.select(Invitation).where(Invitation.id == invitation_id).with_for_update())


def _waiting(now: datetime) -> sa.Select[Invitation]:
    return sa.select(Invitation).where(
        Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None), Invitation.expires_at > now
    )


def find_waiting_for_member(member_id: uuid.UUID, *, now: datetime) -> Invitation | None:
    """The newest invitation this member has not used yet."""
    return db.session.scalar(
        _waiting(now).where(Invitation.member_id == member_id).order_by(Invitation.made_at.desc()).limit(1)
    )


def all_waiting_for_member(member_id: uuid.UUID, *, now: datetime) -> list[Invitation]:
    """Every invitation this member has not used yet."""
    return list(db.session.scalars(_waiting(now).where(Invitation.member_id == member_id)))
