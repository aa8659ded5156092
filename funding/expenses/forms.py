"""What was spent, on what, and where the money came from."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField

from funding.budgets.queries import agreed_for, planned_in
from funding.expenses.rules import lines_to_choose
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
    line = SelectField(
        _l("Which line of the grant’s budget?"),
        description=_l("Only where the budget has several for this cost."),
    )
    why = LineField(
        _l("Why, if it is more than the grant’s budget has for it?"),
        most=200,
        description=_l("The second person and the funder read it. No names of members."),
    )
    spent_on = DayField(_l("On which day?"), [needed()])


def expense_form(kind: str) -> ExpenseForm:
    """The form for a group, or for an office, which has no reserve; asking about budgets only where there are any."""
    form = ExpenseForm()
    offered = funds_offered(kind)
    planned = planned_in(agreed_for(offered).values())
    several = lines_to_choose(planned)
    form.line.choices = [
        ("", _l("There is only one")),
        *(
            (str(line.id), f"{offered[fund]}: {line.words}")
            for fund, lines in several.items()
            for line in lines
        ),
    ]
    if not several:
        del form.line
    if not planned:
        del form.why
    form.fund.choices = choices({code: words for code, words in offered.items() if code != Fund.RESERVE})
    if kind == "office":
        form.fund.description = ""
    return form
