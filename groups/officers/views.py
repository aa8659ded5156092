"""Who holds which office, who held it before; appointing and stepping down."""

import uuid
from datetime import date, datetime
from typing import Protocol

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from groups.membership.queries import get_member, present_members
from groups.officers import commands, queries, rules
from groups.officers.commands import CannotChangeOffices
from groups.officers.forms import REFUSALS, AppointForm, office_name
from groups.officers.models import Term
from groups.permissions import Permission
from network import clock
from network.access.guard import current_group, requires
from network.db import db
from network.web.formatting import number
from network.web.forms import Form, render_form
from network.web.paging import page_of

bp = Blueprint("offices", __name__, url_prefix="/g/<uuid:group_id>/offices", template_folder="../templates")


class Called(Protocol):
    """An election or a decision: called at a time, held on a day."""

    called_at: datetime
    held_on: date
    notice_days: int
    is_short_notice: bool


@bp.app_template_global("notice_given")
def notice_given(called: Called) -> str:
    """How many days before its day something was called, and what the constitution asks for."""
    given = (called.held_on - clock.today(current_group().time_zone, at=called.called_at)).days
    if given < 0:
        return ""  # held before it came here; nobody can say from here how it was called
    if not called.is_short_notice:
        return ngettext("Called one day before.", "Called %(num)d days before.", given)
    return _(
        "Called %(given)s days before; the constitution asks for %(asked)s. Whoever called it says that the members agreed.",
        given=number(given), asked=number(called.notice_days),
    )  # fmt: skip


@bp.get("/")
@requires(Permission.OFFICES_READ)
def list_offices() -> ResponseReturnValue:
    articles, terms = queries.articles_in_force(), queries.present_terms()
    held = {
        office.code: [term for term in terms if term.office == office.code] for office in articles.offices
    }
    return render_template(
        "groups/officers/list.html",
        articles=articles,
        held=held,
        today=clock.today(current_group().time_zone),
        office_name=office_name,
    )


@bp.get("/history")
@requires(Permission.OFFICES_READ)
def list_past_terms() -> ResponseReturnValue:
    return render_template(
        "groups/officers/history.html", page=page_of(queries.past_terms()), office_name=office_name
    )


@bp.route("/appoint", methods=["GET", "POST"])
@requires(Permission.OFFICES_APPOINT)
def appoint_member() -> ResponseReturnValue:
    members = db.session.scalars(present_members()).all()
    form = AppointForm.choosing(queries.articles_in_force().appointed, members)
    if form.validate_on_submit():
        member = get_member(uuid.UUID(form.member_id.data))
        try:
            commands.appoint_member(
                current_group(), member, form.office.data, by=current_user.id, now=clock.now()
            )
        except CannotChangeOffices as refused:
            field = "office" if refused.refusal == rules.Refusal.NO_FREE_SEAT else "member_id"
            form.refuse(refused.refusal, REFUSALS, field=field)
        else:
            flash(_("The appointment is recorded."))
            return redirect(url_for(".list_offices"), 303)
    return render_form("groups/officers/appoint.html", form)


@bp.route("/<uuid:term_id>/end", methods=["GET", "POST"])
@requires(Permission.OFFICE_END, of=queries.get_term)
def end_term(term: Term) -> ResponseReturnValue:
    """Step down, or record that an appointment is over."""
    form = Form()
    if form.validate_on_submit():
        commands.end_term(term, by=current_user.id, now=clock.now())
        flash(_("The office is free from now on."))
        return redirect(url_for(".list_offices"), 303)
    return render_form(
        "groups/officers/end.html",
        form,
        term=term,
        office=office_name(term.office),
        is_own=term.member.account_id == current_user.id,
    )
