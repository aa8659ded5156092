"""Reading what was brought: accounts, statements and their lines, remembered columns."""

import json
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from funding.statements import rules
from funding.statements.formats.statement import Line, Told
from funding.statements.models import (
    Booked,
    LineState,
    Statement,
    StatementAccount,
    StatementAppearance,
    StatementLine,
    StatementMapping,
    StatementUpload,
)
from funding.statements.rules import Break, Known
from network.db import db

SETTLED = (LineState.MATCHED, LineState.SPLIT, LineState.IGNORED)


def accounts() -> list[StatementAccount]:
    """The accounts that statements were brought of, in the order they came."""
    return list(
        db.session.scalars(
            sa.select(StatementAccount).order_by(StatementAccount.created_at, StatementAccount.id)
        )
    )


def find_account(account_id: uuid.UUID | None) -> StatementAccount | None:
    """One account, if it is there."""
    return db.session.scalar(sa.select(StatementAccount).where(StatementAccount.id == account_id))


def statements() -> sa.Select[Statement]:
    """Every statement, the latest days first; a selection so that pages can page it."""
    return (
        sa.select(Statement)
        .options(joinedload(Statement.account))
        .order_by(Statement.ends_on.desc(), Statement.brought_at.desc(), Statement.id)
    )


def get_statement(statement_id: uuid.UUID) -> Statement:
    """One statement, or a page that says there is nothing here."""
    return db.one_or_404(statements().where(Statement.id == statement_id))


def find_brought_before(account_id: uuid.UUID, fingerprint: bytes, part: int) -> Statement | None:
    """The same statement of the same file, if it was brought."""
    return db.session.scalar(
        sa.select(Statement).where(
            Statement.account_id == account_id, Statement.fingerprint == fingerprint, Statement.part == part
        )
    )


def known_lines(
    account_id: uuid.UUID, keys: Iterable[bytes]
) -> tuple[dict[bytes, list[Known]], dict[tuple[bytes, int], StatementLine]]:
    """What is known of lines with these keys: for telling equals apart, and the lines themselves."""
    rows = (
        sa.select(StatementLine, sa.func.array_agg(StatementAppearance.balance))
        .outerjoin(
            StatementAppearance,
            sa.and_(
                StatementAppearance.group_id == StatementLine.group_id,
                StatementAppearance.line_id == StatementLine.id,
            ),
        )
        .where(StatementLine.account_id == account_id, StatementLine.key.in_(list(keys)))
        .group_by(*sa.inspect(StatementLine).columns)
    )
    known: dict[bytes, list[Known]] = defaultdict(list)
    lines = {}
    for line, balances in db.session.execute(rows):
        key = bytes(line.key)
        known[key].append(Known(line.occurrence, {balance for balance in balances if balance is not None}))
        lines[key, line.occurrence] = line
    return known, lines


def lines_like(account_id: uuid.UUID, line: Line, *, within: timedelta) -> list[StatementLine]:
    """Lines of the same amount and without a code that were brought for days around a line's."""
    rows = sa.select(StatementLine).where(
        StatementLine.account_id == account_id, StatementLine.amount == line.amount, StatementLine.reference.is_(None),
        StatementLine.booked_on.between(line.date - within, line.date + within),
    )  # fmt: skip
    return list(db.session.scalars(rows))


@dataclass(frozen=True)
class Progress:
    """How many lines of a statement have ended, of those that can."""

    settled: int = 0
    booked: int = 0
    aside: int = 0
    """Pending and failed ones, which are shown apart."""

    @property
    def open(self) -> int:
        return self.booked - self.settled


def progress_of(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Progress]:
    """How far each of these statements is worked through."""
    is_booked = StatementLine.status == Booked.BOOKED
    rows = (
        sa.select(
            StatementAppearance.statement_id,
            sa.func.count().filter(StatementLine.state.in_(SETTLED)),
            sa.func.count().filter(is_booked),
            sa.func.count().filter(~is_booked),
        )
        .join(StatementLine, StatementAppearance.line)
        .where(StatementAppearance.statement_id.in_(list(ids)))
        .group_by(StatementAppearance.statement_id)
    )
    found = {statement_id: Progress(*counts) for statement_id, *counts in db.session.execute(rows)}
    return defaultdict(Progress, found)


