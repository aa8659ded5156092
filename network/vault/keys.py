"""Keys: a group's own and a few of the platform's, each with a version, kept wrapped by the master key.

The master key is not in the database. Changing it wraps the keys anew and touches nothing that is sealed with them;
docs/decisions/vault.md says how keys are changed while people are served.
"""

import base64
import hashlib
import hmac
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from network import clock
from network.db import FencedSession, db
from network.tenancy import scope
from network.tenancy.tables import GroupTable, PlatformTable, args

ACCOUNTS = "accounts"
"""What closes text about accounts; the one key of the platform that is changed for another."""
PURPOSES = (ACCOUNTS, "root", "lookup identifier", "lookup statement account", "lookup statement line")
"""The keys of the platform. Whatever is not named here is made from the root."""
VERSION = 2
"""Bytes at the beginning of whatever is sealed: which version of the key opens it."""
_NONCE = 12
Owner = uuid.UUID | str
"""Whose key: a group's, or the platform's for a purpose."""
_opened: dict[tuple[Owner, int], bytes] = {}


@dataclass(frozen=True)
class Key:
    """One version of a key, opened."""

    version: int
    secret: bytes


class GroupKey(GroupTable):
    """A version of a group's data key, wrapped. Without the master key, which is not in the database, it is noise."""

    __tablename__ = "group_keys"
    __table_args__ = args(sa.UniqueConstraint("group_id", "version"))

    version: Mapped[int] = mapped_column(sa.SmallInteger)
    wrapped: Mapped[bytes]
    created_at: Mapped[datetime]


class PlatformKey(PlatformTable):
    """A version of a key of the platform, wrapped. Until the first change there is none, and it is made from the master key."""

    __tablename__ = "platform_keys"
    __table_args__ = (sa.UniqueConstraint("purpose", "version"),)

    purpose: Mapped[str]
    version: Mapped[int] = mapped_column(sa.SmallInteger)
    wrapped: Mapped[bytes]
    created_at: Mapped[datetime]


def masters() -> list[str]:
    """The master key, and the one before it while it is being changed."""
    kept = (current_app.config["MASTER_KEY"], current_app.config.get("MASTER_KEY_BEFORE"))
    return [master for master in kept if master]


def derived(purpose: str) -> bytes:
    """A key of the platform for one purpose; it stays the same when the master key changes."""
    return opening_key(purpose, 1) if purpose in PURPOSES else spread(opening_key("root", 1), purpose)


def lookup(purpose: str, text: str) -> bytes:
    """A keyed fingerprint, so that something sealed can be found without being readable."""
    return hmac.new(derived(f"lookup {purpose}"), text.encode(), hashlib.sha256).digest()


def seal(key: bytes, text: str, *, bound_to: str) -> bytes:
    """Encrypt; what it is bound to must be the same when it is opened."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, text.encode(), bound_to.encode())


def unseal(key: bytes, sealed: bytes, *, bound_to: str) -> str:
    """Decrypt. Raises `InvalidTag` where a bit was changed or it was moved to another place."""
    return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], bound_to.encode()).decode()


def seal_in(key: Key, text: str, *, bound_to: str) -> bytes:
    """Encrypt with this version of a key, which is written in front and bound with the rest."""
    return key.version.to_bytes(VERSION) + seal(key.secret, text, bound_to=f"{bound_to} {key.version}")


def version_of(sealed: bytes) -> int:
    """Which version of its key opens it."""
    return int.from_bytes(sealed[:VERSION])


def unseal_in(key: bytes, sealed: bytes, *, bound_to: str) -> str:
    """Decrypt what `seal_in` closed, with that version of the key."""
    return unseal(key, sealed[VERSION:], bound_to=f"{bound_to} {version_of(sealed)}")


def spread(secret: bytes, purpose: str) -> bytes:
    """A key for one purpose, made from another key."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(secret)


def wrap(key: bytes, owner: Owner) -> bytes:
    """Close a key with the master key."""
    closed = base64.b64encode(key).decode()
    return seal(spread(masters()[0].encode(), "wrap"), closed, bound_to=str(owner))


