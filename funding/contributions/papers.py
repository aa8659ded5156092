"""The sheet on paper: empty to be filled in by hand at the meeting, or as it was saved. Neither says whose group it is."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from funding.contributions.models import AgreedAmount, ContributionSheet
from funding.contributions.rules import COLUMNS, pages_of
from funding.ledger.forms import PLACES
from groups.meetings.models import Meeting
from network.documents.paper import document, in_language
from network.web.formatting import amount_text, money, whole_day

TEMPLATE = "funding/contributions/sheet.typ"
TO_WRITE_ON = 3
"""Lines without a name after the last one: somebody new may come."""
Line = tuple[str, dict[str, int]]


def blank_sheet(
    names: Sequence[str],
    *,
    meeting: Meeting | None,
    agreed: AgreedAmount | None,
    currency: str,
    language: str,
) -> bytes:
    """Every name with room to write beside it."""
    pages = [[[name, "", ""] for name in page] for page in pages_of(names)]
    pages[-1] += [["", "", ""]] * TO_WRITE_ON
    with in_language(language):
        lead = [_("An empty box means nothing. Giving is everyone’s own choice, each time.")]
        if agreed:
            lead.append(suggestion(agreed))
        # Translators: on paper; the day is written in by hand.
        when = whole_day(meeting.day) if meeting else _("Day: ____________________")
        sums = [[["", ""] for _page in pages], ["", ""]]
        return _printed(pages, sums, when=when, lead=lead, currency=currency, language=language)


def saved_sheet(
    sheet: ContributionSheet, lines: Sequence[Line], *, is_taken_back: bool, currency: str, language: str
) -> bytes:
    """What was written down, for the treasurer: only the names of those who gave."""
    pages = pages_of(lines)
    with in_language(language):
        lead = [_("This sheet was taken back. It no longer counts.")] if is_taken_back else []
        rows = [[[name, *_amounts(given, currency)] for name, given in page] for page in pages]
        sums = [[_column_sums(page, currency) for page in pages], _column_sums(lines, currency)]
        return _printed(
            rows, sums, when=whole_day(sheet.received_on), lead=lead, currency=currency, language=language
        )


def _amounts(given: dict[str, int], currency: str) -> list[str]:
    return [amount_text(given[place], currency) if place in given else "" for place in COLUMNS]


def _column_sums(lines: Sequence[Line], currency: str) -> list[str]:
    return [money(sum(given.get(place, 0) for _name, given in lines), currency) for place in COLUMNS]


def _printed(
    rows: Sequence[Any], sums: Sequence[Any], *, when: str, lead: list[str], currency: str, language: str
) -> bytes:
    columns = [_("%(place)s (%(currency)s)", place=PLACES[place], currency=currency) for place in COLUMNS]
    return document(
        TEMPLATE,
        title=_("Contributions"),
        language=language,
        when=when,
        lead=lead,
        columns=[_("Name"), *columns],
        pages=[{"rows": page, "sums": its} for page, its in zip(rows, sums[0], strict=True)],
        sums=sums[1],
        this_page=_("This page"),
        together=_("Together"),
        has_room=not any(sums[1]),
    )


def suggestion(agreed: AgreedAmount) -> str:
    """What the members agreed on, said as what it is."""
    return _(
        "The members suggested %(amount)s a month on %(day)s. It is a suggestion and nothing more.",
        amount=money(agreed.amount, agreed.currency),
        day=whole_day(agreed.decided_on),
    )
