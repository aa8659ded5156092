"""The group's certificates: how it stands, earlier ones, entering one; and what is due, early, to the right officer."""

from collections.abc import Iterator
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from groups.permissions import Permission
from groups.registration import commands, queries
from groups.registration.commands import CannotEnter
from groups.registration.forms import FIELD_OF, REFUSALS, STATES, CertificateForm, authority_name
from groups.registration.models import Registration
from groups.registration.queries import Line
from groups.registration.rules import State
from network import clock
from network.access import table
from network.access.actor import Actor
from network.access.guard import current_group, requires
from network.authorities.queries import profile_for
from network.home.registry import Todo
from network.tenancy.models import Group
from network.web.formatting import day
from network.web.forms import render_form
from network.web.paging import page_of

bp = Blueprint(
    "registration", __name__, url_prefix="/g/<uuid:group_id>/registration", template_folder="../templates"
)


@bp.get("")
@requires(Permission.REGISTRATION_READ)
def list_registrations() -> ResponseReturnValue:
    group = current_group()
    return render_template(
        "groups/registration/list.html",
        lines=queries.lines_of(group, today=clock.today(group.time_zone)),
        page=page_of(queries.registrations()),
        profile=profile_for(group),
        states=STATES,
        authority_name=authority_name,
    )


@bp.route("/add", methods=["GET", "POST"])
@requires(Permission.REGISTRATION_CHANGE)
def add_registration() -> ResponseReturnValue:
    group = current_group()
    profile = profile_for(group)
    form = CertificateForm.choosing(profile, chosen=request.args.get("authority", ""))
    if form.validate_on_submit():
        try:
            commands.enter_certificate(group, form.certificate(), by=current_user.id, now=clock.now())
        except CannotEnter as refused:
            form.refuse(refused.refusal, REFUSALS, field=FIELD_OF[refused.refusal])
        else:
            flash(_("The certificate is in the list."))
            return redirect(url_for(".list_registrations"), 303)
    return render_form("groups/registration/add.html", form)


@bp.route("/<uuid:registration_id>/edit", methods=["GET", "POST"])
@requires(Permission.REGISTRATION_CHANGE, of=queries.get_registration)
def edit_registration(registration: Registration) -> ResponseReturnValue:
    group = current_group()
    form = CertificateForm.choosing(profile_for(group), registration)
    if form.validate_on_submit():
        try:
            commands.put_right(group, registration, form.certificate(), by=current_user.id, now=clock.now())
        except CannotEnter as refused:
            form.refuse(refused.refusal, REFUSALS, field=FIELD_OF[refused.refusal])
        else:
            flash(_("It is saved."))
            return redirect(url_for(".list_registrations"), 303)
    return render_form("groups/registration/edit.html", form, registration=registration)


def todos(actor: Actor, group: Group, now: datetime) -> Iterator[Todo]:
    """Chairperson and secretary are told early what has to be renewed, and once of what was never entered."""
    if not table.is_granted(Permission.REGISTRATION_CHANGE, actor):
        return
    profile = profile_for(group)
    lines = queries.lines_of(group, today=clock.today(group.time_zone, at=now))
    for line in lines:
        title, why = _words(line, authority_name(profile, line.authority.code, line.called))
        if title:
            is_new = line.standing.state == State.NONE
            yield Todo(
                title, why, url_for("registration.list_registrations"), soon=line.standing.is_pressing, order=90 if is_new else 18
            )  # fmt: skip


def _words(line: Line, name: str) -> tuple[str, str]:
    """The title and the reason of what is to be done; nothing where all is in order."""
    end = line.standing.newest.holds_until if line.standing.newest else None
    if line.standing.state == State.DUE and end:
        return (
            _("Renew the registration by %(day)s", day=day(end)),
            _("%(authority)s. The return can be put together from what is written here.", authority=name),
        )
    if line.standing.state == State.OVER and end:
        return _("The registration ended on %(day)s", day=day(end)), str(name)
    if line.standing.state == State.NONE:
        return _("Write down the group’s registration"), str(name)
    return "", ""
