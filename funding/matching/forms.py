"""Writing a line down, or leaving it aside; what the line says stands in the fields already."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField

from funding.expenses.forms import ExpenseForm, expense_form
from funding.expenses.rules import fullest_fund
from funding.income.forms import IncomeForm, income_form
from funding.ledger.forms import PLACES, AboveNothing, choices, funds_offered
from funding.ledger.queries import held
from funding.ledger.rules import Cost, Fund, Place
from funding.matching.rules import Refusal
from funding.statements.models import Details, StatementLine
from network.web.forms import DayField, Form, LineField, MoneyField, needed

REFUSALS: dict[Refusal, Any] = {
    Refusal.ENDED_ALREADY: _l("Somebody has settled this line just now. Nothing was changed."),
    Refusal.JOINED_ALREADY: _l("This line and this entry belong together already."),
    Refusal.NOTHING_LEFT: _l("Other lines account for the whole of this entry already."),
    Refusal.OTHER_WAY: _l("Money came in on one of them and went out on the other."),
    Refusal.TAKEN_BACK: _l("This entry was taken back, or is not there. Choose another one."),
    Refusal.MORE_THAN_LEFT: _l("This is more than is left of the line. Write that much or less."),
    Refusal.HAS_PARTS: _l("A part of this line belongs to an entry. Undo that first."),
    Refusal.NO_CHARGES: _l("No charge of this statement is open any more."),
}
"""The sentences for whoever wanted to settle a line."""


class JoinForm(Form):
    """Nothing to fill in: the button says it."""


class PartForm(Form):
    """Nothing to fill in: the button says it."""


class LeaveAsideForm(Form):
    reason = LineField(
        _l("Why does it not belong in the book?"),
        [needed()],
        description=_l("Such as: sent to the wrong till and sent back the same day. No names."),
    )


class MoveForm(Form):
    amount = MoneyField(_l("How much was moved?"), [needed(), AboveNothing()])
    other = RadioField(validators=[needed(_l("Choose one."))])
    words = LineField(_l("In a few words"))
    moved_on = DayField(_l("On which day?"), [needed()])


class ChargesForm(Form):
    fund = RadioField(_l("Out of"), default=Fund.GENERAL, validators=[needed()])


def income_from_line(line: StatementLine, rest: int, kind: str) -> IncomeForm:
    """The form for money that came in, filled in from its line; the place is the account's."""
    form = income_form(kind)
    del form.place
    if not form.is_submitted():
        form.amount.data, form.received_on.data = abs(rest), line.booked_on
    return form


def expense_from_line(line: StatementLine, rest: int, kind: str) -> ExpenseForm:
    """The form for money that was spent, filled in from its line; charges are known as such."""
    form = expense_form(kind)
    del form.place
    if not form.is_submitted():
        form.amount.data, form.spent_on.data = abs(rest), line.booked_on
        form.fund.data = fullest_fund(held())
        if line.details == Details.CHARGE:
            form.cost.data, form.words.data = Cost.FEES, _("Charge")
    return form


def move_from_line(line: StatementLine, rest: int) -> MoveForm:
    """The form for money that was moved to or from another place."""
    form = MoveForm()
    form.other.choices = choices(
        {place: PLACES[place] for place in Place if place.value != line.account.place}
    )
    form.other.label.text = _("Where did it come from?") if rest > 0 else _("Where did it go?")
    if not form.is_submitted():
        form.amount.data, form.moved_on.data = abs(rest), line.booked_on
    return form


def charges_form(kind: str) -> ChargesForm:
    """The form with the funds that charges can be paid out of."""
    form = ChargesForm()
    form.fund.choices = choices(
        {code: words for code, words in funds_offered(kind).items() if code != Fund.RESERVE}
    )
    if not form.is_submitted():
        form.fund.data = fullest_fund(held())
    return form
