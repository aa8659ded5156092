"""The card on paper. It says neither whose it is nor of which group: it may lie about at home."""

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _

from funding.cards.rules import Month, total
from funding.contributions.rules import COLUMNS
from funding.ledger.forms import PLACES
from network.documents.paper import document, in_language
from network.web.formatting import money, month, whole_day


def card(months: Sequence[Month], *, year: int | None, on: date, currency: str, language: str) -> bytes:
    """A year of giving, by month, with the number of each entry in the book."""
    with in_language(language):
        gifts = [gift for one in months for gift in one.gifts]
        return document(
            "funding/cards/card.typ",
            title=_("What I gave"),
            language=language,
            footer=whole_day(on),
            lead=_("%(total)s in %(year)s", total=money(total(gifts), currency), year=str(year))
            if gifts
            else "",
            head=[_("Day"), *(PLACES[place] for place in COLUMNS), _("Entry")],
            months=[_month(one, currency) for one in months],
            choice=_("Giving is your own choice, each time."),
        )


def _month(one: Month, currency: str) -> dict[str, object]:
    rows = [
        [
            whole_day(gift.received_on),
            *(money(gift.parts[place], currency) if place in gift.parts else "" for place in COLUMNS),
            _("%(number)s (taken back)", number=gift.number) if gift.is_taken_back else str(gift.number),
        ]
        for gift in one.gifts
    ]
    return {"name": month(one.first), "total": money(one.total, currency), "rows": rows}