def lines_of(statement: Statement, *, is_booked: bool) -> sa.Select[StatementAppearance]:
    """A statement's lines as it lists them: those that moved money, or those that did not."""
    status = StatementLine.status == Booked.BOOKED
    return (
        sa.select(StatementAppearance)
        .join(StatementLine, StatementAppearance.line)
        .options(joinedload(StatementAppearance.line))
        .where(StatementAppearance.statement_id == statement.id, status if is_booked else ~status)
        .order_by(StatementAppearance.position)
    )


@dataclass(frozen=True)
class AddingUp:
    """What a statement's movements come to, and where its balances do not follow."""

    came_in: int
    went_out: int
    difference: int | None
    """Closing less what opening and movements make; nothing where the statement does not tell both."""
    breaks: dict[int, Break]
    """By the position of the line."""


def adding_up(statement: Statement) -> AddingUp:
    """The sums of a statement, asked again from its lines."""
    rows = (
        sa.select(StatementAppearance.position, StatementLine.amount, StatementAppearance.balance)
        .join(StatementLine, StatementAppearance.line)
        .where(StatementAppearance.statement_id == statement.id, StatementLine.status == Booked.BOOKED)
        .order_by(StatementAppearance.position)
    )
    moved = [(position, amount, balance) for position, amount, balance in db.session.execute(rows)]
    amounts = [amount for _, amount, _ in moved]
    difference = None
    if statement.opening is not None and statement.closing is not None:
        difference = statement.closing - statement.opening - sum(amounts)
    found = rules.breaks(statement.opening, ((amount, balance) for _, amount, balance in moved))
    return AddingUp(
        sum(amount for amount in amounts if amount > 0),
        sum(-amount for amount in amounts if amount < 0),
        difference,
        {moved[one.place][0]: one for one in found},
    )


def notes_of(statement: Statement) -> list[Told]:
    """What reading the file raised."""
    return [Told.from_kept(kept) for kept in json.loads(statement.notes or "[]")]


def has_settled_lines(statement: Statement) -> bool:
    """Whether any line that stands in this statement alone has ended, or waits for a second person."""
    own = _only_in(statement).where(StatementLine.state != LineState.OPEN, StatementLine.amount != 0)
    return db.session.scalar(own.limit(1)) is not None


def only_in(statement: Statement) -> list[uuid.UUID]:
    """The lines that no other statement lists."""
    return list(db.session.scalars(_only_in(statement)))


def _only_in(statement: Statement) -> sa.Select[uuid.UUID]:
    elsewhere = sa.select(StatementAppearance.line_id).where(StatementAppearance.statement_id != statement.id)
    return (
        sa.select(StatementLine.id)
        .join(
            StatementAppearance,
            sa.and_(
                StatementAppearance.group_id == StatementLine.group_id,
                StatementAppearance.line_id == StatementLine.id,
            ),
        )
        .where(StatementAppearance.statement_id == statement.id, StatementLine.id.not_in(elsewhere))
    )


def mapping_rows() -> sa.Select[StatementMapping]:
    """The remembered columns, by name; a selection so that pages can page it."""
    return sa.select(StatementMapping).order_by(StatementMapping.name)


def mappings() -> list[StatementMapping]:
    """All of them."""
    return list(db.session.scalars(mapping_rows()))


def get_mapping(mapping_id: uuid.UUID) -> StatementMapping:
    """One of them, or a page that says there is nothing here."""
    return db.get_or_404(StatementMapping, mapping_id)


def find_mapping(name: str) -> StatementMapping | None:
    """The one with this name, if it is there."""
    return db.session.scalar(sa.select(StatementMapping).where(StatementMapping.name == name))


def get_upload(upload_id: uuid.UUID) -> StatementUpload:
    """A file that waits, or a page that says there is nothing here."""
    return db.get_or_404(StatementUpload, upload_id)


def count_open() -> int:
    """How many lines of all statements have not ended."""
    is_open = (StatementLine.state == LineState.OPEN, StatementLine.status == Booked.BOOKED)
    return db.session.scalar(sa.select(sa.func.count()).select_from(StatementLine).where(*is_open)) or 0


def named_before(moment: datetime) -> sa.ColumnElement[bool]:
    """Lines whose names have been kept long enough."""
    return sa.and_(StatementLine.words.is_not(None), StatementLine.brought_at < moment)
