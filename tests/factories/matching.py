"""Lines of statements that are joined to entries."""

import uuid
from typing import Any

from funding.ledger import commands as ledger
from funding.ledger.models import Journal
from funding.ledger.queries import get_draft
from funding.ledger.rules import Cost, EntryKind, Fund, Place
from funding.matching import commands, queries
from funding.statements.models import StatementLine
from network import clock
from tests.factories.funding import Officers, post_income
from tests.factories.statements import Moved, a_day, bring, lines_of, mpesa
from tests.support.app import in_scope


def a_line(
    officers: Officers, amount: int, *, receipt: str = "SKC1", ago: int = 2, **more: Any
) -> StatementLine:
    """A line of a mobile-money statement with this amount in shillings."""
    bring(officers, mpesa([Moved(receipt, a_day(ago), amount, **more)]))
    return next(line for line in lines_of(officers) if line.reference == receipt)


def an_entry(officers: Officers, amount: int, **more: Any) -> Journal:
    """Income in mobile money, in shillings."""
    return post_income(officers, amount * 100, **{"place": Place.MOBILE_MONEY, **more})


def join(officers: Officers, line: StatementLine, entry: Journal) -> None:
    """The treasurer says that the line is this entry."""
    with in_scope(officers.group, officers.treasurer):
        commands.join_line(queries.get_line(line.id), entry.id, by=officers.treasurer.id, now=clock.now())


def write_income(
    officers: Officers, line: StatementLine, amount: int, *, key: uuid.UUID | None = None
) -> uuid.UUID:
    """The treasurer writes income down from a line."""
    with in_scope(officers.group, officers.treasurer):
        return commands.write_income(
            queries.get_line(line.id), kind=EntryKind.OTHER_INCOME, amount=amount * 100, fund=Fund.GENERAL,
            received_on=line.booked_on, words="Gift", by=officers.treasurer.id, now=clock.now(), key=key or uuid.uuid4(),
        )  # fmt: skip


def draft_expense(officers: Officers, line: StatementLine, amount: int) -> uuid.UUID:
    """The treasurer writes an expense down from a line; it waits."""
    with in_scope(officers.group, officers.treasurer):
        return commands.draft_expense(
            queries.get_line(line.id), cost=Cost.VENUE, amount=amount * 100, fund=Fund.GENERAL, spent_on=line.booked_on,
            words="Hall", by=officers.treasurer.id, now=clock.now(), key=uuid.uuid4(),
        )  # fmt: skip


def confirm(officers: Officers, draft_id: uuid.UUID) -> uuid.UUID:
    """The chair agrees."""
    with in_scope(officers.group, officers.chair):
        return ledger.confirm_draft(get_draft(draft_id), by=officers.chair.id, now=clock.now()).id


def take_back(officers: Officers, entry_id: uuid.UUID) -> None:
    """An entry is taken back by two."""
    from funding.ledger.queries import get_entry

    with in_scope(officers.group, officers.treasurer):
        waiting = ledger.draft_reversal(
            get_entry(entry_id), by=officers.treasurer.id, reason="Twice", now=clock.now()
        )
        draft_id = waiting.id
    confirm(officers, draft_id)


def again(officers: Officers, line: StatementLine) -> StatementLine:
    """The line as it stands now."""
    return next(one for one in lines_of(officers) if one.id == line.id)
