"""Reading lines with what they are joined to, and entries they may belong to."""

import uuid
from collections import defaultdict
from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from funding.ledger import queries as ledger
from funding.matching import rules
from funding.matching.models import LineMatch
from funding.matching.rules import Candidate
from funding.statements.models import (
    Booked,
    Details,
    LineState,
    Statement,
    StatementAccount,
    StatementAppearance,
    StatementLine,
)
from network import audit
from network.db import db

BOOKED = StatementLine.status == Booked.BOOKED
SHOWN = 20
"""How much of a line's history is shown."""


def get_line(line_id: uuid.UUID) -> StatementLine:
    """A line of money that moved, or a page that says there is nothing here."""
    return db.one_or_404(_lines().where(StatementLine.id == line_id, BOOKED))


def _lines() -> sa.Select[StatementLine]:
    return sa.select(StatementLine).options(joinedload(StatementLine.account))


def lines(
    *, states: Iterable[str], place: str | None = None, statement_id: uuid.UUID | None = None
) -> sa.Select[StatementLine]:
    """Lines that have ended so, the latest first; a selection so that pages can page it."""
    found = (
        _lines()
        .join(StatementLine.account)
        .where(StatementLine.state.in_(list(states)), BOOKED)
        .order_by(StatementLine.booked_on.desc(), StatementLine.id)
    )
    if place:
        found = found.where(StatementAccount.place == place)
    return found.where(_listed_in(statement_id)) if statement_id else found


def _listed_in(statement_id: uuid.UUID) -> sa.ColumnElement[bool]:
    listed = sa.select(StatementAppearance.line_id).where(StatementAppearance.statement_id == statement_id)
    return StatementLine.id.in_(listed)


def count_by_state(
    *, place: str | None = None, statement_id: uuid.UUID | None = None
) -> dict[LineState, int]:
    """How many lines of money that moved are in each state."""
    rows = (
        sa.select(StatementLine.state, sa.func.count())
        .join(StatementLine.account)
        .where(BOOKED, StatementAccount.place == place if place else sa.true())
        .where(_listed_in(statement_id) if statement_id else sa.true())
        .group_by(StatementLine.state)
    )
    found = {LineState(state): count for state, count in db.session.execute(rows)}
    return {state: found.get(state, 0) for state in LineState}


def parts_of(line: StatementLine) -> list[LineMatch]:
    """What the line is joined to, in the order it was done."""
    rows = sa.select(LineMatch).where(LineMatch.line_id == line.id)
    return list(db.session.scalars(rows.order_by(LineMatch.joined_at, LineMatch.id)))


def get_part(line: StatementLine, match_id: uuid.UUID) -> LineMatch:
    """One of them, or a page that says there is nothing here."""
    return db.one_or_404(sa.select(LineMatch).where(LineMatch.id == match_id, LineMatch.line_id == line.id))


def rest_of(line: StatementLine) -> int:
    """What of the line is joined to nothing yet, not even to what waits for a second person."""
    joined = sa.select(sa.func.coalesce(sa.func.sum(LineMatch.amount), 0)).where(LineMatch.line_id == line.id)
    return line.amount - int(db.session.scalar(joined) or 0)


def waiting_among(ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Which of these lines wait for a second person."""
    rows = sa.select(LineMatch.line_id).where(
        LineMatch.line_id.in_(list(ids)), LineMatch.draft_id.is_not(None)
    )
    return set(db.session.scalars(rows))


def joined_at(place: str, entries: Iterable[uuid.UUID]) -> dict[uuid.UUID, int]:
    """How much of each of these entries lines of a place account for."""
    rows = (
        sa.select(LineMatch.journal_id, sa.func.sum(LineMatch.amount))
        .join(StatementLine, _of_line())
        .join(StatementLine.account)
        .where(LineMatch.journal_id.in_(list(entries)), StatementAccount.place == place)
        .group_by(LineMatch.journal_id)
    )
    return defaultdict(
        int, {entry_id: int(amount) for entry_id, amount in db.session.execute(rows) if entry_id}
    )


def _of_line() -> sa.ColumnElement[bool]:
    return sa.and_(LineMatch.group_id == StatementLine.group_id, LineMatch.line_id == StatementLine.id)


def suggestions(line: StatementLine, rest: int) -> list[Candidate]:
    """Entries the line may belong to."""
    near = rules.NEAR
    moves = ledger.moves_at(line.account.place, line.booked_on - near, line.booked_on + near)
    standing = [move for move in moves if move.is_standing and move.amount * rest > 0]
    taken = joined_at(line.account.place, (move.entry_id for move in standing))
    free = {move.entry_id: move.amount - taken[move.entry_id] for move in standing}
    of_this = {part.journal_id for part in parts_of(line)}
    whole = ledger.entries_among(entry_id for entry_id, left in free.items() if left)
    candidates = [
        Candidate(
            move.entry_id,
            move.number,
            move.kind,
            move.effective_on,
            free[move.entry_id],
            _words(whole[move.entry_id]),
        )
        for move in standing
        if free[move.entry_id] and move.entry_id not in of_this
    ]
    return rules.suggested(candidates, rest=rest, booked_on=line.booked_on, reference=line.reference)


def _words(entry: object) -> str:
    memo = getattr(entry, "memo", None)
    return (memo.words if memo else None) or ""


def free_of(entry_id: uuid.UUID, line: StatementLine) -> tuple[int, bool]:
    """What of an entry no line accounts for at the place of this one, and whether the entry stands."""
    place = line.account.place
    entry = ledger.find_entry(entry_id)
    if entry is None:
        return 0, False
    moved = sum(amount for account, _fund, amount in entry.lines if account == place)
    stands = entry.reverses_id is None and ledger.find_reversal_of(entry.id) is None
    return moved - joined_at(place, [entry.id])[entry.id], stands


def find_twin(line: StatementLine, rest: int) -> uuid.UUID | None:
    """A draft that waits for a second person, moves as much at the same place, and belongs to no line: perhaps the same."""
    taken = sa.select(LineMatch.draft_id).where(LineMatch.draft_id.is_not(None))
    joined = set(db.session.scalars(taken))
    for draft in db.session.scalars(ledger.drafts_waiting().limit(50)):
        moved = sum(one.amount for one in ledger.entry_of(draft).lines if one.account == line.account.place)
        if moved == rest and draft.id not in joined and draft.reverses_id is None:
            return draft.id
    return None


def open_charges(statement: Statement) -> list[StatementLine]:
    """The charges of a statement that nothing is joined to."""
    joined = sa.select(LineMatch.line_id)
    rows = (
        _lines()
        .where(_listed_in(statement.id), BOOKED, StatementLine.state == LineState.OPEN, StatementLine.amount < 0)
        .where(StatementLine.details == Details.CHARGE, StatementLine.id.not_in(joined))
        .order_by(StatementLine.booked_on, StatementLine.id)
    )  # fmt: skip
    return list(db.session.scalars(rows))


def history_of(line: StatementLine) -> list[audit.AuditEvent]:
    """What was done with the line, from the group's diary, the latest first."""
    rows = sa.select(audit.AuditEvent).where(audit.AuditEvent.subject_id == line.id)
    return list(db.session.scalars(rows.order_by(audit.AuditEvent.at.desc()).limit(SHOWN)))
