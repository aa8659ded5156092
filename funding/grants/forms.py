"""Writing a grant, what it comes in, what was promised for it, and which reports are due."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, ValidationError
from wtforms.fields import SelectChoice
from wtforms.validators import Optional

from funding.grants.commands import Terms
from funding.grants.models import ConditionState, FunderKind
from funding.grants.rules import Refusal
from funding.ledger.forms import PLACES, AboveNothing, choices
from network.web.forms import DayField, Form, LineField, MoneyField, WordsField, needed

FUNDER_KINDS: dict[Any, Any] = {
    FunderKind.GOVERNMENT: _l("The national government"),
    FunderKind.COUNTY: _l("The county or the town"),
    FunderKind.DISABILITY_FUND: _l("A fund for persons with disabilities"),
    FunderKind.WOMEN_FUND: _l("A fund for women"),
    FunderKind.YOUTH_FUND: _l("A fund for young people"),
    FunderKind.NGO: _l("An organisation that helps"),
    FunderKind.FOUNDATION: _l("A foundation"),
    FunderKind.FAITH: _l("A church, a mosque or a temple"),
    FunderKind.BANK: _l("A bank"),
    FunderKind.NETWORK: _l("Our network"),
    FunderKind.ANOTHER: _l("Somebody else"),
}
CONDITIONS: dict[Any, Any] = {
    ConditionState.OPEN: _l("Still to do"),
    ConditionState.MET: _l("Done as promised"),
    ConditionState.LET_GO: _l("The funder let go of it"),
}
REFUSALS: dict[Any, Any] = {
    Refusal.ENDS_BEFORE_IT_STARTS: _l("This is before it starts."),
    Refusal.TOO_LONG: _l("This is longer than six years. Write each part as a grant of its own."),
    Refusal.MONEY_CAME: _l(
        "Money has come or was spent for this grant, so how much it is and how strictly it binds stay as they are."
    ),
    Refusal.SPENT_OUTSIDE: _l("Something was spent on a day outside this time. Keep that day inside."),
    Refusal.LESS_THAN_PARTS: _l(
        "The parts it comes in are more than this already. Write the parts smaller first."
    ),
    Refusal.CLOSED: _l("This grant is closed. Nothing about it changes any more."),
    Refusal.TOO_MANY: _l("There are more of these than this page can take."),
    Refusal.MORE_THAN_AWARDED: _l("Together with the other parts this is more than the grant."),
    Refusal.CAME_ALREADY: _l("This part stands in the book already."),
    Refusal.NOT_THIS_GRANTS: _l("Choose an entry that brought money into this grant’s fund."),
    Refusal.SETTLED_ALREADY: _l("Somebody has settled this already. Nothing was changed."),
    Refusal.SENT_ALREADY: _l("This report was sent already."),
    Refusal.BEFORE_IT_IS_OVER: _l("The time this report is about is not over on that day."),
    Refusal.IN_THE_FUTURE: _l("This day has not come yet."),
}
BESIDE = {
    Refusal.ENDS_BEFORE_IT_STARTS: ("ends_on", "to_on", "due_on"),
    Refusal.TOO_LONG: ("ends_on",),
    Refusal.SPENT_OUTSIDE: ("ends_on",),
    Refusal.MONEY_CAME: ("amount",),
    Refusal.LESS_THAN_PARTS: ("amount",),
    Refusal.MORE_THAN_AWARDED: ("amount",),
    Refusal.NOT_THIS_GRANTS: ("entry",),
    Refusal.BEFORE_IT_IS_OVER: ("sent_on",),
    Refusal.IN_THE_FUTURE: ("on", "sent_on"),
}
RESTRICTED, FREE = "restricted", "free"


def refuse(form: Form, refusal: Refusal) -> None:
    """Put the sentence beside the field it is about, or at the top."""
    form.refuse(refusal, REFUSALS, next((name for name in BESIDE.get(refusal, ()) if name in form), None))


class GrantForm(Form):
    funder = LineField(_l("Who gives it?"), [needed()])
    funder_kind = SelectField(_l("What kind of funder is it?"), choices=choices(FUNDER_KINDS))
    name = LineField(
        _l("What do you call it?"),
        [needed()],
        most=60,
        description=_l("Short, so that you find it: the funder and the year, or what it is for."),
    )
    purpose = WordsField(_l("What is it for?"), [needed()], most=2000)
    amount = MoneyField(_l("How much is it in all?"), [needed(), AboveNothing()])
    starts_on = DayField(_l("From which day may it be spent?"), [needed()])
    ends_on = DayField(_l("Until which day?"), [needed()])
    binds = RadioField(
        _l("What may it pay for?"),
        choices=[
            SelectChoice(RESTRICTED, _l("Only what its budget names")),
            SelectChoice(FREE, _l("Whatever the group does")),
        ],
        default=RESTRICTED,
        validators=[needed()],
    )
    restriction = WordsField(
        _l("What did the funder say about it?"), most=2000, description=_l("Such as: no travel abroad, no salaries.")
    )  # fmt: skip
    reference = LineField(_l("The funder’s number or letter"), most=60)

    def validate_ends_on(self, field: DayField) -> None:
        if self.starts_on.data and field.data and field.data < self.starts_on.data:
            raise ValidationError(REFUSALS[Refusal.ENDS_BEFORE_IT_STARTS])

    def terms(self) -> Terms:
        """What was filled in."""
        return Terms(
            name=self.name.data, funder=self.funder.data, funder_kind=self.funder_kind.data, purpose=self.purpose.data,
            amount=self.amount.data or 0, starts_on=self.starts_on.data, ends_on=self.ends_on.data,
            reference=self.reference.data or "", restriction=self.restriction.data or "",
            is_restricted=self.binds.data == RESTRICTED,
        )  # fmt: skip


class TrancheForm(Form):
    amount = MoneyField(_l("How much?"), [needed(), AboveNothing()])
    expected_on = DayField(_l("When do you expect it?"), [Optional()])
    condition = LineField(
        _l("What has to happen first?"), most=200, description=_l("Such as: when the first report is in.")
    )  # fmt: skip


class ReceiveForm(Form):
    amount = MoneyField(
        _l("How much came in?"),
        [needed(), AboveNothing()],
        description=_l("What really arrived, after any charges."),
    )
    place = RadioField(
        _l("Where did it go?"), choices=choices(PLACES), validators=[needed(_l("Choose one."))]
    )
    received_on = DayField(_l("On which day?"), [needed()])


class LinkForm(Form):
    entry = RadioField(_l("Which entry is it?"), validators=[needed(_l("Choose one."))])


class ConditionForm(Form):
    words = WordsField(_l("What did the group promise?"), [needed()], most=600)
    due_on = DayField(_l("By when?"), [Optional()])


class SettleForm(Form):
    state = RadioField(
        _l("How does it stand?"),
        choices=choices({code: CONDITIONS[code] for code in (ConditionState.MET, ConditionState.LET_GO)}),
        validators=[needed(_l("Choose one."))],
    )
    on = DayField(_l("Since which day?"), [needed()])
    words = LineField(_l("A few words"), most=200)


class ReportDueForm(Form):
    from_on = DayField(_l("From which day is it about?"), [needed()])
    to_on = DayField(_l("Up to which day?"), [needed()])
    due_on = DayField(_l("When is it due?"), [needed()])


class SentForm(Form):
    sent_on = DayField(_l("On which day did it go out?"), [needed()])
