"""The book at ten thousand legs beside the same at many more: what reading costs, posting a sheet, and asking every promise."""

import os
import secrets
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import psycopg
from flask.testing import FlaskClient

from funding.contributions import commands as contributions
from funding.contributions.rules import Given, column_sums, split_lines
from funding.ledger.queries.whole import hold_still
from funding.ledger.rules import Place, tidy
from funding.verification import queries as checks
from network import clock, config, migrating
from network.servers import Addresses
from network.web.unit_of_work import Pamoja
from tests.bench.books import PERCENT, Book, make_book
from tests.bench.turns import in_turn
from tests.factories.funding import today
from tests.support import app as under_test
from tests.support.app import in_scope
from tests.support.client import StrictClient
from tests.support.servers import SETTINGS

SMALL, LARGE, FULL = 10_000, 300_000, 10_000_000
A_SECOND = 20
Measured = tuple[str, float, float]


@dataclass
class Served:
    """An application on a database of its own, with one book in it."""

    app: Pamoja
    own: Addresses
    book: Book
    client: FlaskClient

    def get(self, path: str) -> None:
        answer = self.client.get(f"/g/{self.book.people.group.id}/money{path}")
        assert answer.status_code == 200, answer.status


def measures(whole: Addresses) -> Iterator[Measured]:
    """Each with what is measured first and what it is held against."""
    is_full = os.environ.get("SIZE") == "full"
    small = _serve(whole, SMALL, years=2)
    large = _serve(whole, FULL if is_full else LARGE, years=20 if is_full else 6)
    named = f"{large.book.legs:,} legs : {SMALL:,} legs"
    quarter, day = f"?quarter={today().year - 1}-Q4", f"?day={today().replace(month=1, day=15)}"
    for what, path in (
        ("the balance page", ""), ("its last page", "?page=9999"), ("the members' report", "/report"), ("that of a quarter", f"/report{quarter}"),
        ("balances on a day", f"/on{day}"),
    ):  # fmt: skip
        yield f"{what}, {named}", *_reading(large, small, path)
    under_test.use(large.app)
    yield _asking(large)
    for one in (small, large):
        under_test.use(one.app)
        yield f"a sheet of 25 : the same rows by psycopg, {one.book.legs:,} legs", *_posting(one)
        yield _steady(one)


def _serve(whole: Addresses, legs: int, *, years: int) -> Served:
    own = whole.create_database(f"pamoja_bench_{os.getpid()}_{legs}")
    migrating.upgrade(own.owner_url, migrating.web_role_of(own.web_url))
    os.environ.update(own.as_settings() | SETTINGS)
    from wsgi import create_app  # it reads the settings when it is first imported

    app = create_app(config.load(), testing=True)
    app.test_client_class = StrictClient
    under_test.use(app)
    began = time.perf_counter()
    book = make_book(own, legs, years=years)
    print(f"loaded {legs:,} legs in {time.perf_counter() - began:.0f} s", flush=True)  # noqa: T201 - a command
    strict = app.test_client()
    assert isinstance(strict, StrictClient)
    strict.sign_in(book.people.treasurer)
    cookie = strict.get_cookie("pamoja")
    plain = FlaskClient(app, app.response_class)  # looking at the page strictly takes time of its own
    plain.set_cookie("pamoja", cookie.value if cookie else "")
    return Served(app, own, book, plain)


def _reading(large: Served, small: Served, path: str) -> tuple[float, float]:
    for one in (large, small):
        one.get(path)
    return in_turn(lambda _: large.get(path), lambda _: small.get(path), samples=150)


def _posting(one: Served) -> tuple[float, float]:
    people, given = one.book.people, _given(one.book)
    day = today()

    def ours(_: int) -> None:
        with in_scope(people.group, people.treasurer):
            contributions.save_sheet(
                given, received_on=day, by=people.treasurer.id, now=clock.now(), key=uuid.uuid4()
            )

    with psycopg.connect(one.own.web_url.replace("+psycopg", "")) as db:
        rows = Rows(db, one.book, given)
        ours(0)
        rows.insert(0)
        mine, theirs = in_turn(ours, rows.insert, samples=60)
    return mine, theirs


