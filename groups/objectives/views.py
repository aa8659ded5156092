"""The quarter's objectives: set them, put them in order, plan steps, review them at a meeting, ask for a hand."""

from collections.abc import Callable, Iterator
from datetime import date, datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from groups.meetings.models import Meeting
from groups.meetings.queries import get_meeting
from groups.membership.models import Member
from groups.membership.queries import present_members
from groups.objectives import commands, forms, queries, rules
from groups.objectives.models import Objective, ObjectiveState, ObjectiveStep, Outcome
from groups.permissions import Permission
from network import clock
from network.access import table
from network.access.actor import Actor
from network.access.guard import current_group, requires
from network.db import db
from network.figures.rules import Quarter, quarter_before, quarter_of
from network.home.meeting_day import Part
from network.home.registry import Glance, Todo
from network.permissions import Permission as NetworkPermission
from network.support import commands as support
from network.support.forms import REFUSALS as SUPPORT_REFUSALS
from network.support.forms import STANDINGS, AskForm
from network.support.queries import answers_to, requests_about
from network.support.rules import standing
from network.tenancy.models import Group
from network.web.forms import Form, render_form
from network.web.languages import current_language

bp = Blueprint(
    "objectives", __name__, url_prefix="/g/<uuid:group_id>/objectives", template_folder="../templates"
)


def this_quarter() -> date:
    """The first day of the quarter on the group's calendar."""
    return quarter_of(clock.today(current_group().time_zone))


def _asked_quarter() -> date:
    try:
        return quarter_of(date.fromisoformat(request.args.get("quarter", "")))
    except ValueError:
        return this_quarter()


def _refuse(form: Form, refused: commands.ObjectiveRefused) -> None:
    form.refuse(refused.refusal, forms.REFUSALS, field=forms.FIELD_OF.get(refused.refusal))


@bp.get("")
@requires(Permission.OBJECTIVES_READ)
def list_objectives() -> ResponseReturnValue:
    quarter = Quarter(_asked_quarter())
    return render_template(
        "groups/objectives/list.html",
        quarter=quarter,
        objectives=queries.objectives_of(quarter.start),
        states=forms.STATES,
        before=quarter_before(quarter.start) if quarter.start.year > 2000 else None,  # noqa: PLR2004 - no group is older
        after=quarter.end if quarter.start <= this_quarter() else None,
        may_set=quarter.start >= this_quarter(),
    )


@bp.get("/<uuid:objective_id>")
@requires(Permission.OBJECTIVES_READ, of=queries.get_objective)
def show_objective(objective: Objective) -> ResponseReturnValue:
    asked = requests_about(objective.id)
    answers = answers_to(asked)
    return render_template(
        "groups/objectives/show.html",
        objective=objective,
        quarter=Quarter(objective.quarter_on),
        state=forms.STATES[objective.state],
        said=forms.SAID,
        may_reopen=rules.why_not_reopen(objective.state) is None,
        asked=[(each, STANDINGS[standing(each.state, answers[each.id])], answers[each.id]) for each in asked],
        first=objective.position == 1,
        is_achieved=objective.state == ObjectiveState.ACHIEVED,
    )


@bp.route("/set", methods=["GET", "POST"])
@requires(Permission.OBJECTIVES_SET)
def set_objective() -> ResponseReturnValue:
    group, now = current_group(), clock.now()
    form = forms.ObjectiveForm(
        commands.quarters_to_set(group, now), data={"quarter": request.args.get("quarter")}
    )
    if form.validate_on_submit():
        quarter_on = date.fromisoformat(form.quarter.data)
        try:
            objective = commands.set_objective(
                group,
                quarter_on=quarter_on,
                title=form.title.data,
                why=form.why.data or "",
                by=current_user.id,
                now=now,
            )
        except commands.ObjectiveRefused as refused:
            _refuse(form, refused)
        else:
            flash(_("The objective is set. Now plan its first step."))
            return redirect(url_for(".show_objective", objective_id=objective.id), 303)
    return render_form("groups/objectives/set.html", form)


@bp.route("/<uuid:objective_id>/word", methods=["GET", "POST"])
@requires(Permission.OBJECTIVES_SET, of=queries.get_objective)
def word_objective(objective: Objective) -> ResponseReturnValue:
    form = forms.WordObjectiveForm(data={"title": objective.title, "why": objective.why})
    if form.validate_on_submit():
        try:
            commands.word_objective(
                objective, title=form.title.data, why=form.why.data or "", by=current_user.id, now=clock.now()
            )
        except commands.ObjectiveRefused as refused:
            _refuse(form, refused)
        else:
            return redirect(url_for(".show_objective", objective_id=objective.id), 303)
    return render_form("groups/objectives/word.html", form, objective=objective)


