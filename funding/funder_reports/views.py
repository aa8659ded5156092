"""A funder's report as a page, on paper and as a spreadsheet; and that it went out."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from funding.funder_reports import papers, queries, rules
from funding.funder_reports.forms import ask_form
from funding.funder_reports.queries import FunderReport
from funding.grants import commands
from funding.grants.commands import CannotGrant
from funding.grants.forms import CONDITIONS, SentForm, refuse
from funding.grants.models import Grant, ReportDue
from funding.grants.queries import get_grant, get_report_due, reports_of
from funding.ledger.commands import today
from funding.ledger.forms import ACCOUNTS
from funding.permissions import Permission
from network import clock
from network.access.guard import current_group, requires
from network.documents.answers import Kind, answer
from network.web.forms import render_form
from network.web.languages import offered_or_own, speak
from network.web.place_pages import PlacePages

bp = PlacePages("funder_reports", __name__, under="/money/grants", template_folder="../templates")


def _asked_report(grant: Grant) -> FunderReport:
    """The report over the time the address asks for; what was sent is shown as it was sent."""
    first, last = queries.usual_time(grant, today(clock.now()))
    from_on = rules.read_day(request.args.get("from_on"), first)
    to_on = rules.read_day(request.args.get("to_on"), last)
    asked = rules.Asked(from_on, to_on)
    due = queries.find_report_over(grant, asked)
    if due and due.sent_on:
        return queries.report_of(grant, asked, sent=due)
    asked = rules.asked_for(from_on, to_on, starts_on=grant.starts_on, ends_on=grant.ends_on)
    due = queries.find_report_over(grant, asked)
    return queries.report_of(grant, asked, sent=due if due and due.sent_on else None)


@bp.get("/<uuid:grant_id>/report")
@requires(Permission.BOOK_READ, of=get_grant)
def show_report(grant: Grant) -> ResponseReturnValue:
    """One report, wholly in one language: its figures and days too."""
    language = offered_or_own(request.args.get("language"))
    speak(language)
    report = _asked_report(grant)
    said = {"from_on": report.asked.from_on, "to_on": report.asked.to_on, "language": language}
    return render_template(
        "funding/funder_reports/show_report.html",
        report=report,
        grant=grant,
        form=ask_form(said),
        address={name: str(value) for name, value in said.items()},
        due=queries.find_report_over(grant, report.asked),
        reports=reports_of(grant.id),
        accounts=ACCOUNTS,
        states=CONDITIONS,
    )


@bp.get("/<uuid:grant_id>/report.pdf")
@requires(Permission.BOOK_READ, of=get_grant)
def print_report(grant: Grant) -> Response:
    report = _asked_report(grant)
    made = papers.paper(
        report, place=current_group().name, language=offered_or_own(request.args.get("language"))
    )
    return answer(made, Kind.PDF, name=f"grant-report-{report.asked.to_on}")


@bp.get("/<uuid:grant_id>/report.xlsx")
@requires(Permission.BOOK_READ, of=get_grant)
def take_report(grant: Grant) -> Response:
    report = _asked_report(grant)
    made = papers.spreadsheet(
        report, place=current_group().name, language=offered_or_own(request.args.get("language"))
    )
    return answer(made, Kind.XLSX, name=f"grant-report-{report.asked.to_on}")


@bp.route("/reports/<uuid:report_id>/sent", methods=["GET", "POST"])
@requires(Permission.GRANT_WRITE, of=get_report_due)
def mark_sent(due: ReportDue) -> ResponseReturnValue:
    """The funder has it: from now on it is shown as the book said on that day."""
    form = SentForm(data={"sent_on": today(clock.now())})
    grant = get_grant(due.grant_id)
    if form.validate_on_submit():
        try:
            commands.mark_sent(due, sent_on=form.sent_on.data, by=current_user.id, now=clock.now())
        except CannotGrant as refused:
            refuse(form, refused.refusal)
        else:
            flash(_("The report is marked as sent."))
            return redirect(url_for("grants.show_grant", grant_id=grant.id), 303)
    return render_form("funding/funder_reports/mark_sent.html", form, due=due, grant=grant)
