"""Grants with their money and their budget."""

import uuid
from datetime import date, timedelta
from typing import Any

from funding.budgets import commands as budgets
from funding.budgets.models import Budget
from funding.budgets.rules import quarters_between, spread
from funding.grants import commands
from funding.grants.commands import Terms
from funding.grants.models import Grant
from funding.grants.queries import get_grant
from funding.ledger.commands import confirm_draft
from funding.ledger.queries import get_draft
from funding.ledger.rules import Place
from network import clock
from tests.factories.funding import Officers
from tests.support.app import in_scope

START = clock.now().date().replace(day=1) - timedelta(days=200)
END = START + timedelta(days=500)
Lines = dict[str, tuple[str, int]]
"""Words of a line to its cost and how much."""


def a_day() -> date:
    """Yesterday, where the group is."""
    return clock.now().date() - timedelta(days=1)


def make_grant(people: Officers, **more: Any) -> Grant:
    """A grant of 10,000.00 that binds to its budget; nothing has come yet."""
    values = {
        "name": "The county 2026", "funder": "The county", "funder_kind": "county", "purpose": "Meetings",
        "amount": 1_000_000, "starts_on": START, "ends_on": END, **more,
    }  # fmt: skip
    with in_scope(people.group, people.treasurer):
        return commands.write_grant(Terms(**values), by=people.treasurer.id, now=clock.now())


def give(people: Officers, grant: Grant, amount: int, *, place: Place = Place.BANK) -> uuid.UUID:
    """A part of the grant came."""
    with in_scope(people.group, people.treasurer):
        found, now = get_grant(grant.id), clock.now()
        part = commands.add_tranche(
            found, expected_on=a_day(), amount=amount, condition="", by=people.treasurer.id, now=now
        )
        return commands.receive_tranche(
            part, amount=amount, place=place, received_on=a_day(), by=people.treasurer.id, now=now
        )


def plan(people: Officers, grant: Grant, lines: Lines, *, reason: str = "We agreed so") -> Budget:
    """A budget two people agreed to, spread evenly over the quarters."""
    quarters = quarters_between(grant.starts_on, grant.ends_on)
    with in_scope(people.group, people.treasurer):
        now, by = clock.now(), people.treasurer.id
        budget = budgets.begin_budget(
            grant.fund, starts_on=grant.starts_on, ends_on=grant.ends_on, ceiling=grant.amount, by=by, now=now
        )
        for words, (cost, amount) in lines.items():
            budgets.add_line(budget, words=words, cost=cost, amounts=spread(amount, quarters), by=by, now=now)
        budgets.ask_to_agree(budget, reason=reason, by=by, now=now)
        budgets.agree(budget, seen=budget.stamp, by=people.chair.id, now=now)
        return budget


def spend(
    people: Officers, grant: Grant, cost: str, amount: int, *, is_confirmed: bool = True, **more: Any
) -> uuid.UUID:
    """Money of the grant was spent; two people agreed unless it still waits."""
    values = {"place": Place.BANK, "spent_on": a_day(), **more}
    with in_scope(people.group, people.treasurer):
        wish = budgets.Wish(grant.fund, cost, amount, **values)
        draft_id = budgets.draft_spending(wish, by=people.treasurer.id, now=clock.now())
        if is_confirmed:
            confirm_draft(get_draft(draft_id), by=people.chair.id, now=clock.now())
        return draft_id
