"""The demo's statements: the last months of the Nairobi group's till and of its bank, partly worked through.

Made from what stands in the book, as mobile money and a bank would tell it, with what only they know: their charges, and
somebody who paid into the wrong till.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from funding.ledger import queries as ledger
from funding.ledger.rules import EntryKind, Place
from funding.matching import commands as matching
from funding.matching.queries import suggestions
from funding.statements import commands
from funding.statements.formats.amounts import shown
from funding.statements.models import AccountPlace, StatementAppearance, StatementLine
from network import demo
from network.db import db
from network.demo import Story
from network.tenancy import scope

CHAPTER = 56
NAIROBI = ZoneInfo("Africa/Nairobi")
CHARGE = 23_00
PAYERS = ("WANGARI N", "OUMA J", "MUTISO K", "CHEPKEMOI A", "HASSAN I")
HEADER = (
    "Receipt No.,Completion Time,Initiation Time,Details,Transaction Status,Paid In,Withdrawn,Balance,Balance Confirmed,"
    "Reason Type,Other Party Info,Linked Transaction ID,A/C No."
)
BANK_COLUMNS = {"date": ["Posted"], "amount": ["Sum"], "text": ["Story"], "balance": ["Left"]}
SETTLED_IN_STORY = 6


@dataclass(frozen=True)
class _Moved:
    day: date
    amount: int
    words: str


def statements(story: Story) -> None:
    """The till's file is brought and half worked through; the bank's has columns that were explained once."""
    today = story.now.astimezone(NAIROBI).date()
    halima = story.people["Halima"]
    with scope.visiting(story.places["nairobi"], halima):
        start = today - timedelta(days=80)
        till = list(_of_the_till(start, today - timedelta(days=2)))
        opening = _held_before(Place.MOBILE_MONEY, start)
        content = _mpesa(till, opening)
        read = commands.read(content, format_name="mpesa-org", columns=None)
        brought = commands.bring_statements(
            content, read, place=AccountPlace.MOBILE_MONEY, account=None, by=halima, now=story.now
        )
        _settle(brought.statements[0].id, story)
        _bank(story, today)


def _held_before(place: Place, day: date) -> int:
    there = ledger.balances_on(day - timedelta(days=1))
    return sum(amount for (account, _fund), amount in there.items() if account == place)


def _of_the_till(start: date, end: date) -> Iterator[_Moved]:
    """Each entry as the till saw it: a sheet is several payments, and what goes out costs a charge."""
    for move in ledger.moves_at(Place.MOBILE_MONEY, start, end):
        if move.kind == EntryKind.CONTRIBUTIONS:
            yield from _payments(move.effective_on, move.amount)
        elif move.amount > 0:
            yield _Moved(move.effective_on, move.amount, "Organization Settlement from Bank")
        else:
            yield _Moved(move.effective_on, move.amount, "Business Payment to Customer")
            yield _Moved(move.effective_on, -CHARGE, "Business Payment Charge")
    yield _Moved(end, 500_00, "Pay Bill from 2547****0144 - ATIENO M Acc. rent")


def _payments(day: date, amount: int) -> Iterator[_Moved]:
    """A sum as two payments of members, or as one."""
    half = amount // 2 // 100 * 100
    for payer, part in zip(PAYERS, filter(None, (half, amount - half)), strict=False):
        yield _Moved(day, part, f"Pay Bill from 2547****0{len(payer)}11 - {payer} Acc. dues")


def _mpesa(moves: Sequence[_Moved], opening: int) -> bytes:
    rows, balance = [], opening
    for number, one in enumerate(moves):
        balance += one.amount
        money = _written(abs(one.amount))
        paid_in, withdrawn = (money, "") if one.amount > 0 else ("", f"-{money}")
        at = f"{one.day:%d-%m-%Y} {9 + number % 8:02d}:{number % 60:02d}:00"
        rows.append(
            f"TJ{number:05d}K,{at},{at},{one.words},Completed,{paid_in},{withdrawn},{_written(balance)},true,,,,"
        )
    preamble = ("Organization Name,MIND EMPOWERMENT", "Short Code,600144", "")
    return "\n".join([*preamble, HEADER, *reversed(rows), ""]).encode()


def _written(amount: int) -> str:
    return shown(amount, "KES").replace(",", "")


def _settle(statement_id: UUID, story: Story) -> None:
    """The treasurer has begun: the first lines are joined to their entries, and one is left aside."""
    listed = sa.select(StatementLine).join(
        StatementAppearance, StatementAppearance.line_id == StatementLine.id
    )
    order = StatementAppearance.position
    lines = list(
        db.session.scalars(listed.where(StatementAppearance.statement_id == statement_id).order_by(order))
    )
    halima, settled = story.people["Halima"], 0
    for line in lines:
        found = [one for one in suggestions(line, line.amount) if one.free == line.amount]
        if found and settled < SETTLED_IN_STORY:
            matching.join_line(line, found[0].entry_id, by=halima, now=story.now)
            settled += 1
    matching.leave_aside(
        lines[-1], reason="Meant for another till; the payer asked for it back", by=halima, now=story.now
    )


def _bank(story: Story, today: date) -> None:
    """The bank of the same days, in a file whose columns only this bank has."""
    halima, start = story.people["Halima"], today - timedelta(days=80)
    commands.keep_mapping("Jamii Bank", BANK_COLUMNS, by=halima, now=story.now)
    balance = _held_before(Place.BANK, start)
    rows = ["Posted;Story;Sum;Left"]
    for move in ledger.moves_at(Place.BANK, start, today - timedelta(days=1)):
        balance += move.amount
        words = "Deposit" if move.amount > 0 else "Transfer to till"
        rows.append(f"{move.effective_on:%d/%m/%Y};{words};{_written(move.amount)};{_written(balance)}")
    balance -= 350_00
    rows.append(f"{today - timedelta(days=1):%d/%m/%Y};Ledger fee;-350.00;{_written(balance)}")
    content = "\n".join(rows).encode()
    read = commands.read(content, format_name=None, columns=None)
    commands.bring_statements(content, read, place=AccountPlace.BANK, account=None, by=halima, now=story.now)


def init_app() -> None:
    """Add the chapter."""
    demo.register(CHAPTER, statements)
