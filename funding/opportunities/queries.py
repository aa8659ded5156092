"""Finding chances: those of one's own and those that the offices above have published."""

import uuid
from datetime import date
from enum import StrEnum

import sqlalchemy as sa

from funding.opportunities.models import Opportunity, Until
from network.db import db
from network.tenancy import scope
from network.tenancy.queries import find_home_network
from network.tenancy.settings import APPROVED_ONLY, setting

HEARD = sa.text(
    """with recursive line(id, parent_id, office_id) as (
         select n.id, n.parent_id, n.office_id from networks n
         where n.office_id = scope.group_id() or exists (
           select from affiliations a where a.network_id = n.id and a.group_id = scope.group_id() and a.until_on is null)
         union select n.id, n.parent_id, n.office_id from networks n join line on n.id = line.parent_id)
       select office_id from line"""
)


class When(StrEnum):
    """Which ones to show."""

    OPEN = "open"
    PAST = "past"


def offices_heard() -> list[uuid.UUID]:
    """The offices whose lists are read here: of the networks this place belongs to, and of those above them."""
    return list(db.session.scalars(HEARD))


def _readable() -> sa.Select[Opportunity]:
    heard = sa.and_(Opportunity.is_open, Opportunity.group_id.in_(offices_heard()))
    return sa.select(Opportunity).where(sa.or_(Opportunity.group_id == scope.group_id(), heard))


def opportunities(*, when: When, today: date, kind: str = "") -> sa.Select[Opportunity]:
    """What can be applied for, the nearest day first, then all year round, then what nobody knows; or what is over, the latest first."""
    is_over = sa.or_(
        sa.func.coalesce(Opportunity.closes_on < today, sa.false()),
        sa.func.coalesce(Opportunity.ended_on <= today, sa.false()),
    )
    found = _readable().where(is_over if when is When.PAST else ~is_over)
    if kind:
        found = found.where(Opportunity.funder_kind == kind)
    if when is When.PAST:
        last = sa.func.coalesce(Opportunity.closes_on, Opportunity.ended_on)
        return found.order_by(last.desc(), Opportunity.id)
    order = sa.case((Opportunity.until == Until.DAY, 0), (Opportunity.until == Until.ALL_YEAR, 1), else_=2)
    return found.order_by(order, Opportunity.closes_on, Opportunity.created_at.desc(), Opportunity.id)


def get_opportunity(opportunity_id: uuid.UUID) -> Opportunity:
    """One that may be read from here, or a page that says there is nothing here."""
    return db.one_or_404(_readable().where(Opportunity.id == opportunity_id))


def get_own_opportunity(opportunity_id: uuid.UUID) -> Opportunity:
    """One that was written here, or a page that says there is nothing here."""
    own = sa.select(Opportunity).where(
        Opportunity.id == opportunity_id, Opportunity.group_id == scope.group_id()
    )
    return db.one_or_404(own)


def shows_approved_only() -> bool:
    """Whether the network of the place in scope shows only translations a named reviewer approved."""
    network = find_home_network(scope.group_id())
    return bool(setting(network.id, APPROVED_ONLY)) if network else False


def opportunities_by_id(ids: list[uuid.UUID]) -> dict[uuid.UUID, Opportunity]:
    """Those of these that can be read from here, whoever published them: an application outlives a group's move."""
    found = db.session.scalars(sa.select(Opportunity).where(Opportunity.id.in_(ids))) if ids else ()
    return {one.id: one for one in found}
