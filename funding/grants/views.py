"""The pages of grants: all of them, one with what came and what is left and what is due, and everything written about it."""

import uuid
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from wtforms.fields import SelectChoice

from funding.budgets import commands as budgets
from funding.budgets import queries as plans
from funding.budgets.commands import CannotBudget
from funding.budgets.forms import sentence as budget_sentence
from funding.budgets.rules import table
from funding.grants import commands, forms, queries, rules
from funding.grants.commands import CannotGrant
from funding.grants.models import Condition, ConditionState, Grant, Tranche
from funding.ledger import queries as book
from funding.ledger.commands import CannotPost, today
from funding.ledger.forms import ACCOUNTS, fund_words, key_of
from funding.ledger.forms import refuse as refuse_entry
from funding.ledger.queries import of_funds
from funding.ledger.views import words as book_words
from funding.permissions import Permission
from network import clock
from network.access.guard import current_group, requires
from network.web.formatting import day, money
from network.web.forms import Form, render_form
from network.web.paging import page_of, stretch_of
from network.web.place_pages import PlacePages

bp = PlacePages("grants", __name__, under="/money/grants", template_folder="../templates")
NOTES = 5
Ways = Callable[[uuid.UUID], Iterable[tuple[str, str]]]
_ways: list[Ways] = []


def lead_on(ways: Ways) -> None:
    """Have what is built on top add ways on from a grant's page: label and address."""
    if ways not in _ways:
        _ways.append(ways)


@bp.get("")
@requires(Permission.BOOK_READ)
def list_grants() -> ResponseReturnValue:
    page = page_of(queries.grants())
    return render_template(
        "funding/grants/list_grants.html",
        page=page,
        funds=queries.funds_by_code(),
        standings=queries.standings_of(page.items),
        today=today(clock.now()),
    )


@bp.get("/<uuid:grant_id>")
@requires(Permission.BOOK_READ, of=queries.get_grant)
def show_grant(grant: Grant) -> ResponseReturnValue:
    """What came, what is left, what is due; the budget beside the spending; and the notes on what went over."""
    agreed, notes = plans.find_agreed(grant.fund), plans.notes_of(grant.fund)
    lines = plans.lines_of(agreed)
    return render_template(
        "funding/grants/show_grant.html",
        grant=grant,
        fund=queries.fund_of(grant),
        standing=queries.standings_of([grant])[grant.id],
        parts=queries.parts_of(grant.id),
        conditions=queries.conditions_of(grant.id),
        reports=queries.reports_of(grant.id),
        closing=queries.find_closing(grant.id),
        agreed=agreed,
        being_written=plans.find_being_written(grant.fund),
        table=table(lines, plans.spending_of(grant.fund)) if agreed else None,
        notes=notes[:NOTES],
        more_notes=len(notes) - NOTES,
        kinds=forms.FUNDER_KINDS,
        states=forms.CONDITIONS,
        accounts=ACCOUNTS,
        today=today(clock.now()),
        is_soon=rules.is_soon,
        ways_on=[way for ways in _ways for way in ways(grant.id)],
    )


@bp.get("/<uuid:grant_id>/entries")
@requires(Permission.BOOK_READ, of=queries.get_grant)
def list_entries(grant: Grant) -> ResponseReturnValue:
    """Every entry of the grant's fund, so that each figure can be walked back."""
    page = stretch_of(of_funds.entries_of(grant.fund), *of_funds.ORDER)
    return render_template(
        "funding/grants/list_entries.html",
        grant=grant,
        fund=queries.fund_of(grant),
        page=page,
        taken_back=book.reversed_among(entry.id for entry in page.items),
        words=book_words(),
    )


@bp.get("/<uuid:grant_id>/notes")
@requires(Permission.BOOK_READ, of=queries.get_grant)
def list_notes(grant: Grant) -> ResponseReturnValue:
    """Every note on spending that went over its line or its quarter."""
    return render_template(
        "funding/grants/list_notes.html",
        grant=grant,
        fund=queries.fund_of(grant),
        notes=plans.notes_of(grant.fund),
    )


