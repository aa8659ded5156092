"""The people of a group as far as nearness goes: who sits on its committee for disputes, their offices, who let whom in."""

import uuid
from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from groups.membership.models import Member
from groups.nearness.rules import LATELY, Person, steps_aside
from groups.officers.models import Term
from groups.permissions import Role
from network.accounts.models import Account, RoleAssignment
from network.audit import AuditEvent
from network.db import db
from network.invitations.models import Invitation
from network.tenancy import scope


def committee_at(now: datetime) -> list[uuid.UUID]:
    """Accounts of the committee for disputes of the group in scope at a moment."""
    held = (
        sa.select(RoleAssignment.account_id)
        .join(Account, Account.id == RoleAssignment.account_id)
        .where(
            RoleAssignment.group_id == scope.group_id(),
            RoleAssignment.role == Role.DISPUTES,
            RoleAssignment.starts_at <= now,
            sa.or_(RoleAssignment.ends_at.is_(None), RoleAssignment.ends_at > now),
            Account.suspended_at.is_(None),
        )
    )
    return sorted(set(db.session.scalars(held)))


def people(
    *, accounts: Collection[uuid.UUID] = (), members: Collection[uuid.UUID] = (), now: datetime
) -> list[Person]:
    """These people as this group knows them: their offices now, and who let them in lately. Strangers have neither."""
    asked = sa.select(Member).where(
        Member.left_on.is_(None), sa.or_(Member.account_id.in_(list(accounts)), Member.id.in_(list(members)))
    )
    found = list(db.session.scalars(asked))
    ids = [member.id for member in found]
    offices: dict[uuid.UUID, set[str]] = {}
    for member_id, office in db.session.execute(
        sa.select(Term.member_id, Term.office).where(Term.member_id.in_(ids), Term.ends_at.is_(None))
    ):
        offices.setdefault(member_id, set()).add(office)
    let_in = _let_in_by(found, since=now - LATELY)
    known = {member.account_id for member in found}
    return [
        *(
            Person(one.account_id, one.id, frozenset(offices.get(one.id, ())), frozenset(let_in[one.id]))
            for one in found
        ),
        *(Person(account_id) for account_id in accounts if account_id not in known),
    ]


def is_near(
    account_id: uuid.UUID, others: Collection[uuid.UUID], *, group_id: uuid.UUID, now: datetime
) -> bool:
    """Whether any of the others is too near to somebody, as a group knows them."""
    with scope.visiting(group_id):
        parties = people(accounts=[account_id], now=now)
        return any(steps_aside(one, parties) for one in people(accounts=others, now=now))


def _let_in_by(members: Collection[Member], *, since: datetime) -> dict[uuid.UUID, set[uuid.UUID]]:
    """Who let these members in, where that was lately: wrote them into the list, as the diary says, or invited them."""
    found: dict[uuid.UUID, set[uuid.UUID]] = {member.id: set() for member in members}
    written = sa.select(AuditEvent.subject_id, AuditEvent.account_id).where(
        AuditEvent.event == "member.added", AuditEvent.subject_id.in_(list(found)), AuditEvent.at >= since
    )
    for member_id, by in db.session.execute(written):
        if by and member_id:
            found[member_id].add(by)
    by_account = {member.account_id: member.id for member in members if member.account_id}
    # Of an older member, given a way to sign in, the invitation names the member: that let nobody in.
    invited = sa.select(Invitation.accepted_by, Invitation.made_by).where(
        Invitation.accepted_by.in_(list(by_account)), Invitation.member_id.is_(None), Invitation.accepted_at >= since
    )  # fmt: skip
    for account_id, by in db.session.execute(invited):
        if by and account_id:
            found[by_account[account_id]].add(by)
    return found


def groups_of(account_id: uuid.UUID | None) -> set[uuid.UUID]:
    """Every group and office somebody has, or had, a role in."""
    if account_id is None:
        return set()
    with scope.visiting(None, account_id):
        asked = sa.select(RoleAssignment.group_id).where(RoleAssignment.account_id == account_id)
        return set(db.session.scalars(asked))
