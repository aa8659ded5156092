"""The members' page on paper and as a spreadsheet, wholly in the language it is asked in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from funding.ledger.forms import ACCOUNTS, PLACES
from funding.reports.rules import Part, Period, Report
from network.documents.paper import document, in_language
from network.documents.sheets import Money, Sheet, xlsx
from network.web.formatting import money, month, number

Line = tuple[str, int]


@dataclass(frozen=True)
class Page:
    """The report over a period, and what is needed to put it into words."""

    report: Report
    period: Period
    currency: str
    funds: Mapping[str, Any]
    seal: tuple[int, str] | None
    place: str


def paper(page: Page, *, language: str) -> bytes:
    """One page for everybody."""
    with in_language(language):
        return document(
            "funding/reports/report.typ",
            title=_title(page), place=page.place, language=language, footer=_footer(page),
            head=[_("What"), _("Amount")],
            whole=[[what, money(amount, page.currency)] for what, amount in _lines(page.report.whole)],
            note=_hardship(page), parts_head=_head_of_parts(),
            funds_title=_("What it is for"), funds=_in_words(page, _funds(page)),
            places_title=_("Where it lies"), places=_in_words(page, _places(page)),
        )  # fmt: skip


def spreadsheet(page: Page, *, language: str) -> bytes:
    """The same as tables with numbers in them."""
    with in_language(language):
        whole = [[what, Money(amount, page.currency)] for what, amount in _lines(page.report.whole)]
        note = [[_hardship(page), None]] if page.report.hardship_count else []
        return xlsx(
            [
                Sheet(_title(page), [_("What"), _("Amount")], [*whole, *note]),
                Sheet(_("What it is for"), _head_of_parts(), _in_numbers(page, _funds(page))),
                Sheet(_("Where it lies"), _head_of_parts(), _in_numbers(page, _places(page))),
            ],
            language=language,
        )


def _title(page: Page) -> str:
    first = month(page.period.start)
    if page.period.months == 1:
        return _("The money in %(month)s", month=first)
    return _(
        "The money from %(first)s to %(last)s", first=first, last=month(page.period.end - timedelta(days=1))
    )


def _footer(page: Page) -> str:
    if page.seal is None:
        return ""
    return _("Up to entry %(number)s, seal %(seal)s", number=page.seal[0], seal=page.seal[1])


def _lines(part: Part) -> list[Line]:
    came = [(_("In: %(what)s", what=ACCOUNTS[code]), amount) for code, amount in part.came_in.items()]
    went = [(_("Out: %(what)s", what=ACCOUNTS[code]), -amount) for code, amount in part.went_out.items()]
    return [(_("There at the start"), part.opening), *came, *went, (_("There at the end"), part.closing)]


def _hardship(page: Page) -> str:
    count = page.report.hardship_count
    if not count:
        return ""
    return ngettext(
        "One hardship request was paid: %(sum)s. Who asked stays with those who decided.",
        "%(count)s hardship requests were paid: %(sum)s together. Who asked stays with those who decided.",
        count, count=number(count), sum=money(page.report.hardship_sum, page.currency),
    )  # fmt: skip


def _head_of_parts() -> list[str]:
    return [_("What"), _("Start"), _("In"), _("Out"), _("End")]


def _funds(page: Page) -> list[tuple[str, Part]]:
    return [(str(page.funds[code]), its) for code, its in page.report.funds.items() if not its.is_empty]


def _places(page: Page) -> list[tuple[str, Part]]:
    return [(str(PLACES[code]), its) for code, its in page.report.places.items() if not its.is_empty]


def _amounts(part: Part) -> list[int]:
    return [part.opening, part.total_in, -part.total_out, part.closing]


def _in_words(page: Page, parts: Sequence[tuple[str, Part]]) -> list[list[str]]:
    return [[name, *(money(amount, page.currency) for amount in _amounts(its))] for name, its in parts]


def _in_numbers(page: Page, parts: Sequence[tuple[str, Part]]) -> list[list[Any]]:
    return [[name, *(Money(amount, page.currency) for amount in _amounts(its))] for name, its in parts]
