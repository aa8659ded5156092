"""Somebody at a group's door, as the public pages let them in."""

from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from groups.permissions import Role
from groups.referrals import commands
from groups.referrals.commands import Person, Writer
from groups.referrals.models import Introducer, Referral, ReferralState
from groups.referrals.queries import count_readers, find_by_key
from network import clock
from network.accounts.queries import token_hash
from network.db import db
from network.tenancy import scope
from network.tenancy.models import Group
from network.tenancy.queries import get_group
from tests.factories.network import make_holder
from tests.support.app import in_group

AGREED = "They know, and they agree."


def somebody_reads(group: Group) -> None:
    """Somebody holds one of the two offices: where nobody does, nobody is taken in."""
    since = clock.now() - timedelta(days=400)
    with in_group(group):
        has_reader = count_readers(now=since) > 0
    if not has_reader:
        make_holder(Role.CHAIRPERSON, group, since=since)


def an_asker(
    group: Group, *, called: str = "Sanaa", reach: str = "0700 111 222", words: str = "", language: str = "en",
    now: datetime | None = None,
) -> str:  # fmt: skip
    """Somebody asks to join; their code."""
    somebody_reads(group)
    with in_group(group):
        person = Person(called, language, reach, words)
        return commands.take_request(get_group(group.id), person, now=now or clock.now())


def an_introduction(
    group: Group, *, called: str = "Baraka", reach: str = "0700 333 444", now: datetime | None = None,
    by: Introducer = Introducer.FAMILY, name: str = "",
) -> None:  # fmt: skip
    """Somebody is introduced."""
    somebody_reads(group)
    with in_group(group):
        writer = Writer(by, agreement=AGREED, agreement_language="en", name=name)
        person = Person(called, "en", reach)
        commands.take_introduction(get_group(group.id), person, writer, now=now or clock.now())


def note_of(group: Group, account_id: UUID) -> str:
    """The code in the note that an office of the group sends to the one person it answered or asked."""
    with in_group(group, account_id):
        sent = db.session.scalars(sa.select(Referral).where(Referral.note_hash.is_not(None))).one()
        return sent.note_code or ""


def behind(code: str) -> Referral:
    """What somebody's own code opens, in the group in scope."""
    found = find_by_key(token_hash(code))
    assert found is not None
    return found


def left_open(group: Group, code: str, months: int = 3, *, ago: timedelta = timedelta(0)) -> str | None:
    """Whoever holds the code leaves the door open, some time ago; the code they get where they had none of their own."""
    with in_group(group):
        return commands.leave_door_open(
            get_group(scope.group_id()), behind(code), months, by=None, now=clock.now() - ago
        )


def may_be_asked(group: Group, *, called: str = "Nia") -> str:
    """Somebody whose day has come; their code."""
    code = an_asker(group, called=called, now=clock.now() - timedelta(days=110))
    left_open(group, code, 3, ago=timedelta(days=100))
    return code


def seen_by(group: Group, account_id: UUID | None) -> dict[str, ReferralState]:
    """Whom an account sees at the door, by what they are called."""
    with in_group(group, account_id):
        return {one.called: one.state for one in db.session.scalars(sa.select(Referral))}
