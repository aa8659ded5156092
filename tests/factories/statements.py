"""Statement files of our own making, and statements that were brought."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from funding.statements import commands, queries, rules
from funding.statements.formats.statement import Statement
from funding.statements.models import AccountPlace, StatementLine
from network import clock
from network.db import db
from tests.factories.funding import Officers
from tests.support.app import in_scope

MPESA = "Receipt No.,Completion Time,Details,Transaction Status,Paid In,Withdrawn,Balance"
CSV = "Date,Description,Amount,Balance"


def warned(statements: Sequence[Statement]) -> list[list[str]]:
    """For each statement what whoever reads it is told, in English."""
    return [[str(told) for told in each] for each in rules.warnings(statements)]


class Moved(NamedTuple):
    """A movement in whole shillings."""

    receipt: str
    day: date
    amount: int
    words: str = "Funds received from 2547****0111 - MARY ATIENO"
    status: str = "Completed"


def a_day(ago: int = 1) -> date:
    """So many days ago."""
    return clock.now().date() - timedelta(days=ago)


def mpesa(moves: Iterable[Moved], *, opening: int = 1000) -> bytes:
    """An M-Pesa statement, the latest first, as the app gives it."""
    rows, balance = [], opening
    for number, one in enumerate(moves):
        balance += one.amount if one.status == "Completed" else 0
        paid_in, withdrawn = (one.amount, "") if one.amount > 0 else ("", one.amount)
        rows.append(
            f"{one.receipt},{one.day:%d-%m-%Y} 10:{number % 60:02d}:00,{one.words},{one.status},{paid_in},{withdrawn},{balance}.00"
        )
    return "\n".join([MPESA, *reversed(rows), ""]).encode()


def bring(
    officers: Officers, content: bytes, *, place: AccountPlace = AccountPlace.MOBILE_MONEY, **more: Any
) -> commands.Brought:
    """The treasurer brings this file."""
    with in_scope(officers.group, officers.treasurer):
        read = commands.read(
            content, format_name=more.pop("format_name", None), columns=more.pop("columns", None)
        )
        return commands.bring_statements(
            content, read, place=place, account=more.pop("account", None), by=officers.treasurer.id, now=clock.now(), **more
        )  # fmt: skip


def lines_of(officers: Officers) -> list[StatementLine]:
    """Every line the group has, in the order of days and receipts."""
    with in_scope(officers.group):
        found = list(db.session.scalars(db.select(StatementLine)))
        for line in found:
            assert line.account
        return sorted(found, key=lambda line: (line.booked_on, line.reference or "", line.occurrence))


def adding_up(officers: Officers, statement: Any) -> queries.AddingUp:
    """The sums of a statement that was brought."""
    with in_scope(officers.group):
        return queries.adding_up(queries.get_statement(statement.id))
