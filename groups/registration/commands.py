"""Entering a certificate, putting one right, telling the right officers in time that one ends."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from groups.notices.commands import stop_telling, tell_officers
from groups.notices.models import About
from groups.registration import queries, rules
from groups.registration.models import Registration
from groups.registration.rules import Refusal, State
from network import audit, clock
from network.authorities.guide import OTHER
from network.authorities.queries import profile_for
from network.db import db
from network.tenancy.models import Group

OFFICES = ("chairperson", "secretary")
"""Who renews a certificate, and is told in time."""


class CannotEnter(Exception):
    """It cannot be done; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


@dataclass(frozen=True)
class Certificate:
    """What stands on a certificate."""

    authority: str
    issued_on: date
    called: str = ""
    number: str = ""
    holds_until: date | None = None
    fee: int | None = None


def enter_certificate(
    group: Group, certificate: Certificate, *, by: uuid.UUID | None, now: datetime
) -> Registration:
    """Keep a certificate; nobody is told any more that an earlier one ends. Raises `CannotEnter`."""
    entered = Registration(id=uuid.uuid4(), entered_at=now)
    _write(group, entered, certificate, now=now)
    earlier = queries.find_newest(entered.authority, entered.called)
    db.session.add(entered)
    db.session.flush()
    if earlier is not None and queries.find_newest(entered.authority, entered.called) is entered:
        stop_telling(earlier.id)
    audit.record("registration.entered", entered, by=by, now=now)
    return entered


def put_right(
    group: Group, entered: Registration, certificate: Certificate, *, by: uuid.UUID | None, now: datetime
) -> None:
    """Write what really stands on a certificate; nobody is told any more of a day that was wrong. Raises `CannotEnter`."""
    before = entered.holds_until
    _write(group, entered, certificate, now=now)
    db.session.flush()
    if entered.holds_until != before:
        stop_telling(entered.id)
    audit.record("registration.put_right", entered, by=by, now=now)


def _write(group: Group, entered: Registration, certificate: Certificate, *, now: datetime) -> None:
    called = certificate.called if certificate.authority == OTHER else ""
    months = profile_for(group).authority(certificate.authority).months
    until = certificate.holds_until or rules.holds_until(certificate.issued_on, months)
    with db.session.no_autoflush:
        same = queries.find_same(certificate.authority, called, certificate.issued_on)
    refusal = rules.why_not_enter(
        issued_on=certificate.issued_on, until=until, is_named=bool(called) or certificate.authority != OTHER,
        is_there=same is not None and same is not entered, today=clock.today(group.time_zone, at=now),
    )  # fmt: skip
    if refusal:
        raise CannotEnter(refusal)
    entered.authority, entered.called, entered.number = certificate.authority, called, certificate.number
    entered.issued_on, entered.holds_until = certificate.issued_on, until
    entered.fee, entered.currency = certificate.fee, None if certificate.fee is None else group.currency


def tell_what_ends(group: Group, *, now: datetime) -> None:
    """Have chairperson and secretary told of each certificate that ends, early and once more when it is near."""
    for line in queries.lines_of(group, today=clock.today(group.time_zone, at=now)):
        its = line.standing
        if its.state == State.DUE and its.newest is not None and its.newest.holds_until is not None:
            about = About.RENEWAL_NEAR if its.is_pressing else About.RENEWAL_AHEAD
            tell_officers(about, its.newest.id, OFFICES, on_day=its.newest.holds_until, now=now)
