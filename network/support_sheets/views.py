"""My sheet: write it, open it, change it, show it to others, destroy it."""

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from network import clock
from network.access.guard import requires
from network.permissions import Permission
from network.support_sheets import commands, locks, queries, words
from network.support_sheets.forms import (
    FOR_ONE,
    BeginForm,
    ChangeForm,
    NewWordsForm,
    OpenForm,
    SecretForm,
    ShareForm,
    answers_of,
    is_here,
)
from network.support_sheets.models import SupportSheet
from network.support_sheets.opening import may_try
from network.support_sheets.rules import LASTS, MOST_SHARES, Written, plain_words, ways_to_reach
from network.web.forms import render_form
from network.web.languages import current_language
from network.web.pages import public_url

bp = Blueprint("support_sheets", __name__, url_prefix="/me/sheet")


def _key_for(sheet: SupportSheet, form: SecretForm, name: str = "words") -> bytes | None:
    """The sheet's key from the words in a form; where they do not open it, the form says so."""
    if not may_try(form, name, what=f"sheet {sheet.id}"):
        return None
    key = locks.unlock(sheet.lock, form[name].data)
    if key is None:
        form.not_words(name)
    return key


def _opened(sheet: SupportSheet, form: SecretForm, key: bytes, name: str = "words") -> Written | None:
    """What stands on the sheet; where its key does not open it, the form says so."""
    written = locks.unclose(key, sheet.content)
    if written is None:
        form.not_readable(name)
    return written


def _state(sheet: SupportSheet) -> str:
    return locks.state_of(sheet.lock, sheet.content)


def _words_page() -> dict[str, Any]:
    """What a page needs that draws words."""
    name = words.list_for(current_language().code)
    return {"list_url": url_for("static", filename=name)}


@bp.route("", methods=["GET", "POST"])
@requires(Permission.OWN_PAGE)
def show_sheet() -> ResponseReturnValue:
    """The sheet, closed until the words are typed. The browser opens it by itself; the server only where it is asked to."""
    sheet = queries.find_own_sheet(current_user.id)
    if sheet is None:
        return render_template("network/support_sheets/none.html")
    form, opened = OpenForm(), None
    if form.validate_on_submit():
        if not form.is_here:
            form.not_closed("words")
        elif key := _key_for(sheet, form):
            opened = _opened(sheet, form, key)
    return _page(sheet, form, opened)


def _page(
    sheet: SupportSheet, form: SecretForm, opened: Written | None = None, *, change: ChangeForm | None = None
) -> ResponseReturnValue:
    """The sheet's page; `form` is the one that was sent."""
    here = is_here()
    change = change or ChangeForm(data=answers_of(opened) if opened else {}, formdata=None)
    share = form if isinstance(form, ShareForm) else ShareForm(formdata=None)
    share.seen.data = _state(sheet)
    if form is not change or not here:  # what was typed for an older sheet does not become one for this
        change.seen.data = _state(sheet)
    return render_form(
        "network/support_sheets/show.html", form, sheet=sheet, ways_to_reach=ways_to_reach, opened=opened if here else None, here=here,
        door=form if isinstance(form, OpenForm) else OpenForm(formdata=None),
        change=change, share=share,
        shares=queries.shares_of(sheet, now=clock.now()), most=MOST_SHARES, **_words_page(),
    )  # fmt: skip


@bp.route("/write", methods=["GET", "POST"])
@requires(Permission.OWN_PAGE)
def write_sheet() -> ResponseReturnValue:
    if queries.find_own_sheet(current_user.id):
        return redirect(url_for(".show_sheet"), 303)
    form = BeginForm()
    if form.validate_on_submit() and (closed := _closed_anew(form)):
        commands.write_sheet(account_id=current_user.id, lock=closed[0], content=closed[1], now=clock.now())
        flash(_("It is written and closed. Your four words open it, and nothing else does."))
        return redirect(url_for(".show_sheet"), 303)
    _draw_where_needed(form)
    return render_form("network/support_sheets/write.html", form, here=form.is_here, **_words_page())


def _closed_anew(form: BeginForm) -> tuple[str, str] | None:
    """Lock and content of a new sheet, from the browser or, where it was asked to, closed here."""
    if not form.is_here:
        closed = form.closed(with_lock=True)
        if closed is None:
            form.not_closed("words")
        return closed
    if not form.has_shown_words():
        form.not_words()
        return None
    key = locks.new_key()
    return locks.lock(key, form.words.data), locks.close(key, form.written())


def _draw_where_needed(form: BeginForm | NewWordsForm) -> None:
    """Words for a page without scripts; the same ones while something has to be put right."""
    if form.is_here and not plain_words(form.shown.data or ""):
        form.shown.data = words.draw(current_language().code)


