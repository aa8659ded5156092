"""Bringing statements: a file becomes lines as a whole or not at all, and a line that is known is not added again."""

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from funding.statements import queries, rules
from funding.statements.formats import choosing
from funding.statements.formats.statement import Line, NotReadable, Status, Told
from funding.statements.formats.statement import Statement as Read
from funding.statements.models import (
    AccountPlace,
    Booked,
    LineState,
    Statement,
    StatementAccount,
    StatementAppearance,
    StatementLine,
    StatementMapping,
    StatementUpload,
)
from funding.statements.rules import Refusal
from network import audit
from network.data_map import period
from network.db import db
from network.tenancy import scope
from network.tenancy.queries import get_group
from network.vault import keys

NOTHING_MOVED = "0"
"""Why a line of nothing is left aside: there is nothing to say about it in words."""


class CannotBring(Exception):
    """The file is not brought, and nothing of it is kept; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


@dataclass(frozen=True)
class Brought:
    """What came of a file."""

    statements: tuple[Statement, ...]
    new: int
    known: int


def read(content: bytes, *, format_name: str | None, columns: Mapping[str, list[str]] | None) -> list[Read]:
    """The statements in a file. Without a format it is found out, remembered columns first. Raises `NotReadable`."""
    currency = get_group(scope.group_id()).currency
    if len(content) > rules.LARGEST_FILE:
        raise CannotBring(Refusal.TOO_LARGE)
    if rules.is_too_long(content):
        raise CannotBring(Refusal.TOO_MANY_LINES)
    if format_name is None and columns is None:
        for mapping in (one for one in queries.mappings() if rules.names_columns(one.columns)):
            try:
                return choosing.read(content, format_name="csv", columns=mapping.columns, currency=currency)
            except NotReadable:
                continue
    return choosing.read(content, format_name=format_name, columns=columns, currency=currency)


def bring_statements(
    content: bytes,
    statements: Sequence[Read],
    *,
    place: AccountPlace,
    account: StatementAccount | None,
    by: uuid.UUID,
    now: datetime,
) -> Brought:
    """Keep what was read: what is new is added, what is known stays as it is. Raises `CannotBring`.

    One file at a time in a group: of two who bring the same, the second finds everything known.
    """
    group = get_group(scope.group_id())
    if refusal := rules.why_not_bring(statements, place=place, currency=group.currency):
        raise CannotBring(refusal)
    if account and len({read.account for read in statements}) > 1:
        raise CannotBring(Refusal.SEVERAL_ACCOUNTS)
    _one_at_a_time()
    fingerprint = hashlib.sha256(content).digest()
    brought, new, known = [], 0, 0
    for part, read in enumerate(statements, start=1):
        if not (read.lines or read.closed_on):
            continue
        to = account or _account_of(read, place, now=now)
        statement = queries.find_brought_before(to.id, fingerprint, part)
        if statement:
            known += len(read.lines)
        else:
            statement = _keep(read, to, fingerprint, part, by=by, now=now)
            new, known = new + statement.new_lines, known + statement.known_lines
        brought.append(statement)
    return Brought(tuple(brought), new, known)


def _one_at_a_time() -> None:
    lock = sa.text("select pg_advisory_xact_lock(hashtextextended('statements ' || cast(:group as text), 0))")
    db.session.execute(lock, {"group": scope.group_id()})


def _account_of(read: Read, place: AccountPlace, *, now: datetime) -> StatementAccount:
    """The account a file names, or the only one of its place. One whose name was not known yet gets it."""
    there = [one for one in queries.accounts() if one.place == place]
    if read.account is None:
        if len(there) > 1:
            raise CannotBring(Refusal.WHICH_ACCOUNT)
        return there[0] if there else _open_account(place, None, now=now)
    fingerprint = _fingerprint_of(read.account)
    named = next((one for one in there if one.fingerprint and bytes(one.fingerprint) == fingerprint), None)
    if named:
        return named
    if len(there) == 1 and there[0].fingerprint is None:
        there[0].number, there[0].fingerprint = read.account, fingerprint
        db.session.flush()
        return there[0]
    return _open_account(place, read.account, now=now)


def _open_account(place: AccountPlace, number: str | None, *, now: datetime) -> StatementAccount:
    account = StatementAccount(
        place=place, number=number, fingerprint=_fingerprint_of(number) if number else None, created_at=now
    )
    db.session.add(account)
    db.session.flush()
    return account


def _fingerprint_of(number: str) -> bytes:
    bare = "".join(sign for sign in number.upper() if sign.isalnum())
    return keys.lookup("statement account", f"{scope.group_id()} {bare or number}")


def _keep(
    read: Read, account: StatementAccount, fingerprint: bytes, part: int, *, by: uuid.UUID, now: datetime
) -> Statement:
    found = _found(read, account)
    known, standing = queries.known_lines(account.id, {one.key for one in found})
    told_apart = rules.occurrences(
        [rules.Seen(one.key, one.line.balance, one.may_be_cut) for one in found], known
    )
    days = [line.date for line in read.lines] + ([read.closed_on] if read.closed_on else [])
    new = sum(not is_known for _, is_known in told_apart)
    told = [
        *read.warnings,
        *_perhaps_twice(
            [one.line for one, (_, is_known) in zip(found, told_apart, strict=True) if not is_known], account
        ),
    ]
    statement = Statement(
        id=uuid.uuid4(), account_id=account.id, format=read.format, fingerprint=fingerprint, part=part,
        starts_on=min(days), ends_on=max(days), opening=read.opening, closing=read.closing,
        new_lines=new, known_lines=len(found) - new, notes=_notes(told), brought_by_id=by, brought_at=now,
    )  # fmt: skip
    db.session.add(statement)
    db.session.flush()
    rows, appearances = [], []
    for position, (one, (occurrence, is_known)) in enumerate(zip(found, told_apart, strict=True), start=1):
        if is_known:
            line_id = _still(standing[one.key, occurrence], one.line)
        else:
            rows.append(_row(one, account, occurrence, by=by, now=now))
            line_id = rows[-1]["id"]
        appearances.append(_appearance(statement, line_id, position, one.line.balance))
    for model, values in ((StatementLine, rows), (StatementAppearance, appearances)):
        if values:
            db.session.execute(sa.insert(model), values)
    audit.record("statement.brought", statement, by=by, now=now)
    db.session.flush()
    return statement


@dataclass(frozen=True)
class _Found:
    line: Line
    key: bytes
    details: Any
    may_be_cut: bool


def _found(read: Read, account: StatementAccount) -> list[_Found]:
    days = [line.date for line in read.lines]
    ends = {min(days), max(days)} if days else set()
    found = []
    for line in read.lines:
        details = rules.details_of(line.text)
        identity = rules.identity_of(line, format_name=read.format, details=details)
        key = keys.lookup("statement line", f"{scope.group_id()} {account.id} {identity}")
        found.append(_Found(line, key, details, line.date in ends and not line.reference))
    return found


def _still(standing: StatementLine, line: Line) -> uuid.UUID:
    """A line that is known; what was pending may have been booked meanwhile."""
    if standing.status == Booked.PENDING and line.status == Status.BOOKED:
        standing.status = Booked.BOOKED
    return standing.id


def _row(
    one: _Found, account: StatementAccount, occurrence: int, *, by: uuid.UUID, now: datetime
) -> dict[str, Any]:
    line, is_code, words = one.line, rules.is_code(one.line.reference), _words(one.line)
    moved_nothing = line.amount == 0 and line.status == Status.BOOKED
    return {
        "id": uuid.uuid4(), "group_id": scope.group_id(), "account_id": account.id, "key": one.key, "occurrence": occurrence,
        "booked_on": line.date, "amount": line.amount, "status": line.status.value, "details": one.details.value,
        "reference": line.reference if is_code else None, "words": None if moved_nothing else words,
        "state": LineState.IGNORED.value if moved_nothing else LineState.OPEN.value,
        "reason": NOTHING_MOVED if moved_nothing else None, "settled_at": now if moved_nothing else None,
        "settled_by_id": by if moved_nothing else None, "brought_at": now,
    }  # fmt: skip


def _words(line: Line) -> str | None:
    """What names somebody perhaps: the words, and a reference that is no code."""
    told = ("" if rules.is_code(line.reference) else line.reference, line.text)
    return "; ".join(part for part in told if part) or None


def _appearance(
    statement: Statement, line_id: uuid.UUID, position: int, balance: int | None
) -> dict[str, Any]:
    return {
        "id": uuid.uuid4(), "group_id": scope.group_id(), "statement_id": statement.id, "line_id": line_id,
        "position": position, "balance": balance,
    }  # fmt: skip


def _perhaps_twice(lines: Sequence[Line], account: StatementAccount) -> list[Told]:
    """What nothing tells from a line that was brought before: it is kept as another one, and whoever brings it is asked to look."""
    return [
        Told(
            "%(place)s: there is no date and no receipt, and a line with this amount was brought before. If it is the same one, leave one of the two aside.",
            place=line.place or "",
        )
        for line in lines
        if line.is_day_borrowed
        and not rules.is_code(line.reference)
        and any(one.words in (None, _words(line)) for one in queries.lines_like(account.id, line, within=rules.MAY_OVERLAP))
    ]  # fmt: skip


def _notes(told: Sequence[Told]) -> str | None:
    return json.dumps([one.kept() for one in told]) if told else None


def take_away_statement(statement: Statement, *, by: uuid.UUID, now: datetime) -> None:
    """Undo bringing a statement, with the lines that no other lists. Raises `CannotBring` once one of them has ended."""
    _one_at_a_time()
    if queries.has_settled_lines(statement):
        raise CannotBring(Refusal.SETTLED_LINES)
    own = queries.only_in(statement)
    of_this = StatementAppearance.statement_id == statement.id
    try:
        with db.session.begin_nested():
            db.session.execute(sa.delete(StatementAppearance).where(of_this))
            db.session.execute(sa.delete(StatementLine).where(StatementLine.id.in_(own)))
    except IntegrityError:  # a line waits for a second person
        raise CannotBring(Refusal.SETTLED_LINES) from None
    audit.record("statement.taken_away", statement, by=by, now=now)
    db.session.delete(statement)
    db.session.flush()


def keep_upload(
    content: bytes, *, place: AccountPlace, account: StatementAccount | None, by: uuid.UUID, now: datetime
) -> StatementUpload:
    """Hold a file until somebody says what its columns hold."""
    upload = StatementUpload(
        content=content.decode("latin-1"), place=place, account_id=account.id if account else None,
        brought_by_id=by, brought_at=now,
    )  # fmt: skip
    db.session.add(upload)
    db.session.flush()
    return upload


def keep_mapping(
    name: str, columns: Mapping[str, list[str]], *, by: uuid.UUID, now: datetime
) -> StatementMapping:
    """Remember what the columns of a bank's files hold. The same name again is the same bank, read anew."""
    mapping = queries.find_mapping(name)
    if mapping is None:
        mapping = StatementMapping(name=name, columns=dict(columns), created_by_id=by, created_at=now)
        db.session.add(mapping)
    else:
        mapping.columns = dict(columns)
    db.session.flush()
    audit.record("statement_mapping.kept", mapping, by=by, now=now)
    return mapping


def forget_mapping(mapping: StatementMapping, *, by: uuid.UUID, now: datetime) -> None:
    """Forget remembered columns; statements read with them stay."""
    audit.record("statement_mapping.forgotten", mapping, by=by, now=now)
    db.session.delete(mapping)
    db.session.flush()


def drop_upload(upload: StatementUpload) -> None:
    """The file is not needed any more."""
    db.session.delete(upload)
    db.session.flush()


def drop_names(*, now: datetime) -> int:
    """Take away what names those who paid from lines that have stayed open too long, and files nobody came back for."""
    old = sa.update(StatementLine).where(queries.named_before(now - period("payer-names"))).values(words=None)
    dropped = db.session.execute(old).rowcount  # type: ignore[attr-defined]
    waiting = sa.delete(StatementUpload).where(StatementUpload.brought_at < now - period("statement-file"))
    db.session.execute(waiting)
    return int(dropped)
