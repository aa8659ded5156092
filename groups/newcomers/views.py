"""Adding many members: bring the list, look it over, add everybody at once."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from flask_login import current_user

from groups.newcomers import commands, formats, queries, rules
from groups.newcomers.commands import CannotAdd
from groups.newcomers.formats import Line, NotReadable
from groups.newcomers.forms import (
    HEADINGS,
    REFUSALS,
    ListForm,
    RowsForm,
    language_words,
    rows_form,
    rows_form_sent,
)
from groups.newcomers.rules import CannotRead, Refusal
from groups.permissions import Permission
from network import clock
from network.access.guard import current_group, requires
from network.web.forms import render_form
from network.web.languages import offered

bp = Blueprint(
    "newcomers", __name__, url_prefix="/g/<uuid:group_id>/members/many", template_folder="../templates"
)


@bp.route("", methods=["GET", "POST"])
@requires(Permission.MEMBERS_CHANGE)
def bring_list() -> ResponseReturnValue:
    form = ListForm()
    if form.validate_on_submit():
        try:
            lines = _lines(form)
            rows = rules.rows_in(lines, languages=language_words())
        except NotReadable:
            form.refuse_list(Refusal.NOT_A_TABLE)
        except CannotRead as refused:
            form.refuse_list(refused.refusal, refused.word)
        else:
            looked_at = rows_form(rows)
            looked_at.is_sound()
            return _look_over(looked_at, unread=rules.unread_headings(lines))
    return render_form("groups/newcomers/bring_list.html", form)


def _lines(form: ListForm) -> list[Line]:
    """What was pasted or typed; where that is empty, what stands in the file."""
    if form.people.data or not form.file.data:
        return formats.lines_of_text(form.people.data or "")
    return formats.lines_of_file(form.file.data.read(formats.LARGEST_FILE + 1))


@bp.route("/check", methods=["GET", "POST"])
@requires(Permission.MEMBERS_CHANGE)
def add_list() -> ResponseReturnValue:
    """Add everybody, or say what is still to be put right. The list stands in the form alone, so without it there is none."""
    form = rows_form_sent(request.form)
    if request.method == "GET":
        return redirect(url_for(".bring_list"), 303)
    if not form.lines:
        empty = ListForm()
        empty.refuse_list(Refusal.NOBODY_NAMED)
        return render_form("groups/newcomers/bring_list.html", empty)
    if form.validate_on_submit():
        try:
            added = commands.add_newcomers(
                current_group(), form.rows(), languages=language_words(), by=current_user.id, now=clock.now()
            )
        except CannotAdd as refused:
            form.show(refused.looked)
            return _page_of(form)
        except CannotRead as refused:
            form.refuse(refused.refusal, REFUSALS)
        else:
            flash(ngettext("One member is added.", "%(num)d members are added.", len(added)))
            return redirect(url_for("members.list_members"), 303)
    return _look_over(form)


def _look_over(form: RowsForm, *, unread: Sequence[str] = ()) -> ResponseReturnValue:
    today = clock.today(current_group().time_zone)
    form.show(
        rules.looked_over(form.rows(), here=queries.everybody_here(), today=today, languages=language_words())
    )
    return _page_of(form, unread=unread)


def _page_of(form: RowsForm, *, unread: Sequence[str] = ()) -> ResponseReturnValue:
    """The rows. Nothing is saved yet, also where nothing is wrong: the answer says so, and the list can be sent again."""
    page, _status = render_form(
        "groups/newcomers/look_over.html",
        form,
        headings=HEADINGS,
        spoken=[language.autonym for language in offered()],
        unread=unread,
    )
    return page, 422
