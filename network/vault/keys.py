"""Keys: one per group, kept wrapped by the master key; and a few of the platform's own, derived from it."""

import base64
import hashlib
import hmac
import secrets
import uuid
from datetime import datetime

import sqlalchemy as sa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from network import clock
from network.db import FencedSession, db
from network.tenancy import scope
from network.tenancy.tables import GroupTable, args

_NONCE = 12
_opened: dict[uuid.UUID, bytes] = {}


class GroupKey(GroupTable):
    """A group's data key, wrapped. Without the master key, which is not in the database, it is noise."""

    __tablename__ = "group_keys"
    __table_args__ = args(sa.UniqueConstraint("group_id", "version"))

    version: Mapped[int] = mapped_column(sa.SmallInteger)
    wrapped: Mapped[bytes]
    created_at: Mapped[datetime]


def derived(purpose: str) -> bytes:
    """A key of the platform for one purpose, made from the master key."""
    master: str = current_app.config["MASTER_KEY"]
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(master.encode())


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


def group_key() -> bytes:
    """The data key of the group in scope, made the first time something is sealed there.

    Until the commit it is known to this session only: what another thread sealed with a key that is then undone
    could never be opened again.
    """
    group_id = scope.group_id()
    if group_id in _opened:
        return _opened[group_id]
    found: dict[uuid.UUID, bytes] = db.session.info.setdefault("keys", {})
    if group_id not in found:
        found[group_id] = _stored_key(group_id) or _new_key(group_id)
    return found[group_id]


def _stored_key(group_id: uuid.UUID) -> bytes | None:
    newest = (
        sa.select(GroupKey.wrapped)
        .where(GroupKey.group_id == group_id)
        .order_by(GroupKey.version.desc())
        .limit(1)
    )
    wrapped = db.session.connection().execute(newest).scalar()
    return base64.b64decode(unseal(derived("wrap"), wrapped, bound_to=str(group_id))) if wrapped else None


def _new_key(group_id: uuid.UUID) -> bytes:
    key = secrets.token_bytes(32)
    wrapped = seal(derived("wrap"), base64.b64encode(key).decode(), bound_to=str(group_id))
    # Through the connection, not the session: this runs while the session is writing something else.
    made = db.session.connection().execute(
        insert(GroupKey)
        .values(id=uuid.uuid4(), group_id=group_id, version=1, wrapped=wrapped, created_at=clock.now())
        .on_conflict_do_nothing(index_elements=["group_id", "version"])
        .returning(GroupKey.id)
    )
    # Where somebody else was first, we waited for their commit, and theirs is the group's key.
    return key if made.scalar() else _stored_key(group_id) or key


@sa.event.listens_for(FencedSession, "after_rollback")
def _forget_keys(session: FencedSession) -> None:
    session.info.pop("keys", None)


@sa.event.listens_for(FencedSession, "after_commit")
def _keep_keys(session: FencedSession) -> None:
    if not session.in_nested_transaction():
        _opened.update(session.info.pop("keys", {}))
