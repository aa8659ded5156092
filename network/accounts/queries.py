"""Finding accounts, sessions, links and roles."""

import hashlib
import re
import unicodedata
import uuid
from datetime import datetime

import sqlalchemy as sa

from network.accounts import rules
from network.accounts.models import (
    Account,
    AccountIdentifier,
    BrowserSession,
    LinkPurpose,
    PrivateLink,
    RoleAssignment,
)
from network.db import db
from network.vault import keys


def find_account(typed: str) -> Account | None:
    """The account that signs in with this e-mail address, phone number or user name."""
    found = find_accounts(typed)
    return found[0] if len(found) == 1 else None


def find_accounts(typed: str) -> list[Account]:
    """Whose identifier this may be. A local phone number may be somebody's in each of several countries."""
    prints = [keys.lookup("identifier", form) for form in rules.candidates(typed)]
    with_it = sa.select(AccountIdentifier.account_id).where(AccountIdentifier.fingerprint.in_(prints))
    return list(db.session.scalars(sa.select(Account).where(Account.id.in_(with_it)).order_by(Account.id)))


def token_hash(token: str) -> bytes:
    """How a token or a code is stored: typed codes are forgiving about case, spaces and dashes."""
    plain = as_code(token) if is_code(token) else token
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).digest()


def is_code(token: str) -> bool:
    """Whether this is short enough to be read out, and so to be guessed; links are longer."""
    return len(as_code(token)) <= 20  # noqa: PLR2004 - between the ten signs of a code and the 32 of a link


def as_code(typed: str) -> str:
    """A code without what people put between its signs."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", typed)).upper()


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


def ways_in(account_id: uuid.UUID) -> list[AccountIdentifier]:
    """What an account signs in with, each by itself."""
    rows = sa.select(AccountIdentifier).where(AccountIdentifier.account_id == account_id)
    return list(db.session.scalars(rows.order_by(AccountIdentifier.kind, AccountIdentifier.id)))


def sessions_of(account_id: uuid.UUID, *, now: datetime) -> list[BrowserSession]:
    """Where somebody is signed in, the latest used first."""
    rows = sa.select(BrowserSession).where(
        BrowserSession.account_id == account_id, BrowserSession.expires_at > now
    )
    return list(db.session.scalars(rows.order_by(BrowserSession.seen_at.desc(), BrowserSession.id).limit(50)))


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
