"""Writing in the book. One entry at a time, whole or not at all; nothing here changes what stands."""

import secrets
import uuid
from collections.abc import Callable
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from funding.ledger import queries, rules
from funding.ledger.models import Draft, Journal, LedgerAccount, LedgerFund, Leg, Memo
from funding.ledger.rules import (
    CHART,
    Confirmed,
    DraftState,
    Entry,
    EntryKind,
    Fund,
    FundKind,
    Line,
    Refusal,
    Shortage,
)
from funding.permissions import Permission
from network import audit, clock
from network.access import table
from network.access.actor import Actor
from network.accounts.queries import roles_held
from network.db import db, insert_at_once
from network.tenancy import scope
from network.tenancy.models import Group
from network.tenancy.queries import get_group

Question = Callable[[str | None, uuid.UUID], Refusal | None]
_questions: dict[EntryKind, Question] = {}
Objection = Callable[[Entry, bool], Refusal | None]
_objections: list[Objection] = []
Listener = Callable[[Confirmed, datetime], None]
_listeners: dict[EntryKind, list[Listener]] = {}


class CannotPost(Exception):
    """It is not written in the book; `refusal` says why, `shortage` how much there is."""

    def __init__(self, refusal: Refusal, shortage: Shortage | None = None) -> None:
        super().__init__(refusal)
        self.refusal, self.shortage = refusal, shortage


def ask_before_confirming(kind: EntryKind, question: Question) -> None:
    """Have a package above say why somebody may not be the second person for entries of its kind."""
    _questions[kind] = question


def object_to_entries(objection: Objection) -> None:
    """Have a package above say why an entry cannot be written: asked when it is drafted, and once more (True) when posted."""
    if objection not in _objections:
        _objections.append(objection)


def _ask_objections(entry: Entry, *, is_final: bool) -> None:
    for objection in _objections:
        if refusal := objection(entry, is_final):
            raise CannotPost(refusal)


def is_drafted(key: uuid.UUID) -> bool:
    """Whether something was written down under this key already."""
    return queries.find_draft(key) is not None


def tell_when_confirmed(kind: EntryKind, listener: Listener) -> None:
    """Tell a package above when an entry of a kind was confirmed, in the same transaction; it may still raise `CannotPost`."""
    if listener not in _listeners.setdefault(kind, []):
        _listeners[kind].append(listener)


def today(now: datetime) -> date:
    """The day on the wall where the group in scope meets."""
    return clock.today(get_group(scope.group_id()).time_zone, at=now)


def post(entry: Entry, *, by: uuid.UUID, now: datetime, second: uuid.UUID | None = None) -> Journal:
    """Write an entry in the book of the group in scope. The same key again gives the entry that stands.

    Raises `CannotPost`. Whoever posts takes the book first and waits for whoever has it: two treasurers at once
    both see what there really is.
    """
    return post_once(entry, by=by, now=now, second=second)[0]


def post_once(
    entry: Entry, *, by: uuid.UUID, now: datetime, second: uuid.UUID | None = None
) -> tuple[Journal, bool]:
    """The same, and whether it is written only now: for packages that keep something beside it. Raises `CannotPost`."""
    number, head, closed_through, stopped_at = take_book()
    group = get_group(scope.group_id())  # held on to, so that it is read once
    if entry.key and (standing := queries.find_entry(entry.key)):
        return _answered_before(standing, entry, by), False
    lines = rules.tidy(entry.lines)
    _require_sense(entry, lines, now)
    _require_open(entry, lines, closed_through, is_stopped=stopped_at is not None)
    _ask_objections(entry, is_final=True)
    if shortage := _find_shortage(lines):
        raise CannotPost(shortage.refusal, shortage)
    written = _write(
        entry, lines, group, by=by, second=second, now=now, number=number + 1, previous=bytes(head)
    )
    return written, True


def take_book() -> tuple[int, bytes, date | None, datetime | None]:
    """Hold the book of the group in scope until the transaction ends: its last number and seal, how far it is closed,
    and since when it is stopped.
    """
    book = sa.text("select entries, head, closed_through, stopped_at from take_book()")
    number, head, closed_through, stopped_at = db.session.execute(book).one()
    return number, head, closed_through, stopped_at


