"""What goes back, and which funds get how many parts of the rest."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.validators import Optional

from funding.closings.rules import MOST_PARTS, Refusal, Wish
from funding.ledger.forms import PLACES, choices
from network.web.fields import CountField
from network.web.forms import DayField, Form, MoneyField, WordsField, needed

REFUSALS: dict[Any, Any] = {
    Refusal.CLOSED_ALREADY: _l("This grant is closed already."),
    Refusal.WAITING_ALREADY: _l(
        "Somebody asked to close this grant already. A second person answers that first."
    ),
    Refusal.DRAFTS_WAITING: _l("A payment from this grant still waits for a second person. Answer it first."),
    Refusal.MORE_THAN_LEFT: _l("This is more than is left."),
    Refusal.WHERE_FROM: _l("Choose where the money is paid from."),
    Refusal.WHERE_TO: _l("Something would be left over. Say which funds get it, or give all of it back."),
    Refusal.NOTHING_LEFT: _l("Nothing is left for other funds. Leave the parts empty, or give less back."),
    Refusal.CHANGED_MEANWHILE: _l("Money has moved since this was asked. Say no, and ask again."),
    Refusal.DECIDED_ALREADY: _l("Somebody has decided this already. Nothing was changed."),
    Refusal.OWN_SECOND: _l("The second person has to be somebody else than the one who asked."),
    Refusal.NOT_AN_OFFICER: _l("The second person has to be somebody who signs for money here now."),
}
BESIDE = {
    Refusal.MORE_THAN_LEFT: "given_back",
    Refusal.WHERE_TO: "given_back",
    Refusal.NOTHING_LEFT: "given_back",
    Refusal.WHERE_FROM: "place",
}


class CloseForm(Form):
    """Made for the funds there are by `close_form`."""

    funds: Mapping[str, Any] = {}

    def wish(self) -> Wish:
        """What was filled in; where nothing is left, nothing was asked."""
        if "given_back" not in self:
            return Wish(0, None, {})
        shares = {fund: self[_name(fund)].data or 0 for fund in self.funds}
        return Wish(self.given_back.data or 0, self.place.data or None, shares)


def close_form(funds: Mapping[str, Any], *, remaining: int, said: Mapping[str, Any]) -> CloseForm:
    """The form with a box for each fund that could get a part; where nothing is left, it asks no more than it must."""
    what_is_left: dict[str, Any] = {
        "given_back": MoneyField(_l("How much goes back to the funder?"), [Optional()]),
        "place": RadioField(_l("Paid from"), choices=choices(PLACES), validators=[Optional()]),
        **{_name(fund): _parts(words) for fund, words in funds.items()},
        "funds": dict(funds),
    }
    always = {
        "words": WordsField(
            _l("What did you agree with the funder?"), [needed()], most=600,
            description=_l("The letter or the talk, and its day. It stands in the report. No names of members."),
        ),
        "closes_on": DayField(_l("On which day?"), [needed()]),
    }  # fmt: skip
    made: CloseForm = type("CloseFormOf", (CloseForm,), (what_is_left if remaining else {}) | always)(
        data=said
    )
    return made


def _parts(words: Any) -> CountField:
    return CountField(_l("Parts for: %(fund)s", fund=words), [Optional()], most=MOST_PARTS)


def _name(fund: str) -> str:
    return f"parts_{fund.replace('-', '_')}"
