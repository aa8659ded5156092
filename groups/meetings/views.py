"""Meetings: the list, one meeting's day, adding, recording, calling off."""

from collections.abc import Iterator
from datetime import date, datetime, time

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from groups.meetings import commands, queries, rules
from groups.meetings.forms import FIELD_OF, NEEDS, REFUSALS, CancelForm, MeetingForm, RecordForm
from groups.meetings.models import Meeting
from groups.permissions import Permission
from network import clock
from network.access import table
from network.access.actor import Actor, current_actor
from network.access.guard import current_group, requires
from network.directory import queries as directory
from network.directory.rules import Card, next_day
from network.directory.words import names
from network.home import meeting_day
from network.home.registry import Glance, Todo
from network.tenancy.models import Group
from network.web.formatting import clock_time
from network.web.formatting import day as day_words
from network.web.forms import Form, render_form
from network.web.paging import page_of

bp = Blueprint("meetings", __name__, url_prefix="/g/<uuid:group_id>/meetings", template_folder="../templates")


@bp.get("")
@requires(Permission.MEETINGS_READ)
def list_meetings() -> ResponseReturnValue:
    now = clock.now()
    past = page_of(queries.past_meetings(now))
    return render_template("groups/meetings/list.html", to_come=queries.meetings_to_come(now), past=past)


@bp.get("/<uuid:meeting_id>")
@requires(Permission.MEETINGS_READ, of=queries.get_meeting)
def show_meeting(meeting: Meeting) -> ResponseReturnValue:
    now = clock.now()
    return render_template(
        "groups/meetings/show.html",
        meeting=meeting,
        needs=names(meeting.needs, NEEDS),
        parts=meeting_day.parts_of(current_actor(), meeting, now=now),
        has_begun=meeting.starts_at <= now,
    )


@bp.route("/add", methods=["GET", "POST"])
@requires(Permission.MEETING_PLAN)
def add_meeting() -> ResponseReturnValue:
    group, now = current_group(), clock.now()
    form = MeetingForm(data=_suggested(group, now))
    if form.validate_on_submit():
        try:
            meeting = commands.add_meeting(
                group,
                starts_at=_moment(form, group),
                place=form.place.data or "",
                by=current_user.id,
                now=now,
            )
        except commands.MeetingRefused as refused:
            _refuse(form, refused)
        else:
            flash(_("The meeting is in the list."))
            return redirect(url_for(".show_meeting", meeting_id=meeting.id), 303)
    return render_form("groups/meetings/add.html", form)


def _suggested(group: Group, now: datetime) -> dict[str, object]:
    """The next day of the group's pattern after the meetings that are planned, at its usual hour and place."""
    listing, planned = directory.find_own(), queries.meetings_to_come(now)
    place = planned[-1].place if planned else (last.place if (last := queries.find_last(now)) else "")
    if listing is None:
        return {"place": place}
    card = Card(
        recurrence=listing.recurrence,
        mode=listing.mode,
        weekday=listing.weekday,
        week_of_month=listing.week_of_month,
    )
    after: date = planned[-1].day if planned else clock.today(group.time_zone, at=now)
    return {"day": next_day(card, after), "hour": listing.starts_at, "place": place}


def _moment(form: MeetingForm, group: Group) -> datetime:
    hour: time = form.hour.data
    return rules.moment_of(form.day.data, hour, group.time_zone)


def _refuse(form: Form, refused: commands.MeetingRefused) -> None:
    form.refuse(refused.refusal, REFUSALS, field=FIELD_OF.get(refused.refusal))


