"""A budget's pages: its lines beside what is spent, writing a version, and a second person's answer."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from funding.budgets import commands, forms, queries, rules
from funding.budgets.commands import CannotBudget
from funding.budgets.models import Budget, BudgetLine, BudgetState
from funding.ledger import queries as book
from funding.ledger.forms import ACCOUNTS
from funding.ledger.views import second_person
from funding.permissions import Permission
from network import clock
from network.access.guard import current_group, requires
from network.web.forms import Form, render_form
from network.web.place_pages import PlacePages

bp = PlacePages("budgets", __name__, under="/money/budgets", template_folder="../templates")


def _page(budget: Budget, **more: Any) -> dict[str, Any]:
    """What every page of a budget shows."""
    lines, spending = queries.lines_of(budget), queries.spending_of(budget.fund)
    return {
        "budget": budget,
        "fund": book.get_fund(budget.fund),
        "lines": lines,
        "table": rules.table(lines, spending),
        "by_quarter": rules.by_quarter(lines, spending),
        "accounts": ACCOUNTS,
        "currency": current_group().currency,
        "names": book.names_of([budget.written_by_id, budget.decided_by_id]),
        **more,
    }


@bp.get("/<uuid:budget_id>")
@requires(Permission.BOOK_READ, of=queries.get_budget)
def show_budget(budget: Budget) -> ResponseReturnValue:
    """The lines beside what is spent, as a whole and quarter by quarter."""
    return render_template(
        "funding/budgets/show_budget.html",
        **_page(
            budget,
            in_force=queries.find_agreed(budget.fund),
            versions=queries.agreed_versions(budget.fund),
        ),
    )


def _quarters(budget: Budget) -> list[Any]:
    return rules.quarters_between(budget.starts_on, budget.ends_on)


def _planned(form: forms.LineForm) -> dict[Any, int] | None:
    """What the form plans; where it does not add up, it says so."""
    planned = rules.plan(form.total.data, form.by_quarter())
    if isinstance(planned, rules.Refusal):
        forms.refuse(form, CannotBudget(planned))
        return None
    return planned


@bp.route("/<uuid:budget_id>/lines/add", methods=["GET", "POST"])
@requires(Permission.GRANT_WRITE, of=queries.get_budget)
def add_line(budget: Budget) -> ResponseReturnValue:
    form = forms.line_form(_quarters(budget), kind=current_group().kind)
    if form.validate_on_submit() and (planned := _planned(form)):
        try:
            commands.add_line(
                budget, words=form.words.data, cost=form.cost.data, amounts=planned, by=current_user.id, now=clock.now()
            )  # fmt: skip
        except CannotBudget as refused:
            forms.refuse(form, refused)
        else:
            return redirect(url_for(".show_budget", budget_id=budget.id), 303)
    return render_form("funding/budgets/add_line.html", form, budget=budget, fund=book.get_fund(budget.fund))


@bp.route("/<uuid:budget_id>/lines/<uuid:line_id>/change", methods=["GET", "POST"])
@requires(Permission.GRANT_WRITE, of=queries.get_line_of)
def change_line(subject: tuple[Budget, BudgetLine]) -> ResponseReturnValue:
    budget, line = subject
    amounts = {one.quarter_on: one.amount for one in budget.amounts if one.line_id == line.id}
    said = forms.said_of(line.words, line.cost, amounts)
    form = forms.line_form(_quarters(budget), said, kind=current_group().kind)
    if form.validate_on_submit() and (planned := _planned(form)):
        try:
            commands.change_line(
                budget, line, words=form.words.data, cost=form.cost.data, amounts=planned, by=current_user.id, now=clock.now()
            )  # fmt: skip
        except CannotBudget as refused:
            forms.refuse(form, refused)
        else:
            return redirect(url_for(".show_budget", budget_id=budget.id), 303)
    return render_form("funding/budgets/change_line.html", form, budget=budget, line=line)


def _try(budget: Budget, change: Callable[[], None]) -> ResponseReturnValue:
    """Change something small; where it cannot be, say so on the budget's page."""
    try:
        change()
    except CannotBudget as refused:
        flash(str(forms.sentence(refused)))
    return redirect(url_for(".show_budget", budget_id=budget.id), 303)


@bp.post("/<uuid:budget_id>/lines/<uuid:line_id>/remove")
@requires(Permission.GRANT_WRITE, of=queries.get_line_of)
def remove_line(subject: tuple[Budget, BudgetLine]) -> ResponseReturnValue:
    budget, line = subject
    return _try(budget, lambda: commands.remove_line(budget, line, by=current_user.id, now=clock.now()))


@bp.post("/<uuid:budget_id>/drop")
@requires(Permission.GRANT_WRITE, of=queries.get_budget)
def drop_budget(budget: Budget) -> ResponseReturnValue:
    """Throw away a version nobody has agreed to."""
    return _try(budget, lambda: commands.drop(budget, by=current_user.id, now=clock.now()))


@bp.post("/<uuid:budget_id>/reopen")
@requires(Permission.BOOK_SECOND, of=queries.get_budget)
def reopen_budget(budget: Budget) -> ResponseReturnValue:
    """Not like this: whoever wrote it writes on."""
    return _try(budget, lambda: commands.reopen(budget, by=current_user.id, now=clock.now()))


@bp.route("/<uuid:budget_id>/ask", methods=["GET", "POST"])
@requires(Permission.GRANT_WRITE, of=queries.get_budget)
def ask_for_agreement(budget: Budget) -> ResponseReturnValue:
    form = forms.AskForm(data={"reason": budget.reason}) if budget.number > 1 else forms.FirstAskForm()
    if form.validate_on_submit():
        reason = (form.reason.data or "") if isinstance(form, forms.AskForm) else ""
        try:
            commands.ask_to_agree(budget, reason=reason, by=current_user.id, now=clock.now())
        except CannotBudget as refused:
            forms.refuse(form, refused)
        else:
            flash(_("Written down. A second person has to agree before it counts."))
            return redirect(url_for(".decide_budget", budget_id=budget.id), 303)
    return render_form("funding/budgets/ask_for_agreement.html", form, **_page(budget))


@bp.route("/<uuid:budget_id>/decide", methods=["GET", "POST"])
@requires(Permission.BOOK_SECOND, of=queries.get_budget)
def decide_budget(budget: Budget) -> ResponseReturnValue:
    """Agree: with one's own sign-in here, or as a second person on the first one's phone."""
    is_own = budget.written_by_id == current_user.id
    seen = {"seen": budget.stamp}
    form: Form = forms.AgreeHereForm(data=seen) if is_own else forms.AgreeForm(data=seen)
    if form.validate_on_submit():
        by = second_person(form) if isinstance(form, forms.AgreeHereForm) else current_user.id
        if by and _agree(budget, by, form):
            flash(_("Two people agreed. The budget is in force."))
            return redirect(url_for(".show_budget", budget_id=budget.id), 303)
    earlier = (
        queries.lines_of(queries.find_agreed(budget.fund)) if budget.state == BudgetState.WAITING else []
    )
    return render_form(
        "funding/budgets/decide_budget.html", form,
        **_page(budget, is_own=is_own, earlier={line.id: line.total for line in earlier}),
    )  # fmt: skip


def _agree(budget: Budget, by: uuid.UUID, form: Any) -> bool:
    try:
        commands.agree(budget, seen=form.seen.data or "", by=by, now=clock.now())
    except CannotBudget as refused:
        forms.refuse(form, refused)
        return False
    return True