def _require_open(
    entry: Entry, lines: tuple[Line, ...], closed_through: date | None, *, is_stopped: bool
) -> None:
    if refusal := rules.why_not_in_book(
        entry.effective_on, closed_through=closed_through, is_stopped=is_stopped
    ):
        raise CannotPost(refusal)
    if queries.closed_among({line.fund for line in lines} - set(Fund)):  # the standing ones never close
        raise CannotPost(Refusal.FUND_CLOSED)


def _find_shortage(lines: tuple[Line, ...]) -> Shortage | None:
    """What there is not enough of; where nothing goes out of a place, nobody needs to look."""
    return rules.find_shortage(lines, queries.held()) if rules.takes_from_a_place(lines) else None


def _answered_before(standing: Journal, entry: Entry, by: uuid.UUID) -> Journal:
    same = (
        standing.kind == entry.kind
        and standing.effective_on == entry.effective_on
        and standing.recorded_by_id == by
        and (standing.code, standing.reverses_id) == (entry.code, entry.reverses)
        and _says(standing, entry.memo)
        and rules.says_the_same(entry.kind, map(queries.line_of, standing.legs), entry.lines)
    )
    if not same:
        raise CannotPost(Refusal.KEY_USED_OTHERWISE)
    return standing


def _says(standing: Journal, memo: str) -> bool:
    """Whether these words stand beside an entry; what was erased is not held against anybody."""
    kept = standing.memo
    return kept.words is None or kept.words == memo if kept else not memo


def _drafted_before(standing: Draft, entry: Entry, by: uuid.UUID) -> Draft:
    """What was written down under this key, if it said the same; words that were erased since cannot be held against it."""
    before = queries.entry_of(standing)
    are_gone = standing.words is None and standing.state != DraftState.WAITING
    same = (
        (before.kind, before.effective_on, before.code, before.reverses, standing.recorded_by_id)
        == (entry.kind, entry.effective_on, entry.code, entry.reverses, by)
        and (are_gone or before.memo == entry.memo)
        and rules.says_the_same(entry.kind, before.lines, entry.lines)
    )
    if not same:
        raise CannotPost(Refusal.KEY_USED_OTHERWISE)
    return standing


def _require_sense(entry: Entry, lines: tuple[Line, ...], now: datetime) -> None:
    if not lines:
        raise CannotPost(Refusal.NOTHING)
    rules.require_balance(lines)
    if entry.kind is not EntryKind.REVERSAL and (
        refusal := rules.why_not_on(entry.effective_on, today=today(now))
    ):
        raise CannotPost(refusal)


def _write(
    entry: Entry,
    lines: tuple[Line, ...],
    group: Group,
    *,
    by: uuid.UUID,
    second: uuid.UUID | None,
    now: datetime,
    number: int,
    previous: bytes,
) -> Journal:
    salt = secrets.token_bytes(16) if entry.memo else None
    journal = Journal(
        id=entry.key or uuid.uuid4(), group_id=group.id, number=number, kind=entry.kind, currency=group.currency,
        effective_on=entry.effective_on, recorded_at=now, recorded_by_id=by, confirmed_by_id=second, code=entry.code,
        reverses_id=entry.reverses, memo_hash=rules.memo_hash(salt, entry.memo) if salt else None, previous_hash=previous,
    )  # fmt: skip
    written = queries.as_written(journal)
    journal.hash = rules.seal(rules.replace_lines(written, lines))
    db.session.add(journal)
    db.session.flush()  # legs come after their entry, in the same transaction
    _write_legs(journal, lines)
    if salt:
        db.session.add(Memo(journal_id=journal.id, words=entry.memo, salt=salt))
    audit.record("entry.posted", journal, by=by, now=now)
    db.session.flush()
    db.session.expire(journal, ["legs", "memo"])
    return journal


def _write_legs(journal: Journal, lines: tuple[Line, ...]) -> None:
    accounts = _open_accounts_and_funds(lines)
    rows = [
        {
            "id": uuid.uuid4(), "group_id": journal.group_id, "journal_id": journal.id,
            "account_id": accounts[line.account], "fund": line.fund, "amount": line.amount,
        }
        for line in lines
    ]  # fmt: skip
    insert_at_once(Leg, rows)  # the database adds up the legs of a statement once


