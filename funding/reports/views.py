"""The one-page report for members."""

from datetime import timedelta

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from funding.ledger.forms import ACCOUNTS, PLACES, fund_words
from funding.ledger.queries import funds
from funding.permissions import Permission
from funding.reports import papers, queries, rules
from funding.reports.rules import Period
from network import clock
from network.access.guard import current_group, requires
from network.documents.answers import Kind, answer
from network.web.formatting import money
from network.web.languages import offered_or_own
from network.web.place_pages import PlacePages

bp = PlacePages("reports", __name__, under="/money", template_folder="../templates")


@bp.get("/report")
@requires(Permission.BOOK_READ)
def show_report() -> ResponseReturnValue:
    """A month, or a quarter, on one page that adds up."""
    today, period = clock.today(current_group().time_zone), _period()
    report, currency = queries.report_of(period), current_group().currency
    spent = [
        (ACCOUNTS[code], amount, money(amount, currency)) for code, amount in report.whole.went_out.items()
    ]
    return render_template(
        "funding/reports/show_report.html",
        period=period,
        report=report,
        spent=sorted(spent, key=lambda row: -row[1]),
        last_day=period.end - timedelta(days=1),
        book=queries.book_seal(),
        today=today,
        quarter=rules.quarter_of(period.start),
        accounts=ACCOUNTS,
        funds=fund_words(funds()),
        places=PLACES,
        currency=currency,
    )


def _period() -> Period:
    today = clock.today(current_group().time_zone)
    return rules.read_period(request.args.get("month"), request.args.get("quarter"), today=today)


def _page(period: Period) -> papers.Page:
    group = current_group()
    report = queries.report_of(period)
    return papers.Page(report, period, group.currency, fund_words(funds()), queries.book_seal(), group.name)


@bp.get("/report.pdf")
@requires(Permission.BOOK_READ)
def print_report() -> Response:
    """The same page on paper, in any language there is."""
    period = _period()
    made = papers.paper(_page(period), language=offered_or_own(request.args.get("language")))
    return answer(made, Kind.PDF, name=f"report-{period.code.lower()}")


@bp.get("/report.xlsx")
@requires(Permission.BOOK_READ)
def take_report() -> Response:
    """The same page with numbers in it."""
    period = _period()
    made = papers.spreadsheet(_page(period), language=offered_or_own(request.args.get("language")))
    return answer(made, Kind.XLSX, name=f"report-{period.code.lower()}")
