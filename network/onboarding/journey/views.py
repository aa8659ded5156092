"""Marking the steps of an application, and wording the office's own journey."""

import uuid
from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from network import clock
from network.access.guard import current_group, requires
from network.onboarding.applications.commands import accompany
from network.onboarding.applications.models import Application
from network.onboarding.applications.queries import get_application
from network.onboarding.journey import commands, queries
from network.onboarding.journey.forms import REFUSALS, MarkForm, StepForm
from network.onboarding.journey.models import Step, StepMark
from network.permissions import Permission
from network.web.forms import Form, render_form
from network.web.languages import current_language
from network.wording.commands import shown

bp = Blueprint("journey", __name__, url_prefix="/n/<uuid:network_id>/journey")
marks_bp = Blueprint(
    "journey_marks", __name__, url_prefix="/n/<uuid:network_id>/applications/<uuid:application_id>/steps"
)


@dataclass(frozen=True)
class StepOfApplication:
    """A step, the application it is looked at for, and its mark if it is done."""

    application: Application
    step: Step
    mark: StepMark | None


def get_step_of_application(application_id: uuid.UUID, step_id: uuid.UUID) -> StepOfApplication:
    """All three, or a page that says there is nothing here."""
    application, step = get_application(application_id), queries.get_step(step_id)
    return StepOfApplication(application, step, queries.find_mark(application.id, step.id))


@marks_bp.route("/<uuid:step_id>", methods=["GET", "POST"])
@requires(Permission.APPLICATION_ANSWER, of=get_step_of_application)
def mark_step(at: StepOfApplication) -> ResponseReturnValue:
    today = clock.today(current_group().time_zone)
    mark = at.mark
    if at.application.erased_at:
        abort(410)  # every word was taken back, and none comes after it
    form = MarkForm(done_on=mark.done_on if mark else today, note=mark.note if mark else "")
    if form.validate_on_submit():
        try:
            commands.mark_step(
                at.application.id, at.step, done_on=form.done_on.data, today=today, note=form.note.data or "",
                by=current_user.id, now=clock.now(),
            )  # fmt: skip
        except commands.CannotMark as refused:
            form.refuse(refused.refusal, REFUSALS, field="done_on")
        else:
            accompany(at.application)
            flash(_("The step is marked as done."))
            return redirect(_back(at), 303)
    return render_form(
        "network/onboarding/mark_step.html", form, words=shown(at.step.text), is_done=at.mark is not None,
        back=_back(at), undo_url=url_for(".unmark_step", application_id=at.application.id, step_id=at.step.id),
    )  # fmt: skip


@marks_bp.post("/<uuid:step_id>/undo")
@requires(Permission.APPLICATION_ANSWER, of=get_step_of_application)
def unmark_step(at: StepOfApplication) -> ResponseReturnValue:
    if at.mark:
        commands.unmark_step(at.mark, by=current_user.id, now=clock.now())
        flash(_("The step is open again."))
    return redirect(_back(at), 303)


def _back(at: StepOfApplication) -> str:
    return url_for("applications.show_application", application_id=at.application.id)


@bp.get("/")
@requires(Permission.JOURNEY_WORD)
def list_steps() -> ResponseReturnValue:
    return render_template(
        "network/onboarding/list_steps.html",
        steps=[(step, shown(step.text)) for step in queries.steps(with_those_off=True)],
    )


@bp.post("/usual-steps")
@requires(Permission.JOURNEY_WORD)
def lay_out_journey() -> ResponseReturnValue:
    """Begin with the usual steps."""
    commands.lay_out_journey(now=clock.now())
    return redirect(url_for(".list_steps"), 303)


@bp.route("/new-step", methods=["GET", "POST"])
@requires(Permission.JOURNEY_WORD)
def add_step() -> ResponseReturnValue:
    form = StepForm()
    if form.validate_on_submit():
        commands.add_step(
            title=form.title.data, guide=form.guide.data or "", language=current_language().code, by=current_user.id,
            now=clock.now(),
        )  # fmt: skip
        flash(_("The step is added at the end."))
        return redirect(url_for(".list_steps"), 303)
    return _worded("network/onboarding/add_step.html", form)


@bp.route("/steps/<uuid:step_id>", methods=["GET", "POST"])
@requires(Permission.JOURNEY_WORD, of=queries.get_step)
def word_step(step: Step) -> ResponseReturnValue:
    """Change the words in the language of the page: the original, or its translation."""
    language = current_language()
    own = next((words for words in step.text.wordings if words.language == language.code), None)
    form = StepForm(title=own.title if own else "", guide=own.body if own else "")
    if form.validate_on_submit():
        commands.word_step(
            step, title=form.title.data, guide=form.guide.data or "", language=language.code, by=current_user.id,
            now=clock.now(),
        )  # fmt: skip
        flash(_("The words are kept."))
        return redirect(url_for(".list_steps"), 303)
    return _worded(
        "network/onboarding/word_step.html", form, words=shown(step.text), step=step,
        is_original=step.text.source_language == language.code,
    )  # fmt: skip


def _worded(template: str, form: Form, **context: object) -> ResponseReturnValue:
    return render_form(template, form, written_in=current_language(), back=url_for(".list_steps"), **context)


@bp.post("/steps/<uuid:step_id>/switch")
@requires(Permission.JOURNEY_WORD, of=queries.get_step)
def switch_step(step: Step) -> ResponseReturnValue:
    on = request.form.get("on") == "yes"
    commands.switch_step(step, on=on, by=current_user.id, now=clock.now())
    flash(_("The step is part of the journey again.") if on else _("The step is left out from now on."))
    return redirect(url_for(".list_steps"), 303)


@bp.post("/steps/<uuid:step_id>/earlier")
@requires(Permission.JOURNEY_WORD, of=queries.get_step)
def move_step_up(step: Step) -> ResponseReturnValue:
    commands.move_step_up(step, by=current_user.id, now=clock.now())
    return redirect(url_for(".list_steps"), 303)
