"""Reading notes of an office. What may be read is the database's answer, not a condition here."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from flask import abort
from sqlalchemy.orm import joinedload

from groups.notes import rules
from groups.notes.models import OfficeNote
from groups.officers.models import Term
from network import clock
from network.db import db


@dataclass(frozen=True)
class Beside:
    """Another page that passes on with an office, kept by a package above."""

    office: str
    endpoint: str
    title: Any
    permission: StrEnum


_beside: list[Beside] = []


def put_beside(page: Beside) -> None:
    """Lead from the notes of an office to what else passes on with it."""
    if page not in _beside:
        _beside.append(page)


def pages_beside(office: str) -> list[Beside]:
    """What else passes on with an office."""
    return [page for page in _beside if page.office == office]


def get_term_to_write_in(term_id: uuid.UUID) -> Term:
    """A term that goes on or ended lately, or a page that says there is nothing here."""
    found = db.one_or_404(sa.select(Term).where(Term.id == term_id).options(joinedload(Term.member)))
    return found if rules.may_write(found.ends_at, now=clock.now()) else abort(404)


def notes_of(office: str) -> sa.Select[OfficeNote]:
    """The notes of an office that whoever asks may read, the newest first; a selection so that pages can page it."""
    return (
        sa.select(OfficeNote)
        .join(Term, sa.and_(Term.id == OfficeNote.term_id, Term.group_id == OfficeNote.group_id))
        .where(Term.office == office)
        .options(joinedload(OfficeNote.term).joinedload(Term.member))
        .order_by(OfficeNote.written_at.desc(), OfficeNote.id)
    )


def terms_to_think_of(member_id: uuid.UUID, *, now: datetime) -> list[Term]:
    """Somebody's terms that began lately, or ended lately without a new one in the same office."""
    mine = sa.select(Term).where(
        Term.member_id == member_id,
        sa.or_(
            sa.and_(Term.ends_at.is_(None), Term.starts_at > now - rules.IS_NEW),
            Term.ends_at > now - rules.STILL_WRITES,
        ),
    )
    found = list(db.session.scalars(mine.order_by(Term.starts_at, Term.id)))
    held = set(
        db.session.scalars(sa.select(Term.office).where(Term.member_id == member_id, Term.ends_at.is_(None)))
    )
    return [term for term in found if term.goes_on or term.office not in held]


def offices_with_notes_from(terms: Iterable[Term], *, others: bool) -> set[uuid.UUID]:
    """Of these terms, those in which something was written; or in whose office others wrote something that can be read."""
    ids = [term.id for term in terms]
    mine, written = sa.orm.aliased(Term), sa.orm.aliased(Term)
    asked = (
        sa.select(mine.id)
        .join(written, sa.and_(written.group_id == mine.group_id, written.office == mine.office))
        .join(OfficeNote, sa.and_(OfficeNote.group_id == written.group_id, OfficeNote.term_id == written.id))
        .where(mine.id.in_(ids))
        .where(written.member_id != mine.member_id if others else written.id == mine.id)
    )
    return set(db.session.scalars(asked.distinct())) if ids else set()