@bp.route("/change", methods=["GET", "POST"])
@requires(Permission.OWN_PAGE)
def change_sheet() -> ResponseReturnValue:
    """Other answers. The page itself is that of the opened sheet."""
    form = ChangeForm()
    sheet = queries.get_own_sheet(current_user.id, to_change=form.is_submitted())
    if not form.is_submitted():
        return redirect(url_for(".show_sheet"), 303)
    if (
        form.validate()
        and form.still_stands(_state(sheet), "name")
        and (content := _content_from(sheet, form))
    ):
        commands.change_sheet(sheet, content=content, now=clock.now())
        flash(_("It is changed and closed again."))
        return redirect(url_for(".show_sheet"), 303)
    return _page(sheet, form, form.written(), change=form)


def _content_from(sheet: SupportSheet, form: ChangeForm) -> str | None:
    if form.is_here:
        key = _key_for(sheet, form)
        return locks.close(key, form.written()) if key else None
    closed = form.closed(with_lock=False)
    if closed is None:
        form.not_closed("name")
        return None
    return closed[1]


@bp.route("/words", methods=["GET", "POST"])
@requires(Permission.OWN_PAGE)
def change_words() -> ResponseReturnValue:
    """Four other words. Whoever could open the sheet until now no longer can."""
    form = NewWordsForm()
    sheet = queries.get_own_sheet(current_user.id, to_change=form.is_submitted())
    if form.validate_on_submit() and (closed := _closed_with_new_words(sheet, form)):
        commands.change_words(sheet, lock=closed[0], content=closed[1], now=clock.now())
        flash(_("From now on only the new words open it. It is open to nobody else any more."))
        return redirect(url_for(".show_sheet"), 303)
    _draw_where_needed(form)
    form.seen.data = _state(sheet)
    return render_form(
        "network/support_sheets/words.html", form, sheet=sheet, here=form.is_here, **_words_page()
    )


def _closed_with_new_words(sheet: SupportSheet, form: NewWordsForm) -> tuple[str, str] | None:
    if not form.still_stands(_state(sheet), "old"):
        return None
    if not form.is_here:
        closed = form.closed(with_lock=True)
        if closed is None:
            form.not_closed("words")
        return closed
    if not form.has_shown_words():
        form.not_words()
        return None
    old = _key_for(sheet, form, "old")
    written = _opened(sheet, form, old, "old") if old else None
    if written is None:
        return None
    new = locks.new_key()
    return locks.lock(new, form.words.data), locks.close(new, written)


@bp.route("/share", methods=["GET", "POST"])
@requires(Permission.OWN_PAGE)
def share_sheet() -> ResponseReturnValue:
    """A link, and four other words, for somebody to open it with. The link is shown once: it is not kept."""
    form = ShareForm()
    sheet = queries.get_own_sheet(current_user.id, to_change=form.is_submitted())
    if not form.is_submitted():
        return redirect(url_for(".show_sheet"), 303)
    lock = said = None
    if form.validate() and form.still_stands(_state(sheet), "lasts"):
        lock, said = _lock_for_other(sheet, form)
    if lock is None:
        return _page(sheet, form)
    token = commands.share_sheet(sheet, lock=lock, lasts=LASTS.get(form.lasts.data), now=clock.now())
    return render_template(
        "network/support_sheets/shared.html", link=public_url("sheet_notes.open_note", token=token), said=said,
        for_one=form.lasts.data == FOR_ONE,
    )  # fmt: skip


def _lock_for_other(sheet: SupportSheet, form: ShareForm) -> tuple[str | None, str | None]:
    """The lock for somebody else's words; and these words, where they were drawn here."""
    if len(queries.shares_of(sheet, now=clock.now())) >= MOST_SHARES:
        form.say("lasts", _("It is open to ten already. Stop one of them first."))
        return None, None
    if form.is_here:
        key = _key_for(sheet, form, "own_words")
        said = words.draw(current_language().code)
        return (locks.lock(key, said), said) if key else (None, None)
    if locks.is_lock(form.lock.data or ""):
        return form.lock.data, None
    form.not_closed("lasts")
    return None, None


@bp.post("/shares/<uuid:share_id>/stop")
@requires(Permission.OWN_PAGE)
def stop_share(share_id: uuid.UUID) -> ResponseReturnValue:
    commands.stop_share(queries.get_own_share(share_id, current_user.id))
    flash(_("It is closed to them from now on."))
    return redirect(url_for(".show_sheet"), 303)


@bp.post("/destroy")
@requires(Permission.OWN_PAGE)
def destroy_sheet() -> ResponseReturnValue:
    """In one tap, and without the words: whoever has forgotten them can begin anew."""
    commands.destroy_sheet(queries.get_own_sheet(current_user.id, to_change=True))
    flash(_("It is gone, for you and for everybody it was open to."))
    return redirect(url_for(".show_sheet"), 303)
