"""The money pages: what there is, the entries, and what waits for a second person."""

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from funding.ledger import commands, queries, rules
from funding.ledger.commands import CannotPost
from funding.ledger.forms import (
    ACCOUNTS,
    KINDS,
    PLACES,
    ConfirmForm,
    EraseForm,
    RefuseForm,
    ReverseForm,
    SecondSignInForm,
    day_asked,
    fund_words,
    said_beside,
    sentence,
)
from funding.ledger.models import Draft, Journal
from funding.permissions import Permission
from network import clock
from network.access.guard import current_group, requires
from network.accounts import sign_in as door
from network.web.forms import Form, render_form
from network.web.paging import numbered_page, page_of
from network.web.place_pages import PlacePages

bp = PlacePages("money", __name__, under="/money", template_folder="../templates")


def words() -> dict[str, Any]:
    """What places, funds, kinds of entry and accounts are called on a page of this group."""
    return {"places": PLACES, "funds": fund_words(queries.funds()), "kinds": KINDS, "accounts": ACCOUNTS}


@bp.get("")
@requires(Permission.BOOK_READ)
def show_money() -> ResponseReturnValue:
    """What there is and the latest entries, for every member."""
    there = queries.held()
    page = numbered_page(queries.entries(), Journal.number, last=queries.last_number(), per_page=10)
    return render_template(
        "funding/ledger/show_money.html",
        places=queries.held_in_places(there),
        funds=rules.held_in_funds(there, kind=current_group().kind),
        page=page,
        taken_back=queries.reversed_among(entry.id for entry in page.items),
        waiting=queries.count_drafts_waiting(),
        is_stopped=queries.is_stopped(),
        words=words(),
        currency=current_group().currency,
    )


@bp.get("/on")
@requires(Permission.BOOK_READ)
def show_day() -> ResponseReturnValue:
    """What there was at the end of any day since the book began, place by place and fund by fund."""
    group = current_group()
    today = clock.today(group.time_zone)
    on = day_asked(request.args.get("day", ""), today=today)
    there = queries.balances_on(on)
    held = {key: amount for key, amount in there.items() if key[0] in set(rules.Place)}
    closed_through = queries.closed_through()
    return render_template(
        "funding/ledger/show_day.html",
        on=on,
        today=today,
        places=queries.held_in_places(held),
        funds=rules.held_in_funds(held, kind=group.kind),
        sides=rules.sides(there),
        is_closed=closed_through is not None and on <= closed_through,
        words=words(),
        currency=group.currency,
    )


@bp.get("/entries/<uuid:entry_id>")
@requires(Permission.BOOK_READ, of=queries.get_entry)
def show_entry(entry: Journal) -> ResponseReturnValue:
    return render_template(
        "funding/ledger/show_entry.html",
        entry=entry,
        names=queries.names_of([entry.recorded_by_id, entry.confirmed_by_id]),
        taken_back_by=queries.find_reversal_of(entry.id),
        takes_back=queries.find_entry(entry.reverses_id) if entry.reverses_id else None,
        seal=queries.short_seal(entry),
        beside=said_beside(entry.id),
        words=words(),
    )


@bp.route("/entries/<uuid:entry_id>/take-back", methods=["GET", "POST"])
@requires(Permission.BOOK_POST, of=queries.get_entry)
def reverse_entry(entry: Journal) -> ResponseReturnValue:
    form = ReverseForm()
    if form.validate_on_submit():
        try:
            waiting = commands.draft_reversal(
                entry, by=current_user.id, reason=form.reason.data, now=clock.now()
            )
        except CannotPost as refused:
            form.form_errors.append(sentence(refused))
        else:
            flash(_("Written down. A second person has to agree before it counts."))
            return redirect(url_for(".decide_draft", draft_id=waiting.id), 303)
    return render_form("funding/ledger/reverse_entry.html", form, entry=entry, words=words())


