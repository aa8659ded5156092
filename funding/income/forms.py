"""Where money came from, and where it went."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField

from funding.ledger.forms import KINDS, PLACES, AboveNothing, choices, funds_offered
from funding.ledger.rules import EntryKind, Fund
from network.web.forms import DayField, Form, LineField, MoneyField, needed

CHOOSE = _l("Choose one.")
KINDS_OF_INCOME = {
    "group": (EntryKind.GRANT, EntryKind.SEED, EntryKind.OTHER_INCOME, EntryKind.OPENING),
    "office": (EntryKind.GRANT, EntryKind.OTHER_INCOME, EntryKind.OPENING),
}


class IncomeForm(Form):
    kind = RadioField(
        _l("What is it?"),
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


def fund_move_form(kind: str) -> FundMoveForm:
    """The form with the funds there are."""
    form = FundMoveForm()
    form.source.choices = form.target.choices = choices(funds_offered(kind))
    if kind == "office":
        form.words.description = ""
    return form


def income_form(kind: str) -> IncomeForm:
    """The form for a group, or for an office: which has no members, no welfare fund, and gets no seed money."""
    form = IncomeForm()
    form.kind.choices = choices({one: KINDS[one] for one in KINDS_OF_INCOME[kind]})
    form.fund.choices = choices(funds_offered(kind))
    if kind == "office":
        form.kind.description = form.fund.description = ""
    return form


class TransferForm(Form):
    amount = MoneyField(_l("How much was moved?"), [needed(), AboveNothing()])
    source = RadioField(_l("From"), choices=choices(PLACES), validators=[needed(CHOOSE)])
    target = RadioField(_l("To"), choices=choices(PLACES), validators=[needed(CHOOSE)])
    words = LineField(_l("In a few words"))
    moved_on = DayField(_l("On which day?"), [needed()])