def _open_accounts_and_funds(lines: tuple[Line, ...]) -> dict[str, uuid.UUID]:
    """The accounts of these lines by their code; what is not there yet, standing funds too, is opened."""
    codes = {str(line.account) for line in lines}
    funds = {str(fund) for fund in Fund} & {str(line.fund) for line in lines}
    there, open_funds = _there(codes, funds)
    if funds - open_funds:
        rows = [{"code": code, "kind": code} for code in sorted(funds - open_funds)]
        _insert_where_missing(LedgerFund, rows)
    if codes - set(there):
        rows = [{"code": code, "kind": str(CHART[code])} for code in sorted(codes - set(there))]
        _insert_where_missing(LedgerAccount, rows)
        there, _ = _there(codes, funds)
    return there


def _there(codes: set[str], funds: set[str]) -> tuple[dict[str, uuid.UUID], set[str]]:
    """Which of these accounts and funds there are, asked at once."""
    accounts = sa.select(LedgerAccount.code, LedgerAccount.id, sa.true()).where(LedgerAccount.code.in_(codes))
    standing = sa.select(LedgerFund.code, LedgerFund.id, sa.false()).where(LedgerFund.code.in_(funds))
    rows = db.session.execute(sa.union_all(accounts, standing)).all()
    return {code: one for code, one, is_account in rows if is_account}, {
        code for code, _one, is_account in rows if not is_account
    }


def _insert_where_missing(table: type[LedgerAccount] | type[LedgerFund], rows: list[dict[str, str]]) -> None:
    """Somebody else may open the same at the same moment."""
    whole = [{"id": uuid.uuid4(), "group_id": scope.group_id(), **row} for row in rows]
    db.session.execute(insert(table).values(whole).on_conflict_do_nothing())


def open_fund(name: str, *, by: uuid.UUID, now: datetime) -> LedgerFund:
    """Open a fund of its own for a grant; its code is the next number. Whoever opens one takes the book first."""
    take_book()
    number = sa.select(sa.func.count()).select_from(LedgerFund).where(LedgerFund.kind == FundKind.GRANT)
    fund = LedgerFund(code=f"grant-{(db.session.scalar(number) or 0) + 1}", kind=FundKind.GRANT, name=name)
    db.session.add(fund)
    db.session.flush()
    audit.record("fund.opened", fund, by=by, now=now)
    return fund


def rename_fund(fund: LedgerFund, name: str, *, by: uuid.UUID, now: datetime) -> None:
    """Call a grant's fund otherwise; what stands in the book is about the same fund."""
    if fund.name != name:
        fund.name = name
        audit.record("fund.renamed", fund, by=by, now=now)
        db.session.flush()


def close_fund(fund: LedgerFund, *, on: date, by: uuid.UUID, now: datetime) -> None:
    """Let nothing in or out of a grant's fund any more. Raises `CannotPost` while anything is left in it."""
    take_book()
    if any(amount for (_place, code), amount in queries.held().items() if code == fund.code):
        raise CannotPost(Refusal.FUND_NOT_EMPTY)
    fund.closed_on = on
    audit.record("fund.closed", fund, by=by, now=now)
    db.session.flush()


def draft(entry: Entry, *, by: uuid.UUID, now: datetime) -> Draft:
    """Write down an entry that needs a second person before it counts. Raises `CannotPost` where it could not be posted.

    The book is taken, so that a month is not closed over something that is just being written down.
    """
    _number, _head, closed_through, stopped_at = take_book()
    if entry.key and (standing := queries.find_draft(entry.key)):
        return _drafted_before(standing, entry, by)
    lines = rules.tidy(entry.lines)
    _require_sense(entry, lines, now)
    _require_open(entry, lines, closed_through, is_stopped=stopped_at is not None)
    _ask_objections(entry, is_final=False)
    if shortage := _find_shortage(lines):
        raise CannotPost(shortage.refusal, shortage)
    waiting = Draft(
        id=entry.key or uuid.uuid4(), kind=entry.kind, effective_on=entry.effective_on,
        lines=[[line.account, line.fund, line.amount] for line in lines],
        size=sum(line.amount for line in lines if line.amount > 0), currency=get_group(scope.group_id()).currency,
        words=entry.memo or None, code=entry.code, reverses_id=entry.reverses, recorded_by_id=by, recorded_at=now,
    )  # fmt: skip
    db.session.add(waiting)
    audit.record("entry.drafted", waiting, by=by, now=now)
    db.session.flush()
    return waiting


