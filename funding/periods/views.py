"""Closed months: what is closed, asking to close or open, and the second person's answer."""

from datetime import date
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from funding.ledger import queries as book
from funding.ledger.commands import today
from funding.ledger.forms import ConfirmForm, SecondSignInForm
from funding.ledger.views import second_person
from funding.periods import commands, queries, rules
from funding.periods.commands import CannotChange
from funding.periods.forms import REFUSALS, close_form, reopen_form
from funding.periods.models import PeriodChange
from funding.permissions import Permission
from network import clock
from network.access.guard import requires
from network.web.forms import Form, render_form
from network.web.paging import page_of
from network.web.place_pages import PlacePages

bp = PlacePages("periods", __name__, under="/money/months", template_folder="../templates")


@bp.get("")
@requires(Permission.BOOK_READ)
def list_changes() -> ResponseReturnValue:
    page = page_of(queries.changes())
    return render_template(
        "funding/periods/list_changes.html",
        page=page,
        closed_through=book.closed_through(),
        names=book.names_of(person for one in page.items for person in (one.asked_by_id, one.decided_by_id)),
        waiting=queries.find_waiting(),
    )


@bp.route("/close", methods=["GET", "POST"])
@requires(Permission.BOOK_POST)
def close_months() -> ResponseReturnValue:
    ends = rules.closable(
        first=book.find_first_day(), closed_through=book.closed_through(), today=today(clock.now())
    )
    form = close_form(ends)
    if form.validate_on_submit():
        try:
            change = commands.ask_to_close(
                date.fromisoformat(form.through.data), by=current_user.id, now=clock.now()
            )
        except CannotChange as refused:
            form.refuse(refused.refusal, REFUSALS, "through")
        else:
            return _written_down(change)
    return render_form("funding/periods/close_months.html", form, has_months=bool(ends))


@bp.route("/open", methods=["GET", "POST"])
@requires(Permission.BOOK_REOPEN)
def reopen_months() -> ResponseReturnValue:
    first = book.find_first_day()
    ends = rules.openable(first=first, closed_through=book.closed_through())
    form = reopen_form(ends)
    if form.validate_on_submit():
        try:
            through = rules.stays_closed(date.fromisoformat(form.since.data), first=first)
            change = commands.ask_to_reopen(
                through, reason=form.reason.data, by=current_user.id, now=clock.now()
            )
        except CannotChange as refused:
            form.refuse(refused.refusal, REFUSALS, "since")
        else:
            return _written_down(change)
    return render_form("funding/periods/reopen_months.html", form, has_months=bool(ends))


def _written_down(change: PeriodChange) -> ResponseReturnValue:
    flash(_("Written down. A second person has to agree before it counts."))
    return redirect(url_for(".decide_change", change_id=change.id), 303)


@bp.route("/<uuid:change_id>", methods=["GET", "POST"])
@requires(Permission.BOOK_SECOND, of=queries.get_change)
def decide_change(change: PeriodChange) -> ResponseReturnValue:
    """Agree: with one's own sign-in here, or as a second person on the first one's phone."""
    is_own = change.asked_by_id == current_user.id
    form = SecondSignInForm() if is_own else ConfirmForm()
    if form.validate_on_submit():
        by = second_person(form) if isinstance(form, SecondSignInForm) else current_user.id
        if by and _agree(change, by, form):
            flash(_("Two people agreed."))
            return redirect(url_for(".list_changes"), 303)
    return render_form(
        "funding/periods/decide_change.html",
        form,
        change=change,
        is_own=is_own,
        names=book.names_of([change.asked_by_id, change.decided_by_id]),
    )


def _agree(change: PeriodChange, by: UUID, form: Form) -> bool:
    try:
        commands.agree(change, by=by, now=clock.now())
    except CannotChange as refused:
        form.refuse(refused.refusal, REFUSALS)
        return False
    return True


@bp.route("/<uuid:change_id>/refuse", methods=["GET", "POST"])
@requires(Permission.BOOK_SECOND, of=queries.get_change)
def refuse_change(change: PeriodChange) -> ResponseReturnValue:
    """Say no, or take one's own question away."""
    form = ConfirmForm()
    if form.validate_on_submit():
        try:
            commands.refuse(change, by=current_user.id, now=clock.now())
        except CannotChange as refused:
            form.refuse(refused.refusal, REFUSALS)
        else:
            flash(_("The months stay as they are."))
            return redirect(url_for(".list_changes"), 303)
    return render_form("funding/periods/refuse_change.html", form, change=change)
