"""The one-page report for members."""

from datetime import timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue

from funding.ledger.forms import ACCOUNTS, PLACES, fund_words
from funding.ledger.queries import funds
from funding.permissions import Permission
from funding.reports import queries, rules
from network import clock
from network.access.guard import current_group, requires
from network.web.formatting import money
from network.web.place_pages import PlacePages

bp = PlacePages("reports", __name__, under="/money", template_folder="../templates")


@bp.get("/report")
@requires(Permission.BOOK_READ)
def show_report() -> ResponseReturnValue:
    """A month, or a quarter, on one page that adds up."""
    today = clock.today(current_group().time_zone)
    period = rules.read_period(request.args.get("month"), request.args.get("quarter"), today=today)
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
