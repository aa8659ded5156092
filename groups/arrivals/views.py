"""The door of a meeting: somebody new is here, and what they take home."""

from collections.abc import Iterator
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from groups.arrivals import commands, queries, rules
from groups.arrivals.forms import REFUSALS, DoorForm, Stays
from groups.arrivals.queries import Newcomer
from groups.meetings.models import Meeting
from groups.meetings.queries import get_meeting
from groups.membership.commands import CannotChangeMembers
from groups.membership.forms import REFUSALS as MEMBER_REFUSALS
from groups.permissions import Permission
from groups.safeguarding.queries import held_back
from network import clock
from network.access import table
from network.access.actor import Actor
from network.access.guard import current_group, requires
from network.home.meeting_day import Part
from network.invitations.emails import note_of_invitation
from network.web.forms import render_form
from network.web.pages import public_url

bp = Blueprint(
    "arrivals", __name__, url_prefix="/g/<uuid:group_id>/meetings/<uuid:meeting_id>/door", template_folder="../templates"
)  # fmt: skip


@bp.route("", methods=["GET", "POST"])
@requires(Permission.DOOR_KEEP, of=get_meeting)
def open_door(meeting: Meeting) -> ResponseReturnValue:
    form = DoorForm()
    if form.validate_on_submit():
        if form.stays.data == Stays.JOINS and not form.nickname.data:
            form.refuse(rules.Refusal.NAME_NEEDED, REFUSALS, field="nickname")
        elif whither := _let_in(meeting, form):
            return redirect(whither, 303)
    return render_form("groups/arrivals/open_door.html", form, meeting=meeting)


def _let_in(meeting: Meeting, form: DoorForm) -> str | None:
    """Where to go on, or nothing where the form says why not."""
    group, now, by = current_group(), clock.now(), current_user.id
    try:
        if form.stays.data == Stays.LOOKS_IN:
            commands.count_guest(group, meeting, by=by, now=now)
            flash(_("One more is counted. Nothing else is kept."))
            return url_for(".open_door", meeting_id=meeting.id)
        member = commands.let_in(group, meeting, form.nickname.data, by=by, now=now)
    except commands.DoorClosed as refused:
        form.refuse(refused.refusal, REFUSALS)
    except CannotChangeMembers as refused:
        form.refuse(refused.refusal, MEMBER_REFUSALS, field="nickname")
    else:
        return url_for(".show_code", meeting_id=meeting.id, member_id=member.id)
    return None


@bp.get("/<uuid:member_id>")
@requires(Permission.DOOR_KEEP, of=queries.get_newcomer)
def show_code(newcomer: Newcomer) -> ResponseReturnValue:
    """The code on this screen, to copy onto a slip."""
    invitation = newcomer.invitation
    link = public_url("invitations.accept_invitation", token=invitation.token)
    waits = bool(held_back([newcomer.member.id]))
    note = note_of_invitation(link=link, code=invitation.code or "", language=invitation.language)
    return render_template(
        "groups/arrivals/show_code.html",
        newcomer=newcomer,
        link=link,
        invitation=invitation,
        note=None if waits else note,
        waits=waits,
    )


def parts_of_meeting(actor: Actor, meeting: Meeting, now: datetime) -> Iterator[Part]:
    """During the meeting: somebody new is here."""
    today = clock.today(current_group().time_zone, at=now)
    if not table.is_granted(Permission.DOOR_KEEP, actor) or rules.why_not_open(meeting, today=today):
        return
    text = _("Count them, or add them by nickname.")
    yield Part(_("Somebody new is here"), text, url_for("arrivals.open_door", meeting_id=meeting.id), 10)
