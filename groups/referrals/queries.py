"""Reading who is at the door: as the two offices may, or as whoever brings the person's own code, or the group's note."""

import uuid
from datetime import datetime

import sqlalchemy as sa

from groups.permissions import Role
from groups.referrals import rules
from groups.referrals.models import Referral, ReferralState
from groups.safeguarding.queries import asks_age_first
from network.accounts.models import PrivateLink, RoleAssignment
from network.db import db
from network.invitations.models import Invitation
from network.tenancy import scope

READERS = (Role.CHAIRPERSON, Role.SECRETARY)
"""The offices the fence shows the rows to."""


def show_key(key_hash: bytes) -> None:
    """Tell the fence which code was brought, for this transaction."""
    db.session.execute(sa.select(sa.func.set_config("app.share", key_hash.hex(), True)))


def find_by_key(key_hash: bytes, *, to_change: bool = False) -> Referral | None:
    """What the person's own code opens, or the group's note, unless it is erased."""
    show_key(key_hash)
    found = sa.select(Referral).where(sa.or_(Referral.key_hash == key_hash, Referral.note_hash == key_hash))
    return db.session.scalar(found.with_for_update() if to_change else found)


def get_referral(referral_id: uuid.UUID) -> Referral:
    """Somebody at the door, or a page that says there is nothing here. A door that rests is not seen before its day."""
    return db.one_or_404(sa.select(Referral).where(Referral.id == referral_id))


def hold_referral(referral_id: uuid.UUID) -> Referral | None:
    """Somebody at the door as it is now, held until this is kept: of two who answer, the second sees the first one's answer."""
    held = sa.select(Referral).where(Referral.id == referral_id).with_for_update()
    return db.session.scalar(held.execution_options(populate_existing=True))


def has_own_code(referral: Referral) -> bool:
    """Whether the person holds a code of their own; of somebody who was introduced nobody does at first."""
    its = sa.select(PrivateLink.id).where(PrivateLink.token_hash == referral.key_hash)
    return db.session.scalar(its) is not None


def waits_for_word(referral: Referral) -> bool:
    """Whether nobody writes to somebody yet: the group is for young people now, and nobody said that they are old enough."""
    asks = asks_age_first()
    return rules.why_not_write(was_said=referral.old_enough_hash is not None, asks_age_first=asks) is not None


def at_the_door() -> sa.Select[Referral]:
    """Everybody the group may know of now: who waits first, then who may be asked, then who was answered."""
    turn = sa.case(
        {ReferralState.WAITING: 0, ReferralState.RESTING: 1, ReferralState.ASKED: 2},
        value=Referral.state,
        else_=3,
    )
    return sa.select(Referral).order_by(turn, Referral.received_at, Referral.id)


def count_in(state: ReferralState) -> int:
    """How many the group may know of are in this state."""
    asked = sa.select(sa.func.count()).select_from(Referral).where(Referral.state == state)
    return db.session.scalar(asked) or 0


def count_waiting_unseen() -> int:
    """How many wait, also for whoever may not see them."""
    return db.session.scalar(sa.text("select referrals_waiting()")) or 0


def count_readers(*, now: datetime) -> int:
    """How many hold one of the two offices now."""
    held = sa.select(sa.func.count(RoleAssignment.account_id.distinct())).where(
        RoleAssignment.group_id == scope.group_id(),
        RoleAssignment.role.in_(READERS),
        RoleAssignment.starts_at <= now,
        sa.or_(RoleAssignment.ends_at.is_(None), RoleAssignment.ends_at > now),
    )
    return db.session.scalar(held) or 0


def find_invitation(referral: Referral) -> Invitation | None:
    """The invitation that went with the answer."""
    return db.session.get(Invitation, referral.invitation_id) if referral.invitation_id else None


def find_waiting_invitation(referral: Referral, *, now: datetime) -> Invitation | None:
    """The invitation that went with the answer, while it can still be accepted."""
    invitation = find_invitation(referral)
    return invitation if invitation and invitation.token and invitation.expires_at > now else None
