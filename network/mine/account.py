"""What opens my account: my name and language, my password, my ways in, my devices."""

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from network import clock
from network.access.guard import requires
from network.accounts import commands, passwords, queries
from network.accounts.commands import CannotOpenAccount
from network.accounts.rules import Refusal
from network.accounts.sign_in import shortened_address
from network.mine.forms import NameForm, OwnPasswordForm, PasswordForm, WayInForm
from network.permissions import Permission
from network.signing_in.forms import REFUSALS
from network.web.devices import in_words
from network.web.forms import Form, render_form
from network.web.sessions import own_row

bp = Blueprint("own_account", __name__)


def slow_down() -> None:
    """Somebody at an open phone guesses a password no faster than at the door."""
    place = shortened_address()
    if commands.note_try(what=f"own {current_user.id}", whence=place, now=clock.now()):
        abort(429)


def is_not_own_password(typed: str) -> bool:
    """Whether what was typed opens nothing; each try counts."""
    slow_down()
    return not passwords.matches(current_user.password_hash, typed)


@bp.route("/me/name", methods=["GET", "POST"])
@requires(Permission.OWN_PAGE)
def change_name() -> ResponseReturnValue:
    form = NameForm(obj=current_user)
    if form.validate_on_submit():
        commands.change_name(current_user, shown_name=form.shown_name.data, language=form.language.data)
        session.pop("language", None)  # what was chosen for this browser alone gives way
        flash(_("It is saved."))
        return redirect(url_for("mine.show_me"), 303)
    return render_form("network/mine/change_name.html", form)


@bp.route("/me/password", methods=["GET", "POST"])
@requires(Permission.OWN_PAGE)
def change_password() -> ResponseReturnValue:
    form = PasswordForm()
    if form.validate_on_submit():
        slow_down()
        try:
            # A signal is about the account, not about whatever stands for it in this request.
            account = current_user._get_current_object()  # noqa: SLF001 - the library names no other way
            commands.change_password(
                account, old=form.old.data, new=form.new.data, this_session=own_row(), now=clock.now()
            )
        except CannotOpenAccount as refused:
            is_old = refused.refusal is Refusal.NOT_THE_PASSWORD
            form.refuse(refused.refusal, REFUSALS, field="old" if is_old else "new")
        else:
            flash(
                _("Your password is changed. Whoever was signed in with the old one elsewhere is signed out.")
            )
            return redirect(url_for("mine.show_me"), 303)
    return render_form("network/mine/change_password.html", form)


@bp.route("/me/ways-in", methods=["GET", "POST"])
@requires(Permission.OWN_PAGE)
def change_ways_in() -> ResponseReturnValue:
    """What I sign in with, and another one."""
    form = WayInForm()
    if form.validate_on_submit():
        if is_not_own_password(form.password.data):
            form.refuse(Refusal.NOT_THE_PASSWORD, REFUSALS, field="password")
        else:
            try:
                commands.add_identifier(current_user, form.way.data)
            except CannotOpenAccount as refused:
                form.refuse(refused.refusal, REFUSALS, field="way")
            else:
                flash(_("You can sign in with it from now on."))
                return redirect(url_for(".change_ways_in"), 303)
    return render_form("network/mine/ways_in.html", form, ways=queries.ways_in(current_user.id))


@bp.route("/me/ways-in/<uuid:way_id>/remove", methods=["GET", "POST"])
@requires(Permission.OWN_PAGE)
def remove_way_in(way_id: uuid.UUID) -> ResponseReturnValue:
    way = next((one for one in queries.ways_in(current_user.id) if one.id == way_id), None) or abort(404)
    form = OwnPasswordForm()
    if form.validate_on_submit():
        if is_not_own_password(form.password.data):
            form.refuse(Refusal.NOT_THE_PASSWORD, REFUSALS, field="password")
        else:
            try:
                commands.remove_identifier(current_user, way_id)
            except CannotOpenAccount as refused:
                form.refuse(refused.refusal, REFUSALS)
            else:
                flash(_("It opens nothing any more."))
                return redirect(url_for(".change_ways_in"), 303)
    return render_form("network/mine/remove_way_in.html", form, way=way)


@bp.get("/me/devices")
@requires(Permission.OWN_PAGE)
def list_devices() -> ResponseReturnValue:
    here = own_row()
    return render_template(
        "network/mine/devices.html",
        devices=[
            (one, in_words(one.family), one.id == here)
            for one in queries.sessions_of(current_user.id, now=clock.now())
        ],
    )


@bp.post("/me/devices/<uuid:session_id>/end")
@requires(Permission.OWN_PAGE)
def end_device(session_id: uuid.UUID) -> ResponseReturnValue:
    if Form().validate_on_submit() and session_id != own_row():
        commands.end_session(current_user, session_id)
        flash(_("That device is signed out."))
    return redirect(url_for(".list_devices"), 303)


@bp.post("/me/devices/end-others")
@requires(Permission.OWN_PAGE)
def end_other_devices() -> ResponseReturnValue:
    if Form().validate_on_submit():
        commands.end_sessions(current_user, but=own_row())
        flash(_("Every other device is signed out."))
    return redirect(url_for(".list_devices"), 303)
