"""Working through a statement, a line at a time: for the treasurer, because lines may name who paid."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from funding.ledger import queries as ledger
from funding.ledger.commands import CannotPost
from funding.ledger.forms import KINDS, key_of, refuse
from funding.matching import commands, queries
from funding.matching.commands import CannotSettle
from funding.matching.forms import (
    REFUSALS,
    JoinForm,
    LeaveAsideForm,
    PartForm,
    charges_form,
    expense_from_line,
    income_from_line,
    move_from_line,
)
from funding.matching.models import LineMatch
from funding.matching.rules import Refusal
from funding.permissions import Permission
from funding.statements.forms import DETAILS, STATES, account_words
from funding.statements.models import AccountPlace, LineState, Statement, StatementLine
from funding.statements.queries import get_statement, statements
from network import clock
from network.access.guard import current_group, requires
from network.db import db
from network.web.forms import Form, render_form
from network.web.paging import page_of
from network.web.place_pages import PlacePages

bp = PlacePages("matching", __name__, under="/money/statements", template_folder="../templates")
SETTLED = (LineState.MATCHED, LineState.SPLIT)
SHOWS = {
    "open": (LineState.OPEN,),
    "settled": SETTLED,
    "aside": (LineState.IGNORED,),
    "all": tuple(LineState),
}


def words() -> dict[str, Any]:
    """What kinds of entry, kinds of line and accounts are called."""
    return {"kinds": KINDS, "details": DETAILS, "states": STATES, "account": account_words}


@bp.get("/lines")
@requires(Permission.BOOK_POST)
def list_lines() -> ResponseReturnValue:
    """Lines by how they ended, of one place or statement or of all."""
    shows = request.args.get("show", "open")
    shows = shows if shows in SHOWS else "open"
    place = request.args.get("place")
    place = place if place in set(AccountPlace) else None
    statement = _statement_asked_for()
    statement_id = statement.id if statement else None
    counts = queries.count_by_state(place=place, statement_id=statement_id)
    page = page_of(queries.lines(states=SHOWS[shows], place=place, statement_id=statement_id))
    return render_template(
        "funding/matching/list_lines.html",
        page=page,
        shows=shows,
        place=place,
        statement=statement,
        counts={name: sum(counts[state] for state in states) for name, states in SHOWS.items()},
        waiting=queries.waiting_among(line.id for line in page.items),
        words=words(),
        currency=current_group().currency,
    )


def _statement_asked_for() -> Statement | None:
    asked = request.args.get("statement", type=uuid.UUID)
    return db.session.scalar(statements().where(Statement.id == asked)) if asked else None


@bp.get("/lines/<uuid:line_id>")
@requires(Permission.BOOK_POST, of=queries.get_line)
def show_line(line: StatementLine) -> ResponseReturnValue:
    return _page_of_line(line, JoinForm())


def _page_of_line(line: StatementLine, form: Form) -> ResponseReturnValue:
    rest = queries.rest_of(line)
    parts = queries.parts_of(line)
    is_open = line.state == LineState.OPEN and rest != 0
    events = queries.history_of(line)
    return render_form(
        "funding/matching/show_line.html",
        form,
        line=line,
        rest=rest,
        parts=parts,
        entries=ledger.entries_among(part.journal_id for part in parts if part.journal_id),
        suggestions=queries.suggestions(line, rest) if is_open else [],
        twin=queries.find_twin(line, rest) if is_open else None,
        is_open=is_open,
        events=events,
        names=ledger.names_of([event.account_id for event in events]),
        words=words(),
        currency=current_group().currency,
    )


def _settle(line: StatementLine, form: Form, settle: Callable[[], object]) -> ResponseReturnValue:
    """Do it and go on to the next page; or say on the line's own page why not."""
    if form.validate_on_submit():
        try:
            settle()
        except CannotSettle as refused:
            form.refuse(refused.refusal, REFUSALS)
        else:
            return _on(line)
    return _page_of_line(line, form)


def _on(line: StatementLine) -> ResponseReturnValue:
    if line.state == LineState.OPEN:
        return redirect(url_for(".show_line", line_id=line.id), 303)
    flash(_("The line is settled."))
    return redirect(url_for(".list_lines", place=line.account.place), 303)


@bp.post("/lines/<uuid:line_id>/join/<uuid:entry_id>")
@requires(
    Permission.BOOK_POST, of=lambda line_id, entry_id: (queries.get_line(line_id), ledger.get_entry(entry_id))
)
def join_line(both: tuple[StatementLine, Any]) -> ResponseReturnValue:
    line, entry = both
    by, now = current_user.id, clock.now()
    return _settle(line, JoinForm(), lambda: commands.join_line(line, entry.id, by=by, now=now))


@bp.route("/lines/<uuid:line_id>/income", methods=["GET", "POST"])
@requires(Permission.BOOK_POST, of=queries.get_line)
def write_income(line: StatementLine) -> ResponseReturnValue:
    rest = queries.rest_of(line)
    form = income_from_line(line, rest, current_group().kind)

    def write() -> uuid.UUID:
        return commands.write_income(
            line, kind=form.kind.data, amount=form.amount.data or 0, fund=form.fund.data,
            received_on=form.received_on.data, words=form.words.data or "", by=current_user.id, now=clock.now(), key=key_of(form),
        )  # fmt: skip

    return _write(line, form, write, "funding/matching/write_income.html", rest)


