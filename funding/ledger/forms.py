"""The words for places, funds and kinds of entry, and the forms of the book's own pages."""

import uuid
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, ValidationError
from wtforms.fields import SelectChoice

from funding.ledger import queries
from funding.ledger.commands import CannotPost
from funding.ledger.models import LedgerFund
from funding.ledger.rules import STANDING_FUNDS, Cost, EntryKind, Fund, Place, Refusal, Source, Standing
from network.signing_in.forms import SecondPersonForm
from network.web.formatting import money
from network.web.forms import YEARS, Form, LineField, needed

PLACES: dict[str, Any] = {
    Place.CASH: _l("Cash"),
    Place.MOBILE_MONEY: _l("Mobile money"),
    Place.BANK: _l("Bank"),
}
FUNDS: dict[str, Any] = {
    Fund.GENERAL: _l("General money"),
    Fund.WELFARE: _l("Welfare fund"),
    Fund.RESERVE: _l("Hardship reserve"),
}
KINDS: dict[str, Any] = {
    EntryKind.OPENING: _l("Money from before"),
    EntryKind.CONTRIBUTIONS: _l("Contributions"),
    EntryKind.GRANT: _l("Grant received"),
    EntryKind.OTHER_INCOME: _l("Other income"),
    EntryKind.EXPENSE: _l("Expense"),
    EntryKind.HARDSHIP: _l("Hardship payment"),
    EntryKind.TRANSFER: _l("Moved between places"),
    EntryKind.REVERSAL: _l("Taken back"),
    EntryKind.SEED: _l("Seed money from the network"),
    EntryKind.COUNT: _l("Difference found by counting"),
    EntryKind.BETWEEN_FUNDS: _l("Moved between funds"),
}
COSTS: dict[str, Any] = {
    Cost.VENUE: _l("Venue"),
    Cost.FACILITATORS: _l("Facilitators’ expenses"),
    Cost.ADVOCACY: _l("Advocacy"),
    Cost.TRAINING: _l("Training"),
    Cost.LIVELIHOODS: _l("Earning a living"),
    Cost.TRAVEL: _l("Travel"),
    Cost.REFRESHMENTS: _l("Tea and food"),
    Cost.STATIONERY: _l("Paper and printing"),
    Cost.FEES: _l("Fees and charges"),
    Cost.OTHER_COSTS: _l("Something else"),
}
ACCOUNTS: dict[str, Any] = {
    **PLACES,
    **COSTS,
    Cost.HARDSHIP: _l("Hardship payments"),
    Cost.ONWARD_GRANTS: _l("Grants to groups"),
    Cost.GIVEN_BACK: _l("Given back to a funder"),
    Cost.COUNTED_LESS: _l("Less there than in the book"),
    Source.CONTRIBUTIONS: _l("Contributions"),
    Source.GRANTS: _l("Grants"),
    Source.OTHER_INCOME: _l("Other income"),
    Source.SEED: _l("Seed money from the network"),
    Source.COUNTED_MORE: _l("More there than in the book"),
    Standing.BETWEEN_FUNDS: _l("Moved between funds"),
    Standing.OPENING: _l("Money from before"),
}


def fund_words(funds: Iterable[LedgerFund]) -> dict[str, Any]:
    """What each fund is called: the standing three in the reader's language, then each of these grants by its own name."""
    return FUNDS | {fund.code: fund.name for fund in funds if fund.name}


def funds_offered(kind: str) -> dict[str, Any]:
    """What money can be for in the place in scope: the standing funds of its kind, and grants that are still open."""
    standing: dict[str, Any] = {fund: FUNDS[fund] for fund in STANDING_FUNDS[kind]}
    grants = {fund.code: fund.name for fund in queries.open_funds() if fund.name}
    return standing | grants


REFUSALS = {
    Refusal.IN_THE_FUTURE: _l("This day has not come yet. Write the day the money moved."),
    Refusal.TOO_LONG_AGO: _l("This is more than a year ago. The book takes entries up to a year back."),
    Refusal.NOTHING: _l("There is nothing to write down yet. Fill in at least one amount."),
    Refusal.SAME_PLACE: _l("Choose two different places."),
    Refusal.SAME_FUND: _l("Choose two different funds."),
    Refusal.OWN_SECOND: _l("The second person has to be somebody else than the one who wrote this down."),
    Refusal.NOT_AN_OFFICER: _l("The second person has to be somebody who signs for money here now."),
    Refusal.ABOUT_THEMSELVES: _l("Somebody else has to confirm this one."),
    Refusal.REQUEST_GONE: _l(
        "The request behind this payment was taken back or has closed. Say no to the payment, so that it goes."
    ),
    Refusal.CONDITION_NOT_MET: _l(
        "What was agreed for this money is not in order, or was last said to be more than a month ago. Ask the group."
    ),
    Refusal.DECIDED_ALREADY: _l("Somebody has decided this already. Nothing was changed."),
    Refusal.REVERSED_ALREADY: _l("This entry is taken back already, or that is waiting for a second person."),
    Refusal.IS_A_REVERSAL: _l("This entry takes another one back. Write the right one as a new entry."),
    Refusal.PERIOD_CLOSED: _l(
        "This month is closed. Two people can open it again; or write it down today and say in words what it is about."
    ),
    Refusal.BOOK_STOPPED: _l(
        "The nightly check found that this book does not add up. Nothing is written in it until that is put right. Tell whoever looks after Pamoja for you."
    ),
    Refusal.FUND_CLOSED: _l("This fund is closed. Choose another."),
    Refusal.FUND_NOT_EMPTY: _l("There is still money in this fund. Spend it, give it back or move it first."),
    Refusal.OUTSIDE_GRANT: _l("This day is outside the time the grant is for. Pay it from other money."),
    Refusal.COST_NOT_IN_GRANT: _l("The grant was not given for this. Pay it from other money."),
    Refusal.NO_BUDGET: _l(
        "The grant pays only for what its budget names, and no budget is in force. Two people agree to one first."
    ),
    Refusal.GRANT_BINDS: _l(
        "This grant is only for what its budget names. What is left is moved when the grant is closed."
    ),
    Refusal.NO_LINE: _l(
        "Nobody said which line of the grant’s budget this is. Say no to it and write it down anew."
    ),
    Refusal.KEY_USED_OTHERWISE: _l("This page was sent before with other words. Open it again."),
}


