"""Finding accounts, sessions, links and roles."""

import hashlib
import uuid
from datetime import datetime

import sqlalchemy as sa

from network.accounts import rules
from network.accounts.models import Account, AccountIdentifier, LinkPurpose, PrivateLink, RoleAssignment
from network.db import db
from network.vault import keys


def find_account(typed: str) -> Account | None:
    """The account that signs in with this e-mail address, phone number or user name."""
    prints = [keys.lookup("identifier", form) for form in rules.candidates(typed)]
    found = db.session.scalars(
        sa.select(Account)
        .join(AccountIdentifier, AccountIdentifier.account_id == Account.id)
        .where(AccountIdentifier.fingerprint.in_(prints))
    ).all()
    return found[0] if len(found) == 1 else None


def token_hash(token: str) -> bytes:
    """How a token or a code is stored: typed codes are forgiving about case, spaces and dashes."""
    plain = token if len(token) > 20 else token.replace("-", "").replace(" ", "").upper()  # noqa: PLR2004 - codes are shorter than links
    return hashlib.sha256(plain.encode()).digest()


def find_link(token: str, purpose: LinkPurpose, *, now: datetime) -> PrivateLink | None:
    """The private link behind a token, while it is still good."""
    return db.session.scalar(
        sa.select(PrivateLink).where(
            PrivateLink.token_hash == token_hash(token),
            PrivateLink.purpose == purpose,
            PrivateLink.expires_at > now,
        )
    )


def find_link_of_any_purpose(code: str, *, now: datetime) -> PrivateLink | None:
    """What a typed code opens, while it is still good."""
    return db.session.scalar(
        sa.select(PrivateLink).where(PrivateLink.token_hash == token_hash(code), PrivateLink.expires_at > now)
    )


def identifiers_of(account_id: uuid.UUID) -> list[str]:
    """What an account signs in with, as it was typed."""
    rows = (
        sa.select(AccountIdentifier)
        .where(AccountIdentifier.account_id == account_id)
        .order_by(AccountIdentifier.kind, AccountIdentifier.id)
    )
    return [row.shown for row in db.session.scalars(rows)]


def roles_held(account_id: uuid.UUID, group_id: uuid.UUID, *, now: datetime) -> frozenset[str]:
    """The roles an account holds in a group at this moment."""
    held = sa.select(RoleAssignment.role).where(
        RoleAssignment.account_id == account_id,
        RoleAssignment.group_id == group_id,
        RoleAssignment.starts_at <= now,
        sa.or_(RoleAssignment.ends_at.is_(None), RoleAssignment.ends_at > now),
    )
    return frozenset(db.session.scalars(held))


def places_of(account_id: uuid.UUID, *, now: datetime) -> list[uuid.UUID]:
    """The groups and offices an account has a role in now, in a stable order. Runs in the account's scope."""
    places = (
        sa.select(RoleAssignment.group_id)
        .where(
            RoleAssignment.account_id == account_id,
            RoleAssignment.starts_at <= now,
            sa.or_(RoleAssignment.ends_at.is_(None), RoleAssignment.ends_at > now),
        )
        .group_by(RoleAssignment.group_id)
        .order_by(sa.func.min(RoleAssignment.starts_at), RoleAssignment.group_id)
    )
    return list(db.session.scalars(places))
