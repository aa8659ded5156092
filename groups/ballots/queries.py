"""Reading boxes. Nothing here joins a sender to what they sent, except to tell a sender that theirs is kept."""

import uuid
from collections import Counter
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from groups.ballots.formats import envelope
from groups.ballots.models import (
    BallotBox,
    BallotSlip,
    BoxedEnvelope,
    BoxState,
    Channel,
    Envelope,
    Keeper,
    OpenedMark,
    RollEntry,
)
from groups.ballots.rules import Asked
from groups.elections.counting.any_rule import most_marks
from groups.elections.models import Contest, Election, ElectionState
from groups.elections.queries import ended_before
from groups.membership.models import Member
from groups.officers.rules import CountingRule
from network.db import db


def find_box(election_id: uuid.UUID) -> BallotBox | None:
    """The box of an election, if it has one."""
    return db.session.scalar(sa.select(BallotBox).where(BallotBox.election_id == election_id))


def get_box(election_id: uuid.UUID) -> BallotBox:
    """The box of an election, or a page that says there is nothing here."""
    return db.one_or_404(sa.select(BallotBox).where(BallotBox.election_id == election_id))


def hold_box(election_id: uuid.UUID, *, is_shared: bool = False) -> BallotBox | None:
    """The box as it now stands, held: shared by those who vote at once, alone for whoever closes or opens it."""
    held = sa.select(BallotBox).where(BallotBox.election_id == election_id).with_for_update(read=is_shared)
    return db.session.scalar(held.execution_options(populate_existing=True))


def keepers_of(box_id: uuid.UUID) -> list[tuple[Keeper, str]]:
    """Who holds the three shares, with what they are called."""
    rows = (
        sa.select(Keeper, Member.nickname)
        .join(Member, Member.id == Keeper.member_id)
        .where(Keeper.box_id == box_id)
        .order_by(Keeper.place)
        .execution_options(populate_existing=True)
    )
    return [(keeper, nickname) for keeper, nickname in db.session.execute(rows)]


def find_entry(election_id: uuid.UUID, member_id: uuid.UUID) -> RollEntry | None:
    """A member's line on the roll of an election."""
    line = sa.select(RollEntry).where(RollEntry.election_id == election_id, RollEntry.member_id == member_id)
    return db.session.scalar(line)


def roll_of(election_id: uuid.UUID) -> sa.Select[RollEntry]:
    """The roll by name; a selection so that pages can page it."""
    return (
        sa.select(RollEntry)
        .join(RollEntry.member)
        .options(contains_eager(RollEntry.member))
        .where(RollEntry.election_id == election_id)
        .order_by(Member.folded, Member.id)
    )


def get_entry_in(election_id: uuid.UUID, entry_id: uuid.UUID) -> RollEntry:
    """A line on the roll of an election, or a page that says there is nothing here."""
    line = sa.select(RollEntry).where(RollEntry.election_id == election_id, RollEntry.id == entry_id)
    return db.one_or_404(line)


def count_given(election_id: uuid.UUID) -> dict[str, int]:
    """How many were handed a paper and how many a slip."""
    rows = (
        sa.select(RollEntry.channel, sa.func.count())
        .where(RollEntry.election_id == election_id, RollEntry.channel.is_not(None))
        .group_by(RollEntry.channel)
    )
    found = {channel: count for channel, count in db.session.execute(rows)}  # noqa: C416 - rows are not pairs to the type checker
    return {channel: found.get(channel, 0) for channel in Channel}


def slips_of(election_id: uuid.UUID) -> list[BallotSlip]:
    """The slips of an election."""
    rows = sa.select(BallotSlip).where(BallotSlip.election_id == election_id).order_by(BallotSlip.number)
    return list(db.session.scalars(rows))


def get_slip(slip_id: uuid.UUID) -> BallotSlip:
    """A slip, or a page that says there is nothing here."""
    return db.get_or_404(BallotSlip, slip_id)


def find_own_tracker(*, entry_id: uuid.UUID | None = None, slip_id: uuid.UUID | None = None) -> str | None:
    """The letters of the envelope somebody has in the box, for themselves alone, while it is open."""
    mine = Envelope.entry_id == entry_id if entry_id else Envelope.slip_id == slip_id
    sealed = db.session.scalar(sa.select(Envelope.sealed).where(mine))
    return envelope.tracker(bytes(sealed)) if sealed else None


def trackers(election_id: uuid.UUID) -> list[str]:
    """Every envelope that was in the box when it closed, by its letters."""
    rows = sa.select(BoxedEnvelope.tracker).where(BoxedEnvelope.election_id == election_id)
    return list(db.session.scalars(rows.order_by(BoxedEnvelope.tracker)))


