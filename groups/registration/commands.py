"""Entering a certificate, and putting one right."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from groups.registration import queries, rules
from groups.registration.models import Registration
from groups.registration.rules import Refusal
from network import audit, clock
from network.authorities.guide import OTHER
from network.authorities.queries import profile_for
from network.db import db
from network.tenancy.models import Group


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
    """Keep a certificate. Raises `CannotEnter`."""
    entered = Registration(id=uuid.uuid4(), entered_at=now)
    _write(group, entered, certificate, now=now)
    db.session.add(entered)
    db.session.flush()
    audit.record("registration.entered", entered, by=by, now=now)
    return entered


def put_right(
    group: Group, entered: Registration, certificate: Certificate, *, by: uuid.UUID | None, now: datetime
) -> None:
    """Write what really stands on a certificate. Raises `CannotEnter`."""
    _write(group, entered, certificate, now=now)
    db.session.flush()
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
