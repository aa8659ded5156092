"""The office reads what groups sent and answers; the group reads the answers and closes what is settled."""

from collections.abc import Iterator
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from network import clock
from network.access import table
from network.access.actor import Actor
from network.access.guard import requires
from network.home.registry import Todo
from network.permissions import Permission
from network.support import commands, queries
from network.support.forms import REFUSALS, STANDINGS, AnswerForm
from network.support.models import SupportRequest
from network.support.rules import standing, why_not_answer
from network.tenancy.models import Group
from network.web.forms import render_form
from network.web.languages import named
from network.web.paging import page_of

office_bp = Blueprint("support", __name__, url_prefix="/n/<uuid:network_id>/support")
group_bp = Blueprint("group_support", __name__, url_prefix="/g/<uuid:group_id>/support")


@office_bp.get("")
@requires(Permission.SUPPORT_READ)
def list_requests() -> ResponseReturnValue:
    page = page_of(queries.requests_received())
    answers = queries.answers_to(page.items)
    said = {asked.id: STANDINGS[standing(asked.state, answers[asked.id])] for asked in page.items}
    return render_template("network/support/list.html", page=page, said=said)


@office_bp.route("/<uuid:request_id>", methods=["GET", "POST"])
@requires(Permission.SUPPORT_ANSWER, of=queries.get_received)
def answer_request(asked: SupportRequest) -> ResponseReturnValue:
    form = AnswerForm()
    if form.validate_on_submit():
        try:
            commands.answer_request(
                asked,
                words=form.words.data,
                signed=current_user.shown_name,
                by=current_user.id,
                now=clock.now(),
            )
        except commands.SupportRefused as refused:
            form.refuse(refused.refusal, REFUSALS)
        else:
            flash(_("Your answer is with the group."))
            return redirect(url_for(".list_requests"), 303)
    return render_form(
        "network/support/answer.html",
        form,
        asked=asked,
        answers=queries.answers_to([asked])[asked.id],
        spoken=named(asked.language),
        is_open=why_not_answer(asked.state) is None,
    )


@group_bp.get("")
@requires(Permission.SUPPORT_ASK)
def list_own_requests() -> ResponseReturnValue:
    page = page_of(queries.own_requests())
    answers = queries.answers_to(page.items)
    said = {asked.id: STANDINGS[standing(asked.state, answers[asked.id])] for asked in page.items}
    return render_template("network/support/own.html", page=page, answers=answers, said=said)


@group_bp.post("/<uuid:request_id>/settle")
@requires(Permission.SUPPORT_ASK, of=queries.get_own_request)
def settle_request(asked: SupportRequest) -> ResponseReturnValue:
    commands.settle_request(asked, by=current_user.id, now=clock.now())
    flash(_("The request is settled."))
    return redirect(url_for(".list_own_requests"), 303)


@group_bp.post("/<uuid:request_id>/withdraw")
@requires(Permission.SUPPORT_ASK, of=queries.get_own_request)
def withdraw_request(asked: SupportRequest) -> ResponseReturnValue:
    commands.withdraw_request(asked, by=current_user.id, now=clock.now())
    flash(_("The request is taken back. The office no longer sees it."))
    return redirect(url_for(".list_own_requests"), 303)


def todos_of_office(actor: Actor, office: Group, now: datetime) -> Iterator[Todo]:  # noqa: ARG001 - every registered part takes the same
    """Groups that wait for a hand."""
    if table.is_granted(Permission.SUPPORT_READ, actor) and (waiting := queries.count_waiting()):
        title = ngettext("A group asks for support", "%(num)d requests for support are waiting", waiting)
        yield Todo(title, _("They chose what to tell you."), url_for("support.list_requests"), order=20)


def todos_of_group(actor: Actor, group: Group, now: datetime) -> Iterator[Todo]:  # noqa: ARG001 - every registered part takes the same
    """The office has answered."""
    if table.is_granted(Permission.SUPPORT_ASK, actor) and (asked := queries.find_answered()):
        yield Todo(
            _("Your network has answered"), asked.title, url_for("group_support.list_own_requests"), order=18
        )
