"""Notes of an office: those from before, and a place to write more."""

from collections.abc import Iterable
from datetime import datetime

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from groups.membership.queries import find_own_member
from groups.notes import commands, queries, rules
from groups.notes.commands import CannotWrite
from groups.notes.forms import REFUSALS, NoteForm
from groups.officers.forms import office_name
from groups.officers.models import Term
from groups.permissions import Permission
from network import clock
from network.access.actor import Actor
from network.access.guard import can, requires
from network.home.registry import Todo
from network.tenancy.models import Group
from network.web.formatting import day
from network.web.forms import render_form
from network.web.paging import page_of

bp = Blueprint(
    "notes", __name__, url_prefix="/g/<uuid:group_id>/offices/notes", template_folder="../templates"
)


@bp.route("/<uuid:term_id>", methods=["GET", "POST"])
@requires(Permission.NOTES_OWN_OFFICE, of=queries.get_term_to_write_in)
def show_notes(term: Term) -> ResponseReturnValue:
    form = NoteForm()
    if form.validate_on_submit():
        try:
            commands.write_note(term, form.words.data, by=current_user.id, now=clock.now())
        except CannotWrite as refused:
            form.refuse(refused.refusal, REFUSALS, field="words")
        else:
            flash(_("Your note is kept for whoever holds the office after you."))
            return redirect(url_for(".show_notes", term_id=term.id), 303)
    return render_form(
        "groups/notes/show.html",
        form,
        term=term,
        office=office_name(term.office),
        until=rules.writes_until(term.ends_at),
        page=page_of(queries.notes_of(term.office)),
        beside=[page for page in queries.pages_beside(term.office) if can(page.permission)],
    )


def todos(actor: Actor, group: Group, now: datetime) -> Iterable[Todo]:  # noqa: ARG001 - the registry's signature
    """Whoever leaves an office is asked to write; whoever comes into one is told that somebody has."""
    own = find_own_member(actor.account_id)
    terms = queries.terms_to_think_of(own.id, now=now) if own else []
    leaving, coming = [one for one in terms if not one.goes_on], [one for one in terms if one.goes_on]
    written = queries.offices_with_notes_from(leaving, others=False)
    for term in (one for one in leaving if one.id not in written):
        until = rules.writes_until(term.ends_at) or now
        yield Todo(
            title=_("What should the next person know? (%(office)s)", office=office_name(term.office)),
            why=_("Whoever holds the office after you reads it, and nobody else. Until %(day)s.", day=day(until)),
            href=url_for("notes.show_notes", term_id=term.id), order=40,
        )  # fmt: skip
    from_others = queries.offices_with_notes_from(coming, others=True)
    for term in (one for one in coming if one.id in from_others):
        yield Todo(
            title=_("Notes from before you: %(office)s", office=office_name(term.office)),
            why=_("Whoever held the office wrote them for you."),
            href=url_for("notes.show_notes", term_id=term.id), order=45,
        )  # fmt: skip
