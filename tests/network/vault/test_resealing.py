"""What was sealed before keys had versions is sealed anew on the way up, and as it was on the way down."""

import os
import secrets
import uuid
from base64 import b64encode

import psycopg
import pytest

from network import migrating
from network.servers import Addresses
from network.vault import keys

ROLE = "pamoja_web"


def in_group(plain: str, group: uuid.UUID) -> psycopg.Connection[tuple[object, ...]]:
    db = psycopg.connect(plain)
    db.execute("select set_config('app.group_id', %s, false)", (str(group),))
    return db


def test_goes_up_down_and_up_with_what_is_sealed(
    empty_database: Addresses, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, master = empty_database.owner_url, os.environ["MASTER_KEY"].encode()
    plain = owner.replace("+psycopg", "")
    group, letter, account, secret = uuid.uuid4(), uuid.uuid4(), uuid.uuid4(), secrets.token_bytes(32)
    accounts = keys.spread(master, "accounts")
    migrating.upgrade(owner, ROLE, "0052")
    with in_group(plain, group) as db:
        db.execute(
            "insert into groups (id, kind, state, slug, name, locality, language, currency, time_zone, band, created_at)"
            " values (%s, 'group', 'open', %s, 'A group', '', 'sw', 'KES', 'Africa/Nairobi', 1, now())",
            (group, str(group)),
        )
        wrapped = keys.seal(keys.spread(master, "wrap"), b64encode(secret).decode(), bound_to=str(group))
        db.execute(
            "insert into group_keys (id, group_id, version, wrapped, created_at) values (%s, %s, 1, %s, now())",
            (uuid.uuid4(), group, wrapped),
        )
        sealed = [
            keys.seal(secret, "words", bound_to=f"{group} letters.{column}")
            for column in ("recipient", "subject", "body")
        ]
        db.execute(
            "insert into letters (id, group_id, recipient, subject, body, created_at) values (%s, %s, %s, %s, %s, now())",
            (letter, group, *sealed),
        )
        db.execute(
            "insert into accounts (id, shown_name, password_hash, language, created_at) values (%s, %s, '', 'sw', now())",
            (account, keys.seal(accounts, "Wanjiku", bound_to="accounts.shown_name")),
        )

    def kept() -> tuple[bytes, bytes]:
        with in_group(plain, group) as db:
            (body,) = db.execute("select body from letters").fetchone() or ()
            (name,) = db.execute("select shown_name from accounts").fetchone() or ()
        return bytes(body), bytes(name)

    for _ in range(2):
        migrating.upgrade(owner, ROLE, "0053")
        body, name = kept()
        assert keys.unseal_in(secret, body, bound_to=f"{group} letters.body {letter}") == "words"
        assert keys.unseal_in(accounts, name, bound_to=f"accounts accounts.shown_name {account}") == "Wanjiku"
        migrating.downgrade(owner, ROLE, "0052")
        body, name = kept()
        assert keys.unseal(secret, body, bound_to=f"{group} letters.body") == "words"
        assert keys.unseal(accounts, name, bound_to="accounts.shown_name") == "Wanjiku"