@bp.route("/write", methods=["GET", "POST"])
@requires(Permission.GRANT_WRITE)
def write_grant() -> ResponseReturnValue:
    form = forms.GrantForm()
    if form.validate_on_submit():
        try:
            grant = commands.write_grant(form.terms(), by=current_user.id, now=clock.now())
        except CannotGrant as refused:
            forms.refuse(form, refused.refusal)
        else:
            flash(_("The grant is written down. It has a fund of its own now."))
            return redirect(url_for(".show_grant", grant_id=grant.id), 303)
    return render_form("funding/grants/write_grant.html", form)


@bp.route("/<uuid:grant_id>/change", methods=["GET", "POST"])
@requires(Permission.GRANT_WRITE, of=queries.get_grant)
def change_grant(grant: Grant) -> ResponseReturnValue:
    """Words can be put right at any time; how much and how strictly only while nothing has moved."""
    kept = {name: getattr(grant, name) for name in (*commands.WORDS, "amount")}
    binds = forms.RESTRICTED if grant.is_restricted else forms.FREE
    form = forms.GrantForm(data={**kept, "name": queries.fund_of(grant).name, "binds": binds})
    if form.validate_on_submit():
        try:
            commands.change_grant(grant, form.terms(), by=current_user.id, now=clock.now())
        except CannotGrant as refused:
            forms.refuse(form, refused.refusal)
        else:
            flash(_("The grant is changed."))
            return _back_to(grant.id)
    return render_form("funding/grants/change_grant.html", form, grant=grant)


def _back_to(grant_id: uuid.UUID) -> ResponseReturnValue:
    return redirect(url_for(".show_grant", grant_id=grant_id), 303)


@bp.post("/<uuid:grant_id>/budget")
@requires(Permission.GRANT_WRITE, of=queries.get_grant)
def begin_budget(grant: Grant) -> ResponseReturnValue:
    """Begin to write the budget, or a new version of it."""
    try:
        budget = budgets.begin_budget(
            grant.fund, starts_on=grant.starts_on, ends_on=grant.ends_on, ceiling=grant.amount, by=current_user.id,
            now=clock.now(),
        )  # fmt: skip
    except CannotBudget as refused:
        flash(str(budget_sentence(refused)))
        return _back_to(grant.id)
    return redirect(url_for("budgets.show_budget", budget_id=budget.id), 303)


def _form_page(form: Form, template: str, keep: Callable[[], None], grant_id: uuid.UUID, said: str, **more: Any) -> ResponseReturnValue:  # fmt: skip
    """A form that keeps one thing about a grant and goes back to it."""
    if form.validate_on_submit():
        try:
            keep()
        except CannotGrant as refused:
            forms.refuse(form, refused.refusal)
        except CannotPost as refused_entry:
            refuse_entry(form, refused_entry, "amount")
        else:
            flash(said)
            return _back_to(grant_id)
    names = fund_words(book.funds())
    grant = queries.get_grant(grant_id)
    return render_form(template, form, grant=grant, name=names[grant.fund], **more)


@bp.route("/<uuid:grant_id>/parts/add", methods=["GET", "POST"])
@requires(Permission.GRANT_WRITE, of=queries.get_grant)
def add_tranche(grant: Grant) -> ResponseReturnValue:
    form = forms.TrancheForm()

    def keep() -> None:
        commands.add_tranche(
            grant, expected_on=form.expected_on.data, amount=form.amount.data or 0, condition=form.condition.data or "",
            by=current_user.id, now=clock.now(),
        )  # fmt: skip

    return _form_page(form, "funding/grants/add_tranche.html", keep, grant.id, _("The part is written down."))


@bp.route("/parts/<uuid:tranche_id>/change", methods=["GET", "POST"])
@requires(Permission.GRANT_WRITE, of=queries.get_tranche)
def change_tranche(tranche: Tranche) -> ResponseReturnValue:
    said = {"expected_on": tranche.expected_on, "amount": tranche.amount, "condition": tranche.condition}
    form = forms.TrancheForm(data=said)

    def keep() -> None:
        commands.change_tranche(
            tranche, expected_on=form.expected_on.data, amount=form.amount.data or 0,
            condition=form.condition.data or "", by=current_user.id, now=clock.now(),
        )  # fmt: skip

    template = "funding/grants/change_tranche.html"
    return _form_page(form, template, keep, tranche.grant_id, _("The part is written down."), tranche=tranche)