@bp.post("/<uuid:objective_id>/raise")
@requires(Permission.OBJECTIVES_SET, of=queries.get_objective)
def raise_objective(objective: Objective) -> ResponseReturnValue:
    commands.raise_objective(objective, by=current_user.id, now=clock.now())
    return redirect(url_for(".list_objectives", quarter=objective.quarter_on.isoformat()), 303)


@bp.route("/<uuid:objective_id>/close", methods=["GET", "POST"])
@requires(Permission.OBJECTIVES_REVIEW, of=queries.get_objective)
def close_objective(objective: Objective) -> ResponseReturnValue:
    form = forms.CloseForm()
    if form.validate_on_submit():
        outcome, words = Outcome(form.outcome.data), form.words.data or ""
        try:
            commands.review_objective(
                objective, outcome=outcome, words=words, by=current_user.id, now=clock.now()
            )
        except commands.ObjectiveRefused as refused:
            _refuse(form, refused)
        else:
            flash(_("The objective is closed."))
            return redirect(url_for(".show_objective", objective_id=objective.id), 303)
    return render_form("groups/objectives/close.html", form, objective=objective)


@bp.post("/<uuid:objective_id>/reopen")
@requires(Permission.OBJECTIVES_REVIEW, of=queries.get_objective)
def reopen_objective(objective: Objective) -> ResponseReturnValue:
    return _try_on(
        objective, lambda: commands.reopen_objective(objective, by=current_user.id, now=clock.now())
    )


def _try_on(objective: Objective, change: Callable[[], None]) -> ResponseReturnValue:
    """Change something small; where it cannot be, say so on the objective's page."""
    try:
        change()
    except commands.ObjectiveRefused as refused:
        flash(str(forms.REFUSALS[refused.refusal]))
    return redirect(url_for(".show_objective", objective_id=objective.id), 303)


def _members() -> list[Member]:
    return list(db.session.scalars(present_members()))


@bp.route("/<uuid:objective_id>/steps/add", methods=["GET", "POST"])
@requires(Permission.OBJECTIVES_SET, of=queries.get_objective)
def add_step(objective: Objective) -> ResponseReturnValue:
    form = forms.StepForm(_members())
    if form.validate_on_submit():
        try:
            commands.add_step(current_group(), objective, form.said(), by=current_user.id, now=clock.now())
        except commands.ObjectiveRefused as refused:
            _refuse(form, refused)
        else:
            return redirect(url_for(".show_objective", objective_id=objective.id), 303)
    return render_form("groups/objectives/add_step.html", form, objective=objective)


@bp.route("/steps/<uuid:step_id>/word", methods=["GET", "POST"])
@requires(Permission.OBJECTIVES_SET, of=queries.get_step)
def word_step(step: ObjectiveStep) -> ResponseReturnValue:
    kept = {"what": step.what, "who": step.who, "by_on": step.by_on, "cost": step.cost}
    form = forms.StepForm(_members(), data={**kept, "member": str(step.member_id or "")})
    if form.validate_on_submit():
        try:
            commands.word_step(current_group(), step, form.said(), by=current_user.id, now=clock.now())
        except commands.ObjectiveRefused as refused:
            _refuse(form, refused)
        else:
            return redirect(url_for(".show_objective", objective_id=step.objective_id), 303)
    return render_form("groups/objectives/word_step.html", form, step=step)


@bp.post("/steps/<uuid:step_id>/turn")
@requires(Permission.OBJECTIVES_REVIEW, of=queries.get_step)
def turn_step(step: ObjectiveStep) -> ResponseReturnValue:
    return _try_on(step.objective, lambda: commands.turn_step(step, by=current_user.id, now=clock.now()))


@bp.post("/steps/<uuid:step_id>/remove")
@requires(Permission.OBJECTIVES_SET, of=queries.get_step)
def remove_step(step: ObjectiveStep) -> ResponseReturnValue:
    return _try_on(step.objective, lambda: commands.remove_step(step, by=current_user.id, now=clock.now()))


