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


def renew_pair(account_id: uuid.UUID, *, password: str, now: datetime) -> None:
    """The old pair opens no more, and what was closed for it is lost: a new one, for what comes from now on."""
    hold_account(account_id)
    db.session.execute(sa.delete(KeyPair).where(KeyPair.account_id == account_id))
    _make_pair(account_id, password, now)


def change_password(account: Account, *, old: str, new: str, **_: Any) -> None:
    """The same pair, closed with another password. One that the old password does not open stays as it is."""
    hold_account(account.id)
    pair = queries.find_pair(account.id)
    private = boxes.unlock(pair.lock, old, bound_to=_bound(account.id)) if pair else None
    if pair is not None and private is not None:
        pair.lock = boxes.lock(private, new, bound_to=_bound(account.id))
        db.session.flush()


def open_pair(account: Account, *, password: str, now: datetime) -> bytes | None:
    """The private half, with the account's password, which was checked before while the account was held.

    Nothing where the pair was closed with another one: only its owner says that they begin anew (`renew_pair`).
    """
    keep_pair(account, password=password, now=now)
    pair = queries.find_pair(account.id)
    return boxes.unlock(pair.lock, password, bound_to=_bound(account.id)) if pair else None


def hold_account(account_id: uuid.UUID) -> Account:
    """The account as it now stands; whoever else changes its password or its pair waits until this is kept."""
    asked = sa.select(Account).where(Account.id == account_id).with_for_update()
    return db.session.scalars(asked.execution_options(populate_existing=True)).one()


def _make_pair(account_id: uuid.UUID, password: str, now: datetime) -> None:
    private = boxes.new_private()
    said = f"{account_id} {b64encode(boxes.public_of(private)).decode()}"
    closed = boxes.lock(private, password, bound_to=_bound(account_id))
    # Two sign-ins at once: the first one's pair counts.
    row = {"id": uuid.uuid4(), "account_id": account_id, "public": said, "lock": closed, "made_at": now}
    db.session.execute(insert(KeyPair).on_conflict_do_nothing(index_elements=["account_id"]), row)


def _bound(account_id: uuid.UUID) -> str:
    return f"{account_id} key_pairs.lock"
