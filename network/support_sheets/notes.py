"""A sheet somebody was shown: behind a link, or kept on their own page until its owner says otherwise."""

import uuid

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from network import clock
from network.access.guard import public, requires
from network.accounts.models import Account
from network.db import db
from network.permissions import Permission
from network.support_sheets import commands, locks, queries
from network.support_sheets.forms import OpenForm
from network.support_sheets.models import SheetShare
from network.support_sheets.opening import may_try
from network.support_sheets.rules import ways_to_reach
from network.web.forms import render_form

bp = Blueprint("sheet_notes", __name__, url_prefix="/note/<token>")
kept = Blueprint("kept_notes", __name__, url_prefix="/me/notes/<uuid:share_id>")


def _share_behind(token: str) -> SheetShare:
    """What a link opens, or the page of a link that opens nothing any more."""
    return queries.find_share_behind(token, now=clock.now()) or abort(404)


def _page(share: SheetShare, *, owner: Account | None) -> Response:
    """The door to a sheet; opened by the browser, or here where it was asked to."""
    sheet, form, opened = queries.sheet_of(share), OpenForm(), None
    if form.validate_on_submit():
        if not form.is_here:
            form.not_closed("words")
        elif may_try(form, "words", what=f"note {share.id}"):
            key = locks.unlock(share.lock, form.words.data)
            opened = locks.unclose(key, sheet.content) if key else None
            if key is None:
                form.not_words()
            elif opened is None:
                form.not_readable()
    answer = make_response(
        render_form(
            "network/support_sheets/note.html", form, share=share, sheet=sheet, owner=owner, opened=opened, here=form.is_here,
            ways_to_reach=ways_to_reach,
        )
    )  # fmt: skip
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.route("", methods=["GET", "POST"])
@public("whoever was given the link opens it with the words they were told; the link alone shows nothing")
def open_note(token: str) -> ResponseReturnValue:
    share = _share_behind(token)
    if not share.for_person:
        return _page(share, owner=None)
    answer = make_response(render_template("network/support_sheets/keep.html", token=token))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/keep")
@requires(Permission.OWN_PAGE)
def keep_note(token: str) -> ResponseReturnValue:
    """The person it is for takes it to their own page."""
    share = _share_behind(token)
    if not share.for_person or share.account_id == current_user.id:
        flash(_("This link is for one other person. It stays as it is."))
        return redirect(url_for("mine.show_me"), 303)
    share = queries.find_share_behind(token, now=clock.now(), to_keep=True) or abort(404)
    commands.keep_share(share, by=current_user.id)
    return redirect(url_for("kept_notes.show_note", share_id=share.id), 303)


@kept.route("", methods=["GET", "POST"])
@requires(Permission.OWN_PAGE)
def show_note(share_id: uuid.UUID) -> ResponseReturnValue:
    share = queries.get_kept_share(share_id, current_user.id)
    return _page(share, owner=db.session.get(Account, share.account_id))


@kept.post("/give-back")
@requires(Permission.OWN_PAGE)
def give_back(share_id: uuid.UUID) -> ResponseReturnValue:
    commands.stop_share(queries.get_kept_share(share_id, current_user.id))
    flash(_("It is no longer on your page."))
    return redirect(url_for("mine.show_me"), 303)
