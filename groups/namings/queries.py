"""Finding who is named for which office."""

import uuid
from collections.abc import Collection

import sqlalchemy as sa

from groups.namings.models import Naming, NamingState
from network.db import db

OPEN = (NamingState.NAMED, NamingState.ACCEPTED)


def namings() -> sa.Select[Naming]:
    """Everybody who was named, those still open first, then the latest; a selection so that pages can page it."""
    is_over = sa.case((Naming.state.in_(OPEN), 0), else_=1)
    return sa.select(Naming).order_by(is_over, Naming.named_at.desc(), Naming.id)


def get_naming(naming_id: uuid.UUID) -> Naming:
    """A naming with who it is about, or a page that says there is nothing here."""
    return db.one_or_404(sa.select(Naming).where(Naming.id == naming_id))


def find_naming(naming_id: uuid.UUID | None) -> Naming | None:
    """The same, or nothing."""
    return db.session.get(Naming, naming_id) if naming_id else None


def namings_by_id(ids: Collection[uuid.UUID | None]) -> dict[uuid.UUID | None, Naming]:
    """Those of them that there are, by id."""
    if not ids:
        return {}
    return {naming.id: naming for naming in db.session.scalars(sa.select(Naming).where(Naming.id.in_(ids)))}


def hold(naming: Naming) -> Naming:
    """The naming as it now stands, held for this transaction."""
    db.session.refresh(naming, with_for_update={"of": Naming})
    return naming


def has_open(office: str, member_id: uuid.UUID) -> bool:
    """Whether somebody is named for this office already."""
    open_ones = sa.select(Naming.id).where(
        Naming.office == office, Naming.member_id == member_id, Naming.state.in_(OPEN)
    )
    return db.session.scalar(open_ones.limit(1)) is not None


def to_answer(member_id: uuid.UUID) -> list[Naming]:
    """Where somebody was named and has not said yet whether they would do it."""
    asked = sa.select(Naming).where(Naming.member_id == member_id, Naming.state == NamingState.NAMED)
    return list(db.session.scalars(asked.order_by(Naming.named_at, Naming.id)))


def count_accepted() -> int:
    """How many have said yes and wait for the members."""
    waiting = sa.select(sa.func.count()).select_from(Naming).where(Naming.state == NamingState.ACCEPTED)
    return db.session.scalar(waiting) or 0
