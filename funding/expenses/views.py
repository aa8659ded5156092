"""Writing down an expense."""

import uuid

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from funding.budgets.commands import CannotBudget
from funding.budgets.forms import refuse as refuse_spending
from funding.expenses import commands
from funding.expenses.forms import ExpenseForm, expense_form
from funding.expenses.rules import fullest_fund
from funding.ledger.commands import CannotPost
from funding.ledger.forms import key_of, refuse
from funding.ledger.queries import held
from funding.permissions import Permission
from network import clock
from network.access.guard import current_group, requires
from network.web.forms import render_form
from network.web.place_pages import PlacePages

bp = PlacePages("expenses", __name__, under="/money/expenses", template_folder="../templates")


@bp.route("/record", methods=["GET", "POST"])
@requires(Permission.BOOK_POST)
def record_expense() -> ResponseReturnValue:
    form = expense_form(current_group().kind)
    if form.validate_on_submit():
        try:
            draft_id = commands.record_expense(
                cost=form.cost.data, amount=form.amount.data or 0, place=form.place.data, fund=form.fund.data,
                spent_on=form.spent_on.data, words=form.words.data or "", by=current_user.id, now=clock.now(),
                key=key_of(form), line_id=_line(form), why=form.why.data or "" if "why" in form else "",
            )  # fmt: skip
        except CannotBudget as refused_spending:
            refuse_spending(form, refused_spending)
        except CannotPost as refused:
            refuse(form, refused, "amount")
        else:
            flash(_("Written down. A second person has to agree before it counts."))
            return redirect(url_for("money.decide_draft", draft_id=draft_id), 303)
    elif not form.is_submitted():
        form.spent_on.data = clock.today(current_group().time_zone)
        wanted = request.args.get("out_of")
        offered = {choice.value for choice in form.fund.choices}
        form.fund.data = wanted if wanted in offered else fullest_fund(held())
    return render_form("funding/expenses/record_expense.html", form)


def _line(form: ExpenseForm) -> uuid.UUID | None:
    return uuid.UUID(form.line.data) if "line" in form and form.line.data else None
