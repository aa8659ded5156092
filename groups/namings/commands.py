"""Naming somebody, their answer, and coming into the office once the members agreed: in the meeting, or by a decision."""

import uuid
from contextlib import suppress
from datetime import date, datetime

from groups.decisions import commands as decisions
from groups.decisions.models import Motion
from groups.decisions.queries import find_open_about
from groups.membership.models import Member
from groups.namings import queries, rules
from groups.namings.models import Naming, NamingState
from groups.namings.rules import Refusal
from groups.officers import commands as officers
from groups.officers.commands import CannotChangeOffices
from groups.officers.queries import articles_in_force, present_terms_of
from network import audit
from network.db import db
from network.tenancy.models import Group

KIND = "appointment"


class CannotName(Exception):
    """It cannot be done; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def _unless(refusal: Refusal | None) -> None:
    if refusal:
        raise CannotName(refusal)


def name_member(
    member: Member, office: str, *, named_by: Member, by: uuid.UUID | None, now: datetime, has_accepted: bool = False
) -> Naming:  # fmt: skip
    """Keep that somebody named this member for an office, and perhaps that they said yes. Raises `CannotName`."""
    described = articles_in_force().office(office)
    _unless(
        rules.why_not_name(
            described, are_members=member.is_present and named_by.is_present, is_own=named_by.id == member.id,
            is_named=queries.has_open(office, member.id), holds=[term.office for term in present_terms_of(member.id)],
        )
    )  # fmt: skip
    naming = Naming(
        id=uuid.uuid4(), office=office, method=str(described.method) if described else "", member_id=member.id, named_by_id=named_by.id,
        named_at=now, state=NamingState.ACCEPTED if has_accepted else NamingState.NAMED, answered_at=now if has_accepted else None,
    )  # fmt: skip
    db.session.add(naming)
    db.session.flush()
    audit.record("naming.made", naming, by=by, now=now)
    return naming


def answer(naming: Naming, *, agrees: bool, by: uuid.UUID | None, now: datetime) -> None:
    """Whoever was named says whether they would do it; until the members agreed they can change their mind. Raises `CannotName`."""
    naming = queries.hold(naming)
    wanted = NamingState.ACCEPTED if agrees else NamingState.DECLINED
    is_for_another = naming.member.has_sign_in and naming.member.account_id != by
    _unless(rules.why_not_answer(naming.state, wanted, is_for_another=is_for_another))
    naming.state, naming.answered_at = wanted, now
    db.session.flush()
    audit.record("naming.answered", naming, by=by, now=now)


def settle(group: Group, naming: Naming, *, by: uuid.UUID | None, now: datetime) -> None:
    """The members agreed: from this moment they are in the office. Raises `CannotName` and `CannotChangeOffices`."""
    naming = queries.hold(naming)
    _unless(None if rules.may_become(naming.state, NamingState.SETTLED) else Refusal.NOT_NOW)
    term = officers.appoint_member(group, naming.member, naming.office, by=by, now=now)
    naming.state, naming.term_id = NamingState.SETTLED, term.id
    db.session.flush()
    audit.record("naming.settled", naming, by=by, now=now)


def call_decision(
    group: Group, naming: Naming, *, held_on: date, by: uuid.UUID, now: datetime, is_short_notice_agreed: bool = False
) -> Motion:  # fmt: skip
    """Put to the members that somebody who said yes comes into the office. Raises `CannotName` and `CannotDecide`."""
    _unless(None if rules.may_become(naming.state, NamingState.SETTLED) else Refusal.NOT_NOW)
    _unless(Refusal.BEFORE_THE_MEMBERS if find_open_about(KIND, naming.id) else None)
    return decisions.call_motion(
        group, kind=KIND, held_on=held_on, by=by, now=now, subject_id=naming.id, is_short_notice_agreed=is_short_notice_agreed
    )  # fmt: skip


def carry(group: Group, motion: Motion, now: datetime) -> None:
    """The members said yes. Where no seat is free any more, or they changed their mind, the decision is only written down."""
    if naming := queries.find_naming(motion.subject_id):
        with suppress(CannotName, CannotChangeOffices):
            settle(group, naming, by=None, now=now)
