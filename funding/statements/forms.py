"""Bringing a statement, and saying what the columns of a CSV hold."""

import uuid
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import RadioField, SelectField
from wtforms.fields import SelectChoice

from funding.ledger.forms import PLACES, choices
from funding.statements import queries
from funding.statements.formats.mapped import Sample
from funding.statements.models import AccountPlace, Details, LineState, StatementAccount
from funding.statements.rules import Refusal
from network.web.forms import Form, LineField, needed

FORMATS: dict[str, Any] = {
    "mpesa": _l("M-Pesa customer CSV"),
    "mpesa-org": _l("M-Pesa organisation CSV (till, paybill)"),
    "airtel": _l("Airtel Money CSV"),
    "camt053": _l("ISO 20022 statement"),
    "camt054": _l("ISO 20022 notification"),
    "mt940": _l("SWIFT statement"),
    "mt942": _l("SWIFT interim report"),
    "ofx": _l("OFX 1.x and 2.x"),
    "csv": _l("any CSV by its columns"),
}
DETAILS: dict[str, Any] = {
    Details.PAYMENT: _l("Payment"),
    Details.CHARGE: _l("Charge"),
    Details.REVERSAL: _l("Reversal"),
    Details.INTEREST: _l("Interest"),
}
STATES: dict[str, Any] = {
    LineState.OPEN: _l("open"),
    LineState.MATCHED: _l("settled"),
    LineState.SPLIT: _l("settled by several entries"),
    LineState.IGNORED: _l("left aside"),
}
REFUSALS: dict[Refusal, Any] = {
    Refusal.TOO_LARGE: _l(
        "This file is larger than 1.5 megabytes. Download the statement for a shorter time, and bring the next part after it."
    ),
    Refusal.TOO_MANY_LINES: _l(
        "This file has more than 5,000 movements. Download the statement for a shorter time, and bring the next part after it."
    ),
    Refusal.OTHER_CURRENCY: _l("This statement is in other money than the book. Nothing of it was kept."),
    Refusal.NOTHING_IN_IT: _l("There is no movement and no balance in this file."),
    Refusal.MOBILE_MONEY_SAYS: _l("This is a statement of mobile money. Choose mobile money below."),
    Refusal.WHICH_ACCOUNT: _l("The file does not say which account it is of. Choose the account below."),
    Refusal.SEVERAL_ACCOUNTS: _l("This file holds several accounts. Leave the account as the file says it."),
    Refusal.SETTLED_LINES: _l(
        "Some of its lines are settled already or wait for a second person. Open those again first."
    ),
    Refusal.NAME_TAKEN: _l("These columns have a name already. Choose another one."),
}
FIELDS = {
    Refusal.OTHER_CURRENCY: "file",
    Refusal.TOO_LARGE: "file",
    Refusal.TOO_MANY_LINES: "file",
    Refusal.NOTHING_IN_IT: "file",
    Refusal.MOBILE_MONEY_SAYS: "place",
    Refusal.WHICH_ACCOUNT: "account",
    Refusal.SEVERAL_ACCOUNTS: "account",
}
OWN_COLUMNS = "own-columns"
"""The choice of somebody who wants to name the columns themselves."""


class BringForm(Form):
    file = FileField(
        _l("The file"),
        [needed(_l("Choose the file that you downloaded."))],
        description=_l("As you got it from the bank or from mobile money, up to 1.5 megabytes."),
    )
    place = RadioField(
        _l("Where is this money?"),
        choices=choices({place: PLACES[place] for place in AccountPlace}),
        validators=[needed(_l("Choose one."))],
    )
    kind = SelectField(_l("What kind of file is it?"))
    account = SelectField(_l("Which account is it?"))

    def chosen_account(self) -> StatementAccount | None:
        """The account somebody named; none where the file is to say it."""
        return queries.find_account(uuid.UUID(self.account.data)) if self.account.data else None


def bring_form() -> BringForm:
    """The form with the accounts and columns that are known here."""
    form = BringForm()
    known = [SelectChoice(code, words) for code, words in FORMATS.items() if code != "csv"]
    remembered = [SelectChoice(str(mapping.id), mapping.name) for mapping in queries.mappings()]
    form.kind.choices = [
        SelectChoice("", _("Find out")),
        *remembered,
        *known,
        SelectChoice(OWN_COLUMNS, _("Another CSV; I say what its columns hold")),
    ]
    accounts = queries.accounts()
    form.account.choices = [
        SelectChoice("", _("As the file says")),
        *(SelectChoice(str(one.id), account_words(one)) for one in accounts),
    ]
    if not accounts:
        del form.account
    return form


def account_words(account: StatementAccount) -> str:
    """What an account is called: its place and the end of its number."""
    place = str(PLACES[account.place])
    if not account.number:
        return place
    return _("%(place)s, ending in %(end)s", place=place, end=account.number[-4:])


class ColumnsForm(Form):
    date = SelectField(_l("Which column is the day?"))
    amount = SelectField(
        _l("Which is the amount?"), description=_l("If money in and money out stand in one column.")
    )
    money_in = SelectField(_l("Which is money in?"))
    money_out = SelectField(_l("Which is money out?"))
    direction = SelectField(
        _l("Which says whether money came in or went out?"),
        description=_l("Such as credit and debit, if the amount has no sign."),
    )
    text = SelectField(_l("Which says what it is for?"))
    party = SelectField(_l("Which says who paid or was paid?"))
    reference = SelectField(_l("Which is the receipt or reference?"))
    balance = SelectField(_l("Which is the balance afterwards?"))
    status = SelectField(_l("Which says whether it was completed?"))
    fee = SelectField(_l("Which is a fee on top?"))
    name = LineField(
        _l("What is this kind of file called here?"),
        [needed()],
        description=_l("Such as the bank’s name. Next time you only choose it, or it is found out."),
        most=60,
    )

    HOLDS: Mapping[str, str] = {"money_in": "in", "money_out": "out"}

    def chosen(self) -> dict[str, list[int]]:
        """What each column holds, as the reader of CSV names it."""
        return {
            self.HOLDS.get(name, name): [int(field.data)]
            for name, field in self._fields.items()
            if isinstance(field, SelectField) and field.data
        }


def columns_form(sample: Sample) -> ColumnsForm:
    """The form for these columns; each is shown with what stands over it and in its first row."""
    form = ColumnsForm()
    offered = [SelectChoice(str(place), _column_words(sample, place)) for place in range(len(sample.header))]
    for name, field in form._fields.items():
        if isinstance(field, SelectField):
            none = _("Choose one") if name == "date" else _("None of them")
            field.choices = [SelectChoice("", none), *offered]
    return form


def _column_words(sample: Sample, place: int) -> str:
    first = sample.rows[0][place][:40] if place < len(sample.rows[0]) else ""
    header = sample.header[place][:40] or _("Column %(number)s", number=place + 1)
    return _("%(header)s, such as %(value)s", header=header, value=first) if first else header


class TakeAwayForm(Form):
    """Nothing to fill in: the button says it."""
