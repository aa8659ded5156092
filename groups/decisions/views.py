"""What the members decide: the list, one decision, putting something to them, the count; and the page of whoever counts."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from groups.decisions import commands, queries
from groups.decisions.commands import CannotDecide
from groups.decisions.forms import (
    FIELDS,
    MAJORITIES,
    METHODS,
    NUMBERS,
    OUTCOMES,
    REFUSALS,
    STATES,
    BeginForm,
    CallForm,
    CountAgainForm,
    CountForm,
    WithdrawForm,
)
from groups.decisions.models import Motion, MotionMethod, MotionState
from groups.meetings.models import Meeting
from groups.membership.queries import get_member, present_members
from groups.officers import queries as officers
from groups.permissions import Permission
from network import clock
from network.access import table
from network.access.actor import Actor
from network.access.guard import by_link, can, current_group, requires
from network.accounts.models import LinkPurpose, PrivateLink
from network.db import db
from network.home.meeting_day import Part
from network.home.registry import Todo
from network.permissions import Permission as NetworkPermission
from network.tenancy.models import Group
from network.web.formatting import day
from network.web.forms import Form, render_form
from network.web.languages import prefer_language
from network.web.paging import page_of

NEAR = timedelta(days=14)
bp = Blueprint(
    "decisions", __name__, url_prefix="/g/<uuid:group_id>/decisions", template_folder="../templates"
)
counting = Blueprint("motion_counts", __name__, url_prefix="/counter/<token>", template_folder="../templates")


def refuse(form: Form, refused: CannotDecide) -> None:
    """Say a refusal beside its question."""
    field = FIELDS.get(refused.refusal)
    form.refuse(refused.refusal, REFUSALS, field=field if field and hasattr(form, field) else None)


def to_motion(motion: Motion) -> ResponseReturnValue:
    """Go to the page of a decision."""
    return redirect(url_for("decisions.show_motion", motion_id=motion.id), 303)


@bp.app_template_global("said_of")
def said_of(motion: Motion) -> str:
    """What a motion puts to the members, in a sentence."""
    return said_of_all([motion])[motion.id]


def said_of_all(motions: Sequence[Motion]) -> dict[uuid.UUID, str]:
    """The same for many by their ids: each kind is asked once, however many there are."""
    said = {motion.id: str(motion.words or commands.kind_of(motion).name) for motion in motions}
    for kind in commands.kinds():
        if kind.say:
            said.update(kind.say([motion for motion in motions if motion.kind == kind.code]))
    return said


@bp.get("/")
@requires(Permission.DECISIONS_READ)
def list_motions() -> ResponseReturnValue:
    page = page_of(queries.motions())
    came = {motion.id: queries.outcome_of(motion) for motion in page.items}
    return render_template(
        "groups/decisions/list.html", page=page, states=STATES, outcomes=OUTCOMES, came=came, said=said_of_all(page.items)
    )  # fmt: skip


@bp.route("/call", methods=["GET", "POST"])
@requires(Permission.DECISIONS_CALL)
def call_motion() -> ResponseReturnValue:
    kinds = [kind for kind in commands.kinds() if kind.is_in_own_words]
    form = CallForm.choosing(kinds, notice_days=officers.articles_in_force().notice_days)
    if form.validate_on_submit():
        try:
            motion = commands.call_motion(
                current_group(), kind=form.kind.data, words=form.words.data, held_on=form.held_on.data, by=current_user.id,
                now=clock.now(), is_short_notice_agreed=form.is_short_notice_agreed.data,
            )  # fmt: skip
        except CannotDecide as refused:
            refuse(form, refused)
        else:
            flash(_("It is put to the members."))
            return to_motion(motion)
    elsewhere = [(url_for(kind.asked_at), kind.name) for kind in commands.kinds() if kind.asked_at]
    return render_form("groups/decisions/call.html", form, elsewhere=elsewhere)


@bp.get("/<uuid:motion_id>/")
@requires(Permission.DECISIONS_READ, of=queries.get_motion)
def show_motion(motion: Motion) -> ResponseReturnValue:
    kind = commands.kind_of(motion)
    roll = motion.roll or officers.count_voters_now(current_group(), now=clock.now())
    return render_template(
        "groups/decisions/show.html",
        motion=motion,
        kind=kind,
        more=kind.href(motion) if kind.href else None,
        came_of=kind.came_of(motion) if kind.came_of and motion.is_carried else None,
        came=queries.outcome_of(motion),
        today=clock.today(current_group().time_zone),
        differences=[NUMBERS[name] for name in queries.differences(motion)],
        quorum=-(-motion.quorum_percent * roll // 100),
        states=STATES,
        methods=METHODS,
        outcomes=OUTCOMES,
        majorities=MAJORITIES,
    )


@bp.route("/<uuid:motion_id>/begin", methods=["GET", "POST"])
@requires(Permission.DECISIONS_CALL, of=queries.get_motion)
def begin_count(motion: Motion) -> ResponseReturnValue:
    group, now = current_group(), clock.now()
    members = db.session.scalars(present_members()).all()
    form = BeginForm.choosing(members)
    if form.validate_on_submit():
        counters = [get_member(uuid.UUID(field.data)) for field in (form.first_counter, form.second_counter)]
        try:
            commands.begin_count(
                group, motion, method=MotionMethod(form.method.data), counters=counters, by=current_user.id, now=now
            )  # fmt: skip
        except CannotDecide as refused:
            refuse(form, refused)
        else:
            return redirect(url_for(".show_slips", motion_id=motion.id), 303)
    roll = officers.count_voters_now(group, now=now)
    return render_form("groups/decisions/begin.html", form, motion=motion, roll=roll)


@bp.get("/<uuid:motion_id>/slips")
@requires(Permission.DECISIONS_CALL, of=queries.get_motion)
def show_slips(motion: Motion) -> ResponseReturnValue:
    return render_template("groups/decisions/slips.html", motion=motion)


@bp.route("/<uuid:motion_id>/withdraw", methods=["GET", "POST"])
@requires(Permission.DECISIONS_CALL, of=queries.get_motion)
def withdraw_motion(motion: Motion) -> ResponseReturnValue:
    form = WithdrawForm()
    if form.validate_on_submit():
        try:
            commands.withdraw_motion(motion, form.reason.data, by=current_user.id, now=clock.now())
        except CannotDecide as refused:
            refuse(form, refused)
        else:
            flash(_("It is taken back. Nothing was decided."))
            return to_motion(motion)
    return render_form("groups/decisions/withdraw.html", form, motion=motion)


@counting.route("", methods=["GET", "POST"])
@by_link(LinkPurpose.COUNTER)
def enter_count(link: PrivateLink) -> ResponseReturnValue:
    counter = queries.get_counter(link.subject_id)
    motion = queries.get_motion(counter.motion_id)
    prefer_language(current_group().language)
    form = CountAgainForm() if counter.counts else CountForm()
    if form.validate_on_submit():
        reason = form.reason.data if isinstance(form, CountAgainForm) else ""
        try:
            commands.enter_count(current_group(), motion, counter, form.count, now=clock.now(), reason=reason)
        except CannotDecide as refused:
            refuse(form, refused)
        else:
            flash(_("Your numbers are kept."))
            return redirect(url_for(".enter_count", **(request.view_args or {})), 303)
    return render_form(
        "groups/decisions/count.html",
        form,
        place=current_group(),
        counter=counter,
        motion=motion,
        is_open=motion.state == MotionState.COUNTING,
        differing=[NUMBERS[name] for name in queries.differences(motion)],
    )


def todos(actor: Actor, group: Group, now: datetime) -> Iterable[Todo]:
    """What the members are to decide, for whoever runs it."""
    if not table.is_granted(Permission.DECISIONS_CALL, actor):
        return
    today = clock.today(group.time_zone, at=now)
    found = queries.open_motions()
    said = said_of_all(found)
    for motion in found:
        is_counting = motion.state == MotionState.COUNTING
        why = (
            _("Two people count and enter their numbers.")
            if is_counting
            else _("The members decide on %(day)s.", day=day(motion.held_on))
        )
        yield Todo(
            title=said[motion.id], why=why, soon=motion.held_on - today <= NEAR, order=22,
            href=url_for("decisions.show_motion", motion_id=motion.id),
        )  # fmt: skip


def where_asked(motion: Motion) -> str | None:  # noqa: ARG001 - what a kind is asked
    """Where the network's office answers, for whoever speaks for the group."""
    return url_for("group_support.list_own_requests") if can(NetworkPermission.SUPPORT_ASK) else None


def parts_of_meeting(actor: Actor, meeting: Meeting, now: datetime) -> Iterable[Part]:  # noqa: ARG001 - the registry's signature
    """What is decided on the day of a meeting."""
    if not table.is_granted(Permission.DECISIONS_READ, actor):
        return
    found = queries.motions_on(meeting.day)
    said = said_of_all(found)
    for motion in found:
        yield Part(
            title=said[motion.id], text=STATES[motion.state],
            href=url_for("decisions.show_motion", motion_id=motion.id), order=30,
        )  # fmt: skip
