"""Chances and applications: the smallest valid ones, and one in any state."""

from datetime import date, timedelta
from typing import Any

from funding.applications import commands as applications
from funding.applications.models import ApplicationState, GrantApplication
from funding.applications.queries import get_application
from funding.opportunities import commands, queries
from funding.opportunities.commands import Content
from funding.opportunities.models import Opportunity
from network import clock
from tests.factories.funding import Officers, Staff
from tests.factories.network import day_there, word
from tests.support.app import in_scope

WHY = "They have no money left this year"


def day(days: int = 0) -> date:
    """A day so many from today in Nairobi, where the groups of these tests are."""
    return day_there() + timedelta(days=days)


def content(**changed: Any) -> Content:
    values = {
        "title": f"Chance {word()}", "words": "For what a group does together.", "funder": f"Fund {word()}",
        "funder_kind": "women_fund", "gives": "gift", **changed,
    }  # fmt: skip
    return Content(**values)


def make_listed(staff: Staff, *, is_open: bool = True, **changed: Any) -> Opportunity:
    """On the office's list, published unless it is to stay a draft."""
    with in_scope(staff.office, staff.finance):
        one = commands.write_opportunity(
            content(**changed), language="en", by=staff.finance.id, now=clock.now()
        )
        if is_open:
            commands.publish_opportunity(one, by=staff.finance.id, now=clock.now())
        return one


def make_own(people: Officers, **changed: Any) -> Opportunity:
    """Added by a group for itself."""
    with in_scope(people.group, people.treasurer):
        return commands.write_opportunity(
            content(**changed), language="en", by=people.treasurer.id, now=clock.now()
        )


def make_application(
    people: Officers, chance: Opportunity, state: ApplicationState = ApplicationState.INTERESTED
) -> GrantApplication:
    """An application that has come this far."""
    by, now = people.treasurer.id, clock.now()
    with in_scope(people.group, people.treasurer):
        one = applications.begin_application(queries.get_opportunity(chance.id), by=by, now=now)
        advance(one, state, by=by)
        return get_application(one.id)


def advance(one: GrantApplication, state: ApplicationState, *, by: Any) -> None:
    """Let it become what is wanted, in the scope of its group."""
    now = clock.now()
    if state == ApplicationState.PREPARING:
        applications.keep_application(
            one, applications.Progress(gathered=["plan"]), seen=one.version, by=by, now=now
        )
    elif state == ApplicationState.WITHDRAWN:
        applications.withdraw_application(one, why="", by=by, now=now)
    elif state != ApplicationState.INTERESTED:
        applications.say_applied(one, on=day(), by=by, now=now)
        if state == ApplicationState.AWARDED:
            applications.say_awarded(one, amount=500_000, on=day(), by=by, now=now)
        if state == ApplicationState.REFUSED:
            applications.say_refused(one, why=WHY, on=day(), by=by, now=now)
