"""Accounts and what opens a door: identifiers, sessions, private links, tries."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from flask_login import UserMixin
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from network.tenancy.tables import LinkTable, PlatformTable, args
from network.vault.columns import PlatformSealed


class IdentifierKind(StrEnum):
    EMAIL = "email"
    PHONE = "phone"
    USER_NAME = "user_name"


class Account(PlatformTable, UserMixin):
    """Somebody who signs in. What they are called by is their choice and sealed."""

    __tablename__ = "accounts"

    shown_name: Mapped[str] = mapped_column(PlatformSealed("accounts.shown_name"))
    password_hash: Mapped[str]
    language: Mapped[str]
    created_at: Mapped[datetime]
    suspended_at: Mapped[datetime | None]

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        return self.suspended_at is None


class AccountIdentifier(PlatformTable):
    """An e-mail address, phone number or user name an account signs in with: sealed, and findable by fingerprint."""

    __tablename__ = "account_identifiers"
    __table_args__ = (sa.UniqueConstraint("fingerprint"),)

    account_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    kind: Mapped[IdentifierKind] = mapped_column(sa.Text)
    shown: Mapped[str] = mapped_column(PlatformSealed("account_identifiers.shown"))
    fingerprint: Mapped[bytes]


class BrowserSession(PlatformTable):
    """A session kept here, not in the cookie: ending it ends it everywhere at once."""

    __tablename__ = "sessions"
    __table_args__ = (sa.UniqueConstraint("token_hash"),)

    token_hash: Mapped[bytes]
    account_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("accounts.id"), index=True)
    contents: Mapped[dict[str, Any]] = mapped_column(JSONB)
    family: Mapped[str | None]
    """Which kind of browser, and whether on a phone; never its version, nor where it is."""
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class SignInTry(PlatformTable):
    """One try at signing in or at guessing a code, noted before it is checked."""

    __tablename__ = "sign_in_tries"
    __table_args__ = (
        sa.Index("ix_sign_in_tries_what_at", "what", "at"),
        sa.Index("ix_sign_in_tries_whence_at", "whence", "at"),
    )

    what: Mapped[bytes]
    """A fingerprint of what was typed, never the thing itself."""
    whence: Mapped[bytes]
    """A fingerprint of the shortened network address."""
    at: Mapped[datetime] = mapped_column(index=True)


class FormSubmission(PlatformTable):
    """A form that was sent: sending it twice has the effect of once. Only who has the page's key can find or test it."""

    __tablename__ = "form_submissions"

    digest: Mapped[bytes]
    location: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(index=True)


class LinkPurpose(StrEnum):
    APPLICATION = "application"
    INVITATION = "invitation"
    TRANSLATION = "translation"
    TELLER = "teller"
    BALLOT = "ballot"
    COUNTER = "counter"
    ASKING = "asking"


class PrivateLink(PlatformTable):
    """A door without an account: whoever holds the link (or its short code) may do one kind of thing with one thing."""

    __tablename__ = "private_links"
    __table_args__ = (sa.UniqueConstraint("token_hash"),)

    token_hash: Mapped[bytes]
    purpose: Mapped[LinkPurpose] = mapped_column(sa.Text)
    group_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("groups.id"), index=True)
    subject_id: Mapped[uuid.UUID]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class RoleAssignment(LinkTable):
    """An account holds a role in a group from one moment until another; permissions ask at every request."""

    __tablename__ = "role_assignments"
    __table_args__ = args(
        sa.CheckConstraint("ends_at is null or ends_at >= starts_at", name="dates"),
        sa.Index("ix_role_assignments_account_id_group_id", "account_id", "group_id"),
    )

    account_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("accounts.id"))
    role: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    because_of: Mapped[uuid.UUID | None]
    """The term, invitation or membership it follows from; ending that ends this."""