@bp.post("/parts/<uuid:tranche_id>/remove")
@requires(Permission.GRANT_WRITE, of=queries.get_tranche)
def remove_tranche(tranche: Tranche) -> ResponseReturnValue:
    grant_id = tranche.grant_id
    try:
        commands.remove_tranche(tranche, by=current_user.id, now=clock.now())
    except CannotGrant as refused:
        flash(str(forms.REFUSALS[refused.refusal]))
    return _back_to(grant_id)


@bp.route("/parts/<uuid:tranche_id>/receive", methods=["GET", "POST"])
@requires(Permission.BOOK_POST, of=queries.get_tranche)
def receive_tranche(tranche: Tranche) -> ResponseReturnValue:
    """The part came: it is written in the book, in the grant's fund."""
    form = forms.ReceiveForm(data={"amount": tranche.amount, "received_on": today(clock.now())})

    def keep() -> None:
        commands.receive_tranche(
            tranche, amount=form.amount.data or 0, place=form.place.data, received_on=form.received_on.data,
            by=current_user.id, now=clock.now(), key=key_of(form),
        )  # fmt: skip

    has_others = bool(queries.unlinked_income(queries.get_grant(tranche.grant_id)))
    return _form_page(
        form, "funding/grants/receive_tranche.html", keep, tranche.grant_id, _("Written in the book."), tranche=tranche,
        has_others=has_others,
    )  # fmt: skip


@bp.route("/parts/<uuid:tranche_id>/link", methods=["GET", "POST"])
@requires(Permission.BOOK_POST, of=queries.get_tranche)
def link_tranche(tranche: Tranche) -> ResponseReturnValue:
    """The part stands in the book already: say which entry it is."""
    form, currency = forms.LinkForm(), current_group().currency
    form.entry.choices = [
        SelectChoice(
            str(one.id),
            _("Entry %(number)s, %(date)s: %(amount)s", number=one.number, date=day(one.effective_on), amount=money(one.size, currency)),
        )
        for one in queries.unlinked_income(queries.get_grant(tranche.grant_id))
    ]  # fmt: skip

    def keep() -> None:
        commands.link_tranche(tranche, uuid.UUID(form.entry.data), by=current_user.id, now=clock.now())

    template = "funding/grants/link_tranche.html"
    return _form_page(form, template, keep, tranche.grant_id, _("The part has come."), tranche=tranche)


@bp.route("/<uuid:grant_id>/conditions/add", methods=["GET", "POST"])
@requires(Permission.GRANT_WRITE, of=queries.get_grant)
def add_condition(grant: Grant) -> ResponseReturnValue:
    form = forms.ConditionForm()

    def keep() -> None:
        commands.add_condition(
            grant, words=form.words.data, due_on=form.due_on.data, by=current_user.id, now=clock.now()
        )

    return _form_page(form, "funding/grants/add_condition.html", keep, grant.id, _("It is written down."))


@bp.route("/conditions/<uuid:condition_id>/settle", methods=["GET", "POST"])
@requires(Permission.GRANT_WRITE, of=queries.get_condition)
def settle_condition(condition: Condition) -> ResponseReturnValue:
    form = forms.SettleForm(data={"on": today(clock.now())})

    def keep() -> None:
        state = ConditionState(form.state.data)
        words = form.words.data or ""
        commands.settle_condition(
            condition, state=state, on=form.on.data, words=words, by=current_user.id, now=clock.now()
        )

    template = "funding/grants/settle_condition.html"
    return _form_page(form, template, keep, condition.grant_id, _("It is settled."), condition=condition)


@bp.route("/<uuid:grant_id>/reports/add", methods=["GET", "POST"])
@requires(Permission.GRANT_WRITE, of=queries.get_grant)
def add_report_due(grant: Grant) -> ResponseReturnValue:
    last: date | None = max((one.to_on for one in queries.reports_of(grant.id)), default=None)
    form = forms.ReportDueForm(
        data={"from_on": date.fromordinal(last.toordinal() + 1) if last else grant.starts_on}
    )

    def keep() -> None:
        commands.add_report_due(
            grant, from_on=form.from_on.data, to_on=form.to_on.data, due_on=form.due_on.data, by=current_user.id, now=clock.now()
        )  # fmt: skip

    return _form_page(form, "funding/grants/add_report_due.html", keep, grant.id, _("It is written down."))
