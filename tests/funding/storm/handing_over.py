"""What people do in a storm when the treasurer changes: counting together, signing, and changing again before it is signed."""

import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any

import sqlalchemy as sa

from funding.handover import commands, queries
from funding.handover.models import Handover, HandoverState
from funding.ledger import queries as book
from funding.ledger.rules import Place, Written
from groups.membership.models import Member
from groups.officers.commands import end_term, start_term
from groups.officers.queries import present_terms
from groups.permissions import Role
from network import clock
from network.db import db
from network.tenancy.queries import get_group
from tests.funding.storm.world import NOTHING_TO_DO, Act, Scene

ONE_ELECTION_AT_A_TIME = (
    "select pg_advisory_xact_lock(hashtextextended('offices of ' || scope.group_id(), 0))"
)
"""As results are declared; which of two comes first is no question about money."""


def choose_keeper(chance: Random, place: Scene) -> dict[str, Any]:
    """Somebody who is to keep the money from now on."""
    return {"keeper": str(chance.choice(place.keepers))}


def choose(chance: Random, place: Scene) -> dict[str, Any]:
    """The handover that waits, what seems to lie at each place, nearly, and one of those who may sign it."""
    waiting, last = queries.find_waiting(), book.find_book()
    there = book.held_in_places(book.held())
    parties = [waiting.incoming.account_id, waiting.outgoing.account_id] if waiting else []
    return {
        "handover": str(waiting.id) if waiting else "", "seen": last.entries if last else 0,
        "found": {str(at): max(0, amount + chance.choice([0, 0, 0, -25, 40])) for at, amount in there.items()},
        "posting": [str(at) for at in Place if chance.random() < 0.5],
        "by": str(chance.choice([*parties, *parties, *place.seconds])),
    }  # fmt: skip


def change_treasurer(act: Act, place: Scene) -> object:
    db.session.execute(sa.text(ONE_ELECTION_AT_A_TIME))
    keeper = db.session.get_one(Member, uuid.UUID(act.values["keeper"]))
    before = present_terms([Role.TREASURER])
    if any(term.member_id == keeper.id for term in before):
        return NOTHING_TO_DO
    for term in before:
        end_term(term, by=None, now=clock.now())
    return start_term(get_group(place.group_id), keeper, Role.TREASURER, by=None, now=clock.now())


def count(act: Act, place: Scene) -> object:
    v = act.values
    if not v["handover"]:
        return NOTHING_TO_DO
    found = {Place(at): amount for at, amount in v["found"].items()}
    return commands.count_together(
        queries.get_waiting(uuid.UUID(v["handover"])), found, pieces={}, other=found[Place.CASH], words="two keys",
        by=uuid.UUID(v["by"]), now=clock.now(),
    )  # fmt: skip


def sign(act: Act, place: Scene) -> object:
    v = act.values
    if not v["handover"]:
        return NOTHING_TO_DO
    return commands.sign(
        queries.get_waiting(uuid.UUID(v["handover"])), by=uuid.UUID(v["by"]), whys=dict.fromkeys(Place, "two looked"),
        posting=v["posting"], seen=v["seen"], now=clock.now(),
    )  # fmt: skip


def entries_of_differences() -> set[uuid.UUID | None]:
    """The entries that handovers wrote."""
    return set(db.session.scalars(sa.select(Handover.journal_id)))


def faults(
    mine: Mapping[uuid.UUID, Act], told: Mapping[str, str], written: Sequence[Written]
) -> Iterator[str]:
    """Whoever was told that both signed finds it so, once, under their name; and it says what the book held by then."""
    done = {
        one.id: one
        for one in db.session.scalars(sa.select(Handover).where(Handover.state == HandoverState.DONE))
    }
    signed: Counter[str] = Counter()
    for act in mine.values():
        if act.what == "hand over" and told.get(act.key) == "done":
            signed[act.values["handover"]] += 1
            one = done.get(uuid.UUID(act.values["handover"]))
            if one is None or str(one.agreed_by_id) != act.values["by"]:
                yield f"handover {act.values['handover']} was told signed by {act.values['by']}, and is not"
    yield from (f"handover {one} was signed {times} times" for one, times in signed.items() if times > 1)
    for one in done.values():
        for found in queries.places_of(one):
            held = sum(
                line.amount for entry in written if entry.number <= (one.entries or 0)
                for line in entry.lines if line.account == found.place
            )  # fmt: skip
            if held != (found.counted if found.is_posted else found.book):
                yield f"handover {one.id} says {found.counted} and {found.book} of {found.place}, and the book held {held}"