def unwrap(wrapped: bytes, owner: Owner) -> bytes:
    """Open a key with the master key, or with the one before it. Raises `InvalidTag` where neither fits."""
    for master in masters():
        try:
            opened = unseal(spread(master.encode(), "wrap"), wrapped, bound_to=str(owner))
        except InvalidTag:
            continue
        return base64.b64decode(opened)
    raise InvalidTag


def first(purpose: str) -> bytes:
    """What a key of the platform is before any is stored: made from the master key there was from the beginning."""
    return spread(masters()[-1].encode(), purpose)


def group_key() -> Key:
    """The newest data key of the group in scope, made the first time something is sealed there."""
    return sealing_key(scope.group_id())


def sealing_key(owner: Owner) -> Key:
    """The newest version, held until the transaction ends: no version goes while something is being sealed with it.

    A group's first key is known to this session only until the commit: what another thread sealed with a key that is
    then undone could never be opened again.
    """
    held: dict[Owner, Key] = db.session.info.setdefault("sealing", {})
    if owner not in held:
        held[owner] = _newest(owner) or (Key(1, first(owner)) if isinstance(owner, str) else _new_key(owner))
    return held[owner]


def opening_key(owner: Owner, version: int) -> bytes:
    """The version that something was sealed with. Raises `InvalidTag` where there is no such version any more."""
    if (owner, version) in _opened:
        return _opened[owner, version]
    known = _known(owner)
    if (owner, version) not in known:
        known[owner, version] = _stored(owner, version)
    return known[owner, version]


def stored_keys(owner: Owner) -> sa.Select[int, bytes]:
    """Every version of somebody's key, newest first."""
    if isinstance(owner, str):
        return (
            sa.select(PlatformKey.version, PlatformKey.wrapped)
            .where(PlatformKey.purpose == owner)
            .order_by(PlatformKey.version.desc())
        )
    return (
        sa.select(GroupKey.version, GroupKey.wrapped)
        .where(GroupKey.group_id == owner)
        .order_by(GroupKey.version.desc())
    )


def _newest(owner: Owner) -> Key | None:
    # Through the connection, not the session: this runs while the session is reading or writing something else.
    newest = stored_keys(owner).limit(1).with_for_update(read=True, key_share=True)
    for _ in range(2):  # where the one we waited for was taken away meanwhile, a newer one stands by now
        if row := db.session.connection().execute(newest).first():
            if (owner, row.version) not in _opened:
                _known(owner).setdefault((owner, row.version), unwrap(row.wrapped, owner))
            return Key(row.version, opening_key(owner, row.version))
    return None


def _stored(owner: Owner, version: int) -> bytes:
    kept = {row.version: row.wrapped for row in db.session.connection().execute(stored_keys(owner))}
    if version in kept:
        return unwrap(kept[version], owner)
    if isinstance(owner, str) and version == 1 and not kept:
        return first(owner)
    raise InvalidTag


def _known(owner: Owner) -> dict[tuple[Owner, int], bytes]:
    """Where an opened key is kept: a group's for this session until the commit, the platform's at once."""
    return _opened if isinstance(owner, str) else db.session.info.setdefault("keys", {})


def _new_key(group_id: uuid.UUID) -> Key:
    key = Key(1, secrets.token_bytes(32))
    made = db.session.connection().execute(
        insert(GroupKey)
        .values(
            id=uuid.uuid4(),
            group_id=group_id,
            version=1,
            wrapped=wrap(key.secret, group_id),
            created_at=clock.now(),
        )
        .on_conflict_do_nothing(index_elements=["group_id", "version"])
        .returning(GroupKey.id)
    )
    if made.scalar() is None:
        # Somebody else was first; we waited for their commit, and theirs is the group's key.
        return _newest(group_id) or key
    _known(group_id)[group_id, 1] = key.secret
    return key


@sa.event.listens_for(FencedSession, "after_rollback")
def _forget_keys(session: FencedSession) -> None:
    session.info.pop("keys", None)
    session.info.pop("sealing", None)


@sa.event.listens_for(FencedSession, "after_commit")
def _keep_keys(session: FencedSession) -> None:
    if not session.in_nested_transaction():
        _opened.update(session.info.pop("keys", {}))
        session.info.pop("sealing", None)
