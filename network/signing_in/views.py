"""Signing in and signing out."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from network import clock
from network.access.guard import public, requires
from network.accounts import commands, queries
from network.accounts import sign_in as door
from network.accounts.stand_ins import stand_in_for
from network.key_pairs.door import shut
from network.permissions import Permission
from network.signing_in import links
from network.signing_in.forms import CodeForm, SignInForm
from network.web.forms import render_form
from network.web.pages import local_path
from network.web.sessions import let_in, let_out

bp = Blueprint("accounts", __name__)


@bp.route("/sign-in", methods=["GET", "POST"])
@public("nobody is signed in yet")
def sign_in() -> ResponseReturnValue:
    form = SignInForm()
    if form.validate_on_submit():
        try:
            account = door.recognise(form.sign_in.data, form.password.data)
        except door.TooManyTries as slow:
            seconds = max(1, int((slow.until - clock.now()).total_seconds()))
            form.form_errors.append(
                _("There were many tries just now. Wait %(seconds)d seconds and try again.", seconds=seconds)
            )
            return render_template("network/accounts/sign_in.html", form=form), 429
        if account:
            let_in(account)
            return redirect(_onward(), 303)
        form.form_errors.append(
            _("These do not belong together. Look at both once more; nothing was changed.")
        )
    return render_form("network/accounts/sign_in.html", form)


def _onward() -> str:
    wanted = request.args.get("next")
    return local_path(wanted) if wanted else url_for("places.choose_place")


@bp.route("/code", methods=["GET", "POST"])
@public("whoever was given a code has no account yet")
def enter_code() -> ResponseReturnValue:
    """Lead whoever holds a code to what it opens. Guessing is slowed down like signing in."""
    form = CodeForm()
    if form.validate_on_submit():
        place = door.shortened_address()
        code = queries.as_code(form.code.data)
        # Counted by the code and by the place: twenty members open twenty codes behind one address.
        if commands.note_try(what=f"code {code}", whence=place, now=clock.now()):
            form.form_errors.append(_("There were many tries just now. Wait a minute and try again."))
            return render_template("network/accounts/enter_code.html", form=form), 429
        link = queries.find_link_of_any_purpose(code, now=clock.now())
        if link and (endpoint := links.page_for(link.purpose)):
            return redirect(url_for(endpoint, token=stand_in_for(code, now=clock.now())), 303)
        form.code.errors = [
            *form.code.errors,
            _("This code does not open anything. It may have a mistake in it, or its time has passed."),
        ]
    return render_form("network/accounts/enter_code.html", form)


@bp.post("/sign-out")
@requires(Permission.OWN_PAGE)
def sign_out() -> ResponseReturnValue:
    shut()
    let_out()
    if request.form.get("leave"):
        return redirect(url_for("network.leave"), 303)
    flash(_("You are signed out."))
    return redirect(url_for("network.enter"), 303)
