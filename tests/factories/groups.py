"""The smallest valid members, officers and elections of a group in scope."""

from datetime import date, datetime
from uuid import UUID

from groups.membership import commands as membership
from groups.membership.models import LivedExperience, Member
from groups.officers import commands as officers
from groups.officers.models import Term, TermSource
from network import clock
from network.db import db
from network.tenancy import scope
from network.tenancy.queries import get_group


def a_member(
    nickname: str = "Rain",
    *,
    account_id: UUID | None = None,
    lived: LivedExperience | None = None,
    now: datetime | None = None,
) -> Member:
    """Somebody in the group in scope; with an account, joined to it."""
    now = now or clock.now()
    member = membership.add_member(
        get_group(scope.group_id()), nickname, by=None, now=now, lived_experience=lived
    )
    if account_id:
        membership.link_account(member, account_id, now=now)
    return member


def some_members(count: int, *, lived: LivedExperience | None = None) -> list[Member]:
    """So many members with made-up nicknames."""
    return [a_member(f"Somebody {number}", lived=lived) for number in range(1, count + 1)]


def a_term(
    member: Member, office: str = "chairperson", *, due_on: date | None = None, now: datetime | None = None
) -> Term:
    """This member holds this office from now on."""
    group = get_group(scope.group_id())
    term = officers.start_term(
        group, member, office, by=None, now=now or clock.now(), source=TermSource.APPOINTED, due_on=due_on
    )
    db.session.flush()
    return term
