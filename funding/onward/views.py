"""Grants to groups: the office writes, offers and sends them; the group answers, says how it stands and what arrived."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user

from funding.budgets.commands import CannotBudget
from funding.budgets.forms import refuse as refuse_spending
from funding.ledger.commands import CannotPost
from funding.ledger.forms import fund_words, key_of, refuse
from funding.ledger.queries import funds
from funding.onward import commands, queries, rules
from funding.onward.commands import CannotGive
from funding.onward.forms import (
    BESIDE,
    GRANT_KINDS,
    GRANT_STATES,
    PART_STATES,
    REFUSALS,
    AnswerForm,
    NotArrivedForm,
    OfferForm,
    ReceiveForm,
    SettleForm,
    grant_form,
    part_form,
    release_form,
)
from funding.onward.models import OnwardGrant, OnwardPart
from funding.permissions import Permission
from network import clock
from network.access import table
from network.access.actor import Actor
from network.access.guard import current_group, requires
from network.home.registry import Todo
from network.standing import registry as standing
from network.tenancy.models import Group
from network.web.forms import Form, render_form
from network.web.paging import page_of

office_bp = Blueprint(
    "onward", __name__, url_prefix="/n/<uuid:network_id>/onward", template_folder="../templates"
)
group_bp = Blueprint(
    "received", __name__, url_prefix="/g/<uuid:group_id>/money/from-network", template_folder="../templates"
)


def _words() -> dict[str, Any]:
    return {
        "grant_kinds": GRANT_KINDS,
        "grant_states": GRANT_STATES,
        "part_states": PART_STATES,
        "conditions": {one.name: one for one in standing.registered()},
        "reference": rules.reference,
    }


def _refuse(form: Form, refused: CannotGive) -> None:
    beside = BESIDE.get(refused.refusal)
    form.refuse(refused.refusal, REFUSALS, beside if beside in form._fields else None)


def _today() -> Any:
    return clock.today(current_group().time_zone)


@office_bp.get("")
@requires(Permission.ONWARD_READ)
def list_grants() -> ResponseReturnValue:
    page = page_of(queries.given())
    return render_template(
        "funding/onward/list_grants.html", page=page, grants=queries.seen(page.items, now=clock.now()), **_words()
    )  # fmt: skip


@office_bp.get("/waiting")
@requires(Permission.ONWARD_READ)
def list_waiting() -> ResponseReturnValue:
    """Which groups wait for a part, or the office for them, and for what."""
    page = page_of(queries.waiting())
    grants = queries.seen(page.items, now=clock.now())
    return render_template(
        "funding/onward/list_waiting.html", page=page, grants=grants, today=_today(), **_words()
    )


@office_bp.route("/write", methods=["GET", "POST"])
@requires(Permission.ONWARD_GIVE)
def write_grant() -> ResponseReturnValue:
    groups = queries.recipients()
    form = grant_form(groups)
    if form.validate_on_submit():
        recipient = next(group for group in groups if str(group.id) == form.recipient.data)
        try:
            grant = commands.write_grant(
                recipient, kind=form.kind.data, title=form.title.data, purpose=form.purpose.data, amount=form.amount.data or 0,
                fund=form.fund.data, starts_on=form.starts_on.data, ends_on=form.ends_on.data, by=current_user.id, now=clock.now(),
            )  # fmt: skip
        except CannotGive as refused:
            _refuse(form, refused)
        else:
            flash(_("Written down. Now say in which parts it is sent."))
            return redirect(url_for(".show_grant", grant_id=grant.id), 303)
    return render_form("funding/onward/write_grant.html", form, has_groups=bool(groups))


@office_bp.get("/<uuid:grant_id>")
@requires(Permission.ONWARD_READ, of=queries.get_given)
def show_grant(grant: OnwardGrant) -> ResponseReturnValue:
    seen = queries.see(grant, now=clock.now())
    return render_template(
        "funding/onward/show_grant.html",
        grant=seen,
        fund=fund_words(funds()).get(grant.fund, grant.fund),
        left_to_plan=grant.amount - sum(part.row.amount for part in seen.parts),
        **_words(),
    )


@office_bp.route("/<uuid:grant_id>/parts/add", methods=["GET", "POST"])
@requires(Permission.ONWARD_GIVE, of=queries.get_given)
def add_part(grant: OnwardGrant) -> ResponseReturnValue:
    form = part_form(standing.registered())
    if form.validate_on_submit():
        try:
            commands.add_part(
                grant, amount=form.amount.data or 0, due_on=form.due_on.data, condition=form.condition.data or "",
                asks=form.asks.data or [], by=current_user.id, now=clock.now(),
            )  # fmt: skip
        except CannotGive as refused:
            _refuse(form, refused)
        else:
            return redirect(url_for(".show_grant", grant_id=grant.id), 303)
    elif not form.is_submitted():
        form.amount.data = max(0, grant.amount - sum(part.amount for part in grant.parts)) or None
    return render_form("funding/onward/add_part.html", form, grant=grant)


@office_bp.route("/parts/<uuid:part_id>/remove", methods=["GET", "POST"])
@requires(Permission.ONWARD_GIVE, of=queries.get_given_part)
def remove_part(part: OnwardPart) -> ResponseReturnValue:
    form, grant_id = OfferForm(), part.grant_id
    if form.validate_on_submit():
        try:
            commands.remove_part(part, by=current_user.id, now=clock.now())
        except CannotGive as refused:
            _refuse(form, refused)
        else:
            return redirect(url_for(".show_grant", grant_id=grant_id), 303)
    return render_form("funding/onward/remove_part.html", form, part=part)


@office_bp.route("/<uuid:grant_id>/offer", methods=["GET", "POST"])
@requires(Permission.ONWARD_GIVE, of=queries.get_given)
def offer_grant(grant: OnwardGrant) -> ResponseReturnValue:
    form = OfferForm()
    if form.validate_on_submit():
        try:
            commands.offer_grant(grant, by=current_user.id, now=clock.now())
        except CannotGive as refused:
            _refuse(form, refused)
        else:
            flash(_("The group can read it now, and answer."))
            return redirect(url_for(".show_grant", grant_id=grant.id), 303)
    seen = queries.see(grant, now=clock.now())
    return render_form("funding/onward/offer_grant.html", form, grant=seen, **_words())


@office_bp.route("/<uuid:grant_id>/end", methods=["GET", "POST"])
@requires(Permission.ONWARD_GIVE, of=queries.get_given)
def end_grant(grant: OnwardGrant) -> ResponseReturnValue:
    form = OfferForm()
    if form.validate_on_submit():
        try:
            commands.end_grant(grant, by=current_user.id, now=clock.now())
        except CannotGive as refused:
            _refuse(form, refused)
        else:
            flash(_("No further part is sent."))
            return redirect(url_for(".show_grant", grant_id=grant.id), 303)
    return render_form("funding/onward/end_grant.html", form, grant=grant)


@office_bp.route("/parts/<uuid:part_id>/send", methods=["GET", "POST"])
@requires(Permission.ONWARD_GIVE, of=queries.get_given_part)
def release_part(part: OnwardPart) -> ResponseReturnValue:
    """Write the payment down: a second person in the office confirms it."""
    form: Any = release_form(part.grant.fund, condition=part.condition)
    if form.validate_on_submit():
        try:
            draft_id = commands.release_part(
                part, place=form.place.data, paid_on=form.paid_on.data, by=current_user.id, now=clock.now(),
                says_condition_is_met="is_met" in form and form.is_met.data, key=key_of(form),
                line_id=UUID(form.line.data) if "line" in form and form.line.data else None,
                why=form.why.data or "" if "why" in form else "",
            )  # fmt: skip
        except CannotGive as refused:
            _refuse(form, refused)
        except CannotBudget as refused:
            refuse_spending(form, refused)
        except CannotPost as refused:
            refuse(form, refused, "place")
        else:
            flash(_("Written down. A second person has to agree before it counts."))
            return redirect(url_for("money.decide_draft", draft_id=draft_id), 303)
    elif not form.is_submitted():
        form.paid_on.data = _today()
    return render_form("funding/onward/release_part.html", form, part=part, **_words())


@office_bp.route("/parts/<uuid:part_id>/settle", methods=["GET", "POST"])
@requires(Permission.ONWARD_GIVE, of=queries.get_given_part)
def settle_part(part: OnwardPart) -> ResponseReturnValue:
    form = SettleForm()
    if form.validate_on_submit():
        try:
            commands.settle_part(part, words=form.words.data, by=current_user.id, now=clock.now())
        except CannotGive as refused:
            _refuse(form, refused)
        else:
            flash(_("The group can read what you found."))
            return redirect(url_for(".show_grant", grant_id=part.grant_id), 303)
    return render_form("funding/onward/settle_part.html", form, part=part)


@group_bp.get("")
@requires(Permission.BOOK_READ)
def list_received() -> ResponseReturnValue:
    page = page_of(queries.received())
    return render_template(
        "funding/onward/list_received.html", page=page, grants=queries.seen(page.items, now=clock.now()), **_words()
    )  # fmt: skip


@group_bp.get("/<uuid:grant_id>")
@requires(Permission.BOOK_READ, of=queries.get_received)
def show_received(grant: OnwardGrant) -> ResponseReturnValue:
    return _page_of_received(grant, AnswerForm())


def _page_of_received(grant: OnwardGrant, form: Form) -> ResponseReturnValue:
    seen = queries.see(grant, now=clock.now())
    is_in_force = seen.state is rules.GrantState.IN_FORCE
    answers = standing.answers(current_group(), seen.asks, today=_today()) if is_in_force else {}
    return render_form(
        "funding/onward/show_received.html",
        form,
        grant=seen,
        answers=answers,
        shown=rules.mark(answers),
        asked=standing.asked({name for part in seen.parts for name in part.row.asks}),
        **_words(),
    )


@group_bp.post("/<uuid:grant_id>/answer")
@requires(Permission.ONWARD_ANSWER, of=queries.get_received)
def answer_grant(grant: OnwardGrant) -> ResponseReturnValue:
    form = AnswerForm()
    if form.validate_on_submit():
        accepts = form.answer.data == "yes"
        try:
            commands.answer_grant(grant, accepts=accepts, by=current_user.id, now=clock.now())
        except CannotGive as refused:
            _refuse(form, refused)
        else:
            flash(
                _("The office knows that you take it.")
                if accepts
                else _("The office knows that you do not take it.")
            )
            return redirect(url_for(".show_received", grant_id=grant.id), 303)
    return _page_of_received(grant, form)


@group_bp.post("/<uuid:grant_id>/standing")
@requires(Permission.ONWARD_ANSWER, of=queries.get_received)
def say_standing(grant: OnwardGrant) -> ResponseReturnValue:
    """Send the words that the page showed, as they are now."""
    try:
        commands.say_standing(
            grant, current_group(), shown=request.form.get("shown", ""), by=current_user.id, today=_today(), now=clock.now()
        )  # fmt: skip
    except CannotGive as refused:
        form = OfferForm()
        _refuse(form, refused)
        return _page_of_received(grant, form)
    flash(_("The office has these words now, and nothing else."))
    return redirect(url_for(".show_received", grant_id=grant.id), 303)


@group_bp.route("/parts/<uuid:part_id>/received", methods=["GET", "POST"])
@requires(Permission.BOOK_POST, of=queries.get_received_part)
def acknowledge_part(part: OnwardPart) -> ResponseReturnValue:
    form = ReceiveForm()
    if form.validate_on_submit():
        try:
            entry_id = commands.acknowledge_part(
                part, amount=form.amount.data or 0, place=form.place.data, received_on=form.received_on.data,
                words=form.words.data or "", by=current_user.id, now=clock.now(), key=key_of(form),
            )  # fmt: skip
        except CannotGive as refused:
            _refuse(form, refused)
        except CannotPost as refused:
            refuse(form, refused, "amount")
        else:
            flash(_("Written in the book, and the office knows."))
            return redirect(url_for("money.show_entry", entry_id=entry_id), 303)
    elif not form.is_submitted():
        form.amount.data, form.received_on.data = part.amount, _today()
    return render_form("funding/onward/acknowledge_part.html", form, part=part)


@group_bp.route("/parts/<uuid:part_id>/not-arrived", methods=["GET", "POST"])
@requires(Permission.BOOK_POST, of=queries.get_received_part)
def say_not_arrived(part: OnwardPart) -> ResponseReturnValue:
    form = NotArrivedForm()
    if form.validate_on_submit():
        try:
            commands.say_not_arrived(part, words=form.words.data or "", by=current_user.id, now=clock.now())
        except CannotGive as refused:
            _refuse(form, refused)
        else:
            flash(_("The office knows. When it arrives, write it down here."))
            return redirect(url_for(".show_received", grant_id=part.grant_id), 303)
    return render_form("funding/onward/say_not_arrived.html", form, part=part)


def todos_of_group(actor: Actor, group: Group, now: datetime) -> Iterator[Todo]:
    """A grant to answer, a word to send before the next part, money to look out for."""
    may_answer, may_write = (
        table.is_granted(permission, actor) for permission in (Permission.ONWARD_ANSWER, Permission.BOOK_POST)
    )
    if not (may_answer or may_write):
        return
    today = clock.today(group.time_zone, at=now)
    for grant in queries.seen(queries.going_on(queries.received()), now=now):
        href = url_for("received.show_received", grant_id=grant.row.id)
        if may_answer and grant.state is rules.GrantState.OFFERED:
            yield Todo(
                _("Your network offers money"),
                _("Read what it is for, and answer"),
                href,
                soon=True,
                order=22,
            )
        elif may_answer and grant.is_word_needed(today):
            yield Todo(
                _("Say how the group stands"),
                _("The office asks for a word before it sends the next part"), href, order=30,
            )  # fmt: skip
        if may_write and any(part.state is rules.PartState.SENT for part in grant.parts):
            yield Todo(
                _("Money from the network is on its way"),
                _("Write it down when it has arrived"),
                href,
                order=23,
            )


def todos_of_office(actor: Actor, office: Group, now: datetime) -> Iterator[Todo]:
    """Parts that can be sent, and money that arrived otherwise than it was sent."""
    if not table.is_granted(Permission.ONWARD_GIVE, actor):
        return
    grants = queries.seen(queries.going_on(queries.given()), now=now)
    today, href = clock.today(office.time_zone, at=now), url_for("onward.list_grants")
    if count := sum(grant.is_next_part_ready(today) for grant in grants):
        yield Todo(
            ngettext("A part of a grant can be sent", "%(num)d parts of grants can be sent", count),
            _("It is due, and the group says that everything is in order"), href, order=30,
        )  # fmt: skip
    odd = {rules.PartState.OTHERWISE, rules.PartState.NOT_ARRIVED}
    if count := sum(part.state in odd for grant in grants for part in grant.parts):
        yield Todo(
            ngettext(
                "A group says that money did not arrive as it was sent",
                "%(num)d times money did not arrive as it was sent",
                count,
            ),
            _("Look into it, and tell the group what you found"), href, soon=True, order=25,
        )  # fmt: skip
