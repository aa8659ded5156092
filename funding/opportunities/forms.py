"""The words of a chance's codes, and writing one down."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, ValidationError
from wtforms.validators import Optional

from funding.grants.forms import FUNDER_KINDS as ALL_FUNDER_KINDS
from funding.grants.models import FunderKind
from funding.ledger.forms import AboveNothing, choices
from funding.opportunities import rules
from funding.opportunities.commands import Content
from funding.opportunities.models import Ask, Gives, Opportunity, Paper, Until
from funding.opportunities.rules import Refusal
from network.web import languages
from network.web.fields import Several
from network.web.formatting import day, money
from network.web.forms import DayField, Form, LineField, MoneyField, WordsField, needed

CHOOSE = _l("Choose one.")
FUNDER_KINDS: dict[Any, Any] = {
    code: words for code, words in ALL_FUNDER_KINDS.items() if code is not FunderKind.NETWORK
}
GIVES: dict[Any, Any] = {
    Gives.GIFT: _l("No, it is given"),
    Gives.LOAN: _l("Yes, it is lent"),
    Gives.UNKNOWN: _l("This still has to be found out"),
}
PAID_BACK: dict[Any, Any] = {
    Gives.GIFT: _l("It does not have to be paid back."),
    Gives.LOAN: _l("It has to be paid back."),
    Gives.UNKNOWN: _l("Ask whether it has to be paid back."),
}
UNTIL: dict[Any, Any] = {
    Until.DAY: _l("Until a day"),
    Until.ALL_YEAR: _l("All year round"),
    Until.UNKNOWN: _l("This still has to be found out"),
}
ASKS: dict[Any, Any] = {
    Ask.REGISTERED: _l("Is the group registered with the authority?"),
    Ask.DISABILITY_COUNCIL: _l("Is the group registered with the council for persons with disabilities?"),
    Ask.BANK_ACCOUNT: _l("Is there a bank account in the group’s name?"),
    Ask.CONSTITUTION: _l("Has the group agreed on a constitution?"),
    Ask.OFFICERS: _l("Were the officers elected by the members?"),
    Ask.ONE_YEAR: _l("Has the group been there for a year?"),
    Ask.MOSTLY_DISABILITY: _l("Do most members say they live with a disability?"),
    Ask.MOSTLY_WOMEN: _l("Are most members women?"),
    Ask.MOSTLY_YOUNG: _l("Are most members young people?"),
    Ask.OWN_SHARE: _l("Can the group pay a share of its own?"),
}
PAPERS: dict[Any, Any] = {
    Paper.CERTIFICATE: _l("The certificate of registration"),
    Paper.CONSTITUTION: _l("The constitution"),
    Paper.MINUTES: _l("The minutes in which the members agreed to apply"),
    Paper.OFFICERS_LIST: _l("A list of the officers"),
    Paper.MEMBERS_LIST: _l("A list of members, of those who agree to be on it"),
    Paper.BANK_STATEMENT: _l("A bank statement"),
    Paper.ACCOUNTS: _l("The group’s accounts"),
    Paper.PLAN: _l("What the group wants to do, in writing"),
    Paper.BUDGET: _l("A budget"),
    Paper.TAX_NUMBER: _l("The group’s tax number"),
    Paper.LETTER: _l("A letter from the chief or the local office"),
}
REFUSALS: dict[Any, Any] = {
    Refusal.DAY_MISSING: _l("Say which day, or choose another answer above."),
    Refusal.LEAST_ABOVE_MOST: _l("This is less than the least. Write the larger amount here."),
    Refusal.NOT_A_SAFE_LINK: _l("An address here begins with https:// and has no spaces."),
    Refusal.CHECKED_IN_THE_FUTURE: _l("This day has not come yet."),
    Refusal.PUBLISHED_ALREADY: _l("The groups can read this already."),
    Refusal.OVER: _l("Its day has passed. Put the day right first."),
    Refusal.ENDED_ALREADY: _l("This is off the list already."),
}
BESIDE = {
    Refusal.DAY_MISSING: "closes_on",
    Refusal.LEAST_ABOVE_MOST: "most",
    Refusal.NOT_A_SAFE_LINK: "link",
    Refusal.CHECKED_IN_THE_FUTURE: "checked_on",
}


def refuse(form: Form, refusal: Refusal) -> None:
    """Put the sentence beside the field it is about, or at the top."""
    beside = BESIDE.get(refusal)
    form.refuse(refusal, REFUSALS, beside if beside in form._fields else None)


LATER = ("least", "most", "asks", "papers", "place", "link", "source", "checked_on")
"""What is asked when one is changed, not when it is written down first."""


class OpportunityForm(Form):
    title = LineField(_l("What is it called?"), [needed()])
    words = WordsField(
        _l("What is it for, and who may apply?"),
        [needed()],
        description=_l("Plain words, and how to apply. Leave out what nobody knows for sure."),
    )
    funder = LineField(_l("Who gives it?"), [needed()])
    funder_kind = SelectField(_l("What kind of funder is it?"), choices=choices(FUNDER_KINDS))
    gives = RadioField(
        _l("Does it have to be paid back?"), choices=choices(GIVES), default=Gives.UNKNOWN, validators=[needed(CHOOSE)]
    )  # fmt: skip
    until = RadioField(
        _l("Until when can a group apply?"), choices=choices(UNTIL), default=Until.UNKNOWN, validators=[needed(CHOOSE)]
    )  # fmt: skip
    closes_on = DayField(_l("Which day?"), [Optional()], description=_l("Only where it closes on a day."))
    least = MoneyField(_l("How much at least?"), [Optional(), AboveNothing()])
    most = MoneyField(_l("How much at most?"), [Optional(), AboveNothing()])
    asks = Several(
        _l("What is asked of a group?"),
        choices=choices(ASKS),
        description=_l("Each group answers for itself. Nothing is looked up about its members."),
    )
    papers = Several(_l("Which papers are needed?"), choices=choices(PAPERS))
    place = LineField(_l("Where does one apply?"), most=300)
    link = LineField(
        _l("Is there a page about it?"),
        most=300,
        render_kw={"inputmode": "url", "autocapitalize": "none", "dir": "ltr"},
    )
    source = LineField(
        _l("Where did you read or hear this?"), most=300, description=_l("So that others can look it up.")
    )
    checked_on = DayField(
        _l("When did you ask the funder?"),
        [Optional()],
        description=_l("Leave it empty if nobody has. The page says so."),
    )

    def validate_closes_on(self, field: DayField) -> None:
        """Asked here too, so that everything is said at once."""
        if refusal := rules.why_not_day(self.until.data, field.data):
            raise ValidationError(REFUSALS[refusal])

    def content(self) -> Content:
        """What was filled in; what a shorter form does not ask is not known yet."""
        later: dict[str, Any] = {name: self[name].data for name in LATER if name in self and self[name].data}
        return Content(
            title=self.title.data, words=self.words.data, funder=self.funder.data, funder_kind=self.funder_kind.data,
            gives=self.gives.data, until=self.until.data, closes_on=self.closes_on.data, **later,
        )  # fmt: skip


class WriteOpportunityForm(OpportunityForm):
    """A new one asks for the little that is heard first, and its language; the rest is added when somebody knows it."""

    language = SelectField(_l("In which language do you write?"), validators=[needed()])

    def __init__(self, *positional: Any, **named: Any) -> None:
        super().__init__(*positional, **named)
        for name in LATER:
            del self[name]
        known = [one for one in languages.known().values() if one.code != languages.PSEUDO]
        self.language.choices = choices({one.code: one.autonym for one in known})


class OnlyAButton(Form):
    """Nothing is asked: the page says what will happen."""


def until_words(one: Opportunity, *, today: date) -> str:
    """Until when, as a sentence."""
    if one.until == Until.DAY and one.closes_on:
        if one.closes_on < today:
            return _("It closed on %(date)s.", date=day(one.closes_on))
        return _("Until %(date)s.", date=day(one.closes_on))
    if one.until == Until.ALL_YEAR:
        return _("All year round.")
    return _("Nobody has asked yet until when.")


def amount_words(one: Opportunity) -> str:
    """How much, as a sentence; nothing where nobody knows."""
    least, most = (money(amount, one.currency) if amount else "" for amount in (one.least, one.most))
    if least and most:
        return _("From %(least)s to %(most)s", least=least, most=most)
    if most:
        return _("At most %(most)s", most=most)
    return _("At least %(least)s", least=least) if least else ""
