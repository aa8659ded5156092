"""Asking for help, answering, paying; and the share that is kept."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, SelectField, ValidationError
from wtforms.fields import SelectChoice
from wtforms.validators import NumberRange

from funding.ledger.forms import PLACES, AboveNothing, choices
from funding.welfare.rules import Need, Refusal, RequestState
from groups.membership.models import Member
from groups.officers.forms import member_choices
from network.web.fields import Several
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
COUNTED = _l("The members counted what holds on this day. Only another decision of theirs changes it.")
REFUSALS = {
    Refusal.COUNTED: COUNTED,
    Refusal.TOO_FEW_TO_DECIDE: _l(
        "Two people in office have to decide, and there are not two here who can sign in and are not concerned. Speak with your chairperson."
    ),
    Refusal.OWN_REQUEST: _l("Nobody decides or pays what they asked for themselves."),
    Refusal.ANSWERED_ALREADY: _l("You have answered this one. The others are asked too."),
    Refusal.SETTLED_ALREADY: _l("This is settled already. Nothing was changed."),
    Refusal.NOT_AGREED: _l("Two people have to agree before it can be paid."),
    Refusal.PAID_ALREADY: _l("This is paid. Its page is destroyed by itself on its date."),
    Refusal.NOT_YOURS: _l("Only whoever asked takes this back."),
}


class AskForm(Form):
    member = SelectField(_l("For whom?"))
    need = RadioField(_l("What is it for?"), choices=choices(NEEDS), validators=[needed(_l("Choose one."))])
    amount = MoneyField(_l("How much would help?"), [needed(), AboveNothing()])
    words = WordsField(
        _l("In your own words"),
        most=1000,
        description=_l(
            "Only those who decide can read this, and it is destroyed three months after it is settled."
        ),
    )
    household = Several(
        _l("Does somebody who decides live with you?"),
        description=_l(
            "Whoever you tick never sees this request and has no part in it. That is kept in the request only, and goes with it."
        ),
    )

    @classmethod
    def asking(cls, officers: Mapping[uuid.UUID, str], members: Iterable[Member]) -> "AskForm":
        """The form; with members to choose from for somebody in office who asks for another at the door."""
        form = cls()
        form.household.choices = [SelectChoice(str(one), name) for one, name in officers.items()]
        form.member.choices = member_choices(members, empty=_l("For myself"))
        if not officers:
            del form.household
        if len(form.member.choices) == 1:
            del form.member
        return form


class AnswerForm(Form):
    answer = RadioField(
        _l("What do you say?"),
        choices=choices({"yes": _l("Yes, help with this"), "no": _l("Not this time")}),
        validators=[needed(_l("Choose one."))],
    )
    reply = WordsField(
        _l("A few words for whoever asked"),
        most=500,
        description=_l(
            "They read it once it is decided. Whoever answers after you sees it too and may change it."
        ),
    )


class HouseholdForm(Form):
    who = SelectField(_l("Who lives with you?"), validators=[needed(_l("Choose one."))])

    @classmethod
    def choosing(cls, people: Mapping[uuid.UUID, str]) -> "HouseholdForm":
        """The form with everybody who decides or might come into office."""
        form = cls()
        form.who.choices = [SelectChoice("", ""), *(SelectChoice(str(one), people[one]) for one in people)]
        return form


class PayForm(Form):
    place = RadioField(
        _l("Paid from"),
        choices=choices(PLACES),
        validators=[needed(_l("Choose where the money comes from."))],
    )


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
