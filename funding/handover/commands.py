"""Opening a handover when treasurers change, counting together, signing."""

import uuid
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from funding.handover import queries, rules
from funding.handover.models import Handover, HandoverPlace, HandoverState
from funding.handover.rules import Refusal
from funding.ledger import commands as ledger
from funding.ledger import queries as book
from funding.ledger.rules import Entry, EntryKind, Place
from groups.officers import commands as officers
from groups.officers.models import Term
from groups.permissions import OFFICERS, Role
from network import audit
from network.db import db
from network.tenancy.models import Group


class CannotHandOver(Exception):
    """Not like this; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


@officers.term_started.connect
def _follow(term: Term, *, group: Group, now: datetime, **_: Any) -> None:
    """Somebody else is treasurer from now on: what there is has to be counted by both."""
    if term.office == Role.TREASURER:
        open_handover(group, term.member_id, now=now)


def open_handover(group: Group, incoming: uuid.UUID, *, now: datetime) -> Handover | None:
    """Open a handover to this member, where one is needed; one that waits goes on with whoever takes over now."""
    if waiting := queries.take_waiting():
        return _turn(waiting, incoming, now=now)
    found, last = book.find_book(), queries.find_last_treasurer()
    if last is None or not rules.is_needed(
        incoming=incoming, last=last, others_in_office=queries.has_other_treasurer(incoming), entries=found.entries if found else 0
    ):  # fmt: skip
        return None
    handover = Handover(
        id=uuid.uuid4(), incoming_member_id=incoming, outgoing_member_id=last, opened_at=now, currency=group.currency
    )  # fmt: skip
    db.session.add(handover)
    audit.record("handover.opened", handover, now=now)
    db.session.flush()
    return handover


def _turn(waiting: Handover, incoming: uuid.UUID, *, now: datetime) -> Handover:
    """Offices moved again before it was signed: the money is still with whoever had it."""
    _forget_count(waiting)
    if waiting.outgoing_member_id == incoming:
        waiting.state = HandoverState.DROPPED
        audit.record("handover.dropped", waiting, now=now)
    else:
        waiting.incoming_member_id = incoming
    db.session.flush()
    return waiting


def _forget_count(waiting: Handover) -> None:
    db.session.execute(sa.delete(HandoverPlace).where(HandoverPlace.handover_id == waiting.id))
    waiting.state, waiting.counted_by_id, waiting.counted_at = HandoverState.OPEN, None, None
    waiting.pieces, waiting.other, waiting.words, waiting.counted_on = {}, 0, None, None
    db.session.flush()


def count_together(
    waiting: Handover,
    counted: Mapping[Place, int],
    *,
    pieces: Mapping[int, int],
    other: int,
    words: str,
    by: uuid.UUID,
    now: datetime,
) -> None:
    """Write down what both found; counting again replaces it. Raises `CannotHandOver`."""
    _take(waiting)
    _forget_count(waiting)
    waiting.pieces = {str(value): number for value, number in pieces.items() if number}
    waiting.other, waiting.words = other, words or None
    waiting.counted_by_id, waiting.counted_at, waiting.counted_on = by, now, ledger.today(now)
    waiting.state = HandoverState.COUNTED
    db.session.add_all(
        HandoverPlace(handover_id=waiting.id, place=place, counted=amount)
        for place, amount in counted.items()
    )
    audit.record("handover.counted", waiting, by=by, now=now)
    db.session.flush()


def sign(
    waiting: Handover,
    *,
    by: uuid.UUID,
    whys: Mapping[str, str],
    posting: Collection[str],
    seen: int,
    now: datetime,
) -> None:
    """The second of the two signs, and it is done for good. Raises `CannotHandOver` and `CannotPost`.

    `whys` are the words of both about each place where counted and book differ, `posting` the places whose difference
    both want written in the book now, `seen` the number of the book's last entry when they looked.
    """
    entries, *_book = ledger.take_book()
    _take(waiting)
    if waiting.state != HandoverState.COUNTED or waiting.counted_by_id is None:
        raise CannotHandOver(Refusal.NOT_NOW)
    _require_signers(waiting, {waiting.counted_by_id, by})
    if entries != seen:
        raise CannotHandOver(Refusal.BOOK_MOVED)
    places, there = queries.places_of(waiting), book.held()
    says = {str(place): amount for place, amount in book.held_in_places(there).items()}
    counted = {one.place: one.counted for one in places}
    if rules.without_words(counted, says, whys):
        raise CannotHandOver(Refusal.WHY_NEEDED)
    differing = {place for place in posting if place in counted and counted[place] != says[place]}
    lines = rules.lines_to_post(counted, there, posting=differing)
    for one in places:
        one.book, one.is_posted = says[one.place], one.place in differing
        one.why = whys.get(one.place) or None if counted[one.place] != says[one.place] else None
    db.session.flush()  # the places first: they are closed with the handover
    if lines:
        memo = "\n".join(whys[place] for place in sorted(differing))
        waiting.journal_id = _post(waiting, lines, memo, by=by, now=now)
    waiting.state, waiting.agreed_by_id, waiting.agreed_at = HandoverState.DONE, by, now
    audit.record("handover.signed", waiting, by=by, now=now)
    db.session.flush()
    db.session.refresh(waiting)


def _post(waiting: Handover, lines: Any, memo: str, *, by: uuid.UUID, now: datetime) -> uuid.UUID:
    """The incoming treasurer writes it down, whoever hands over is the second person."""
    incoming, counted_by = waiting.incoming.account_id or by, waiting.counted_by_id or by
    other = counted_by if by == incoming else by
    entry = Entry(EntryKind.COUNT, ledger.today(now), lines, memo=memo)
    return ledger.post(entry, by=incoming, second=other, now=now).id


def _require_signers(waiting: Handover, signers: set[uuid.UUID]) -> None:
    refusal = rules.why_not_sign(
        signers,
        incoming=waiting.incoming.account_id,
        outgoing=waiting.outgoing.account_id,
        officers=queries.officers_among(signers, OFFICERS),
    )
    if refusal:
        raise CannotHandOver(refusal)


def _take(waiting: Handover) -> None:
    db.session.refresh(waiting, with_for_update={"of": Handover})
    if waiting.state not in queries.WAITING:
        raise CannotHandOver(Refusal.NOT_NOW)
