"""The report on paper and as a spreadsheet, wholly in the language it is asked in."""

from typing import Any

from flask_babel import gettext as _

from funding.funder_reports.queries import FunderReport
from funding.funder_reports.rules import Row
from funding.grants.forms import CONDITIONS
from funding.ledger.forms import ACCOUNTS
from network.documents.paper import document, in_language
from network.documents.sheets import Money, Sheet, xlsx
from network.web.formatting import money, whole_day


def paper(report: FunderReport, *, place: str, language: str) -> bytes:
    """The report as a PDF."""
    with in_language(language):
        return document(
            "funding/funder_reports/report.typ",
            title=_title(report), place=place, language=language,
            footer=_("Up to entry %(number)s, seal %(seal)s", number=report.entries, seal=report.seal),
            facts=_facts(report),
            flow_title=_("What came and what is left"), flow=[[what, _money(report, amount)] for what, amount in _flow(report)],
            budget_title=_("Budget"), head=_head(), budget=[_cells(report, row) for row in _rows(report)],
            parts_title=_("Parts that came"), parts=_parts(report),
            said_title=_("What needs a word"), said=_said(report),
            promises_title=_("What the group promised"), promises=_promises(report),
        )  # fmt: skip


def spreadsheet(report: FunderReport, *, place: str, language: str) -> bytes:
    """The same as tables with numbers in them."""
    with in_language(language):
        facts = [[what, how] for what, how in ([_("Group"), place], *_facts(report))]
        flow = [[what, Money(amount, report.grant.currency)] for what, amount in _flow(report)]
        said = [[words] for words in _said(report)]
        return xlsx(
            [
                Sheet(_("Budget"), _head(), [_numbers(report, row) for row in _rows(report)]),
                Sheet(_("What came and what is left"), [_("What"), _("Amount")], flow),
                Sheet(_("About the grant"), [_("What"), _("How it stands")], [*facts, *_parts(report), *_promises(report)]),
                Sheet(_("What needs a word"), [_("In words")], said),
            ],
            language=language,
        )  # fmt: skip


def _title(report: FunderReport) -> str:
    return _("Report on the grant “%(name)s”", name=report.told.name)


def _money(report: FunderReport, amount: int) -> str:
    return money(amount, report.grant.currency)


def _facts(report: FunderReport) -> list[list[str]]:
    told, asked = report.told, report.asked
    facts = [
        [
            _("About the time"),
            _("%(start)s to %(end)s", start=whole_day(asked.from_on), end=whole_day(asked.to_on)),
        ],
        [_("Given by"), told.funder],
        [_("Number"), told.reference],
        [_("What it is for"), told.purpose],
        [_("What the funder said about it"), told.restriction],
        [_("The grant in all"), _money(report, told.amount)],
        [
            _("May be spent"),
            _("%(start)s to %(end)s", start=whole_day(told.starts_on), end=whole_day(told.ends_on)),
        ],
    ]
    return [fact for fact in facts if fact[1]]


def _flow(report: FunderReport) -> list[tuple[str, int]]:
    its = report.flow
    found = [(_("There at the start"), its.before), (_("Came"), its.came), (_("Spent"), -its.spent)]
    if its.given_back:
        found.append((_("Given back"), -its.given_back))
    if its.moved:
        found.append((_("Moved to other funds"), -its.moved))
    return [*found, (_("There at the end"), its.after)]


def _head() -> list[str]:
    return [
        _("Line"),
        _("Planned for the whole"),
        _("Planned for this time"),
        _("Spent in this time"),
        _("Spent so far"),
        _("Left"),
    ]


def _rows(report: FunderReport) -> list[Row]:
    """Line by line and together; nothing where nothing was planned or spent."""
    return [*report.rows, report.together] if report.rows else []


def _words(report: FunderReport, row: Row) -> str:
    if row is report.together:
        return _("Together")
    return row.words if row.is_line else _("On no line: %(cost)s", cost=ACCOUNTS[row.cost])


def _amounts(row: Row) -> list[int]:
    return [row.planned, row.planned_now, row.spent_now, row.spent, row.left]


def _cells(report: FunderReport, row: Row) -> list[str]:
    return [_words(report, row), *(_money(report, amount) for amount in _amounts(row))]


def _numbers(report: FunderReport, row: Row) -> list[Any]:
    return [_words(report, row), *(Money(amount, report.grant.currency) for amount in _amounts(row))]


def _parts(report: FunderReport) -> list[list[str]]:
    return [[whole_day(on), _money(report, amount)] for on, amount in report.parts]


def _promises(report: FunderReport) -> list[list[str]]:
    return [[one.words, str(CONDITIONS[one.state])] for one in report.told.promises]


def _said(report: FunderReport) -> list[str]:
    """What went over and why, how the budget changed, how the grant was closed, and how often hardship was helped."""
    found = []
    for note in report.notes:
        values = {"date": whole_day(note.on), "line": note.line, "amount": _money(report, note.amount)}
        if note.over.line:
            more = _money(report, note.over.line)
            found.append(
                _(
                    "%(date)s, %(line)s: %(amount)s. That is %(more)s more than the line had left.",
                    more=more,
                    **values,
                )
            )
        else:
            more = _money(report, note.over.quarter)
            found.append(
                _("%(date)s, %(line)s: %(amount)s. That is %(more)s more than the line had for those three months.", more=more, **values)
            )  # fmt: skip
        found += [note.why] if note.why else []
    for change in report.changes:
        on = whole_day(change.decided_at) if change.decided_at else "–"
        found.append(_("The budget changed on %(date)s: %(why)s", date=on, why=change.reason))
    if report.closing:
        on, why = whole_day(report.closing[0]), report.closing[1]
        found.append(_("The grant was closed on %(date)s: %(why)s", date=on, why=why))
    if report.helped:
        count, total = report.helped
        found.append(
            _("Hardship payments: %(count)s, together %(sum)s.", count=count, sum=_money(report, total))
        )
    return found
