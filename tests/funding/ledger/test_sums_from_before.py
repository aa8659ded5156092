"""A book that was written before sums over days and years were kept has them afterwards, and keeps adding to them."""

import uuid

import psycopg

from network import migrating
from network.servers import Addresses

ROLE = "pamoja_web"
GROUP, BY, CASH, GRANTS = (uuid.uuid4() for _ in range(4))
ENTRY = """
insert into journals (id, group_id, number, kind, currency, effective_on, recorded_at, recorded_by_id, previous_hash, hash)
select %s, group_id, entries + 1, 'grant', 'KES', %s, now(), %s, head, decode(md5(entries::text), 'hex') from books
"""


def enter(db: psycopg.Connection) -> None:
    db.execute("select set_config('app.group_id', %s, true)", (str(GROUP),))


def begin_a_book(db: psycopg.Connection) -> None:
    enter(db)
    db.execute(
        "insert into groups (id, kind, state, slug, name, locality, language, currency, time_zone, band, created_at)"
        " values (%s, 'group', 'open', 'a-group', 'A group', '', 'sw', 'KES', 'Africa/Nairobi', 1, now())",
        (GROUP,),
    )
    db.execute(
        "insert into accounts (id, shown_name, password_hash, language, created_at) values (%s, 'A', 'x', 'sw', now())",
        (BY,),
    )
    for account, code, kind in ((CASH, "cash", "asset"), (GRANTS, "grants", "income")):
        db.execute(
            "insert into ledger_accounts (id, group_id, code, kind) values (%s, %s, %s, %s)",
            (account, GROUP, code, kind),
        )
    db.execute(
        "insert into ledger_funds (id, group_id, code, kind) values (%s, %s, 'general', 'general')",
        (uuid.uuid4(), GROUP),
    )
    db.execute("select take_book()")


def post(db: psycopg.Connection, amount: int, day: str) -> None:
    enter(db)
    entry = uuid.uuid4()
    db.execute(ENTRY, (entry, day, BY))
    for account, side in ((CASH, amount), (GRANTS, -amount)):
        db.execute(
            "insert into legs (id, group_id, journal_id, account_id, fund, amount) values (%s, %s, %s, %s, 'general', %s)",
            (uuid.uuid4(), GROUP, entry, account, side),
        )
    db.commit()


def cash(db: psycopg.Connection) -> list[tuple[str, str, int]]:
    enter(db)
    return db.execute(
        "select span, starts_on::text, debit from ledger_sums where account_id = %s order by span, starts_on",
        (CASH,),
    ).fetchall()


def test_goes_down_and_up_with_entries_on_both_sides(migrated_database: Addresses) -> None:
    owner, plain = migrated_database.owner_url, migrated_database.owner_url.replace("+psycopg", "")
    with psycopg.connect(plain) as db:
        begin_a_book(db)
        post(db, 100, "2025-12-31")
    migrating.downgrade(owner, ROLE, "0032")
    with psycopg.connect(plain) as db:
        post(db, 20, "2026-01-01")
    migrating.upgrade(owner, ROLE)
    with psycopg.connect(plain) as db:
        post(db, 3, "2026-01-01")
        assert cash(db) == [
            ("day", "2025-12-31", 100), ("day", "2026-01-01", 23), ("ever", "0001-01-01", 123),
            ("year", "2025-01-01", 100), ("year", "2026-01-01", 23),
        ]  # fmt: skip
