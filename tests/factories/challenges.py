"""A declared result that can be challenged, and who challenges and decides."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from groups.challenges import commands, queries
from groups.elections import commands as elections
from groups.elections.queries import get_election
from groups.membership.queries import get_member
from network import clock
from network.tenancy.models import Group
from tests.factories.groups import a_counted_vote, a_member, a_term, some_members
from tests.factories.network import make_account, make_group, make_holder
from tests.support.app import in_scope


@dataclass
class Declared:
    """A result declared some days ago: a new treasurer instead of the old one."""

    group: Group
    election_id: uuid.UUID
    old: uuid.UUID
    new: uuid.UUID
    voter: uuid.UUID
    voter_member: uuid.UUID


def a_declared_result(*, days_ago: int = 1) -> Declared:
    group, now = make_group(), clock.now() - timedelta(days=days_ago)
    old, new, voter = (make_account().id for _ in range(3))
    with in_scope(group):
        long_ago = now - timedelta(days=300)
        outgoing = a_member("Old", account_id=old, now=long_ago)
        incoming = a_member("New", account_id=new, now=long_ago)
        plain = a_member("Plain", account_id=voter, now=long_ago)
        a_term(outgoing, "treasurer", now=long_ago)
        members = some_members(6)
        election = a_counted_vote([members[0], incoming, *members[1:]])
        elections.declare_result(group, election, by=None, now=now)
        return Declared(group, election.id, old, new, voter, plain.id)


def a_challenge(here: Declared, *, by: uuid.UUID | None = None, now: datetime | None = None) -> uuid.UUID:
    with in_scope(here.group, by or here.voter):
        made = commands.challenge_result(
            get_election(here.election_id), get_member(here.voter_member), "The door was shut", by=by or here.voter,
            now=now or clock.now(),
        )  # fmt: skip
        return made.id


def an_answer(here: Declared, challenge_id: uuid.UUID, who: uuid.UUID, *, upholds: bool) -> str:
    with in_scope(here.group, who):
        asked = queries.get_challenge(challenge_id)
        return commands.answer_challenge(here.group, asked, upholds=upholds, by=who, now=clock.now())


def a_committee(here: Declared, count: int = 2) -> list[uuid.UUID]:
    return [an_officer(here, "disputes") for _ in range(count)]


def an_officer(here: Declared, role: str) -> uuid.UUID:
    """Somebody who held an office already when the result was declared."""
    return make_holder(role, here.group, since=clock.now() - timedelta(days=100)).id
