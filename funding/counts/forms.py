"""How many of each note and coin, and two signatures."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, ValidationError

from funding.counts import rules
from funding.counts.rules import Refusal
from funding.ledger.forms import REFUSALS as LEDGER_REFUSALS
from funding.ledger.forms import ConfirmForm, SecondSignInForm
from funding.ledger.rules import Refusal as LedgerRefusal
from network.web.fields import CountField
from network.web.formatting import money
from network.web.forms import Form, MoneyField, WordsField, needed

REFUSALS = {
    Refusal.WAITING_ALREADY: _l("A count waits for a second person already. Sign that one, or take it away."),
    Refusal.DECIDED_ALREADY: _l("Somebody has signed this or taken it away. Nothing was changed."),
    Refusal.WHY_NEEDED: _l("Write what you know about the difference, even if it is that you do not know."),
    Refusal.BOOK_MOVED: _l(
        "Something was written in the book since you looked. Compare once more, then sign."
    ),
    Refusal.OWN_SECOND: LEDGER_REFUSALS[LedgerRefusal.OWN_SECOND],
    Refusal.NOT_AN_OFFICER: LEDGER_REFUSALS[LedgerRefusal.NOT_AN_OFFICER],
}
WHY: dict[str, Any] = {
    "description": _l(
        "The difference is written in the book under its own name, with these words. No names of people."
    )
}


class PiecesForm(Form):
    """Lines for each note and coin are added for the currency."""

    values: tuple[int, ...] = ()

    def lines(self) -> list[tuple[int, Any]]:
        """Each note and coin with its box."""
        return [(value, self[f"piece_{value}"]) for value in self.values]

    def pieces(self) -> dict[int, int]:
        """How many there are of each; an empty box is none."""
        return {value: box.data or 0 for value, box in self.lines()}

    def validate_other(self, field: Any) -> None:
        written = (box.raw_data[0].strip() for _value, box in self.lines() if box.raw_data)
        if field.data is None and not any(written):
            raise ValidationError(_l("Write at least one number. If the box is empty, write 0 here."))

    def total(self) -> int:
        """What stands in the boxes so far."""
        return rules.worth(self.pieces(), self["other"].data or 0)


def pieces_form(currency: str, base: type[PiecesForm] = PiecesForm, **more: Any) -> Any:
    """The form for what lies in a box in this currency, and with `more` fields what is asked beside it."""
    values = rules.denominations(currency)
    boxes: dict[str, Any] = {
        f"piece_{value}": CountField(
            money(value, currency), most=rules.MOST_PIECES, render_kw={"data-sum": "", "data-worth": str(value), "size": "6"}
        )
        for value in values
    }  # fmt: skip
    boxes["other"] = MoneyField(
        _l("Anything else in the box") if values else _l("How much is in the box?"),
        currency=currency,
        render_kw={"data-sum": ""},
    )
    return type("Pieces", (base,), {**boxes, **more, "values": values})()


class SignHereForm(SecondSignInForm):
    why = WordsField(
        _l("What do you both say about the difference?"),
        [needed(REFUSALS[Refusal.WHY_NEEDED])],
        most=500,
        **WHY,
    )
    seen = HiddenField()


class SignForm(ConfirmForm):
    why = WordsField(
        _l("What do you both say about the difference?"),
        [needed(REFUSALS[Refusal.WHY_NEEDED])],
        most=500,
        **WHY,
    )
    seen = HiddenField()
