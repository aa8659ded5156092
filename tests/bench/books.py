"""Large books for measuring: entries with their seals and legs, loaded by COPY, and the sums they come to."""

import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import psycopg

from funding.contributions.rules import split_lines
from funding.ledger.rules import Cost, EntryKind, Fund, Line, Place, Written, moved, seal, tidy
from funding.welfare import commands as welfare
from network import clock
from network.servers import Addresses
from tests.factories.funding import Officers, make_members, make_officers, post_income, save_sheet, today
from tests.support.app import in_scope

GUARDED = {
    "journals": ("append_only", "chain", "balanced", "hardship"),
    "legs": ("append_only", "in_time", "add_up", "balanced"),
    "ledger_balances": ("kept",),
    "ledger_sums": ("kept", "holds_enough", "holds_enough_still"),
    "books": ("kept",),
}
"""What the book's own triggers do one by one is done at once after loading, and asked by `book verify` in the same run."""
COLUMNS = {
    "journals": "id, group_id, number, kind, currency, effective_on, recorded_at, recorded_by_id, confirmed_by_id, code,"
    " previous_hash, hash",
    "legs": "id, group_id, journal_id, account_id, fund, amount",
}
BOTH = (
    "sum(greatest(l.amount, 0)), sum(greatest(-l.amount, 0))"
    " from legs l join journals j on j.group_id = l.group_id and j.id = l.journal_id"
)
MONTHS = f"""
insert into ledger_balances (id, group_id, account_id, fund, month, debit, credit)
select gen_random_uuid(), l.group_id, l.account_id, l.fund, date_trunc('month', j.effective_on)::date, {BOTH}
 where l.group_id = %s group by 2, 3, 4, 5
"""
SUMS = f"""
insert into ledger_sums (id, group_id, account_id, fund, span, starts_on, debit, credit)
select gen_random_uuid(), l.group_id, l.account_id, l.fund, s.span, s.starts_on, {BOTH}
 cross join lateral (values ('day', j.effective_on), ('year', date_trunc('year', j.effective_on)::date), ('ever', date '0001-01-01'))
   as s(span, starts_on)
 where l.group_id = %s group by 2, 3, 4, 5, 6
"""
PERCENT = 20
SHEET = tidy(split_lines({Place.CASH: 5_000, Place.MOBILE_MONEY: 4_000}, PERCENT))
EXPENSE = tidy(moved(Place.CASH, Cost.VENUE, Fund.WELFARE, 500))
HARDSHIP = tidy(moved(Place.CASH, Cost.HARDSHIP, Fund.RESERVE, 300))


@dataclass(frozen=True)
class Book:
    """A group with 25 members and a book of so many legs, up to yesterday."""

    people: Officers
    members: list[uuid.UUID]
    legs: int


def make_book(own: Addresses, legs: int, *, years: int) -> Book:
    """Make the group in the application's database, and fill its book."""
    people = make_officers()
    decide_share(people, PERCENT)
    members = list(make_members(people, *(f"Member {number}" for number in range(25))).values())
    post_income(people, 10**9, fund=Fund.WELFARE, effective_on=today() - timedelta(days=365))
    post_income(people, 10**9, fund=Fund.RESERVE, effective_on=today() - timedelta(days=365))
    save_sheet(people, dict.fromkeys(members, 100))
    with psycopg.connect(own.admin_url.replace("+psycopg", "")) as db:
        db.execute(
            "set session_replication_role = replica"
        )  # the references are right by the way they are made
        _guard(db, "disable")
        _fill(db, own, people, legs, years=years)
        _guard(db, "enable always")
        db.commit()
        db.autocommit = True
        db.execute("vacuum analyze")
    return Book(people, members, legs)


def decide_share(people: Officers, percent: int) -> None:
    """The group decided what it keeps for hardship, as most have."""
    with in_scope(people.group, people.chair):
        welfare.decide_share(
            percent=percent,
            from_on=date(2006, 1, 1),
            decided_on=date(2006, 1, 1),
            by=people.chair.id,
            now=clock.now(),
        )