def boxed(election_id: uuid.UUID) -> list[bytes]:
    """The sealed votes without their senders, for a keeper's browser to open."""
    rows = sa.select(BoxedEnvelope.sealed).where(
        BoxedEnvelope.election_id == election_id, BoxedEnvelope.sealed.is_not(None)
    )
    return [bytes(sealed) for sealed in db.session.scalars(rows.order_by(BoxedEnvelope.tracker)) if sealed]


def count_envelopes(election_id: uuid.UUID) -> int:
    """How many envelopes are in the open box: for those who count, and no other number."""
    inside = sa.select(sa.func.count()).select_from(Envelope).where(Envelope.election_id == election_id)
    return db.session.scalar(inside) or 0


def asked_in(election: Election) -> list[Asked]:
    """The contests as they stand on the paper: those in which somebody stands."""
    return [
        Asked(
            contest.position,
            tuple(candidate.position for candidate in contest.candidates),
            most=most_marks(contest.rule, seats=contest.seats, candidates=len(contest.candidates)),
            is_ranked=contest.rule == CountingRule.SCOTTISH_STV,
        )
        for contest in election.contests
        if contest.candidates
    ]


def is_settled(election: Election) -> bool:
    """Whether no more papers come out of a box: it was opened by two, or emptied, or never took any."""
    box = find_box(election.id)
    return box is None or box.state in {BoxState.PREPARED, BoxState.OPENED, BoxState.EMPTIED}


def count_taking_part(election: Election) -> int:
    """How many envelopes were in a box that was opened."""
    box = find_box(election.id)
    return (box.envelopes or 0) if box and box.state == BoxState.OPENED else 0


def papers_by_contest(election: Election) -> dict[uuid.UUID, Counter[tuple[int, ...]]]:
    """What was chosen on opened papers, by contest; nothing where there is no box."""
    box = find_box(election.id)
    if box is None or box.state != BoxState.OPENED:
        return {}
    ids = [contest.id for contest in election.contests]
    marks = (
        sa.select(OpenedMark.contest_id, OpenedMark.paper, OpenedMark.candidate)
        .where(OpenedMark.contest_id.in_(ids))
        .order_by(OpenedMark.contest_id, OpenedMark.paper, OpenedMark.rank)
    )
    chosen: dict[tuple[uuid.UUID, int], list[int]] = {}
    for contest_id, paper, candidate in db.session.execute(marks):
        chosen.setdefault((contest_id, paper), []).append(candidate)
    found: dict[uuid.UUID, Counter[tuple[int, ...]]] = {contest_id: Counter() for contest_id in ids}
    for (contest_id, _paper), numbers in chosen.items():
        found[contest_id][tuple(numbers)] += 1
    return found


def keys_over() -> list[uuid.UUID]:
    """Elections that ended and whose box still has its closed key."""
    over = sa.select(BallotBox.election_id).join(Election, Election.id == BallotBox.election_id)
    ended = Election.state.in_([ElectionState.CERTIFIED, ElectionState.VOID])
    return list(db.session.scalars(over.where(ended, BallotBox.wrapped_key.is_not(None))))


def papers_over(moment: datetime) -> list[uuid.UUID]:
    """Elections that ended before then and still have readable papers."""
    kept = (
        sa.select(Contest.election_id)
        .join(OpenedMark, OpenedMark.contest_id == Contest.id)
        .where(Contest.election_id.in_(ended_before(moment)))
    )
    return list(db.session.scalars(kept.distinct()))


def find_open_box(election_id: uuid.UUID, *, now: datetime) -> BallotBox | None:
    """The box of an election, while it takes votes."""
    takes_votes = (
        BallotBox.election_id == election_id, BallotBox.state == BoxState.OPEN, BallotBox.closes_at > now,
        Election.state == ElectionState.VOTING,
    )  # fmt: skip
    joined = sa.select(BallotBox).join(Election, Election.id == BallotBox.election_id)
    return db.session.scalar(joined.where(*takes_votes))


def member_ids_on_roll(election_id: uuid.UUID) -> list[uuid.UUID]:
    """Everybody on the roll, whoever has voted and whoever has not."""
    rows = sa.select(RollEntry.member_id).where(RollEntry.election_id == election_id)
    return list(db.session.scalars(rows.order_by(RollEntry.member_id)))


def find_vote_for(member_id: uuid.UUID, now: datetime) -> tuple[BallotBox, bool] | None:
    """A box this member can vote in now, and whether an envelope of theirs is in it: for them alone."""
    row = db.session.execute(
        sa.select(BallotBox, Envelope.id)
        .join(
            RollEntry,
            sa.and_(RollEntry.election_id == BallotBox.election_id, RollEntry.member_id == member_id),
        )
        .outerjoin(Envelope, Envelope.entry_id == RollEntry.id)
        .where(
            BallotBox.state == BoxState.OPEN,
            BallotBox.with_phones,
            BallotBox.closes_at > now,
            RollEntry.channel.is_(None),
        )
        .order_by(BallotBox.closes_at)
        .limit(1)
    ).first()
    return (row[0], row[1] is not None) if row else None
