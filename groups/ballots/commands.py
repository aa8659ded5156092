"""Making the key's place, opening the box for votes, taking envelopes, closing, keeping what two keepers opened."""

import hashlib
import json
import random
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from blinker import Signal
from sqlalchemy.dialects.postgresql import insert

from groups.ballots import queries, rules
from groups.ballots.formats import envelope, paper
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
from groups.ballots.rules import Asked, Refusal
from groups.challenges.commands import election_certified
from groups.elections import commands as elections
from groups.elections.models import Contest, Election, ElectionState, VotingMethod
from groups.elections.queries import reload
from groups.elections.rules import is_written_later
from groups.membership.models import Member
from groups.officers.queries import voters_now
from network import audit
from network.accounts import commands as accounts
from network.accounts.models import LinkPurpose
from network.data_map import period
from network.db import db
from network.tenancy import scope
from network.tenancy.models import Group
from network.tenancy.queries import get_group

box_opened = Signal("a box takes votes until its time; sent with `now`")


class CannotVote(Exception):
    """It cannot be done; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def _unless(refusal: Refusal | None) -> None:
    if refusal:
        raise CannotVote(refusal)


def prepare_box(
    election: Election,
    *,
    public_key: bytes,
    wrapped_key: bytes,
    keepers: Sequence[Member],
    by: uuid.UUID | None,
    now: datetime,
) -> BallotBox:
    """Keep the lock that a keeper's browser made, before the vote begins. Making another replaces it. Raises `CannotVote`."""
    if election.state != ElectionState.NOMINATING:
        raise CannotVote(Refusal.NOT_NOW)
    if is_written_later(election, get_group(scope.group_id()).time_zone):
        raise CannotVote(Refusal.HELD_ALREADY)
    standing = {one.member_id for contest in election.contests for one in contest.candidates}
    _unless(rules.why_not_keepers([keeper.id for keeper in keepers], standing))
    envelope.read_point(public_key)
    if earlier := queries.hold_box(election.id):
        db.session.execute(sa.delete(Keeper).where(Keeper.box_id == earlier.id))
        db.session.delete(earlier)
        db.session.flush()
    box = BallotBox(
        id=uuid.uuid4(), election_id=election.id, public_key=public_key, wrapped_key=wrapped_key, length=64, with_phones=False
    )  # fmt: skip
    db.session.add(box)
    db.session.flush()
    db.session.add_all(
        Keeper(box_id=box.id, member_id=member.id, place=place)
        for place, member in enumerate(keepers, start=1)
    )
    audit.record("box.prepared", box, by=by, now=now)
    db.session.flush()
    return box


def begin_vote(
    group: Group,
    election: Election,
    *,
    method: VotingMethod,
    tellers: Sequence[Member],
    with_phones: bool,
    slips: int,
    lasts: timedelta,
    by: uuid.UUID | None,
    now: datetime,
) -> None:
    """Begin a vote in which people also send envelopes: everything is frozen in the same moment.

    Raises `CannotVote`, and `CannotElect` where the vote cannot begin at all.
    """
    elections.begin_vote(group, election, method=method, tellers=tellers, by=by, now=now)
    _unless(rules.why_not_channels(with_phones=with_phones, slips=slips, roll=reload(election).roll or 0))
    open_box(reload(election), with_phones=with_phones, slips=slips, closes_at=now + lasts, by=by, now=now)


def open_box(
    election: Election,
    *,
    with_phones: bool,
    slips: int,
    closes_at: datetime,
    by: uuid.UUID | None,
    now: datetime,
) -> BallotBox:
    """Let the box take envelopes until a time that does not move; write the roll and the slips. Raises `CannotVote`."""
    box = queries.hold_box(election.id)
    if box is None or box.state != BoxState.PREPARED:
        raise CannotVote(Refusal.NOT_NOW)
    _unless(rules.why_not_open_for(now, closes_at))
    db.session.add_all(
        RollEntry(election_id=election.id, member_id=member.id)
        for member in db.session.scalars(voters_now(get_group(scope.group_id()), now=now))
    )
    for number in range(1, slips + 1):
        slip = BallotSlip(id=uuid.uuid4(), election_id=election.id, number=number)
        slip.code = accounts.give_code(LinkPurpose.BALLOT, slip.id, lasts=closes_at - now, now=now)
        db.session.add(slip)
    db.session.flush()  # the roll and the slips are written while the box is still shut
    box.with_phones, box.closes_at = with_phones, closes_at
    box.length = paper.length_for({one.position: one.candidates for one in queries.asked_in(election)})
    box.state = BoxState.OPEN
    db.session.flush()
    audit.record("box.opened_for_votes", box, by=by, now=now)
    box_opened.send(box, now=now)
    return box


