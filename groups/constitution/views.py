"""The constitution's pages: what holds, every version, proposing a change, putting it to the members."""

import uuid
from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_login import current_user

from groups.constitution import commands, queries
from groups.constitution.forms import (
    REFUSALS,
    ProposeForm,
    PutForm,
    say,
    say_articles,
    say_for_all,
    say_offices,
)
from groups.decisions.commands import CannotDecide
from groups.decisions.models import Motion
from groups.decisions.queries import find_motion, find_open_about
from groups.decisions.views import refuse, to_motion
from groups.membership.queries import find_own_member
from groups.officers import commands as officers
from groups.officers import queries as versions
from groups.officers.commands import CannotChangeOffices
from groups.officers.forms import office_name
from groups.officers.models import Constitution, ConstitutionState
from groups.officers.rules import Refusal
from groups.permissions import Permission
from network import clock
from network.access.guard import current_group, requires
from network.web.forms import Form, render_form
from network.web.languages import language_of, named
from network.web.paging import page_of

FIELDS = {Refusal.OFFICE_TWICE: "new_name"}
bp = Blueprint(
    "constitution", __name__, url_prefix="/g/<uuid:group_id>/constitution", template_folder="../templates"
)


@bp.context_processor
def _words_of_offices() -> dict[str, object]:
    return {"office_name": office_name}


def said_of_motions(motions: Sequence[Motion]) -> dict[uuid.UUID, str]:
    """The sentence that each puts to the members."""
    changes = versions.constitutions_that_follow([motion.subject_id for motion in motions])
    return {
        motion.id: _("Change the constitution as proposed")
        if motion.subject_id in changes
        else _("Adopt the constitution")
        for motion in motions
    }


def href_of_motion(motion: Motion) -> str:
    """Where the proposal is read in full."""
    return url_for("constitution.show_version", constitution_id=motion.subject_id)


@bp.get("/")
@requires(Permission.CONSTITUTION_READ)
def show_constitution() -> ResponseReturnValue:
    written, articles = versions.find_constitution(), versions.articles_in_force()
    return render_template(
        "groups/constitution/show.html",
        written=written,
        articles=articles,
        offices=say_offices(articles),
        sentences=say_for_all(articles),
        written_in=named(written.language) if written else None,
        proposals=versions.proposals(),
        is_template=written is None or written.proposed_by_id is None,
    )


@bp.get("/versions")
@requires(Permission.CONSTITUTION_READ)
def list_versions() -> ResponseReturnValue:
    return render_template("groups/constitution/versions.html", page=page_of(versions.adopted_versions()))


@bp.get("/versions/<uuid:constitution_id>")
@requires(Permission.CONSTITUTION_READ, of=versions.get_constitution)
def show_version(written: Constitution) -> ResponseReturnValue:
    version = queries.version_of(written)
    is_waiting = written.state == ConstitutionState.PROPOSED
    motion = find_open_about(commands.KIND, written.id) if is_waiting else find_motion(written.motion_id)
    return render_template(
        "groups/constitution/version.html",
        version=version,
        written=written,
        offices=say_offices(version.articles),
        sentences=say_for_all(version.articles),
        changes=[say(change) for change in version.changes],
        written_in=named(written.language),
        proposer=find_own_member(written.proposed_by_id),
        motion=motion,
        is_waiting=is_waiting,
        is_old=written.follows != versions.articles_in_force().version,
    )


@bp.route("/propose", methods=["GET", "POST"])
@requires(Permission.CONSTITUTION_PROPOSE)
def propose() -> ResponseReturnValue:
    group, articles, written = current_group(), versions.articles_in_force(), versions.find_constitution()
    form = ProposeForm.starting_from(articles, words=(written.words or "") if written else "")
    if not form.words.data and not form.is_submitted():
        with force_locale(language_of(group.language).babel):
            form.words.data = "\n".join(say_articles(articles))
    if form.validate_on_submit():
        try:
            proposed = officers.propose_constitution(
                group, form.articles, words=form.words.data or "", language=group.language, reason=form.reason.data,
                by=current_user.id, now=clock.now(),
            )  # fmt: skip
        except CannotChangeOffices as refused:
            form.refuse(refused.refusal, REFUSALS, field=FIELDS.get(refused.refusal))
        else:
            flash(_("The proposal is kept. It holds once the members agree to it."))
            return redirect(url_for(".show_version", constitution_id=proposed.id), 303)
    return render_form("groups/constitution/propose.html", form)


@bp.route("/versions/<uuid:constitution_id>/put", methods=["GET", "POST"])
@requires(Permission.DECISIONS_CALL, of=versions.get_constitution)
def put_to_members(written: Constitution) -> ResponseReturnValue:
    form = PutForm.with_notice(versions.articles_in_force().notice_days)
    if form.validate_on_submit():
        try:
            motion = commands.call_decision(
                current_group(), written, held_on=form.held_on.data, by=current_user.id, now=clock.now(),
                is_short_notice_agreed=form.is_short_notice_agreed.data,
            )  # fmt: skip
        except CannotDecide as refused:
            refuse(form, refused)
        else:
            flash(_("It is put to the members."))
            return to_motion(motion)
    return render_form("groups/constitution/put.html", form, written=written)


@bp.route("/versions/<uuid:constitution_id>/drop", methods=["GET", "POST"])
@requires(Permission.CONSTITUTION_DROP, of=versions.get_constitution)
def drop_proposal(written: Constitution) -> ResponseReturnValue:
    form = Form()
    if form.validate_on_submit():
        if find_open_about(commands.KIND, written.id):
            form.form_errors = [_("The members have it before them. Take the decision back first.")]
        else:
            officers.drop_proposal(written, by=current_user.id, now=clock.now())
            flash(_("The proposal is taken away."))
            return redirect(url_for(".show_constitution"), 303)
    return render_form("groups/constitution/drop.html", form, written=written)
