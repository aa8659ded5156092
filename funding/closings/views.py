"""Closing a grant: asking, and the second person's answer."""

import uuid

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from funding.closings import commands, rules
from funding.closings.commands import CannotClose
from funding.closings.forms import BESIDE, REFUSALS, CloseForm, close_form
from funding.grants import queries
from funding.grants.models import Closing, Grant
from funding.ledger import queries as book
from funding.ledger.commands import CannotPost, today
from funding.ledger.forms import PLACES, ConfirmForm, SecondSignInForm, fund_words, funds_offered, sentence
from funding.ledger.forms import refuse as refuse_entry
from funding.ledger.views import second_person
from funding.permissions import Permission
from network import clock
from network.access.guard import current_group, requires
from network.web.forms import Form, render_form
from network.web.place_pages import PlacePages

bp = PlacePages("closings", __name__, under="/money/closings", template_folder="../templates")


@bp.route("/of/<uuid:grant_id>", methods=["GET", "POST"])
@requires(Permission.GRANT_WRITE, of=queries.get_grant)
def close_grant(grant: Grant) -> ResponseReturnValue:
    """Say what happens with what is left; a second person agrees."""
    if waiting := queries.find_closing(grant.id):
        return redirect(url_for(".decide_closing", closing_id=waiting.id), 303)
    remaining = sum(commands.left_at(grant).values())
    others = {
        code: words for code, words in funds_offered(current_group().kind).items() if code != grant.fund
    }
    said = {"given_back": remaining, "closes_on": today(clock.now())}
    form = close_form(others, remaining=remaining, said=said)
    if form.validate_on_submit() and (closing := _ask(grant, form)):
        flash(_("Written down. A second person has to agree before it counts."))
        return redirect(url_for(".decide_closing", closing_id=closing.id), 303)
    return render_form(
        "funding/closings/close_grant.html", form, grant=grant, fund=queries.fund_of(grant), remaining=remaining,
    )  # fmt: skip


def _ask(grant: Grant, form: CloseForm) -> Closing | None:
    try:
        return commands.ask_to_close(
            grant, form.wish(), closes_on=form.closes_on.data, words=form.words.data, by=current_user.id, now=clock.now()
        )  # fmt: skip
    except CannotClose as refused:
        form.refuse(refused.refusal, REFUSALS, BESIDE.get(refused.refusal))
    except CannotPost as refused_entry:
        refuse_entry(form, refused_entry)
    return None


@bp.route("/<uuid:closing_id>", methods=["GET", "POST"])
@requires(Permission.BOOK_SECOND, of=queries.get_closing)
def decide_closing(closing: Closing) -> ResponseReturnValue:
    """Agree: with one's own sign-in here, or as a second person on the first one's phone."""
    is_own = closing.asked_by_id == current_user.id
    form: Form = SecondSignInForm() if is_own else ConfirmForm()
    if form.validate_on_submit():
        by = second_person(form) if isinstance(form, SecondSignInForm) else current_user.id
        if by and _agree(closing, by, form):
            flash(_("Two people agreed. The grant is closed."))
            return redirect(url_for("grants.show_grant", grant_id=closing.grant_id), 303)
    grant = queries.get_grant(closing.grant_id)
    wish = rules.Wish(closing.given_back, closing.place, closing.shares)
    return render_form(
        "funding/closings/decide_closing.html", form, closing=closing, grant=grant, fund=queries.fund_of(grant),
        parts=rules.parts(closing.remaining, wish, order=str(closing.id)), funds=fund_words(book.funds()), places=PLACES,
        names=book.names_of([closing.asked_by_id, closing.decided_by_id]), is_own=is_own,
    )  # fmt: skip


def _agree(closing: Closing, by: uuid.UUID, form: Form) -> bool:
    try:
        commands.agree(closing, by=by, now=clock.now())
    except CannotClose as refused:
        form.refuse(refused.refusal, REFUSALS)
    except CannotPost as refused_entry:
        form.form_errors.append(sentence(refused_entry))
    else:
        return True
    return False


@bp.post("/<uuid:closing_id>/refuse")
@requires(Permission.BOOK_SECOND, of=queries.get_closing)
def refuse_closing(closing: Closing) -> ResponseReturnValue:
    """Say no, or take one's own question away."""
    try:
        commands.refuse(closing, by=current_user.id, now=clock.now())
    except CannotClose as refused:
        flash(str(REFUSALS[refused.refusal]))
    else:
        flash(_("The grant stays open."))
    return redirect(url_for("grants.show_grant", grant_id=closing.grant_id), 303)
