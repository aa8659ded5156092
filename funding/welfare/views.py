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
    AskForm,
    HouseholdForm,
    PayForm,
    ShareForm,
)
from funding.welfare.models import HardshipRequest, RequestState
from groups.looks.commands import note_look
from groups.membership.queries import find_own_member, get_member, present_members
from network import clock
from network.access.actor import current_actor
from network.access.guard import can, current_group, requires
from network.db import db
from network.web.forms import Form, render_form
from network.web.paging import page_of

bp = Blueprint("welfare", __name__, url_prefix="/g/<uuid:group_id>/money", template_folder="../templates")


@bp.get("/hardship")
@requires(Permission.HARDSHIP_ASK)
def list_requests() -> ResponseReturnValue:
    """One's own requests, and those one is asked to decide about."""
    page = page_of(queries.requests())
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
    members = db.session.scalars(present_members()).all() if can(Permission.BOOK_SECOND) else []
    officers = queries.officers_to_name()
    if not members:
        officers.pop(current_user.id, None)
    form = AskForm.asking(officers, members)
    if form.validate_on_submit():
        chosen = form.member.data if form.member else ""
        try:
            commands.file_request(
                need=form.need.data, amount=form.amount.data or 0, words=form.words.data or "", by=current_user.id,
                now=clock.now(), member=get_member(uuid.UUID(chosen)) if chosen else None,
                household=map(uuid.UUID, form.household.data if form.household else ()),
            )  # fmt: skip
        except CannotHelp as refused:
            form.refuse(refused.refusal, REFUSALS)
        else:
            # Without the code: a note on a page is kept with the session until it is read.
            flash(_("Your request is with those who decide. Nobody else can see it."))
            return redirect(url_for(".list_requests"), 303)
    return render_form("funding/welfare/ask_for_help.html", form)


def _show(request: HardshipRequest, sent: Form | None = None) -> ResponseReturnValue:
    """One's own page, or the page of those who decide; with the form that has to be put right, if one was sent."""
    is_own = request.is_asked_by(current_user.id)
    asker = request.member or find_own_member(request.asker_id)
    note_look([asker] if asker else [], actor=current_actor(), now=clock.now())
    answers = [] if is_own else queries.answers_to(request)
    panel = queries.panel(without=[*request.set_aside, request.asker_id])
    names = ledger.names_of([request.asker_id, *panel, *(answer.account_id for answer in answers)])
    why_not = rules.why_not_answer(
        state=request.state, is_own=is_own, has_answered=any(a.account_id == current_user.id for a in answers)
    )
    payment = queries.payment_of(request)
    return render_form(
        "funding/welfare/show_own_request.html" if is_own else "funding/welfare/show_request.html",
        sent or Form(),
        answer=sent if isinstance(sent, AnswerForm) else AnswerForm(reply=request.reply),
        household=sent
        if isinstance(sent, HouseholdForm)
        else HouseholdForm.choosing(_others(request) if is_own else {}),
        request_=request,
        answers=answers,
        names=names,
        deciding=[names[one] for one in panel],
        are_too_few=len(panel) < rules.DECIDING,
        who=(request.member.nickname if request.member else names.get(request.asker_id or request.id)) or "–",
        may_answer=why_not is None,
        is_open=request.state != RequestState.DECLINED and not payment.is_paid,
        payment=payment,
        needs=NEEDS,
        states=STATES,
    )


def _others(request: HardshipRequest) -> dict[uuid.UUID, str]:
    """Everybody whoever asked may name as living with them."""
    aside = {*request.set_aside, request.asker_id}
    return {one: name for one, name in queries.people_to_name().items() if one not in aside}


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
                request, by=current_user.id, agrees=form.answer.data == "yes", now=clock.now(), reply=form.reply.data or ""
            )  # fmt: skip
        except CannotHelp as refused:
            form.refuse(refused.refusal, REFUSALS)
        else:
            flash(_("Your answer is kept. Two who say the same decide."))
            return redirect(url_for(".show_request", request_id=request.id), 303)
    return _show(request, form)


@bp.post("/hardship/<uuid:request_id>/step-aside")
@requires(Permission.HARDSHIP_DECIDE, of=queries.get_request)
def step_aside(request: HardshipRequest) -> ResponseReturnValue:
    """Whoever is too close to it says so with one tap, and why is not asked."""
    form = Form()
    if not form.validate_on_submit():
        return _show(request, form)
    commands.set_aside(request, current_user.id)
    flash(_("You have no part in that request any more, and it is not shown to you."))
    return redirect(url_for(".list_requests"), 303)


@bp.post("/hardship/<uuid:request_id>/household")
@requires(Permission.HARDSHIP_OWN, of=queries.get_request)
def name_household(request: HardshipRequest) -> ResponseReturnValue:
    """Whoever asked names somebody they live with, also before that one comes into office."""
    form = HouseholdForm.choosing(_others(request))
    if form.validate_on_submit():
        commands.set_aside(request, uuid.UUID(form.who.data))
        flash(_("They cannot see this request, now or later."))
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


@bp.post("/hardship/<uuid:request_id>/take-back")
@requires(Permission.HARDSHIP_READ, of=queries.get_request)
def take_back(request: HardshipRequest) -> ResponseReturnValue:
    form = Form()
    if form.validate_on_submit():
        try:
            commands.take_back(request, by=current_user.id)
        except CannotHelp as refused:
            form.refuse(refused.refusal, REFUSALS)
        else:
            flash(_("The request is taken back, and its page is destroyed."))
            return redirect(url_for(".list_requests"), 303)
    return _show(request, form)


@bp.get("/reserve")
@requires(Permission.BOOK_READ)
def show_reserve() -> ResponseReturnValue:
    """What share is kept, since when, and what was decided before."""
    return render_template(
        "funding/welfare/show_reserve.html",
        percent=queries.share_on(clock.today(current_group().time_zone)),
        page=page_of(queries.shares()),
        is_counted=_is_counted(),
        counted_from=queries.find_first_counted(),
    )


def _is_counted() -> bool:
    """Whether the share in force today rests on a decision that the members counted."""
    share = queries.find_share(clock.today(current_group().time_zone))
    return share is not None and share.motion_id is not None


@bp.route("/reserve/decide", methods=["GET", "POST"])
@requires(Permission.RESERVE_DECIDE)
def decide_share() -> ResponseReturnValue:
    form = ShareForm()
    if form.validate_on_submit():
        try:
            commands.decide_share(
                percent=form.percent.data, from_on=form.from_on.data, decided_on=form.decided_on.data, by=current_user.id,
                now=clock.now(),
            )  # fmt: skip
        except CannotHelp as refused:
            form.refuse(refused.refusal, REFUSALS, field="from_on")
        else:
            flash(_("The group’s decision is written down."))
            return redirect(url_for(".show_reserve"), 303)
    elif not form.is_submitted():
        form.decided_on.data = form.from_on.data = clock.today(current_group().time_zone)
    return render_form("funding/welfare/decide_share.html", form, is_counted=_is_counted())