def mark_on_roll(entry: RollEntry, channel: Channel | None, *, by: uuid.UUID | None, now: datetime) -> None:
    """Note that somebody was handed a paper or a slip: what they may have sent by phone does not count, without a word.

    Raises `CannotVote` once the box is closed.
    """
    box = queries.hold_box(entry.election_id, is_shared=True)
    if box is None or box.state != BoxState.OPEN:
        raise CannotVote(Refusal.CLOSED)
    entry.channel = channel
    if channel:
        db.session.execute(sa.delete(Envelope).where(Envelope.entry_id == entry.id))
    audit.record("roll.marked", entry, by=by, now=now)
    db.session.flush()


def cast(
    election_id: uuid.UUID,
    sealed: bytes,
    *,
    now: datetime,
    entry: RollEntry | None = None,
    slip: BallotSlip | None = None,
) -> str:
    """Take an envelope in place of an earlier one of the same sender, and return its letters. Raises `CannotVote`.

    The box is held while this goes on, so an envelope is wholly in before it closes or not at all. Nothing else is written:
    no time, no diary, no key of the form.
    """
    box = queries.hold_box(election_id, is_shared=True)
    if box is None:
        raise CannotVote(Refusal.CLOSED)
    if entry is not None:
        db.session.refresh(entry)
    _unless(
        rules.why_not_cast(
            BoxState(box.state), now=now, closes_at=box.closes_at,
            is_on_roll=slip is not None or (entry is not None and box.with_phones),
            is_in_room=entry is not None and entry.channel is not None,
        )
    )  # fmt: skip
    if len(sealed) != envelope.sealed_length(box.length) or sealed[0] != envelope.VERSION:
        raise CannotVote(Refusal.NOT_A_VOTE)
    sender = {"entry_id": entry.id if entry else None, "slip_id": slip.id if slip else None}
    row = insert(Envelope).values(
        id=uuid.uuid4(), group_id=box.group_id, election_id=election_id, sealed=sealed, **sender
    )
    db.session.execute(
        row.on_conflict_do_update(
            index_elements=["group_id", "entry_id" if entry else "slip_id"],
            set_={"sealed": row.excluded.sealed},
        )
    )
    return envelope.tracker(sealed)


def seal_here(box: BallotBox, chosen: Mapping[int, Sequence[int]]) -> bytes:
    """Seal a paper for a browser without scripts: in memory, and written nowhere else."""
    return envelope.seal(
        paper.written(chosen, length=box.length),
        public_key=bytes(box.public_key),
        election_id=box.election_id,
    )


def close_box(election: Election, *, by: uuid.UUID | None, now: datetime) -> BallotBox:
    """Take the senders off and publish the letters of all envelopes; with too few, empty the box unopened. Raises `CannotVote`."""
    box = queries.hold_box(election.id)
    if box is None:
        raise CannotVote(Refusal.NOT_NOW)
    _unless(rules.why_not_close(BoxState(box.state), now=now, closes_at=box.closes_at))
    sealed = [bytes(one) for one in db.session.scalars(_sealed_of_entitled(election.id))]
    random.SystemRandom().shuffle(sealed)
    is_enough = len(sealed) >= rules.FEWEST_TO_OPEN
    if is_enough:
        rows = [
            {"id": uuid.uuid4(), "group_id": box.group_id, "election_id": election.id, "tracker": envelope.tracker(one), "sealed": one}
            for one in sealed
        ]  # fmt: skip
        db.session.execute(sa.insert(BoxedEnvelope), rows)
    _take_envelopes_away(election.id, now=now)
    box.envelopes = len(sealed)
    box.state = BoxState.CLOSED if is_enough else BoxState.EMPTIED
    if not is_enough:
        box.wrapped_key = None
        elections.vote_in_room_after_all(election, by=by, now=now)
    audit.record("box.closed", box, by=by, now=now)
    db.session.flush()
    elections.settle_count(reload(election), now=now)
    return box


def _take_envelopes_away(election_id: uuid.UUID, *, now: datetime) -> None:
    db.session.execute(sa.delete(Envelope).where(Envelope.election_id == election_id))
    for slip in queries.slips_of(election_id):
        accounts.end_links(LinkPurpose.BALLOT, slip.id, now=now)
        slip.code = None


def _sealed_of_entitled(election_id: uuid.UUID) -> sa.Select[bytes]:
    """Envelopes of slips, and of those on the roll who were handed nothing in the room."""
    return (
        sa.select(Envelope.sealed)
        .outerjoin(RollEntry, RollEntry.id == Envelope.entry_id)
        .where(Envelope.election_id == election_id, RollEntry.channel.is_(None))
    )