def _steady(one: Served) -> Measured:
    """LED-16: twenty sheets a second for ten seconds, however long each takes: 95 of 100 stand in the book within 150 ms."""
    people, given, day = one.book.people, _given(one.book), today()
    begin = time.perf_counter() + 0.5

    def post(number: int) -> float:
        due = begin + number / A_SECOND
        time.sleep(max(0.0, due - time.perf_counter()))
        with in_scope(people.group, people.treasurer):
            contributions.save_sheet(
                given, received_on=day, by=people.treasurer.id, now=clock.now(), key=uuid.uuid4()
            )
        return time.perf_counter() - due

    with ThreadPoolExecutor(8) as pool:
        took = sorted(pool.map(post, range(10 * A_SECOND)))
    return (
        f"95 of 100 sheets at {A_SECOND} a second : 150 ms, {one.book.legs:,} legs",
        took[int(len(took) * 0.95)],
        0.15,
    )


def _given(book: Book) -> list[Given]:
    return [
        Given(member, place, 200) for member in book.members for place in (Place.CASH, Place.MOBILE_MONEY)
    ]


class Rows:
    """The rows of a sheet as somebody would insert them who has nothing but SQL, each table's at once."""

    def __init__(self, db: "psycopg.Connection[Any]", book: Book, given: list[Given]) -> None:
        self.db, self.book, self.given = db, book, given
        self.group, self.by = book.people.group.id, book.people.treasurer.id
        self._enter()
        self.accounts = dict(db.execute("select code, id from ledger_accounts").fetchall())
        self.lines = tidy(split_lines(column_sums(given), PERCENT))
        db.commit()

    def _enter(self) -> None:
        self.db.execute(
            "select set_config('app.group_id', %s, true), set_config('app.account_id', %s, true)",
            (str(self.group), str(self.by)),
        )

    def insert(self, _: int) -> None:
        db, group, by, entry, sheet, now, day = (
            self.db,
            self.group,
            self.by,
            uuid.uuid4(),
            uuid.uuid4(),
            clock.now(),
            today(),
        )
        self._enter()
        found = db.execute("select entries, head from take_book()").fetchone()
        assert found
        db.execute(
            "insert into journals (id, group_id, number, kind, currency, effective_on, recorded_at, recorded_by_id, previous_hash, hash)"
            " values (%s, %s, %s, 'contributions', 'KES', %s, %s, %s, %s, %s)",
            (entry, group, found[0] + 1, day, now, by, found[1], secrets.token_bytes(32)),
        )
        self._many("legs (id, group_id, journal_id, account_id, fund, amount)", [
            (uuid.uuid4(), group, entry, self.accounts[line.account], line.fund, line.amount) for line in self.lines
        ])  # fmt: skip
        db.execute(
            "insert into audit_events (id, group_id, account_id, event, subject_id, at) values (%s, %s, %s, 'entry.posted', %s, %s)",
            (uuid.uuid4(), group, by, entry, now),
        )
        db.execute(
            "insert into contribution_sheets (id, group_id, received_on, journal_id, reserve_percent, recorded_by_id, recorded_at)"
            " values (%s, %s, %s, %s, %s, %s, %s)",
            (sheet, group, day, entry, PERCENT, by, now),
        )
        self._many("contributions (id, group_id, sheet_id, member_id, place, amount)", [
            (uuid.uuid4(), group, sheet, one.member_id, one.place, one.amount) for one in self.given
        ])  # fmt: skip
        db.commit()

    def _many(self, what: str, rows: list[tuple[Any, ...]]) -> None:
        one = "(" + ", ".join(["%s"] * len(rows[0])) + ")"
        values = [value for row in rows for value in row]
        self.db.execute(f"insert into {what} values {', '.join([one] * len(rows))}", values)


def _asking(one: Served) -> Measured:
    """LED-16: how long every promise of the book takes, and how long it may for so many legs: a minute for a million."""
    began = time.perf_counter()
    with in_scope(one.book.people.group):
        hold_still()
        assert checks.faults() == []
    took = time.perf_counter() - began
    said = f"asking every promise of {one.book.legs:,} legs: {one.book.legs / took:,.0f} legs a second"
    print(said, flush=True)  # noqa: T201 - a command
    return "asking every promise : a minute for a million legs", took, one.book.legs * 60 / 1_000_000
