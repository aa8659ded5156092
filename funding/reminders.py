"""What grants add to the first page of a group or an office: what waits for a second person, and what is due."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from flask import url_for
from flask_babel import gettext as _

from funding.budgets.queries import budgets_waiting
from funding.grants.queries import closings_waiting, due_until
from funding.grants.rules import SOON
from funding.ledger import queries as ledger
from funding.ledger.forms import fund_words
from funding.permissions import Permission
from network import clock
from network.access import table
from network.access.actor import Actor
from network.home.registry import Todo
from network.tenancy.models import Group
from network.web.formatting import day

NEAR = timedelta(days=14)


def todos(actor: Actor, group: Group, now: datetime) -> Iterator[Todo]:
    """A budget or a closing to agree to, for whoever signs; what is due, for whoever looks after grants."""
    if table.is_granted(Permission.BOOK_SECOND, actor):
        yield from _to_agree(actor)
    if table.is_granted(Permission.GRANT_WRITE, actor):
        yield from _due(group, now)


def _to_agree(actor: Actor) -> Iterator[Todo]:
    why = _("Look at it, then say yes or no")
    for budget in budgets_waiting():
        if budget.written_by_id != actor.account_id:
            href = url_for("budgets.decide_budget", budget_id=budget.id)
            yield Todo(_("A budget waits for a second person"), why, href, order=22)
    for closing in closings_waiting():
        if closing.asked_by_id != actor.account_id:
            href = url_for("closings.decide_closing", closing_id=closing.id)
            yield Todo(_("The closing of a grant waits for a second person"), why, href, order=23)


def _due(group: Group, now: datetime) -> Iterator[Todo]:
    """A report, something promised, a part that should have come."""
    today = clock.today(group.time_zone, at=now)
    due = due_until(today + SOON)
    names = fund_words(ledger.funds()) if due else {}
    said = {
        "report": _("A report to a funder is due"),
        "promise": _("Something promised for a grant is due"),
        "part": _("A part of a grant is expected"),
    }
    for one in due:
        why = _("%(grant)s, %(date)s", grant=names[one.fund], date=day(one.on))
        href = url_for("grants.show_grant", grant_id=one.grant_id)
        is_near = one.what != "part" and one.on <= today + NEAR
        yield Todo(said[one.what], why, href, soon=is_near, order=40)
