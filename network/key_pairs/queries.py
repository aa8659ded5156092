"""Finding pairs, and the public keys of those for whom something is closed."""

import uuid
from base64 import b64decode
from collections.abc import Iterable

import sqlalchemy as sa

from network.db import db
from network.key_pairs.models import KeyPair


def find_pair(account_id: uuid.UUID | None) -> KeyPair | None:
    """An account's pair as it is now."""
    if account_id is None:
        return None
    asked = sa.select(KeyPair).where(KeyPair.account_id == account_id)
    return db.session.scalar(asked.execution_options(populate_existing=True))


def have_pairs(account_ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Those among some accounts for whom something can be closed."""
    asked = sa.select(KeyPair.account_id).where(KeyPair.account_id.in_(list(account_ids)))
    return set(db.session.scalars(asked))


def pairs_of(account_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, tuple[uuid.UUID, bytes]]:
    """By account: which pair it has, and its public key. A row that another's key was put into is left out."""
    asked = sa.select(KeyPair).where(KeyPair.account_id.in_(list(account_ids)))
    found = {}
    for pair in db.session.scalars(asked):
        whose, _, key = pair.public.partition(" ")
        if whose == str(pair.account_id):
            found[pair.account_id] = (pair.id, b64decode(key))
    return found
