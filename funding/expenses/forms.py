"""What was spent, on what, and where the money came from."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField

from funding.expenses.rules import SPENT_FREELY
from funding.ledger.forms import COSTS, FUNDS, PLACES, AboveNothing, choices
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
        choices=choices({fund: FUNDS[fund] for fund in SPENT_FREELY}),
        default=Fund.GENERAL,
        validators=[needed()],
        description=_l("The hardship reserve pays only for requests that were agreed."),
    )
    spent_on = DayField(_l("On which day?"), [needed()])
