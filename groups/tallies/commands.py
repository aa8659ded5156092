"""Keeping what tellers counted, version by version, until the two agree; and letting go of papers with an order in time."""

import uuid
from datetime import datetime

import sqlalchemy as sa

from groups.elections import queries
from groups.elections.commands import CannotElect, settle_count
from groups.elections.counting import tallies
from groups.elections.counting.tallies import RoomTally
from groups.elections.models import Election, ElectionState, TalliedPaper, Tally, Teller
from groups.elections.rules import Refusal
from network import audit
from network.data_map import period
from network.db import db


def enter_tally(
    election: Election, teller: Teller, tally: RoomTally, *, now: datetime, reason: str = ""
) -> list[str]:
    """Keep what a teller counted. When both have counted the same, the vote is counted. Raises `CannotElect`.

    Returns where the two differ: offices, never the other's numbers.
    """
    election = queries.hold(election)
    teller = next(one for one in election.tellers if one.id == teller.id)
    if election.state != ElectionState.VOTING:
        raise CannotElect(Refusal.NOT_NOW)
    if wrong := tallies.what_is_wrong(tally, roll=election.roll or 0, asked=queries.asked(election)):
        raise CannotElect(Refusal.WRONG_SUMS, wrong)
    if teller.tallies and not reason.strip():
        raise CannotElect(Refusal.REASON_NEEDED)
    kept = Tally(
        id=uuid.uuid4(), election_id=election.id, teller_id=teller.id, version=len(teller.tallies) + 1, ballots=tally.ballots,
        counts=tally.as_json(), reason=reason.strip(), entered_at=now,
    )  # fmt: skip
    db.session.add(kept)
    db.session.flush()
    _keep_papers(election, kept, tally)
    audit.record("tally.entered", kept, now=now)
    election = queries.reload(election)
    settle_count(election, now=now)
    return queries.differences(election)


def _keep_papers(election: Election, kept: Tally, tally: RoomTally) -> None:
    """In the order of what stands on them, so that rows say nothing about the order they were read in."""
    rows = [
        {"id": uuid.uuid4(), "group_id": kept.group_id, "tally_id": kept.id, "contest_id": contest.id, "ranking": list(paper), "papers": many}
        for contest in election.contests
        if contest.office in tally.offices
        for paper, many in sorted(tally.offices[contest.office].papers.items())
    ]  # fmt: skip
    if rows:
        db.session.execute(sa.insert(TalliedPaper), rows)


def forget_papers(*, now: datetime) -> int:
    """Let go of orders on papers, thirty days after the result is final, or the election void; the count sheet stays. How many went."""
    over = queries.ended_before(now - period("papers"))
    gone = sa.delete(TalliedPaper).where(
        TalliedPaper.tally_id.in_(sa.select(Tally.id).where(Tally.election_id.in_(over)))
    )
    return len(db.session.scalars(gone.returning(TalliedPaper.id)).all())