@bp.route("/review/<uuid:meeting_id>", methods=["GET", "POST"])
@requires(Permission.OBJECTIVES_REVIEW, of=get_meeting)
def review_objectives(meeting: Meeting) -> ResponseReturnValue:
    objectives = queries.open_in(quarter_of(meeting.day))
    form = forms.review_form(objectives, _said_already(meeting, objectives))
    if form.validate_on_submit() and _keep_review(form, meeting, objectives):
        flash(_("What the meeting said is kept."))
        return redirect(url_for("meetings.show_meeting", meeting_id=meeting.id), 303)
    pairs = form.pairs(objectives)
    return render_form("groups/objectives/review.html", form, meeting=meeting, pairs=pairs)


def _said_already(meeting: Meeting, objectives: list[Objective]) -> dict[str, str]:
    said = queries.reviews_at(meeting.id)
    kept = [(n, said[each.id]) for n, each in enumerate(objectives) if each.id in said]
    return {f"outcome_{n}": review.outcome for n, review in kept} | {
        f"words_{n}": review.words for n, review in kept
    }


def _keep_review(form: forms.ReviewForm, meeting: Meeting, objectives: list[Objective]) -> bool:
    """Keep every answer or, where one cannot be, none: the page then answers 422 and nothing is saved."""
    now = clock.now()
    if meeting.starts_at > now:
        form.refuse(rules.Refusal.MEETING_TO_COME, forms.REFUSALS)
        return False
    for objective, outcome, words in form.pairs(objectives):
        if not outcome.data:
            continue
        try:
            commands.review_objective(
                objective, outcome=Outcome(outcome.data), words=words.data or "", by=current_user.id, now=now,
                meeting_id=meeting.id,
            )  # fmt: skip
        except commands.ObjectiveRefused as refused:
            words.errors = [*words.errors, forms.REFUSALS[refused.refusal]]
    return not form.errors


@bp.route("/<uuid:objective_id>/ask", methods=["GET", "POST"])
@requires(NetworkPermission.SUPPORT_ASK, of=queries.get_objective)
def ask_for_support(objective: Objective) -> ResponseReturnValue:
    form = AskForm(data={"title": objective.title})
    if form.validate_on_submit():
        try:
            support.ask_for_support(
                current_group(), title=form.title.data, words=form.words.data, by=current_user.id, now=clock.now(),
                about=objective.id, language=current_language().code,
            )  # fmt: skip
        except support.SupportRefused as refused:
            form.refuse(refused.refusal, SUPPORT_REFUSALS)
        else:
            flash(_("The network has your words. You see the answer here."))
            return redirect(url_for(".show_objective", objective_id=objective.id), 303)
    return render_form("groups/objectives/ask.html", form, objective=objective)


def todos(actor: Actor, group: Group, now: datetime) -> Iterator[Todo]:
    """In the first weeks of a quarter that has no objectives yet."""
    if not table.is_granted(Permission.OBJECTIVES_SET, actor):
        return
    today = clock.today(group.time_zone, at=now)
    if rules.is_time_to_set(today, quarter_of(today)) and not queries.count_in(quarter_of(today)):
        why = _("A new quarter has begun. Two or three are plenty.")
        yield Todo(_("Set the quarter’s objectives"), why, url_for("objectives.set_objective"), order=30)


def glances(actor: Actor, group: Group, now: datetime) -> Iterator[Glance]:
    """How many of the quarter's objectives are achieved."""
    if not table.is_granted(Permission.OBJECTIVES_READ, actor):
        return
    states = queries.states_in(quarter_of(clock.today(group.time_zone, at=now)))
    if states:
        achieved = states.count(ObjectiveState.ACHIEVED)
        text = ngettext("objective achieved", "objectives achieved", len(states))
        big = _("%(achieved)d of %(all)d", achieved=achieved, all=len(states))
        yield Glance(_("This quarter"), big, text, 30, url_for("objectives.list_objectives"))


def parts_of_meeting(actor: Actor, meeting: Meeting, now: datetime) -> Iterator[Part]:
    """What the meeting said about the quarter's objectives, or has still to say."""
    quarter_on = quarter_of(meeting.day)
    objectives, said = queries.objectives_of(quarter_on), queries.reviews_at(meeting.id)
    if not objectives or not table.is_granted(Permission.OBJECTIVES_READ, actor):
        return
    text = _("%(said)d of %(all)d spoken about", said=len(said), all=len(objectives))
    may = (
        table.is_granted(Permission.OBJECTIVES_REVIEW, actor)
        and meeting.starts_at <= now
        and not meeting.is_cancelled
    )
    listing = url_for("objectives.list_objectives", quarter=quarter_on.isoformat())
    review = url_for("objectives.review_objectives", meeting_id=meeting.id)
    yield Part(_("The quarter’s objectives"), text, review if may else listing, 30)
