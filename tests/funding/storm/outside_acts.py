"""What people do in a storm with what comes from outside the book: statements whose lines overlap, and counted cash."""

import uuid
from collections.abc import Iterator, Sequence
from datetime import timedelta
from random import Random
from typing import Any

import sqlalchemy as sa

from funding.counts import commands as counts
from funding.counts.models import CashCount, CountState
from funding.counts.queries import find_waiting, get_waiting
from funding.ledger import queries as book
from funding.ledger.models import Journal
from funding.ledger.rules import EntryKind, Fund, Place, Written
from funding.matching import commands as matching
from funding.matching.models import LineMatch
from funding.matching.queries import get_line
from funding.statements import commands as statements
from funding.statements.models import AccountPlace, Booked, LineState, StatementLine
from network import clock
from network.db import db
from tests.factories.statements import Moved, mpesa
from tests.funding.storm.world import NOTHING_TO_DO, Act, Scene

RECEIPTS = 90


def choose_file(chance: Random, place: Scene) -> dict[str, Any]:
    """Some neighbours of one row of movements: every file overlaps with others."""
    first = chance.randrange(RECEIPTS - 8)
    return {"first": first, "count": chance.randrange(2, 9)}


def choose_line(chance: Random, place: Scene) -> dict[str, Any]:
    """A line of money that came in, and an entry it may belong to."""
    came_in = (
        StatementLine.state == LineState.OPEN,
        StatementLine.status == Booked.BOOKED,
        StatementLine.amount > 0,
    )
    rows = sa.select(StatementLine.id, StatementLine.amount, StatementLine.booked_on).where(*came_in)
    line = db.session.execute(rows.order_by(sa.func.random()).limit(1)).first()
    latest = (
        sa.select(Journal.id).where(Journal.kind == EntryKind.OTHER_INCOME).order_by(Journal.number.desc())
    )
    entries = db.session.scalars(latest.limit(8)).all()
    return {
        "line": str(line.id) if line else "", "entry": str(chance.choice(entries)) if entries else "",
        "amount": chance.choice([line.amount, max(1, line.amount // 2)]) if line else 1,
        "on": str(line.booked_on) if line else "2026-01-01", "place": Place.MOBILE_MONEY,
    }  # fmt: skip


def bring(act: Act, place: Scene) -> object:
    days = clock.now().date() - timedelta(days=60)
    numbers = range(act.values["first"], act.values["first"] + act.values["count"])
    moves = [Moved(f"SKC{n}", days + timedelta(days=n // 3), 7 * n + 1 if n % 4 else -n - 1) for n in numbers]
    content = mpesa(moves, opening=1_000 + act.values["first"])
    read = statements.read(content, format_name=None, columns=None)
    return statements.bring_statements(
        content, read, place=AccountPlace.MOBILE_MONEY, account=None, by=place.treasurer, now=clock.now()
    )


def write_from(act: Act, place: Scene) -> object:
    v = act.values
    if not v["line"]:
        return NOTHING_TO_DO
    line = get_line(uuid.UUID(v["line"]))
    return matching.write_income(
        line, kind=EntryKind.OTHER_INCOME, amount=v["amount"], fund=Fund.GENERAL, received_on=line.booked_on, words="",
        by=place.treasurer, now=clock.now(), key=act.id,
    )  # fmt: skip


def join(act: Act, place: Scene) -> object:
    if not (act.values["line"] and act.values["entry"]):
        return NOTHING_TO_DO
    line = get_line(uuid.UUID(act.values["line"]))
    return matching.join_line(line, uuid.UUID(act.values["entry"]), by=place.treasurer, now=clock.now())


def choose_count(chance: Random, place: Scene) -> dict[str, Any]:
    """What the box seems to hold, nearly; and the count that waits for a second person."""
    there = book.held_in_places(book.held())[Place.CASH]
    waiting = find_waiting()
    return {
        "found": max(0, there + chance.choice([0, 0, -30, 45])), "seen": there, "count": str(waiting.id) if waiting else "",
        "by": str(chance.choice(place.seconds)),
    }  # fmt: skip


def count(act: Act, place: Scene) -> object:
    return counts.count_cash({}, act.values["found"], by=place.treasurer, now=clock.now())


def sign_count(act: Act, place: Scene) -> object:
    v = act.values
    if not v["count"]:
        return NOTHING_TO_DO
    waiting, by = get_waiting(uuid.UUID(v["count"])), uuid.UUID(v["by"])
    return counts.agree(waiting, by=by, why="two looked", seen=v["seen"], now=clock.now())


def count_again(act: Act, place: Scene) -> object:
    if not act.values["count"]:
        return NOTHING_TO_DO
    return counts.take_away(get_waiting(uuid.UUID(act.values["count"])), by=place.treasurer, now=clock.now())


def counted(written: Sequence[Written]) -> Iterator[str]:
    """What two signed is what the box held once it was signed: the book's entries up to there come to it."""
    done = sa.select(CashCount).where(CashCount.state == CountState.DONE)
    for one in db.session.scalars(done):
        cash = sum(
            line.amount for entry in written if entry.number <= (one.entries or 0)
            for line in entry.lines if line.account == Place.CASH
        )  # fmt: skip
        if cash != one.amount:
            yield f"{one.amount} was counted at entry {one.entries}, and the book held {cash}"


def faults() -> Iterator[str]:
    """Every movement stands once, however many files list it; its parts make up the line, and of an entry no more than it is."""
    each = sa.select(StatementLine.reference, sa.func.count()).group_by(StatementLine.reference)
    for reference, count in db.session.execute(each):
        if count != 1:
            yield f"{reference} stands {count} times"
    parts = sa.select(LineMatch.line_id, sa.func.sum(LineMatch.amount)).group_by(LineMatch.line_id)
    joined = {line_id: int(amount) for line_id, amount in db.session.execute(parts)}
    for line in db.session.scalars(sa.select(StatementLine)):
        is_whole = joined.get(line.id, 0) == line.amount
        if is_whole != (line.state in (LineState.MATCHED, LineState.SPLIT)) or abs(
            joined.get(line.id, 0)
        ) > abs(line.amount):
            yield f"line {line.reference} is {line.state}, with {joined.get(line.id, 0)} of {line.amount} joined"
