"""Planning the letter that something waits, and writing it where something still does.

Only by the way somebody chose themselves, and only by e-mail: nobody else sends it for them and so learns of it. Why whoever is
told of a matter, and whoever brought one, gets none: docs/decisions/disputes.md.
"""

import uuid
from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from groups.disputes import commands as disputes
from groups.disputes.queries import asks_waiting, waiting_for
from groups.membership.models import Member
from groups.notices.models import Channel, Reach
from groups.notices.queries import find_reach
from groups.reminders import emails, rules
from groups.safeguarding.queries import held_back
from network import clock
from network.accounts.models import Account
from network.db import db
from network.outbox import commands as outbox
from network.tenancy import scope
from network.tenancy.queries import get_group
from network.web.languages import language_of

WAITS = "something_waits"


@disputes.matter_waits.connect
def _plan(accounts: Collection[uuid.UUID], *, now: datetime) -> None:
    """One letter a round to each member of the group in scope who chose e-mail, however much waits."""
    at = rules.next_round(now, get_group(scope.group_id()).time_zone)
    chose = sa.select(Member.id).join(
        Reach, sa.and_(Reach.group_id == Member.group_id, Reach.member_id == Member.id)
    )
    chose = chose.where(
        Member.account_id.in_(list(accounts)), Member.left_on.is_(None), Reach.channel == Channel.EMAIL
    )
    for member_id in db.session.scalars(chose).all():
        outbox.put(
            WAITS, now=now, run_at=at, once=f"{WAITS} {member_id} {at:%Y-%m-%d %H}", member_id=member_id
        )


def write_letter(member_id: uuid.UUID, *, public_url: str, now: datetime) -> bool:
    """Write to them, if they still want it and something still waits. Whether it was written."""
    member, reach = db.session.get(Member, member_id), find_reach(member_id)
    if member is None or not member.account_id or not member.is_present:
        return False
    if reach is None or not reach.address or reach.channel != Channel.EMAIL or held_back([member_id]):
        return False
    account, group = db.session.get_one(Account, member.account_id), get_group(scope.group_id())
    with scope.visiting(group.id, account.id):
        today = clock.today(group.time_zone, at=now)
        is_waiting = waiting_for(account.id, today) or asks_waiting(account.id)
    if account.suspended_at or not is_waiting:
        return False
    emails.something_waits(
        reach.address, link=public_url, language=language_of(member.language or account.language), now=now
    )
    return True
