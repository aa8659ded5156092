"""Writing down an expense."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from funding.expenses import commands
from funding.expenses.forms import expense_form
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
                key=key_of(form),
            )  # fmt: skip
        except CannotPost as refused:
            refuse(form, refused, "amount")
        else:
            flash(_("Written down. A second person has to agree before it counts."))
            return redirect(url_for("money.decide_draft", draft_id=draft_id), 303)
    elif not form.is_submitted():
        form.spent_on.data = clock.today(current_group().time_zone)
        form.fund.data = fullest_fund(held())
    return render_form("funding/expenses/record_expense.html", form)
