"""What both find, place by place, and two signatures."""

from collections.abc import Collection, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, ValidationError

from funding.counts.forms import PiecesForm
from funding.handover.rules import Refusal
from funding.ledger.forms import REFUSALS as LEDGER_REFUSALS
from funding.ledger.forms import ConfirmForm, SecondSignInForm
from funding.ledger.rules import Place
from funding.ledger.rules import Refusal as LedgerRefusal
from network.web.forms import Form, MoneyField, WordsField, needed

REFUSALS = {
    Refusal.NOT_NOW: _l("This handover was signed or has changed. Open it again."),
    Refusal.OWN_SECOND: LEDGER_REFUSALS[LedgerRefusal.OWN_SECOND],
    Refusal.INCOMING_SIGNS: _l("Whoever takes over has to be one of the two who sign."),
    Refusal.NOT_AN_OFFICER: _l(
        "Whoever hands over signs, or somebody else who holds an office in this group now."
    ),
    Refusal.WHY_NEEDED: _l("Write what you know about the difference, even if it is that you do not know."),
    Refusal.BOOK_MOVED: _l(
        "Something was written in the book since you looked. Compare once more, then sign."
    ),
}
WHY: dict[Place, Any] = {
    Place.CASH: _l("What do you both say about the difference in cash?"),
    Place.MOBILE_MONEY: _l("What do you both say about the difference in mobile money?"),
    Place.BANK: _l("What do you both say about the difference in the bank?"),
}
POST: dict[Place, Any] = {
    Place.CASH: _l("Write the difference in cash in the book now"),
    Place.MOBILE_MONEY: _l("Write the difference in mobile money in the book now"),
    Place.BANK: _l("Write the difference in the bank in the book now"),
}


class TogetherForm(PiecesForm):
    """Notes and coins come first; they are added for the currency."""

    in_use: frozenset[str] = frozenset()

    def _needs(self, field: Any, place: Place) -> None:
        if field.data is None and not field.errors and place in self.in_use:
            raise ValidationError(
                _l("There is money here in the book. Write what you see now; 0 if nothing.")
            )

    def validate_mobile_money(self, field: Any) -> None:
        self._needs(field, Place.MOBILE_MONEY)

    def validate_bank(self, field: Any) -> None:
        self._needs(field, Place.BANK)

    def counted(self) -> dict[Place, int]:
        """What was found, place by place; a place nobody uses is left out."""
        found = {Place.CASH: self.total()}
        for place in (Place.MOBILE_MONEY, Place.BANK):
            if (amount := self[place.value].data) is not None:
                found[place] = amount
        return found


def fields_beside(currency: str) -> dict[str, Any]:
    """What is asked beside the box."""
    return {
        "mobile_money": MoneyField(
            _l("What does the phone show?"), currency=currency,
            description=_l("The balance of the mobile money account, read from the phone or its statement."),
        ),
        "bank": MoneyField(
            _l("What does the bank show?"), currency=currency, description=_l("The balance of the latest statement."),
        ),
        "words": WordsField(
            _l("What else changes hands?"), most=1000,
            description=_l("Keys, the phone with its card, receipt book, bank papers, stamps."),
        ),
    }  # fmt: skip


class SignHereForm(SecondSignInForm):
    seen = HiddenField()


class SignForm(ConfirmForm):
    seen = HiddenField()


def sign_form(differing: Collection[Place], *, is_own: bool) -> Any:
    """The form for the second signature, with words and a choice for each place that differs."""
    fields: dict[str, Any] = {}
    for place in differing:
        fields[f"why_{place}"] = WordsField(WHY[place], [needed(REFUSALS[Refusal.WHY_NEEDED])], most=500)
        fields[f"post_{place}"] = BooleanField(
            POST[place], default=place is Place.CASH,
            description=_l("It goes to an account of its own. Leave it where something still has to be written down."),
        )  # fmt: skip
    base: type[Form] = SignHereForm if is_own else SignForm
    return type("Sign", (base,), fields)()


def whys(form: Any, places: Collection[Place]) -> Mapping[str, str]:
    """What was said about each place."""
    return {str(place): form[f"why_{place}"].data or "" for place in places if f"why_{place}" in form}


def posting(form: Any, places: Collection[Place]) -> list[str]:
    """The places whose difference is written in the book now."""
    return [str(place) for place in places if f"post_{place}" in form and form[f"post_{place}"].data]
