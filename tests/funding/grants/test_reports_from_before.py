"""Reports that were sent before what they say was kept have it afterwards, as far as it can still be known."""

import uuid
from datetime import date
from typing import Any

import psycopg

from funding.grants.rules import Promise, Telling
from network import migrating
from network.servers import Addresses

ROLE = "pamoja_web"
GROUP, FIRST, SECOND, GRANT, SENT, WAITING = (uuid.uuid4() for _ in range(6))
PLACE = {
    "id": GROUP, "kind": "group", "state": "open", "slug": "a-group", "name": "A group", "locality": "", "language": "sw",
    "currency": "KES", "time_zone": "Africa/Nairobi", "band": 1, "created_at": "2026-01-01",
}  # fmt: skip
OF_GRANT = {
    "id": GRANT, "group_id": GROUP, "fund": "grant-1", "funder": "The county", "funder_kind": "county", "reference": "N7",
    "purpose": "Meetings", "restriction": "", "is_restricted": True, "amount": 1000, "currency": "KES",
    "starts_on": "2026-01-01", "ends_on": "2026-12-31",
}  # fmt: skip


def insert(db: psycopg.Connection, table: str, **values: Any) -> None:
    names, marks = ", ".join(values), ", ".join(["%s"] * len(values))
    db.execute(f"insert into {table} ({names}) values ({marks})", list(values.values()))


def enter(db: psycopg.Connection) -> None:
    db.execute("select set_config('app.group_id', %s, true)", (str(GROUP),))


def budget(db: psycopg.Connection, number: int, agreed_at: str, line: uuid.UUID) -> None:
    its = uuid.uuid4()
    insert(
        db, "budgets", id=its, group_id=GROUP, fund="grant-1", number=number, state="open", starts_on="2026-01-01",
        ends_on="2026-12-31", reason="so", written_by_id=FIRST, written_at=agreed_at,
    )  # fmt: skip
    insert(
        db, "budget_amounts", id=uuid.uuid4(), group_id=GROUP, budget_id=its, line_id=line, quarter_on="2026-01-01", amount=500
    )  # fmt: skip
    db.execute("update budgets set state = 'waiting' where id = %s", (its,))
    db.execute(
        "update budgets set state = 'agreed', decided_by_id = %s, decided_at = %s where id = %s",
        (SECOND, agreed_at, its),
    )


def write(db: psycopg.Connection) -> None:
    """A grant with a budget of March and one of May; its report left in April."""
    enter(db)
    insert(db, "groups", **PLACE)
    for account in (FIRST, SECOND):
        insert(
            db,
            "accounts",
            id=account,
            shown_name="A",
            password_hash="x",
            language="sw",
            created_at="2026-01-01",
        )
    insert(db, "ledger_funds", id=GRANT, group_id=GROUP, code="grant-1", kind="grant", name="County 2026")
    insert(db, "grants", **OF_GRANT)
    line = uuid.uuid4()
    insert(
        db, "budget_lines", id=line, group_id=GROUP, fund="grant-1", position=1, words="Hall", cost="venue"
    )
    budget(db, 1, "2026-03-01", line)
    budget(db, 2, "2026-05-01", line)
    insert(
        db,
        "grant_conditions",
        id=uuid.uuid4(),
        group_id=GROUP,
        grant_id=GRANT,
        words="Receipts",
        state="open",
        settled_words="",
    )
    for report, sent_on, entries in ((SENT, "2026-04-02", 3), (WAITING, None, None)):
        insert(
            db, "grant_reports", id=report, group_id=GROUP, grant_id=GRANT, from_on="2026-01-01", to_on="2026-03-31",
            due_on="2026-04-30", sent_on=sent_on, entries=entries,
        )  # fmt: skip
    db.commit()


def test_those_that_were_sent_keep_the_budget_of_their_day(migrated_database: Addresses) -> None:
    owner, plain = migrated_database.owner_url, migrated_database.owner_url.replace("+psycopg", "")
    migrating.downgrade(owner, ROLE, "0043")
    with psycopg.connect(plain) as db:
        write(db)
    migrating.upgrade(owner, ROLE)
    with psycopg.connect(plain) as db:
        enter(db)
        kept = dict(db.execute("select id, kept from grant_reports").fetchall())
    assert kept[WAITING] is None
    told = Telling.read(kept[SENT])
    assert (told.name, told.budget, told.amount) == ("County 2026", 1, 1000)
    assert (told.promises, told.parts, told.closing) == ((Promise("Receipts", "open"),), (), None)
    assert (told.starts_on, told.ends_on) == (date(2026, 1, 1), date(2026, 12, 31))