def draft_reversal(journal: Journal, *, by: uuid.UUID, reason: str, now: datetime) -> Draft:
    """Ask to take an entry back, whole, with a reason; a second person has to agree. Raises `CannotPost`."""
    take_book()
    if refusal := _why_not_reverse(journal):
        raise CannotPost(refusal)
    entry = Entry(
        kind=EntryKind.REVERSAL, effective_on=max(journal.effective_on, today(now)), memo=reason, code=journal.code,
        lines=rules.mirrored(queries.line_of(leg) for leg in journal.legs), reverses=journal.id,
    )  # fmt: skip
    return draft(entry, by=by, now=now)


def _why_not_reverse(journal: Journal) -> Refusal | None:
    if journal.reverses_id:
        return Refusal.IS_A_REVERSAL
    waiting = sa.select(Draft.id).where(Draft.reverses_id == journal.id, Draft.state == DraftState.WAITING)
    if queries.find_reversal_of(journal.id) or db.session.scalar(waiting.limit(1)):
        return Refusal.REVERSED_ALREADY
    return None


def confirm_draft(waiting: Draft, *, by: uuid.UUID, now: datetime) -> Journal:
    """The second person agrees, and the entry is posted under both names. Raises `CannotPost`.

    The book is taken before anything is asked: what two are doing at once, one of them finds done.
    """
    take_book()
    _take(waiting)
    if refusal := why_not_second(by, first=waiting.recorded_by_id, now=now):
        raise CannotPost(refusal)
    kind = EntryKind(waiting.kind)
    if (question := _questions.get(kind)) and (refusal := question(waiting.code, by)):
        raise CannotPost(refusal)
    if waiting.reverses_id and queries.find_reversal_of(waiting.reverses_id):
        raise CannotPost(Refusal.REVERSED_ALREADY)
    journal = post(queries.entry_of(waiting), by=waiting.recorded_by_id, second=by, now=now)
    waiting.state, waiting.journal_id = DraftState.POSTED, journal.id
    waiting.decided_by_id, waiting.decided_at = by, now
    db.session.flush()
    confirmed = Confirmed(waiting.id, journal.id, journal.effective_on, journal.reverses_id)
    for listener in _listeners.get(kind, ()):
        listener(confirmed, now)
    return journal


def why_not_second(account_id: uuid.UUID, *, first: uuid.UUID, now: datetime) -> Refusal | None:
    """Why somebody may not be the second person in the book in scope: whoever may is in the permission table."""
    actor = Actor(account_id, roles_held(account_id, scope.group_id(), now=now))
    is_officer = table.is_granted(Permission.BOOK_SECOND, actor)
    return rules.why_not_second(second=account_id, first=first, is_officer=is_officer)


def refuse_draft(waiting: Draft, *, by: uuid.UUID, why_not: str, now: datetime) -> None:
    """Somebody in office says no, with a reason; whoever wrote it may take it away again. Raises `CannotPost`."""
    _take(waiting)
    waiting.state, waiting.why_not = DraftState.REFUSED, why_not
    waiting.decided_by_id, waiting.decided_at = by, now
    audit.record("entry.refused", waiting, by=by, now=now)
    db.session.flush()


def _take(waiting: Draft) -> None:
    db.session.refresh(waiting, with_for_update=True)
    if waiting.state != DraftState.WAITING:
        raise CannotPost(Refusal.DECIDED_ALREADY)


def erase_memo(journal: Journal, *, by: uuid.UUID, now: datetime) -> None:
    """Take away the words beside an entry for good; the entry and its seal stand."""
    db.session.execute(sa.update(Memo).where(Memo.journal_id == journal.id).values(words=None, salt=None))
    audit.record("memo.erased", journal, by=by, now=now)
    db.session.expire(journal, ["memo"])
