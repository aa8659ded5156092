"""Finding a group's applications: all, one, the latest for each chance, and those whose day comes near."""

import uuid
from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from funding.applications.models import ApplicationState, GrantApplication
from funding.applications.rules import GOING_ON
from funding.opportunities.models import Opportunity
from funding.opportunities.rules import FIRST_WORD
from groups.membership.models import Member
from groups.officers.queries import present_terms
from network.db import db
from network.tenancy import scope

LOOK_AFTER = ("chairperson", "secretary", "treasurer")


def applications() -> sa.Select[GrantApplication]:
    """All of them: what goes on first, then the latest; a selection so that pages can page it."""
    is_settled = GrantApplication.state.not_in(GOING_ON)
    return (
        sa.select(GrantApplication)
        .options(selectinload(GrantApplication.keeper))
        .order_by(is_settled, GrantApplication.begun_on.desc(), GrantApplication.id)
    )


def get_application(grant_application_id: uuid.UUID) -> GrantApplication:
    """One of them, or a page that says there is nothing here."""
    return db.one_or_404(
        sa.select(GrantApplication)
        .options(selectinload(GrantApplication.keeper))
        .where(GrantApplication.id == grant_application_id)
    )


def get_chance_of(application: GrantApplication) -> Opportunity:
    """What it applies for."""
    return db.session.scalars(
        sa.select(Opportunity).where(Opportunity.id == application.opportunity_id)
    ).one()


def latest_for(opportunity_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, GrantApplication]:
    """The latest application for each of these: what goes on, else what was settled last."""
    if not opportunity_ids:
        return {}
    found = sa.select(GrantApplication).where(GrantApplication.opportunity_id.in_(opportunity_ids))
    is_going_on = GrantApplication.state.in_(GOING_ON)
    ordered = found.order_by(is_going_on, GrantApplication.settled_on, GrantApplication.id)
    return {one.opportunity_id: one for one in db.session.scalars(ordered)}


def find_going_on(opportunity_id: uuid.UUID) -> GrantApplication | None:
    """The application for a chance that is not settled yet."""
    return db.session.scalar(
        sa.select(GrantApplication).where(
            GrantApplication.opportunity_id == opportunity_id, GrantApplication.state.in_(GOING_ON)
        )
    )


def find_behind(grant_id: uuid.UUID) -> GrantApplication | None:
    """The application a grant came from."""
    return db.session.scalar(sa.select(GrantApplication).where(GrantApplication.grant_id == grant_id))


def members_who_look_after() -> list[Member]:
    """The members in the offices that look after money, each once."""
    return list({term.member.id: term.member for term in present_terms(LOOK_AFTER)}.values())


def due_soon(today: date) -> list[tuple[GrantApplication, Opportunity]]:
    """Applications that have not gone out although their day is near, the nearest first."""
    rows = (
        sa.select(GrantApplication, Opportunity)
        .join(Opportunity, Opportunity.id == GrantApplication.opportunity_id)
        .options(selectinload(GrantApplication.keeper))
        .where(
            GrantApplication.group_id == scope.group_id(),
            GrantApplication.state.in_((ApplicationState.INTERESTED, ApplicationState.PREPARING)),
            Opportunity.closes_on.between(today, today + FIRST_WORD),
            Opportunity.ended_on.is_(None),
        )
        .order_by(Opportunity.closes_on, GrantApplication.id)
    )
    return [(application, chance) for application, chance in db.session.execute(rows)]


def awards_to_write() -> list[GrantApplication]:
    """Awards that are no grant in the book yet, the earliest first; what is lent is none."""
    awarded = sa.select(GrantApplication).where(
        GrantApplication.state == ApplicationState.AWARDED, GrantApplication.grant_id.is_(None)
    )
    given = awarded.join(Opportunity, Opportunity.id == GrantApplication.opportunity_id).where(
        Opportunity.gives != "loan"
    )
    return list(db.session.scalars(given.order_by(GrantApplication.settled_on, GrantApplication.id)))
