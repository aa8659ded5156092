"""Making a pair when a password is at hand, opening it, closing it anew when the password changes."""

import uuid
from base64 import b64encode
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from network.accounts.models import Account
from network.db import db
from network.key_pairs import boxes, queries
from network.key_pairs.models import KeyPair


def keep_pair(account: Account, *, password: str, now: datetime, **_: Any) -> None:
    """Make a pair for an account that has none."""
    if queries.find_pair(account.id) is None:
        _make_pair(account.id, password, now)


def renew_pair(account: Account, *, password: str, now: datetime) -> bytes:
    """The old password is lost, and what was closed for its pair with it: a new one, for what comes from now on."""
    db.session.execute(sa.delete(KeyPair).where(KeyPair.account_id == account.id))
    return _make_pair(account.id, password, now)


def change_password(account: Account, *, old: str, new: str, now: datetime, **_: Any) -> None:
    """The same pair, closed with another password. Where the old one does not open it, a new pair."""
    pair = queries.find_pair(account.id)
    private = boxes.unlock(pair.lock, old, bound_to=_bound(account.id)) if pair else None
    if pair is None or private is None:
        renew_pair(account, password=new, now=now)
        return
    pair.lock = boxes.lock(private, new, bound_to=_bound(account.id))
    db.session.flush()


def open_pair(account: Account, *, password: str, now: datetime) -> bytes:
    """The private half, with the account's password, which was checked before.

    Where it does not open with it, the password was changed without it: then there is a new pair, and what was closed
    for the old one is gone for this account until somebody else lets it in again.
    """
    keep_pair(account, password=password, now=now)
    pair = queries.find_pair(account.id)
    private = boxes.unlock(pair.lock, password, bound_to=_bound(account.id)) if pair else None
    return private or renew_pair(account, password=password, now=now)


def _make_pair(account_id: uuid.UUID, password: str, now: datetime) -> bytes:
    private = boxes.new_private()
    said = f"{account_id} {b64encode(boxes.public_of(private)).decode()}"
    closed = boxes.lock(private, password, bound_to=_bound(account_id))
    # Two sign-ins at once: the first one's pair counts.
    row = insert(KeyPair).values(
        id=uuid.uuid4(), account_id=account_id, public=said, lock=closed, made_at=now
    )
    db.session.execute(row.on_conflict_do_nothing(index_elements=["account_id"]))
    return private


def _bound(account_id: uuid.UUID) -> str:
    return f"{account_id} key_pairs.lock"
