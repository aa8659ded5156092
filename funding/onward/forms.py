"""Writing a grant and its parts, sending a part, and what the group says about it."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField

from funding.budgets.queries import find_agreed, lines_of
from funding.ledger.forms import PLACES, AboveNothing, choices, funds_offered
from funding.ledger.rules import Cost
from funding.onward.rules import GrantKind, GrantState, PartState, Refusal
from network.standing.registry import Condition
from network.tenancy.models import Group
from network.web.fields import Several
from network.web.forms import DayField, Form, LineField, MoneyField, WordsField, needed

CHOOSE = _l("Choose one.")
GRANT_KINDS: dict[str, Any] = {
    GrantKind.SEED: _l("Seed money, to use as the group needs it"),
    GrantKind.PROJECT: _l("A grant for this purpose only, kept apart in the group’s book"),
}
GRANT_STATES: dict[str, Any] = {
    GrantState.BEING_WRITTEN: _l("Being written"),
    GrantState.OFFERED: _l("Offered"),
    GrantState.IN_FORCE: _l("In force"),
    GrantState.DECLINED: _l("Not taken"),
    GrantState.ENDED: _l("Ended"),
}
PART_STATES: dict[str, Any] = {
    PartState.TO_COME: _l("To come"),
    PartState.WAITING: _l("Waiting for a second person"),
    PartState.SENT: _l("On its way"),
    PartState.RECEIVED: _l("Arrived"),
    PartState.OTHERWISE: _l("Arrived otherwise than sent"),
    PartState.NOT_ARRIVED: _l("Has not arrived"),
    PartState.SETTLED: _l("Looked into"),
    PartState.TAKEN_BACK: _l("Taken back"),
}
REFUSALS: dict[Any, Any] = {
    Refusal.PARTS_TOO_MUCH: _l("With this the parts come to more than the grant."),
    Refusal.PARTS_TOO_LITTLE: _l("The parts do not come to the whole grant yet. Add what is missing."),
    Refusal.TOO_MANY_PARTS: _l("These are many parts already. Put some of them together."),
    Refusal.OFFERED_ALREADY: _l("The group reads this grant already, so it is not changed any more."),
    Refusal.NOT_IN_FORCE: _l("This grant is not in force."),
    Refusal.NOT_IN_ORDER: _l("The group has not said within the last month that everything is in order."),
    Refusal.CONDITION_OPEN: _l("Say that what was agreed is so, or wait until it is."),
    Refusal.SENT_ALREADY: _l("This part was sent already."),
    Refusal.WAITING_ALREADY: _l("This part waits for a second person already."),
    Refusal.NOT_SENT: _l("This part was not sent."),
    Refusal.ANSWERED_ALREADY: _l("The group has answered already. Nothing was changed."),
    Refusal.RECEIVED_ALREADY: _l("This is written down already. Nothing was changed."),
    Refusal.OWN_GRANT_CLOSED: _l(
        "The group has closed this grant in its book. Write it down as money that came in, and tell the office."
    ),
    Refusal.CHANGED_MEANWHILE: _l("Something has changed since you looked. Look once more, then send it."),
    Refusal.PERIOD: _l("The last day comes after the first."),
    Refusal.OUTSIDE_PERIOD: _l("Choose a day within the time of the grant."),
}
BESIDE = {
    Refusal.PARTS_TOO_MUCH: "amount",
    Refusal.OUTSIDE_PERIOD: "due_on",
    Refusal.PERIOD: "ends_on",
    Refusal.CONDITION_OPEN: "is_met",
}
"""The field a sentence stands beside."""


class GrantForm(Form):
    recipient = SelectField(_l("For which group?"), validators=[needed(CHOOSE)])
    kind = RadioField(
        _l("What kind of money is it?"), choices=choices(GRANT_KINDS), validators=[needed(CHOOSE)]
    )
    title = LineField(
        _l("What is it called?"),
        [needed()],
        description=_l("Such as: seed money, first year. It stands in both books."),
    )
    purpose = WordsField(
        _l("What is it for?"),
        [needed()],
        most=1000,
        description=_l("The group reads this, and it may be published. No names of people."),
    )
    amount = MoneyField(_l("How much in all?"), [needed(), AboveNothing()])
    fund = RadioField(_l("Paid out of"), validators=[needed(CHOOSE)])
    starts_on = DayField(_l("From which day?"), [needed()])
    ends_on = DayField(_l("Until which day?"), [needed()])


def grant_form(groups: Sequence[Group]) -> GrantForm:
    """The form with the groups that can receive, and the funds of the office."""
    form = GrantForm()
    form.recipient.choices = choices({"": "–", **{str(group.id): group.name for group in groups}})
    form.fund.choices = choices(funds_offered("office"))
    return form


class PartForm(Form):
    amount = MoneyField(_l("How much?"), [needed(), AboveNothing()])
    due_on = DayField(_l("When is it to be sent?"), [needed()])
    asks = Several(
        _l("What has to be in order before?"),
        description=_l("The group says yes or not yet to each; nothing else is told."),
    )
    condition = WordsField(
        _l("What else was agreed?"),
        most=300,
        description=_l("Such as: the report about the first part has come."),
    )


def part_form(conditions: Sequence[Condition]) -> PartForm:
    """The form with everything that can be asked; what is asked first is ticked from the start."""
    form = PartForm()
    form.asks.choices = choices({one.name: one.words for one in conditions})
    if not form.is_submitted():
        form.asks.data = [one.name for one in conditions if one.is_asked_first]
    return form


class ReleaseForm(Form):
    place = RadioField(_l("Paid from"), choices=choices(PLACES), validators=[needed(CHOOSE)])
    paid_on = DayField(_l("On which day?"), [needed()])

    line = SelectField(
        _l("Which line of the grant’s budget?"),
        description=_l("Only where the budget has several for this cost."),
    )
    why = LineField(
        _l("Why, if it is more than the grant’s budget has for it?"),
        most=200,
        description=_l("The second person and the funder read it. No names of members."),
    )
    is_met = BooleanField(_l("What was agreed in words is so"))


def release_form(fund: str, *, condition: str) -> ReleaseForm:
    """The form; it asks about a budget where the fund has one, and about what was agreed where something was."""
    form = ReleaseForm()
    lines = [line for line in lines_of(find_agreed(fund)) if line.cost == Cost.ONWARD_GRANTS]
    form.line.choices = choices({"": _l("There is only one"), **{str(line.id): line.words for line in lines}})
    if len(lines) < 2:  # noqa: PLR2004 - there is nothing to choose
        del form.line
    if not lines:
        del form.why
    if not condition:
        del form.is_met
    return form


class OfferForm(Form):
    """Nothing to fill in: the button says it."""


class SettleForm(Form):
    words = LineField(
        _l("What did you find?"),
        [needed()],
        description=_l("Such as: the bank kept 50 as its charge. The group reads this."),
    )


class AnswerForm(Form):
    answer = RadioField(
        _l("What does the group say?"),
        choices=choices({"yes": _l("We take it"), "no": _l("We do not take it")}),
        validators=[needed(CHOOSE)],
    )


class ReceiveForm(Form):
    amount = MoneyField(_l("How much arrived?"), [needed(), AboveNothing()])
    place = RadioField(_l("Where did it go?"), choices=choices(PLACES), validators=[needed(CHOOSE)])
    received_on = DayField(_l("On which day?"), [needed()])
    words = LineField(
        _l("If it is not what was sent: do you know why?"),
        description=_l("The office reads this. No names of members."),
    )


class NotArrivedForm(Form):
    words = LineField(
        _l("What should the office know?"), description=_l("The office reads this. No names of members.")
    )
