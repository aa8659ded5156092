"""Finding how members are reached, what was told, and who is still to be told."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from groups.membership.models import Member
from groups.notices.models import AHEAD, About, Channel, Notice, Reach, Telling
from network.db import db


@dataclass(frozen=True)
class Progress:
    """How far a notice has come."""

    everybody: int
    told: int
    by_hand: int
    """Still to be told, not by e-mail."""

    @property
    def waiting(self) -> int:
        return self.everybody - self.told


NOBODY = Progress(0, 0, 0)
_KINDS = sa.case({Channel.NONE.value: 2, Channel.EMAIL.value: 3}, value=Telling.channel, else_=1)
"""Messages to write first, then who is told in person, then letters, which leave by themselves."""


def find_reach(member_id: uuid.UUID) -> Reach | None:
    """How a member wants to be told, if they ever said."""
    return db.session.scalar(sa.select(Reach).where(Reach.member_id == member_id))


def reaches_of(member_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Reach]:
    """The same for several, by member."""
    found = db.session.scalars(sa.select(Reach).where(Reach.member_id.in_(member_ids)))
    return {reach.member_id: reach for reach in found}


def notices() -> sa.Select[Notice]:
    """Everything everybody was told about, the latest first; a selection so that pages can page it."""
    return sa.select(Notice).order_by(Notice.made_at.desc(), Notice.id)


def get_notice(notice_id: uuid.UUID) -> Notice:
    """A notice, or a page that says there is nothing here."""
    return db.get_or_404(Notice, notice_id)


def find_notice(notice_id: uuid.UUID) -> Notice | None:
    """The same, or nothing."""
    return db.session.get(Notice, notice_id)


def find_notice_about(about: str, subject_id: uuid.UUID) -> Notice | None:
    """What was told about a thing."""
    return db.session.scalar(sa.select(Notice).where(Notice.about == about, Notice.subject_id == subject_id))


def notices_of(subject_id: uuid.UUID) -> list[Notice]:
    """Everything that was told about one thing, the latest first."""
    return list(db.session.scalars(notices().where(Notice.subject_id == subject_id)))


def current_notices(since: date) -> list[Notice]:
    """Notices about days that are not over, or only just."""
    return list(db.session.scalars(notices().where(Notice.on_day >= since).limit(20)))


def notices_ahead(today: date) -> list[uuid.UUID]:
    """Of what is still ahead and not called off: what newcomers are told too."""
    off = sa.select(Notice.subject_id).where(Notice.about == About.CALLED_OFF)
    rows = sa.select(Notice.id).where(
        Notice.on_day >= today, Notice.about.in_(AHEAD), Notice.subject_id.not_in(off)
    )
    return list(db.session.scalars(rows))


def progress_of(notice_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Progress]:
    """How far each of these notices has come."""
    waits = Telling.told_at.is_(None)
    rows = db.session.execute(
        sa.select(
            Telling.notice_id,
            sa.func.count(),
            sa.func.count(Telling.told_at),
            sa.func.count().filter(waits, Telling.channel != Channel.EMAIL),
        )
        .where(Telling.notice_id.in_(notice_ids))
        .group_by(Telling.notice_id)
    )
    found = {notice_id: Progress(everybody, told, by_hand) for notice_id, everybody, told, by_hand in rows}
    return {notice_id: found.get(notice_id, NOBODY) for notice_id in notice_ids}


def tellings(notice_id: uuid.UUID) -> sa.Select[Telling]:
    """Everybody who is told of something: who still waits first, then by name; a selection so that pages can page it."""
    return (
        sa.select(Telling)
        .join(Telling.member)
        .options(contains_eager(Telling.member))
        .where(Telling.notice_id == notice_id)
        .order_by(Telling.told_at.is_not(None), _KINDS, Member.folded, Member.id)
    )


def letters_to_write(notice_id: uuid.UUID) -> list[tuple[Telling, str]]:
    """Whom a letter is still to be written to, held for this transaction: the telling with its member, and the address."""
    rows = db.session.execute(
        sa.select(Telling, Reach.address)
        .join(Telling.member)
        .join(Reach, Reach.member_id == Telling.member_id)
        .options(contains_eager(Telling.member))
        .where(
            Telling.notice_id == notice_id,
            Telling.told_at.is_(None),
            Telling.channel == Channel.EMAIL,
            Reach.channel == Channel.EMAIL,
        )
        .order_by(Telling.id)
        .with_for_update(of=Telling)
    )
    return [(telling, address or "") for telling, address in rows]


def waiting_notices_of(member_id: uuid.UUID) -> list[uuid.UUID]:
    """Of which notices a member is still to be told."""
    rows = sa.select(Telling.notice_id).where(Telling.member_id == member_id, Telling.told_at.is_(None))
    return list(db.session.scalars(rows.order_by(Telling.notice_id)))
