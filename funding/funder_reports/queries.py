"""Reading what a funder's report is made of; where it was sent, as book, budget and words were at that moment."""

from dataclasses import dataclass
from datetime import date

from funding.budgets import queries as budgets
from funding.budgets.models import Budget
from funding.budgets.queries import Note
from funding.funder_reports import rules
from funding.funder_reports.rules import Asked, Flow, Row
from funding.grants import queries as grants
from funding.grants.models import Grant, ReportDue
from funding.grants.rules import Standings, Telling, standings
from funding.ledger import queries as book
from funding.ledger.queries import of_funds
from funding.ledger.rules import Cost, short_seal
from network import clock
from network.tenancy import scope
from network.tenancy.queries import get_group


@dataclass(frozen=True)
class FunderReport:
    """Everything on the page, on paper and in the spreadsheet."""

    grant: Grant
    told: Telling
    """What it says in words: as it was when it was sent, where it was."""
    asked: Asked
    flow: Flow
    whole: Standings
    """How the grant's money stood at the end of the time."""
    rows: list[Row]
    together: Row
    parts: list[tuple[date, int]]
    """The parts that came in the time: when, and how much."""
    notes: list[Note]
    changes: list[Budget]
    """Later versions of the budget that were agreed to until the end of the time."""
    closing: tuple[date, str] | None
    """When it was closed and what was agreed, where that was within the time."""
    helped: tuple[int, int] | None
    """How many hardship payments there were out of this grant, and what they come to; never who."""
    entries: int
    seal: str


def report_of(grant: Grant, asked: Asked, *, sent: ReportDue | None = None) -> FunderReport:
    """The report over a time. What was sent is shown as it was sent, whatever was written down since."""
    until = sent.entries if sent else None
    earlier, later = of_funds.sums_before(grant.fund, [asked.from_on, asked.end], until=until)
    zone = get_group(scope.group_id()).time_zone
    told = Telling.read(sent.kept) if sent and sent.kept else grants.telling_of(grant)
    whole = standings(told.amount, later)
    versions = [one for one in budgets.agreed_versions(grant.fund) if one.number <= (told.budget or 0)]
    found = rules.rows(
        budgets.lines_of(versions[-1] if versions else None),
        _without_giving_back(grant.fund, asked.from_on, until),
        _without_giving_back(grant.fund, asked.end, until),
        asked,
    )
    number, seal = _stood_at(sent)
    return FunderReport(
        grant=grant, told=told, asked=asked, flow=rules.flow(standings(told.amount, earlier), whole),
        whole=whole, rows=found, together=rules.together(found),
        parts=[(on, amount) for on, amount in told.parts if asked.from_on <= on < asked.end],
        notes=budgets.notes_of(grant.fund, start=asked.from_on, end=asked.end, until=until),
        changes=[one for one in versions[1:] if one.decided_at and clock.today(zone, at=one.decided_at) < asked.end],
        closing=told.closing if told.closing and told.closing[0] < asked.end else None,
        helped=_helped(grant.fund, asked, until), entries=number, seal=seal,
    )  # fmt: skip


def _without_giving_back(fund: str, before: date, until: int | None) -> list[budgets.Spent]:
    """Giving back what is left is told beside the spending, not as a part of it."""
    spending = budgets.spending_of(fund, before=before, until=until)
    return [one for one in spending if one.cost != Cost.GIVEN_BACK]


def _helped(fund: str, asked: Asked, until: int | None) -> tuple[int, int] | None:
    paid = [
        one
        for one in of_funds.spending_from(fund, until=until)
        if one.account == Cost.HARDSHIP and asked.from_on <= one.on < asked.end
    ]
    return (len({one.entry_id for one in paid}), sum(one.amount for one in paid)) if paid else None


def _stood_at(sent: ReportDue | None) -> tuple[int, str]:
    if sent and sent.entries:
        return sent.entries, short_seal(bytes(sent.head or b""))
    found = book.find_book()
    return (found.entries, short_seal(bytes(found.head))) if found else (0, "")


def find_report_over(grant: Grant, asked: Asked) -> ReportDue | None:
    """The report the funder waits for, or has, over exactly this time."""
    return next(
        (
            one
            for one in grants.reports_of(grant.id)
            if (one.from_on, one.to_on) == (asked.from_on, asked.to_on)
        ),
        None,
    )


def usual_time(grant: Grant, today: date) -> tuple[date, date]:
    """The time of the first report that is not sent; without one, the grant's own until today."""
    waiting = next((one for one in grants.reports_of(grant.id) if one.sent_on is None), None)
    if waiting:
        return waiting.from_on, waiting.to_on
    return grant.starts_on, max(grant.starts_on, min(today, grant.ends_on))
