"""Who is named for offices that are not elected: the list, naming, answering, and the members' yes."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from groups.decisions.commands import CannotDecide
from groups.decisions.models import Motion
from groups.decisions.views import refuse, to_motion
from groups.membership.queries import find_own_member, get_member, present_members
from groups.namings import commands, queries
from groups.namings.commands import CannotName
from groups.namings.forms import FIELDS, REFUSALS, STATES, NameForm, PutForm, RecordForm
from groups.namings.models import Naming
from groups.officers.commands import CannotChangeOffices
from groups.officers.forms import office_name
from groups.officers.queries import articles_in_force
from groups.permissions import Permission
from network import clock
from network.access import table
from network.access.actor import Actor
from network.access.guard import current_group, requires
from network.db import db
from network.home.registry import Todo
from network.tenancy.models import Group
from network.web.forms import Form, render_form
from network.web.paging import page_of

bp = Blueprint(
    "namings", __name__, url_prefix="/g/<uuid:group_id>/offices/names", template_folder="../templates"
)


@bp.context_processor
def _words_of_offices() -> dict[str, object]:
    return {"office_name": office_name}


def said_of_motions(motions: Sequence[Motion]) -> dict[uuid.UUID, str]:
    """The sentence that each puts to the members."""
    named = queries.namings_by_id([motion.subject_id for motion in motions])
    return {motion.id: _said(named.get(motion.subject_id)) for motion in motions}


def _said(naming: Naming | None) -> str:
    if naming is None:
        return _("Give an office to somebody")
    return _("%(name)s comes into the office: %(office)s", name=naming.member.nickname, office=office_name(naming.office))  # fmt: skip


def href_of_motion(motion: Motion) -> str:  # noqa: ARG001 - what every kind is asked with
    """Where everybody who is named stands."""
    return url_for("namings.list_namings")


def _to_list() -> ResponseReturnValue:
    return redirect(url_for(".list_namings"), 303)


@bp.get("")
@requires(Permission.OFFICES_READ)
def list_namings() -> ResponseReturnValue:
    return render_template(
        "groups/namings/list.html",
        page=page_of(queries.namings()),
        states=STATES,
        offices=articles_in_force().not_elected,
    )


@bp.route("/add", methods=["GET", "POST"])
@requires(Permission.NAMINGS_ADD)
def name_member() -> ResponseReturnValue:
    """Somebody names a fellow member."""
    members = db.session.scalars(present_members()).all()
    form = NameForm.choosing(articles_in_force().not_elected, members)
    if form.validate_on_submit():
        own = find_own_member(current_user.id)
        if own is None:
            form.form_errors = [_("Only members name somebody.")]
        elif _named(form, named_by_id=own.id):
            flash(_("They are named. They say themselves whether they would do it."))
            return _to_list()
    return render_form("groups/namings/name.html", form)


@bp.route("/record", methods=["GET", "POST"])
@requires(Permission.OFFICES_APPOINT)
def record_naming() -> ResponseReturnValue:
    """Write down who named whom in the meeting."""
    members = db.session.scalars(present_members()).all()
    form = RecordForm.choosing(articles_in_force().not_elected, members)
    if form.validate_on_submit() and _named(
        form, named_by_id=uuid.UUID(form.named_by_id.data), has_accepted=form.has_accepted.data
    ):
        flash(_("It is written down."))
        return _to_list()
    return render_form("groups/namings/record.html", form)


def _named(form: NameForm, *, named_by_id: uuid.UUID, has_accepted: bool = False) -> bool:
    try:
        commands.name_member(
            get_member(uuid.UUID(form.member_id.data)), form.office.data, named_by=get_member(named_by_id), by=current_user.id,
            now=clock.now(), has_accepted=has_accepted,
        )  # fmt: skip
    except CannotName as refused:
        form.refuse(refused.refusal, REFUSALS, field=FIELDS.get(refused.refusal, "member_id"))
        return False
    return True


@bp.post("/<uuid:naming_id>/answer")
@requires(Permission.NAMING_ANSWER, of=queries.get_naming)
def answer(naming: Naming) -> ResponseReturnValue:
    said = request.form.get("agrees")
    if said not in {"yes", "no"}:
        abort(400)
    try:
        commands.answer(naming, agrees=said == "yes", by=current_user.id, now=clock.now())
    except CannotName as refused:
        flash(REFUSALS[refused.refusal])
    else:
        flash(_("The answer is recorded."))
    return _to_list()


@bp.route("/<uuid:naming_id>/settle", methods=["GET", "POST"])
@requires(Permission.OFFICES_APPOINT, of=queries.get_naming)
def settle(naming: Naming) -> ResponseReturnValue:
    """Write down that the meeting agreed."""
    form = Form()
    if form.validate_on_submit():
        try:
            commands.settle(current_group(), naming, by=current_user.id, now=clock.now())
        except (CannotName, CannotChangeOffices) as refused:
            form.refuse(refused.refusal, REFUSALS)
        else:
            flash(_("They are in the office from this moment."))
            return redirect(url_for("offices.list_offices"), 303)
    return render_form("groups/namings/settle.html", form, naming=naming, office=office_name(naming.office))


@bp.route("/<uuid:naming_id>/put", methods=["GET", "POST"])
@requires(Permission.DECISIONS_CALL, of=queries.get_naming)
def put_to_members(naming: Naming) -> ResponseReturnValue:
    """Have the members decide."""
    form = PutForm.with_notice(articles_in_force().notice_days)
    if form.validate_on_submit():
        try:
            motion = commands.call_decision(
                current_group(), naming, held_on=form.held_on.data, by=current_user.id, now=clock.now(),
                is_short_notice_agreed=form.is_short_notice_agreed.data,
            )  # fmt: skip
        except CannotName as refused:
            form.refuse(refused.refusal, REFUSALS)
        except CannotDecide as refused:
            refuse(form, refused)
        else:
            flash(_("It is put to the members."))
            return to_motion(motion)
    return render_form("groups/namings/put.html", form, naming=naming, office=office_name(naming.office))


def todos(actor: Actor, group: Group, now: datetime) -> Iterable[Todo]:  # noqa: ARG001 - the registry's signature
    """Whoever was named is asked; whoever writes down what the members agree is told who said yes."""
    own = find_own_member(actor.account_id)
    for naming in queries.to_answer(own.id) if own else []:
        yield Todo(
            title=_("You were named for an office: %(office)s", office=office_name(naming.office)),
            why=_("Say whether you would do it. No is as good an answer as yes."),
            href=url_for("namings.list_namings"), order=10,
        )  # fmt: skip
    if table.is_granted(Permission.OFFICES_APPOINT, actor) and queries.count_accepted():
        yield Todo(
            title=_("Somebody who was named for an office has said yes"),
            why=_("The members agree in the meeting, or decide about it."),
            href=url_for("namings.list_namings"), order=35,
        )  # fmt: skip