@bp.route("/<uuid:meeting_id>/move", methods=["GET", "POST"])
@requires(Permission.MEETING_PLAN, of=queries.get_meeting)
def move_meeting(meeting: Meeting) -> ResponseReturnValue:
    group = current_group()
    form = MeetingForm(data={"day": meeting.day, "hour": meeting.local.time(), "place": meeting.place})
    if form.validate_on_submit():
        try:
            commands.move_meeting(
                meeting,
                starts_at=_moment(form, group),
                place=form.place.data or "",
                by=current_user.id,
                now=clock.now(),
            )
        except commands.MeetingRefused as refused:
            _refuse(form, refused)
        else:
            flash(_("The meeting is changed."))
            return redirect(url_for(".show_meeting", meeting_id=meeting.id), 303)
    return render_form("groups/meetings/move.html", form, meeting=meeting)


@bp.route("/<uuid:meeting_id>/record", methods=["GET", "POST"])
@requires(Permission.MEETING_RECORD, of=queries.get_meeting)
def record_meeting(meeting: Meeting) -> ResponseReturnValue:
    kept = {
        "people": meeting.people,
        "newcomers": (meeting.at_door or None) if meeting.newcomers is None else meeting.newcomers,
        "needs": meeting.needs,
        "note": meeting.note,
    }
    form = RecordForm(data=kept)
    if form.validate_on_submit():
        try:
            commands.record_meeting(
                meeting,
                people=form.people.data or 0,
                newcomers=form.newcomers.data,
                needs=form.needs.data or [],
                note=form.note.data or "",
                by=current_user.id,
                now=clock.now(),
            )
        except commands.MeetingRefused as refused:
            _refuse(form, refused)
        else:
            flash(_("The meeting is recorded."))
            return redirect(url_for(".show_meeting", meeting_id=meeting.id), 303)
    return render_form("groups/meetings/record.html", form, meeting=meeting)


@bp.route("/<uuid:meeting_id>/cancel", methods=["GET", "POST"])
@requires(Permission.MEETING_PLAN, of=queries.get_meeting)
def cancel_meeting(meeting: Meeting) -> ResponseReturnValue:
    form = CancelForm()
    if form.validate_on_submit():
        try:
            commands.cancel_meeting(
                meeting, reason=form.reason.data or "", by=current_user.id, now=clock.now()
            )
        except commands.MeetingRefused as refused:
            _refuse(form, refused)
        else:
            flash(_("The meeting is called off."))
            return redirect(url_for(".show_meeting", meeting_id=meeting.id), 303)
    return render_form("groups/meetings/cancel.html", form, meeting=meeting)


def todos(actor: Actor, group: Group, now: datetime) -> Iterator[Todo]:  # noqa: ARG001 - every registered part takes the same
    """The last meeting waits for its head count; no next meeting is planned."""
    last = queries.find_last(now)
    if table.is_granted(Permission.MEETING_RECORD, actor) and last and rules.waits_for_count(last, now=now):
        yield Todo(
            _("Say how many came"),
            _("The meeting of %(day)s is not recorded yet.", day=day_words(last.day)),
            url_for("meetings.record_meeting", meeting_id=last.id),
            order=20,
        )
    if table.is_granted(Permission.MEETING_PLAN, actor) and queries.find_next(now) is None:
        why = _("Nobody can see yet when you meet again.")
        yield Todo(_("Add the next meeting"), why, url_for("meetings.add_meeting"), order=40)


def glances(actor: Actor, group: Group, now: datetime) -> Iterator[Glance]:  # noqa: ARG001 - every registered part takes the same
    """When the group meets next, and how many came last time."""
    if not table.is_granted(Permission.MEETINGS_READ, actor):
        return
    if meeting := queries.find_next(now):
        text = _("%(time)s, %(place)s", time=clock_time(meeting.local.time()), place=meeting.place)
        hour = clock_time(meeting.local.time())
        href = url_for("meetings.show_meeting", meeting_id=meeting.id)
        yield Glance(_("Next meeting"), day_words(meeting.day), text if meeting.place else hour, 20, href)
    last = queries.find_last(now)
    if last and last.people is not None:
        came = ngettext("One person", "%(num)d people", last.people)
        href = url_for("meetings.show_meeting", meeting_id=last.id)
        yield Glance(_("Last meeting"), came, day_words(last.day), 25, href)
