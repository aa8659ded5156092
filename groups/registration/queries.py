"""Reading the group's certificates, and how it stands with each authority."""

import uuid
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from groups.registration import rules
from groups.registration.models import Registration
from groups.registration.rules import Standing
from network.authorities.guide import ANY, OTHER, Authority
from network.authorities.queries import profile_for
from network.db import db
from network.tenancy.models import Group

MOST = 200
"""Certificates that are looked at to say how it stands; a group has one or two a year."""


@dataclass(frozen=True)
class Line:
    """One authority, what it is called, and how it stands."""

    authority: Authority
    called: str
    standing: Standing


def registrations() -> sa.Select[Registration]:
    """Every certificate, the latest first; a selection so that pages can page it."""
    return sa.select(Registration).order_by(
        Registration.issued_on.desc(), Registration.authority, Registration.id
    )


def get_registration(registration_id: uuid.UUID) -> Registration:
    """A certificate of the group in scope, or a page that says there is nothing here."""
    return db.one_or_404(sa.select(Registration).where(Registration.id == registration_id))


def find_same(authority: str, called: str, issued_on: date) -> Registration | None:
    """A certificate of the same authority and day."""
    return db.session.scalar(
        sa.select(Registration).where(
            Registration.authority == authority,
            Registration.called == called,
            Registration.issued_on == issued_on,
        )
    )


def find_newest(authority: str, called: str = "") -> Registration | None:
    """The certificate of an authority that holds longest."""
    its = sa.select(Registration).where(Registration.authority == authority, Registration.called == called)
    longest = its.order_by(Registration.holds_until.desc().nulls_first(), Registration.issued_on.desc())
    return db.session.scalar(longest.limit(1))


def lines_of(group: Group, *, today: date) -> list[Line]:
    """How it stands with each authority of the country, and with those only the group knows."""
    kept = list(db.session.scalars(registrations().limit(MOST)))
    asked = [(one, "") for one in profile_for(group).authorities]
    known = {one.code for one, _ in asked}
    own = sorted({one.called for one in kept if one.authority == OTHER})
    earlier = sorted({one.authority for one in kept if one.authority not in known | {OTHER}})
    asked += [(ANY, called) for called in own]
    lines = [_line(one, called, kept, today) for one, called in asked]
    return lines + [Line(ANY, code, _standing(kept, code, "", ANY, today)) for code in earlier]


def _line(authority: Authority, called: str, kept: list[Registration], today: date) -> Line:
    return Line(authority, called, _standing(kept, authority.code, called, authority, today))


def _standing(
    kept: list[Registration], code: str, called: str, authority: Authority, today: date
) -> Standing:
    return rules.standing(rules.newest(kept, code, called), today=today, remind_days=authority.remind_days)


def is_registered(group: Group, today: date) -> bool:
    """Whether every certificate the group has or is asked for holds; what a network may ask, and no more than this."""
    return rules.is_in_order([line.standing for line in lines_of(group, today=today)])
