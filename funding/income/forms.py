"""Where money came from, and where it went."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField

from funding.ledger.forms import FUNDS, KINDS, PLACES, AboveNothing, choices
from funding.ledger.rules import EntryKind, Fund
from network.web.forms import DayField, Form, LineField, MoneyField, needed

CHOOSE = _l("Choose one.")


class IncomeForm(Form):
    kind = RadioField(
        _l("What is it?"),
        choices=choices(
            {
                kind: KINDS[kind]
                for kind in (EntryKind.GRANT, EntryKind.SEED, EntryKind.OTHER_INCOME, EntryKind.OPENING)
            }
        ),
        validators=[needed(CHOOSE)],
        description=_l("Members’ contributions go on the sheet."),
    )
    amount = MoneyField(_l("How much came in?"), [needed(), AboveNothing()])
    words = LineField(
        _l("From whom"), description=_l("The funder’s or the organisation’s name. No names of members.")
    )
    place = RadioField(_l("Where did it go?"), choices=choices(PLACES), validators=[needed(CHOOSE)])
    fund = RadioField(
        _l("What is it for?"),
        choices=choices(FUNDS),
        default=Fund.GENERAL,
        validators=[needed()],
        description=_l("A grant is general money, unless it was given for the other two."),
    )
    received_on = DayField(_l("On which day?"), [needed()])


class FundMoveForm(Form):
    amount = MoneyField(_l("How much?"), [needed(), AboveNothing()])
    source = RadioField(_l("It was for"), validators=[needed(CHOOSE)])
    target = RadioField(_l("From now on it is for"), validators=[needed(CHOOSE)])
    words = LineField(
        _l("Who decided it, and why?"),
        [needed()],
        description=_l("Such as: the members’ meeting of 3 May. No names of members."),
    )
    moved_on = DayField(_l("On which day?"), [needed()])


def fund_move_form(funds: Mapping[str, Any]) -> FundMoveForm:
    """The form with the funds there are."""
    form = FundMoveForm()
    form.source.choices = form.target.choices = choices(funds)
    return form


class TransferForm(Form):
    amount = MoneyField(_l("How much was moved?"), [needed(), AboveNothing()])
    source = RadioField(_l("From"), choices=choices(PLACES), validators=[needed(CHOOSE)])
    target = RadioField(_l("To"), choices=choices(PLACES), validators=[needed(CHOOSE)])
    words = LineField(_l("In a few words"))
    moved_on = DayField(_l("On which day?"), [needed()])
