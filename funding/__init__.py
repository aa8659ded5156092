"""Money, and only money: the ledger and what is built on it."""

from datetime import timedelta

from flask import Flask
from flask_babel import lazy_gettext as _l

from funding import (
    demo,
    demo_chances,
    demo_counts,
    demo_decided,
    demo_office,
    demo_statements,
    home,
    mine,
    permissions,
    reminders,
)
from funding.applications import views as applications
from funding.budgets.forms import beside_entry
from funding.budgets.views import bp as budgets
from funding.cards.views import bp as cards
from funding.closings.views import bp as closings
from funding.contributions import views as contributions
from funding.counts.views import bp as counts
from funding.decided.views import KINDS as DECIDED
from funding.decided.views import bp as decided
from funding.expenses.views import bp as expenses
from funding.exports.cli import export
from funding.exports.views import bp as exports
from funding.funder_reports.views import bp as funder_reports
from funding.grants.commands import why_not_enter
from funding.grants.views import bp as grants
from funding.grants.views import lead_on
from funding.handover.views import bp as handovers
from funding.income.views import bp as income
from funding.independence.views import bp as independence
from funding.ledger.commands import ask_before_confirming, object_to_entries, tell_when_confirmed
from funding.ledger.forms import say_beside
from funding.ledger.rules import EntryKind
from funding.ledger.views import bp as money
from funding.matching.views import bp as matching
from funding.onward import commands as onward_grants
from funding.onward import jobs as onward_jobs
from funding.onward import schemas
from funding.onward import views as onward
from funding.open_data.views import bp as open_data
from funding.opportunities import views as opportunities
from funding.opportunities.models import PURPOSE
from funding.periods.views import bp as periods
from funding.permissions import Permission
from funding.receipts.views import bp as receipts
from funding.reconciliation.views import bp as reconciliation
from funding.reports import queries as reports
from funding.reports.views import bp as reports_pages
from funding.statements.cli import funding as funding_commands
from funding.statements.jobs import drop_names
from funding.statements.views import bp as statements
from funding.verification.cli import book
from funding.verification.jobs import verify_books
from funding.welfare.commands import why_not_second
from funding.welfare.jobs import destroy_requests
from funding.welfare.views import bp as welfare
from groups.decisions import commands as decisions
from groups.notes.queries import Beside, put_beside
from groups.returns.queries import tell_money
from network import figures
from network.access import table
from network.home import meeting_day, registry
from network.outbox import commands as outbox
from network.outbox import periodic
from network.tenancy.models import GroupKind
from network.web import navigation
from network.web.navigation import Way
from network.wording import registry as wording

PAGES = (
    money, periods, contributions.bp, decided, cards, receipts, expenses, income, counts, handovers, welfare, reports_pages, grants, budgets,
    closings, statements, matching, reconciliation, exports,
    funder_reports, independence,
)  # fmt: skip


def init_app(app: Flask) -> None:
    """Plug this package's sub-features in."""
    table.register(permissions.LINES)
    mine.init_app()
    for blueprint in PAGES:
        app.register_blueprint(blueprint)
    for kind in GroupKind:
        navigation.register(kind, Way("money.show_money", _l("Money"), Permission.BOOK_READ, 50))
        registry.register(kind, todos=reminders.todos)
    registry.register(GroupKind.GROUP, todos=home.todos, glances=home.glances)
    registry.register(GroupKind.OFFICE, todos=home.todos_of_book, glances=home.glances_of_office)
    meeting_day.register(contributions.parts_of_meeting)
    for what in DECIDED:
        decisions.register(what)
    object_to_entries(why_not_enter)
    say_beside(beside_entry)
    title = _l("The handover of the money")
    tell_money(reports.sums_between, endpoint="money.show_money")
    put_beside(Beside("treasurer", "handovers.list_handovers", title, Permission.BOOK_READ))
    ask_before_confirming(EntryKind.HARDSHIP, why_not_second)
    periodic.register("destroy-hardship-requests", timedelta(hours=12), destroy_requests)
    periodic.register("drop-names-on-statements", timedelta(hours=12), drop_names)
    periodic.register("verify-books", timedelta(hours=24), verify_books)
    _open_figures()
    _open_chances(app)
    _open_onward_grants(app)
    book.add_command(export)
    app.cli.add_command(book)
    app.cli.add_command(funding_commands)
    demo.init_app()
    demo_counts.init_app()
    demo_decided.init_app()
    demo_chances.init_app()
    demo_office.init_app()
    demo_statements.init_app()


def _open_chances(app: Flask) -> None:
    for blueprint in (opportunities.bp, applications.bp):
        app.register_blueprint(blueprint)
    registry.register(GroupKind.GROUP, todos=applications.todos)
    opportunities.say_beside(applications.beside)
    lead_on(applications.behind)
    wording.register(PURPOSE, _l("Money to apply for"))


def _open_onward_grants(app: Flask) -> None:
    for blueprint in (onward.office_bp, onward.group_bp, open_data):
        app.register_blueprint(blueprint)
    registry.register(GroupKind.GROUP, todos=onward.todos_of_group)
    registry.register(GroupKind.OFFICE, todos=onward.todos_of_office)
    tell_when_confirmed(EntryKind.EXPENSE, onward_grants.note_sent)
    tell_when_confirmed(EntryKind.REVERSAL, onward_grants.note_taken_back)
    outbox.register(onward_grants.TELL, schemas.TellPayload(), onward_jobs.tell_group)
    outbox.register(onward_grants.LETTERS, schemas.LettersPayload(), onward_jobs.write_letters)
    periodic.register("ask-for-words", timedelta(hours=12), onward_jobs.ask_for_words)
    way = Way("onward.list_grants", _l("Grants to groups"), Permission.ONWARD_READ, 55)
    navigation.register(GroupKind.OFFICE, way)


def _open_figures() -> None:
    figures.register(
        "contributions_received",
        _l("Contributions from members"),
        reports.contributions_received,
        is_money=True,
        order=50,
    )
    figures.register(
        "grants_received", _l("Grants received"), reports.grants_received, is_money=True, order=51
    )
    figures.register(
        "other_income_received", _l("Other income"), reports.other_income_received, is_money=True, order=52
    )
    figures.register("money_spent", _l("Money spent"), reports.money_spent, is_money=True, order=53)
