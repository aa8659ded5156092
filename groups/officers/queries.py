"""Who holds which office, who held it, and what the constitution says."""

import uuid
from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from groups.officers import rules
from groups.officers.models import Constitution, Term
from network.db import db
from network.tenancy.models import Group


def find_constitution() -> Constitution | None:
    """The newest version the group in scope has adopted."""
    return db.session.scalar(sa.select(Constitution).order_by(Constitution.version.desc()).limit(1))


def articles_in_force() -> rules.Articles:
    """What holds in the group in scope: its constitution, or the template until it has one of its own."""
    found = find_constitution()
    if found is None:
        return rules.TEMPLATE
    return rules.Articles(
        offices=rules.read_offices(found.offices), quorum_percent=found.quorum_percent, notice_days=found.notice_days,
        version=found.version, adopted_on=found.adopted_on,
    )  # fmt: skip


def present_terms(offices: Sequence[str] = ()) -> list[Term]:
    """Terms that go on, with their members, by office and seat; of all offices or of some."""
    wanted = (
        sa.select(Term)
        .where(Term.ends_at.is_(None))
        .options(joinedload(Term.member))
        .order_by(Term.office, Term.seat)
    )
    return list(db.session.scalars(wanted.where(Term.office.in_(offices)) if offices else wanted))


def present_terms_of(member_id: uuid.UUID) -> list[Term]:
    """The offices somebody holds now, in a stable order."""
    return list(
        db.session.scalars(
            sa.select(Term)
            .where(Term.member_id == member_id, Term.ends_at.is_(None))
            .order_by(Term.office, Term.seat)
        )
    )


def past_terms() -> sa.Select[Term]:
    """Terms that are over, the latest first; a selection so that pages can page it."""
    return (
        sa.select(Term)
        .where(Term.ends_at.is_not(None))
        .options(joinedload(Term.member))
        .order_by(Term.ends_at.desc(), Term.office, Term.seat, Term.id)
    )


def get_term(term_id: uuid.UUID) -> Term:
    """A term that goes on, or a page that says there is nothing here."""
    return db.one_or_404(
        sa.select(Term).where(Term.id == term_id, Term.ends_at.is_(None)).options(joinedload(Term.member))
    )


NEEDED_FOR_MONEY = ("chairperson", "secretary", "treasurer")


def has_officers_for_money(group: Group, today: date) -> bool:  # noqa: ARG001 - what a network's conditions are asked with
    """Whether somebody is in each of the three offices a network sends money to, now."""
    return {term.office for term in present_terms(NEEDED_FOR_MONEY)} == set(NEEDED_FOR_MONEY)
