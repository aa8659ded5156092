"""Officers of a group, and entries in its book."""

import uuid
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from funding.contributions import commands as contributions
from funding.contributions.models import ContributionSheet
from funding.contributions.rules import Given
from funding.ledger import commands, queries
from funding.ledger.models import Journal
from funding.ledger.rules import Entry, EntryKind, Fund, Place, Source, moved
from groups.permissions import Role
from network import clock
from network.accounts.models import Account
from network.permissions import Role as StaffRole
from network.tenancy.models import Group, Network
from tests.factories.groups import a_member
from tests.factories.network import make_group, make_holder, make_network
from tests.support.app import in_scope


class Officers(NamedTuple):
    """A group with somebody in each office that money needs."""

    group: Group
    treasurer: Account
    chair: Account
    committee: Account
    secretary: Account
    member: Account


def make_officers(group: Group | None = None, **more: Any) -> Officers:
    """A group whose treasurer, chair, committee member, secretary and a plain member can sign in."""
    group = group or make_group(make_network(**more))
    roles = (Role.TREASURER, Role.CHAIRPERSON, Role.COMMITTEE, Role.SECRETARY, Role.MEMBER)
    return Officers(group, *(make_holder(role, group) for role in roles))


class Staff(NamedTuple):
    """A network's office with somebody for finance, for administration and for onboarding."""

    network: Network
    office: Group
    finance: Account
    administration: Account
    onboarding: Account


def make_staff(network: Network | None = None, **more: Any) -> Staff:
    """An office whose people can sign in."""
    network = network or make_network(**more)
    roles = (StaffRole.FINANCE, StaffRole.ADMINISTRATION, StaffRole.ONBOARDING)
    return Staff(network, network.office, *(make_holder(role, network) for role in roles))


def today() -> date:
    return clock.now().date() - timedelta(days=1)


def income(amount: int, *, place: str = Place.CASH, fund: str = Fund.GENERAL, **more: Any) -> Entry:
    """A grant received."""
    values = {"kind": EntryKind.GRANT, "effective_on": today(), **more}
    return Entry(lines=moved(Source.GRANTS, place, fund, amount), **values)


def post_income(officers: Officers, amount: int, **more: Any) -> Journal:
    """A grant stands in the group's book."""
    with in_scope(officers.group, officers.treasurer):
        return commands.post(income(amount, **more), by=officers.treasurer.id, now=clock.now())


def make_members(officers: Officers, *nicknames: str) -> dict[str, Any]:
    """Members without a sign-in, by nickname."""
    with in_scope(officers.group):
        return {name: a_member(name).id for name in nicknames}


def fill_reserve(officers: Officers, amount: int) -> Journal:
    """Money kept for hardship, in cash."""
    return post_income(officers, amount, fund=Fund.RESERVE)


def save_sheet(
    officers: Officers, cash: dict[Any, int], *, now: datetime | None = None, **more: Any
) -> ContributionSheet:
    """What members, by their id, gave in cash, on a sheet of the day `today()` unless another is wished for."""
    with in_scope(officers.group, officers.treasurer):
        given = [Given(member_id, Place.CASH, amount) for member_id, amount in cash.items()]
        values = {"received_on": today(), "by": officers.treasurer.id, "now": now or clock.now(), **more}
        return contributions.save_sheet(given, **values)


def take_back(officers: Officers, journal_id: uuid.UUID, *, now: datetime | None = None) -> None:
    """An entry is taken back by two people."""
    with in_scope(officers.group, officers.treasurer):
        now = now or clock.now()
        entry = queries.get_entry(journal_id)
        waiting = commands.draft_reversal(entry, by=officers.treasurer.id, reason="Written twice", now=now)
        commands.confirm_draft(waiting, by=officers.chair.id, now=now)
