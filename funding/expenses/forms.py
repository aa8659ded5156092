"""What was spent, on what, and where the money came from."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField

from funding.ledger.forms import COSTS, PLACES, AboveNothing, choices, funds_offered
from funding.ledger.rules import Fund
from network.web.forms import DayField, Form, LineField, MoneyField, needed


class ExpenseForm(Form):
    amount = MoneyField(_l("How much was spent?"), [needed(), AboveNothing()])
    cost = SelectField(_l("What was it for?"), choices=choices(COSTS))
    words = LineField(
        _l("In a few words"), description=_l("Such as: hall rent for May. No names of members.")
    )
    place = RadioField(
        _l("Paid from"),
        choices=choices(PLACES),
        validators=[needed(_l("Choose where the money came from."))],
    )
    fund = RadioField(
        _l("Out of"),
        default=Fund.GENERAL,
        validators=[needed()],
        description=_l("The hardship reserve pays only for requests that were agreed."),
    )
    spent_on = DayField(_l("On which day?"), [needed()])


def expense_form(kind: str) -> ExpenseForm:
    """The form for a group, or for an office, which has no reserve."""
    form = ExpenseForm()
    form.fund.choices = choices(
        {code: words for code, words in funds_offered(kind).items() if code != Fund.RESERVE}
    )
    if kind == "office":
        form.fund.description = ""
    return form