@bp.route("/entries/<uuid:entry_id>/erase-words", methods=["GET", "POST"])
@requires(Permission.MEMO_ERASE, of=queries.get_entry)
def erase_memo(entry: Journal) -> ResponseReturnValue:
    """Take away words that say too much about somebody; the entry and its seal stand."""
    form = EraseForm()
    if form.validate_on_submit():
        commands.erase_memo(entry, by=current_user.id, now=clock.now())
        flash(_("The words are gone for good. The entry stands as it was."))
        return redirect(url_for(".show_entry", entry_id=entry.id), 303)
    return render_form("funding/ledger/erase_memo.html", form, entry=entry, words=words())


@bp.get("/waiting")
@requires(Permission.BOOK_SECOND)
def list_drafts() -> ResponseReturnValue:
    """What waits for a second person."""
    page = page_of(queries.drafts_waiting())
    return render_template(
        "funding/ledger/list_drafts.html",
        page=page,
        names=queries.names_of(one.recorded_by_id for one in page.items),
        words=words(),
    )


def _page_of_draft(waiting: Draft, form: Form) -> ResponseReturnValue:
    return render_form(
        "funding/ledger/decide_draft.html",
        form,
        draft=waiting,
        lines=[(line.account, line.fund, line.amount) for line in queries.entry_of(waiting).lines],
        is_own=waiting.recorded_by_id == current_user.id,
        beside=said_beside(waiting.id),
        names=queries.names_of([waiting.recorded_by_id, waiting.decided_by_id]),
        words=words(),
    )


def _confirm(waiting: Draft, by: uuid.UUID, form: Form) -> ResponseReturnValue | None:
    try:
        entry = commands.confirm_draft(waiting, by=by, now=clock.now())
    except CannotPost as refused:
        form.form_errors.append(sentence(refused))
        return None
    flash(_("Two people agreed. It stands in the book as entry %(number)s.", number=entry.number))
    return redirect(url_for(".show_entry", entry_id=entry.id), 303)


@bp.route("/waiting/<uuid:draft_id>", methods=["GET", "POST"])
@requires(Permission.BOOK_SECOND, of=queries.get_draft)
def decide_draft(waiting: Draft) -> ResponseReturnValue:
    """Confirm: with one's own sign-in here, or as a second person on the first one's phone."""
    is_own = waiting.recorded_by_id == current_user.id
    form = SecondSignInForm() if is_own else ConfirmForm()
    if form.validate_on_submit():
        by = second_person(form) if isinstance(form, SecondSignInForm) else current_user.id
        done = _confirm(waiting, by, form) if by else None
        if done is not None:
            return done
    return _page_of_draft(waiting, form)


def second_person(form: SecondSignInForm) -> uuid.UUID | None:
    """Who signs on the first one's phone; where nobody does, the form says why."""
    try:
        account = door.recognise(form.sign_in.data, form.password.data)
    except door.TooManyTries:
        form.form_errors.append(_("There were many tries just now. Wait a minute and try again."))
        return None
    if account is None:
        form.form_errors.append(
            _("These do not belong together. Look at both once more; nothing was changed.")
        )
    return account.id if account else None


@bp.route("/waiting/<uuid:draft_id>/refuse", methods=["GET", "POST"])
@requires(Permission.BOOK_SECOND, of=queries.get_draft)
def refuse_draft(waiting: Draft) -> ResponseReturnValue:
    """Say no, with a reason; or take away what one wrote oneself."""
    form = RefuseForm()
    if form.validate_on_submit():
        try:
            commands.refuse_draft(waiting, by=current_user.id, why_not=form.why_not.data, now=clock.now())
        except CannotPost as refused:
            form.form_errors.append(sentence(refused))
        else:
            flash(_("It will not be written in the book."))
            return redirect(url_for(".show_money"), 303)
    return render_form("funding/ledger/refuse_draft.html", form, draft=waiting, words=words())