@bp.route("/lines/<uuid:line_id>/expense", methods=["GET", "POST"])
@requires(Permission.BOOK_POST, of=queries.get_line)
def draft_expense(line: StatementLine) -> ResponseReturnValue:
    rest = queries.rest_of(line)
    form = expense_from_line(line, rest, current_group().kind)

    def write() -> uuid.UUID:
        return commands.draft_expense(
            line, cost=form.cost.data, amount=form.amount.data or 0, fund=form.fund.data, spent_on=form.spent_on.data,
            words=form.words.data or "", by=current_user.id, now=clock.now(), key=key_of(form),
        )  # fmt: skip

    return _write(line, form, write, "funding/matching/draft_expense.html", rest, waits=True)


@bp.route("/lines/<uuid:line_id>/move", methods=["GET", "POST"])
@requires(Permission.BOOK_POST, of=queries.get_line)
def write_transfer(line: StatementLine) -> ResponseReturnValue:
    rest = queries.rest_of(line)
    form = move_from_line(line, rest)

    def write() -> uuid.UUID:
        return commands.write_transfer(
            line, other=form.other.data, amount=form.amount.data or 0, moved_on=form.moved_on.data,
            words=form.words.data or "", by=current_user.id, now=clock.now(), key=key_of(form),
        )  # fmt: skip

    return _write(line, form, write, "funding/matching/write_transfer.html", rest)


def _write(
    line: StatementLine,
    form: Any,
    write: Callable[[], uuid.UUID],
    page: str,
    rest: int,
    *,
    waits: bool = False,
) -> ResponseReturnValue:
    if not rest or line.state != LineState.OPEN:
        if form.is_submitted():
            flash(str(REFUSALS[Refusal.ENDED_ALREADY]))
        return redirect(url_for(".show_line", line_id=line.id), 303)
    if form.validate_on_submit():
        try:
            written = write()
        except CannotPost as refused:
            refuse(form, refused, "amount")
        except CannotSettle as refused:
            form.refuse(refused.refusal, REFUSALS, "amount")
        else:
            if waits:
                flash(_("Written down. A second person has to agree before it counts."))
                return redirect(url_for("money.decide_draft", draft_id=written), 303)
            return _on(line)
    return render_form(
        page, form, line=line, rest=rest, words=words(), currency=current_group().currency
    )  # fmt: skip


@bp.route("/lines/<uuid:line_id>/leave-aside", methods=["GET", "POST"])
@requires(Permission.BOOK_POST, of=queries.get_line)
def leave_aside(line: StatementLine) -> ResponseReturnValue:
    form = LeaveAsideForm()
    if form.validate_on_submit():
        try:
            commands.leave_aside(line, reason=form.reason.data, by=current_user.id, now=clock.now())
        except CannotSettle as refused:
            form.refuse(refused.refusal, REFUSALS)
        else:
            return _on(line)
    return render_form(
        "funding/matching/leave_aside.html", form, line=line, words=words(), currency=current_group().currency
    )


@bp.post("/lines/<uuid:line_id>/take-up-again")
@requires(Permission.BOOK_POST, of=queries.get_line)
def take_up_again(line: StatementLine) -> ResponseReturnValue:
    by, now = current_user.id, clock.now()
    return _settle(line, PartForm(), lambda: commands.take_up_again(line, by=by, now=now))


def _line_and_part(line_id: uuid.UUID, match_id: uuid.UUID) -> tuple[StatementLine, LineMatch]:
    line = queries.get_line(line_id)
    return line, queries.get_part(line, match_id)


@bp.post("/lines/<uuid:line_id>/part/<uuid:match_id>")
@requires(Permission.BOOK_POST, of=_line_and_part)
def part_line(both: tuple[StatementLine, LineMatch]) -> ResponseReturnValue:
    line, part = both
    by, now = current_user.id, clock.now()
    return _settle(line, PartForm(), lambda: commands.part_line(line, part, by=by, now=now))


@bp.route("/<uuid:statement_id>/charges", methods=["GET", "POST"])
@requires(Permission.BOOK_POST, of=get_statement)
def draft_charges(statement: Statement) -> ResponseReturnValue:
    """All charges of a statement as one expense: nobody writes down forty small ones."""
    form = charges_form(current_group().kind)
    charges = queries.open_charges(statement)
    if form.validate_on_submit():
        try:
            draft_id = commands.draft_charges(
                statement, fund=form.fund.data, words=_("Charges"), by=current_user.id, now=clock.now(), key=key_of(form)
            )  # fmt: skip
        except CannotPost as refused:
            refuse(form, refused)
        except CannotSettle as refused:
            form.refuse(refused.refusal, REFUSALS)
        else:
            flash(_("Written down. A second person has to agree before it counts."))
            return redirect(url_for("money.decide_draft", draft_id=draft_id), 303)
    return render_form(
        "funding/matching/draft_charges.html", form, statement=statement, charges=charges, words=words(),
        currency=current_group().currency,
    )  # fmt: skip
