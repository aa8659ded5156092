"""Asking for help, answering, paying; and the share that is kept."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, SelectField, ValidationError
from wtforms.validators import NumberRange

from funding.ledger.forms import PLACES, AboveNothing, choices
from funding.welfare.rules import Need, Refusal, RequestState
from network.web.forms import DayField, Form, MoneyField, WordsField, needed

NEEDS: dict[str, Any] = {
    Need.MEDICINE: _l("Medicine or a clinic"),
    Need.FUNERAL: _l("A funeral"),
    Need.WEDDING: _l("A wedding"),
    Need.TRAVEL: _l("Travel"),
    Need.OTHER: _l("Something else"),
}
STATES: dict[str, Any] = {
    RequestState.WAITING: _l("Being decided"),
    RequestState.AGREED: _l("Agreed"),
    RequestState.DECLINED: _l("Not this time"),
}
REFUSALS = {
    Refusal.TOO_FEW_TO_DECIDE: _l(
        "Two people in office have to decide, and there are not two here who can sign in and are not concerned. Speak with your chairperson."
    ),
    Refusal.OWN_REQUEST: _l("Nobody decides or pays what they asked for themselves."),
    Refusal.ANSWERED_ALREADY: _l("You have answered this one. The others are asked too."),
    Refusal.SETTLED_ALREADY: _l("This is settled already. Nothing was changed."),
    Refusal.NOT_AGREED: _l("Two people have to agree before it can be paid."),
    Refusal.STILL_NEEDED: _l("This page is still needed. It can go once the request is paid or declined."),
}


class AskForm(Form):
    need = RadioField(_l("What is it for?"), choices=choices(NEEDS), validators=[needed(_l("Choose one."))])
    amount = MoneyField(_l("How much would help?"), [needed(), AboveNothing()])
    words = WordsField(
        _l("In your own words"),
        most=1000,
        description=_l(
            "Only those who decide can read this, and it is destroyed three months after it is settled."
        ),
    )


def ask_form(members: list[tuple[str, str]]) -> AskForm:
    """The form; with members to choose from for somebody in office who asks for another at the door."""
    if not members:
        return AskForm()

    class AtTheDoorForm(AskForm):
        member = SelectField(
            _l("For whom?"), choices=choices({"": _l("For myself"), **dict(members)}), validators=[]
        )

    return AtTheDoorForm()


class AnswerForm(Form):
    answer = RadioField(
        _l("What do you say?"),
        choices=choices({"yes": _l("Yes, help with this"), "no": _l("Not this time")}),
        validators=[needed(_l("Choose one."))],
    )


class PayForm(Form):
    place = RadioField(
        _l("Paid from"),
        choices=choices(PLACES),
        validators=[needed(_l("Choose where the money comes from."))],
    )


class DestroyForm(Form):
    """Nothing to fill in: the button says it."""


class PercentField(IntegerField):
    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_l("Write a whole number from 0 to 100.")) from None


class ShareForm(Form):
    percent = PercentField(
        _l("How many of each hundred are kept for hardship?"),
        [needed(), NumberRange(0, 100, _l("Write a whole number from 0 to 100."))],
        render_kw={"inputmode": "numeric"},
    )
    decided_on = DayField(_l("When did the members decide it?"), [needed()])
    from_on = DayField(
        _l("From which day?"),
        [needed()],
        description=_l("Contributions from this day on are split this way. Earlier ones stay as they are."),
    )

    def validate_from_on(self, field: Any) -> None:
        if field.data and self.decided_on.data and field.data < self.decided_on.data:
            raise ValidationError(_l("This cannot be before the day it was decided."))