def _guard(db: "psycopg.Connection[Any]", how: str) -> None:
    for table, names in GUARDED.items():
        for name in names:
            db.execute(f"alter table {table} {how} trigger {name}")
    db.commit()


def _fill(db: "psycopg.Connection[Any]", own: Addresses, people: Officers, legs: int, *, years: int) -> None:
    mine = (people.group.id,)
    for code, kind in ((Cost.VENUE, "expense"), (Cost.HARDSHIP, "expense"), (Place.MOBILE_MONEY, "asset")):
        db.execute(
            "insert into ledger_accounts (id, group_id, code, kind) values (gen_random_uuid(), %s, %s, %s) on conflict do nothing",
            (*mine, str(code), kind),
        )
    accounts = dict(db.execute("select code, id from ledger_accounts where group_id = %s", mine).fetchall())
    db.commit()
    found = db.execute("select entries, head from books where group_id = %s", mine).fetchone()
    assert found
    last, head = _copy(own, _entries(people, legs, years, found[0], bytes(found[1])), accounts)
    db.execute("update books set entries = %s, head = %s where group_id = %s", (last, head, *mine))
    for kept, words in (("ledger_balances", MONTHS), ("ledger_sums", SUMS)):
        db.execute(f"delete from {kept} where group_id = %s", mine)
        db.execute(words, mine)


def _entries(
    people: Officers, legs: int, years: int, number: int, head: bytes
) -> Iterator[tuple[Written, bytes]]:
    """What a sheet comes to mostly, as income without names; every fourth an expense, every hundredth a payment out of the reserve; as many each day."""
    days, made, at = 365 * years, 0, 0
    first = today() - timedelta(days=days)
    while made < legs:
        kind, lines = _kind_of(at)
        day = first + timedelta(days=days * made // legs)
        entry = Written(
            group_id=people.group.id, number=number + at + 1, id=uuid.UUID(int=uuid.uuid4().int), kind=kind, currency="KES",
            effective_on=day, recorded_at=datetime.combine(day, time(12), UTC), recorded_by=people.treasurer.id,
            confirmed_by=None if kind is EntryKind.OTHER_INCOME else people.chair.id,
            code=f"H{at}" if kind is EntryKind.HARDSHIP else None, reverses=None, memo_hash=None, previous_hash=head, lines=lines,
        )  # fmt: skip
        head = seal(entry)
        yield entry, head
        made, at = made + len(lines), at + 1


def _kind_of(at: int) -> tuple[EntryKind, tuple[Line, ...]]:
    if at % 100 == 99:
        return EntryKind.HARDSHIP, HARDSHIP
    return (EntryKind.EXPENSE, EXPENSE) if at % 4 == 3 else (EntryKind.OTHER_INCOME, SHEET)


def _copy(
    own: Addresses, entries: Iterator[tuple[Written, bytes]], accounts: dict[str, uuid.UUID]
) -> tuple[int, bytes]:
    """Two streams at once, for entries and for legs; gives the last number and seal."""
    with ExitStack() as kept:
        journals, legs = (
            kept.enter_context(_stream(kept, own, table, columns)) for table, columns in COLUMNS.items()
        )
        for entry, head in entries:
            journals.write(_row(
                entry.id, entry.group_id, entry.number, entry.kind, entry.currency, entry.effective_on, entry.recorded_at.isoformat(),
                entry.recorded_by, entry.confirmed_by, entry.code, f"\\\\x{entry.previous_hash.hex()}", f"\\\\x{head.hex()}",
            ))  # fmt: skip
            legs.write("".join(
                _row(uuid.uuid4(), entry.group_id, entry.id, accounts[line.account], line.fund, line.amount) for line in entry.lines
            ))  # fmt: skip
    return entry.number, head


def _row(*values: Any) -> str:
    return "\t".join("\\N" if value is None else str(value) for value in values) + "\n"


def _stream(kept: ExitStack, own: Addresses, table: str, columns: str) -> Any:
    db = kept.enter_context(psycopg.connect(own.admin_url.replace("+psycopg", "")))
    db.execute("set session_replication_role = replica")
    return kept.enter_context(db.cursor()).copy(f"copy {table} ({columns}) from stdin")
