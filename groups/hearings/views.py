"""Help from one group's committee to another's: asking for somebody, answering, letting them in; and whether a committee hears others."""

import uuid

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from groups.disputes import queries, rules
from groups.disputes.commands import CannotGoOn
from groups.disputes.forms import REFUSALS
from groups.disputes.models import Matter, MatterAsk
from groups.disputes.views import to_door, to_matter, tried, whom_to_call, with_key
from groups.hearings import commands
from groups.hearings.forms import HelpForm
from groups.permissions import Permission
from network import clock
from network.access.guard import requires
from network.key_pairs import door
from network.web.forms import Form, render_form

bp = Blueprint("hearings", __name__, url_prefix="/g/<uuid:group_id>/matters", template_folder="../templates")
bp.context_processor(whom_to_call)


@bp.route("/<uuid:matter_id>/help", methods=["GET", "POST"])
@requires(Permission.MATTER_HEAR, of=queries.get_matter)
def ask_group(matter: Matter) -> ResponseReturnValue:
    """Ask another group for somebody who helps to hear it: with the door open, so that none of somebody concerned is asked."""
    private, me = door.opened_for(current_user.id), current_user.id
    if private is None:
        return to_door()
    try:
        groups = commands.groups_to_ask(matter, private=private, by=me)
    except CannotGoOn as refused:
        flash(str(REFUSALS[refused.refusal]))
        return to_matter(matter)
    form = HelpForm.asking(groups)
    if form.validate_on_submit() and tried(
        form,
        lambda: commands.ask_group(
            matter, uuid.UUID(form.group.data), private=private, by=me, now=clock.now()
        ),
        "group",
    ):
        flash(_("Their committee is asked. When somebody says yes, you let them in here."))
        return to_matter(matter)
    return render_form("groups/hearings/help.html", form, matter=matter)


@bp.post("/<uuid:matter_id>/seat")
@requires(Permission.MATTER_HEAR, of=queries.get_matter)
def seat(matter: Matter) -> ResponseReturnValue:
    """Let in whoever said yes."""
    wanted, matter_id = request.form.get("ask"), matter.id
    ask = next((one for one in queries.asks_of(matter.id) if str(one.id) == wanted), None) or abort(400)
    refused: list[rules.Refusal] = []

    def let_in(private: bytes) -> None:
        try:
            commands.seat(matter, ask, private=private, by=current_user.id, now=clock.now())
        except CannotGoOn as why:
            refused.append(why.refusal)
            raise

    answer = with_key(matter, let_in, _("They are on the panel of this matter, and can read it."))
    if refused == [rules.Refusal.CONCERNED]:  # then another of their committee may come
        commands.ask_on(queries.get_matter(matter_id), ask)
    return answer


@bp.route("/asks/<uuid:ask_id>", methods=["GET", "POST"])
@requires(Permission.MATTERS_COMMITTEE, of=queries.get_ask)
def answer_ask(ask: MatterAsk) -> ResponseReturnValue:
    """One of the committee says whether they would help another group."""
    form = Form()
    if form.validate_on_submit():
        accepts = request.form.get("comes") == "yes"
        if tried(
            form, lambda: commands.answer_ask(ask, accepts=accepts, by=current_user.id, now=clock.now())
        ):
            flash(
                _("They know. Once they let you in, you find it here.")
                if accepts
                else _("You are not asked again. Others of your committee may still say yes.")
            )
            return redirect(url_for("matters.list_matters"), 303)
    return render_form("groups/hearings/answer.html", form, is_open=commands.may_answer(ask, current_user.id))


@bp.post("/offer")
@requires(Permission.MATTERS_COMMITTEE)
def offer() -> ResponseReturnValue:
    """Whether this committee hears matters of other groups."""
    if request.form.get("hears") == "yes":
        commands.offer_to_hear(by=current_user.id, now=clock.now())
        flash(_("Members of other groups can bring a matter to you from now on."))
    else:
        commands.stop_offering(now=clock.now())
        flash(_("No new matters of other groups come to you. What you hear already goes on."))
    return redirect(url_for("matters.list_matters"), 303)
