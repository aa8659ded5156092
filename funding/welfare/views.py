"""Asking for help from the reserve, and deciding about it among a few; the share that is kept."""

import uuid

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from funding.ledger import queries as ledger
from funding.ledger.commands import CannotPost
from funding.ledger.forms import refuse
from funding.ledger.rules import Fund
from funding.permissions import Permission
from funding.welfare import commands, queries, rules
from funding.welfare.commands import CannotHelp
from funding.welfare.forms import (
    NEEDS,
    REFUSALS,
    STATES,
    AnswerForm,
    DestroyForm,
    PayForm,
    ShareForm,
    ask_form,
)
from funding.welfare.models import HardshipRequest
from groups.membership.queries import get_member, present_members
from network import clock
from network.access.guard import can, current_group, requires
from network.db import db
from network.web.forms import render_form
from network.web.paging import page_of

bp = Blueprint("welfare", __name__, url_prefix="/g/<uuid:group_id>/money", template_folder="../templates")


@bp.get("/hardship")
@requires(Permission.HARDSHIP_ASK)
def list_requests() -> ResponseReturnValue:
    """One's own requests, and those one is asked to decide about."""
    page = page_of(queries.requests(current_user.id, is_in_office=can(Permission.BOOK_SECOND)))
    reserve = sum(amount for (_place, fund), amount in ledger.held().items() if fund == Fund.RESERVE)
    return render_template(
        "funding/welfare/list_requests.html",
        page=page,
        reserve=reserve,
        currency=current_group().currency,
        needs=NEEDS,
        states=STATES,
    )


@bp.route("/hardship/ask", methods=["GET", "POST"])
@requires(Permission.HARDSHIP_ASK)
def ask_for_help() -> ResponseReturnValue:
    members = []
    if can(Permission.BOOK_SECOND):
        members = [(str(member.id), member.nickname) for member in db.session.scalars(present_members())]
    form = ask_form(members)
    if form.validate_on_submit():
        chosen = form.member.data if members else ""
        member = get_member(uuid.UUID(chosen)) if chosen else None
        try:
            request = commands.file_request(
                need=form.need.data, amount=form.amount.data or 0, words=form.words.data or "", by=current_user.id,
                now=clock.now(), member=member,
            )  # fmt: skip
        except CannotHelp as refused:
            form.refuse(refused.refusal, REFUSALS)
        else:
            flash(
                _(
                    "Your request %(code)s is with those who decide. Nobody else can see it.",
                    code=request.code,
                )
            )
            return redirect(url_for(".list_requests"), 303)
    return render_form("funding/welfare/ask_for_help.html", form)


def _show(request: HardshipRequest, form: AnswerForm | None = None) -> ResponseReturnValue:
    is_own = request.requester_account_id == current_user.id
    answers = queries.answers_to(request.id)
    may_decide = can(Permission.HARDSHIP_DECIDE, request)
    names = ledger.names_of([request.requester_account_id, *(answer.account_id for answer in answers)])
    form = form or AnswerForm()
    why_not = rules.why_not_answer(
        state=request.state, is_own=is_own, has_answered=any(a.account_id == current_user.id for a in answers)
    )
    return render_form(
        "funding/welfare/show_request.html",
        form,
        request_=request,
        is_own=is_own,
        answers=answers,
        names=names,
        who=queries.find_nickname(request.member_id)
        or names.get(request.requester_account_id or request.id)
        or "–",
        may_answer=may_decide and why_not is None,
        may_decide=may_decide,
        payment=queries.payment_of(request),
        needs=NEEDS,
        states=STATES,
    )


@bp.get("/hardship/<uuid:request_id>")
@requires(Permission.HARDSHIP_READ, of=queries.get_request)
def show_request(request: HardshipRequest) -> ResponseReturnValue:
    return _show(request)


@bp.post("/hardship/<uuid:request_id>/answer")
@requires(Permission.HARDSHIP_DECIDE, of=queries.get_request)
def answer_request(request: HardshipRequest) -> ResponseReturnValue:
    form = AnswerForm()
    if form.validate_on_submit():
        try:
            commands.answer_request(
                request, by=current_user.id, agrees=form.answer.data == "yes", now=clock.now()
            )
        except CannotHelp as refused:
            form.refuse(refused.refusal, REFUSALS)
        else:
            flash(_("Your answer is kept. Two who say the same decide."))
            return redirect(url_for(".show_request", request_id=request.id), 303)
    return _show(request, form)


@bp.route("/hardship/<uuid:request_id>/pay", methods=["GET", "POST"])
@requires(Permission.HARDSHIP_DECIDE, of=queries.get_request)
def pay_request(request: HardshipRequest) -> ResponseReturnValue:
    form = PayForm()
    if form.validate_on_submit():
        try:
            draft_id = commands.pay_request(
                request, place=form.place.data, by=current_user.id, now=clock.now()
            )
        except CannotHelp as refused:
            form.refuse(refused.refusal, REFUSALS)
        except CannotPost as refused:
            refuse(form, refused, "place")
        else:
            flash(_("Written down. A second person has to agree before it counts."))
            return redirect(url_for("money.decide_draft", draft_id=draft_id), 303)
    return render_form("funding/welfare/pay_request.html", form, request_=request)


@bp.route("/hardship/<uuid:request_id>/destroy", methods=["GET", "POST"])
@requires(Permission.HARDSHIP_READ, of=queries.get_request)
def destroy_request(request: HardshipRequest) -> ResponseReturnValue:
    form = DestroyForm()
    if form.validate_on_submit():
        try:
            commands.destroy_request(request, by=current_user.id)
        except CannotHelp as refused:
            form.refuse(refused.refusal, REFUSALS)
        else:
            flash(_("The request is destroyed."))
            return redirect(url_for(".list_requests"), 303)
    return render_form("funding/welfare/destroy_request.html", form, request_=request)


@bp.get("/reserve")
@requires(Permission.BOOK_READ)
def show_reserve() -> ResponseReturnValue:
    """What share is kept, since when, and what was decided before."""
    return render_template(
        "funding/welfare/show_reserve.html",
        percent=queries.share_on(clock.today(current_group().time_zone)),
        page=page_of(queries.shares()),
    )


@bp.route("/reserve/decide", methods=["GET", "POST"])
@requires(Permission.RESERVE_DECIDE)
def decide_share() -> ResponseReturnValue:
    form = ShareForm()
    if form.validate_on_submit():
        commands.decide_share(
            percent=form.percent.data, from_on=form.from_on.data, decided_on=form.decided_on.data, by=current_user.id,
            now=clock.now(),
        )  # fmt: skip
        flash(_("The group’s decision is written down."))
        return redirect(url_for(".show_reserve"), 303)
    if not form.is_submitted():
        form.decided_on.data = form.from_on.data = clock.today(current_group().time_zone)
    return render_form("funding/welfare/decide_share.html", form)