DAYS = (Refusal.IN_THE_FUTURE, Refusal.TOO_LONG_AGO, Refusal.PERIOD_CLOSED, Refusal.OUTSIDE_GRANT)
"""Refusals that are about the day."""
Beside = Callable[[uuid.UUID], Iterable[Any]]
_beside: list[Beside] = []


def say_beside(words: Beside) -> None:
    """Have a package above say something beside an entry, or beside one that waits: a line each."""
    if words not in _beside:
        _beside.append(words)


def said_beside(entry_id: uuid.UUID) -> list[Any]:
    """What packages above say beside an entry."""
    return [line for words in _beside for line in words(entry_id)]


def day_asked(text: str, *, today: date) -> date:
    """The day an address asks for; today where it asks for none there could be, or for one that has not come."""
    try:
        asked = date.fromisoformat(text)
    except ValueError:
        return today
    return min(asked, today) if asked.year in YEARS else today


def sentence(refused: CannotPost) -> Any:
    """Why it is not written in the book, for whoever wanted to write it."""
    from network.access.guard import current_group

    if refused.shortage is None:
        return REFUSALS[refused.refusal]
    there = money(refused.shortage.there, current_group().currency)
    sentences: dict[str, Any] = {
        Place.CASH: _("There is only %(there)s in cash.", there=there),
        Place.MOBILE_MONEY: _("There is only %(there)s in mobile money.", there=there),
        Place.BANK: _("There is only %(there)s in the bank.", there=there),
        Fund.GENERAL: _("There is only %(there)s of general money.", there=there),
        Fund.WELFARE: _("There is only %(there)s in the welfare fund.", there=there),
        Fund.RESERVE: _("There is only %(there)s in the hardship reserve.", there=there),
    }
    return sentences.get(refused.shortage.name, _("There is only %(there)s left of this grant.", there=there))


def refuse(form: Form, refused: CannotPost, field: str | None = None) -> None:
    """Put the sentence beside the field it is about: the day for days, else the one named, else the top of the form."""
    is_about_day = refused.refusal in DAYS
    if refused.refusal is Refusal.COST_NOT_IN_GRANT and "cost" in form:
        field = "cost"
    if refused.refusal in (Refusal.NO_BUDGET, Refusal.FUND_CLOSED) and "fund" in form:
        field = "fund"
    if refused.refusal in (Refusal.GRANT_BINDS, Refusal.FUND_CLOSED) and "source" in form:
        field = "source"
    day = next((name for name in form._fields if name.endswith("_on")), None)
    form.refuse(refused.refusal, {refused.refusal: sentence(refused)}, day if is_about_day else field)


def key_of(form: Form) -> uuid.UUID:
    """The key the page made, under which what the form writes is written once."""
    try:
        return uuid.UUID(form.once.data)
    except ValueError:
        return uuid.uuid4()


def choices(words: Mapping[str, Any]) -> list[SelectChoice]:
    """Codes with their words, to choose from."""
    return [SelectChoice(code, said) for code, said in words.items()]


class AboveNothing:
    """An amount that is more than nothing."""

    def __call__(self, form: Any, field: Any) -> None:  # noqa: ARG002 - the library's signature
        if field.data is not None and field.data <= 0:
            raise ValidationError(_l("Write an amount above zero."))


class ConfirmForm(Form):
    """Nothing to fill in: the button says it."""


class SecondSignInForm(SecondPersonForm):
    """The second person on the first one's phone, which must not fill in what it remembers of the first."""

    sign_in = LineField(
        _l("E-mail, phone number or user name"),
        [needed()],
        render_kw={"autocomplete": "off", "autocapitalize": "none"},
    )
    password = PasswordField(_l("Password"), [needed()], render_kw={"autocomplete": "new-password"})


class RefuseForm(Form):
    why_not = LineField(
        _l("Why not?"), [needed()], description=_l("A few words for whoever wrote this down. No names.")
    )


class EraseForm(Form):
    """Nothing to fill in: the button says it."""


class ReverseForm(Form):
    reason = LineField(
        _l("What was wrong?"), [needed()], description=_l("It stands beside the entry. No names of people.")
    )