def keep_opened(
    election: Election, keeper: Keeper, texts: Sequence[str], *, asked: Sequence[Asked], now: datetime
) -> bool:
    """Take what a keeper's browser opened; the second of two who got the same writes it down. True when it is written.

    Raises `CannotVote` where the two differ; then both open once more.
    """
    box = queries.hold_box(election.id)
    if box is None or box.state != BoxState.CLOSED or box.wrapped_key is None:
        raise CannotVote(Refusal.NOT_NOW)
    if len(texts) > (box.envelopes or 0):
        raise CannotVote(Refusal.DOES_NOT_ADD_UP)
    keepers = [one for one, _name in queries.keepers_of(box.id)]
    digest = hashlib.sha256(json.dumps(sorted(texts)).encode()).digest()
    first = next((one for one in keepers if one.digest is not None), None)
    if first is None:
        keeper.digest, keeper.papers = digest, len(texts)
        audit.record("box.opened_by_one", box, now=now)
        db.session.flush()
        return False
    if first.id == keeper.id:
        raise CannotVote(Refusal.OPENED_BY_THEM)
    if bytes(first.digest or b"") != digest:
        raise CannotVote(Refusal.RESULTS_DIFFER)
    keeper.digest, keeper.papers = digest, len(texts)
    db.session.flush()  # before the box is done with
    _write_papers(election, box, [found for text in texts if (found := _read(text, asked)) is not None])
    audit.record("box.opened", box, now=now)
    db.session.flush()
    elections.settle_count(reload(election), now=now)
    return True


def start_opening_again(election: Election, *, by: uuid.UUID | None, now: datetime) -> None:
    """Where two keepers got different papers, forget both, so that they open once more."""
    box = queries.hold_box(election.id)
    if box is None or box.state != BoxState.CLOSED:
        raise CannotVote(Refusal.NOT_NOW)
    for keeper, _name in queries.keepers_of(box.id):
        keeper.digest = keeper.papers = None
    audit.record("box.opening_restarted", box, by=by, now=now)
    db.session.flush()


def _read(text: str, asked: Sequence[Asked]) -> dict[int, tuple[int, ...]] | None:
    try:
        found = paper.read(text)
    except ValueError:
        return None
    return found if rules.is_paper(found, asked) else None


def _write_papers(
    election: Election, box: BallotBox, papers: Sequence[Mapping[int, tuple[int, ...]]]
) -> None:
    """All in one statement, each contest by itself and in the order of what was chosen.

    So rows say nothing about when or by whom, nor which choices stood on one paper.
    """
    rows = [
        {"id": uuid.uuid4(), "group_id": box.group_id, "contest_id": contest.id, "paper": number, "candidate": candidate, "rank": rank}
        for contest in election.contests
        for number, chosen in enumerate(sorted(filter(None, (one.get(contest.position, ()) for one in papers))), start=1)
        for rank, candidate in enumerate(chosen, start=1)
    ]  # fmt: skip
    if rows:
        db.session.execute(sa.insert(OpenedMark).values(rows))
    box.opened, box.spoilt = len(papers), (box.envelopes or 0) - len(papers)
    box.state = BoxState.OPENED


def destroy_key(election_id: uuid.UUID, *, now: datetime) -> None:
    """Let go of the closed key and the sealed votes: nothing can be opened any more, also not from an old backup's envelopes.

    Where the election ended without a result while people voted, the box is emptied unopened.
    """
    if box := queries.hold_box(election_id):
        if box.state == BoxState.OPEN:
            inside = queries.count_envelopes(election_id)
            _take_envelopes_away(election_id, now=now)
            box.envelopes, box.state = inside, BoxState.EMPTIED
        box.wrapped_key = None
        db.session.execute(
            sa.update(BoxedEnvelope).where(BoxedEnvelope.election_id == election_id).values(sealed=None)
        )
        db.session.flush()


def forget_papers(election_id: uuid.UUID) -> None:
    """Let go of the readable papers; the outcome stays."""
    contests = sa.select(Contest.id).where(Contest.election_id == election_id)
    db.session.execute(sa.delete(OpenedMark).where(OpenedMark.contest_id.in_(contests)))
    db.session.flush()


def let_go(*, now: datetime) -> None:
    """Of boxes whose election is over: readable papers thirty days later. Key and sealed votes went when it ended, or go now."""
    for election_id in queries.keys_over():
        destroy_key(election_id, now=now)
    for election_id in queries.papers_over(now - period("opened-papers")):
        forget_papers(election_id)


@election_certified.connect
@elections.election_voided.connect
def _end_box(election: Election, *, now: datetime, **_: Any) -> None:
    destroy_key(election.id, now=now)
