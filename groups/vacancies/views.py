"""Holding a by-election: one page, with what is empty already chosen; and the note on the first page that something is."""

from collections.abc import Iterable
from datetime import datetime

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from groups.elections.commands import CannotElect
from groups.elections.views import refuse_election
from groups.officers.forms import office_name
from groups.officers.queries import articles_in_force
from groups.permissions import Permission
from groups.vacancies import commands, queries
from groups.vacancies.forms import ByElectionForm
from network import clock
from network.access import table
from network.access.actor import Actor
from network.access.guard import can, current_group, requires
from network.home.registry import Todo
from network.tenancy.models import Group
from network.web.forms import render_form

bp = Blueprint(
    "vacancies", __name__, url_prefix="/g/<uuid:group_id>/elections/empty", template_folder="../templates"
)


@bp.route("", methods=["GET", "POST"])
@requires(Permission.ELECTIONS_FILL)
def hold_by_election() -> ResponseReturnValue:
    found, is_officer = queries.vacancies(), can(Permission.ELECTIONS_CALL)
    notice_days = articles_in_force().notice_days
    form = ByElectionForm.filling(found.seats, chosen=request.args.getlist("office"), notice_days=notice_days)
    if form.validate_on_submit():
        try:
            election = commands.call_by_election(
                current_group(), offices=form.offices.data, held_on=form.held_on.data, by=current_user.id, is_officer=is_officer,
                now=clock.now(), is_short_notice_agreed=form.is_short_notice_agreed.data,
            )  # fmt: skip
        except CannotElect as refused:
            refuse_election(form, refused)
        else:
            flash(_("The by-election is called. Nominations are open from now on."))
            return redirect(url_for("elections.show_election", election_id=election.id), 303)
    return render_form(
        "groups/vacancies/hold.html",
        form,
        found=found,
        may_call=is_officer or found.may_call(current_user.id),
        is_officer=is_officer,
    )


def todos(actor: Actor, group: Group, now: datetime) -> Iterable[Todo]:  # noqa: ARG001 - the registry's signature
    """An elected office is empty. Before the first election that is only said where nobody is left to call one."""
    found = queries.vacancies()
    is_officer = table.is_granted(Permission.ELECTIONS_CALL, actor)
    if not found.seats or not (is_officer or found.may_call(actor.account_id)):
        return
    if not (found.is_orphaned or queries.was_ever_elected()):
        return
    names = [str(office_name(code)) for code in found.seats]
    title = (
        _("The office of %(office)s is empty. Hold a by-election", office=names[0])
        if len(names) == 1
        else _("Offices are empty: %(offices)s. Hold a by-election", offices=", ".join(names))
    )
    yield Todo(
        title=title, why=_("The members elect somebody for what is left of the term, or as the constitution says."),
        href=url_for("vacancies.hold_by_election", office=list(found.seats)), soon=True, order=15,
    )  # fmt: skip
