"""Help from another group: asking its committee, answering, letting in whoever comes; and whether a committee hears others.

Nothing here is noted in a diary, as in `groups.disputes.commands`.
"""

import uuid
from collections.abc import Collection
from datetime import datetime

from groups.disputes import queries, rules
from groups.disputes.commands import (
    CannotGoOn,
    about_in,
    close_for,
    has_key,
    let_know,
    parties_of,
    step,
    unless,
)
from groups.disputes.models import (
    AskState,
    HearingOffer,
    Matter,
    MatterAsk,
    MatterState,
    MatterText,
    TextKind,
)
from groups.disputes.rules import Refusal
from groups.nearness.queries import committee_at, groups_of, people
from groups.nearness.rules import steps_aside
from network.db import db
from network.tenancy import scope
from network.tenancy.models import Group


def groups_to_ask(matter: Matter, *, private: bytes, by: uuid.UUID) -> list[Group]:
    """Other groups whose committee would help, without any that somebody it concerns belongs to: there nobody learns that one asks."""
    texts = queries.texts_of(matter.id)
    near = {group for one in _concerned(matter, texts, by, private) for group in groups_of(one)}
    asked = {ask.asked_group_id for ask in queries.asks_of(matter.id)}
    return queries.groups_that_hear(matter.group_id, others=asked | near)


def _concerned(
    matter: Matter, texts: Collection[MatterText], by: uuid.UUID, private: bytes
) -> set[uuid.UUID]:
    """Accounts it concerns: who brought it, whom it is about, whom the panel told."""
    about = about_in(texts, by, private).concerned()
    told = {text.for_account_id for text in texts}
    return {one for one in {matter.brought_by_id, *about, *told} if one}


def ask_group(matter: Matter, group_id: uuid.UUID, *, private: bytes, by: uuid.UUID, now: datetime) -> None:
    """Ask another group's committee for somebody who helps to hear it. Raises `CannotGoOn`."""
    matter = queries.hold(matter)
    asked = {ask.asked_group_id for ask in queries.asks_of(matter.id)}
    unless(Refusal.ALREADY if group_id in asked else None)
    offered = {group.id for group in groups_to_ask(matter, private=private, by=by)}
    unless(None if group_id in offered and matter.state != MatterState.CLOSED else Refusal.NOT_OFFERED)
    db.session.add(
        MatterAsk(
            id=uuid.uuid4(), group_id=matter.group_id, matter_id=matter.id, asked_group_id=group_id, asked_at=now, state=AskState.ASKED
        )
    )  # fmt: skip
    db.session.flush()
    with scope.visiting(group_id):
        committee = committee_at(now)
    let_know(group_id, committee, now=now)


def may_answer(ask: MatterAsk, account_id: uuid.UUID) -> bool:
    """Whether somebody of the asked committee can still say yes or no."""
    return ask.state == AskState.ASKED and account_id not in ask.declined_by


def answer_ask(ask: MatterAsk, *, accepts: bool, by: uuid.UUID, now: datetime) -> None:
    """One of the asked committee says that they would come, or that they themselves cannot. Raises `CannotGoOn`.

    Only when nobody of the committee is left to ask does the other group learn that nobody comes.
    """
    db.session.refresh(ask, with_for_update=True)
    unless(None if may_answer(ask, by) else Refusal.ALREADY)
    if accepts:
        ask.state, ask.answered_by_id = AskState.ACCEPTED, by
    else:
        said_no = [*ask.declined_by, by]
        is_last = set(committee_at(now)) <= set(said_no)
        ask.declined_by = said_no
        if is_last:
            ask.state, ask.answered_by_id = AskState.DECLINED, by
    db.session.flush()


def ask_on(matter: Matter, ask: MatterAsk) -> None:
    """Whoever said yes has no part in this matter: another of their committee may come instead. Raises `CannotGoOn`."""
    matter = queries.hold(matter)
    db.session.refresh(ask, with_for_update=True)
    if ask.state != AskState.ACCEPTED or ask.answered_by_id is None or matter.state == MatterState.CLOSED:
        raise CannotGoOn(Refusal.NOT_NOW)
    ask.declined_by = [*ask.declined_by, ask.answered_by_id]
    ask.state, ask.answered_by_id = AskState.ASKED, None
    db.session.flush()


def seat(matter: Matter, ask: MatterAsk, *, private: bytes, by: uuid.UUID, now: datetime) -> None:
    """Let in whoever came to help, unless it concerns them: from now on they read everything of this matter. Raises `CannotGoOn`."""
    matter = queries.hold(matter)
    comes = ask.answered_by_id
    if ask.state != AskState.ACCEPTED or comes is None or matter.state == MatterState.CLOSED:
        raise CannotGoOn(Refusal.NOT_NOW)
    unless(None if has_key(comes) else Refusal.CANNOT_BE_TOLD)
    texts = queries.texts_of(matter.id)
    keys = queries.keys_of(texts, by, private)
    about, concerned = about_in(texts, by, private), _concerned(matter, texts, by, private)
    unless(Refusal.CONCERNED if _shares_a_group(matter, comes, ask.asked_group_id, concerned) else None)
    with scope.visiting(matter.group_id):  # whoever acts may themselves have come from elsewhere
        parties = [
            *parties_of(about, by=matter.brought_by_id, now=now),
            *people(accounts=concerned, now=now),
        ]
        they = people(accounts=[comes], now=now)
    unless(Refusal.CONCERNED if any(steps_aside(one, parties) for one in they) else None)
    unless(rules.why_not_seat(comes, concerned=concerned, panel=matter.panel))
    matter.panel = [*matter.panel, comes]
    db.session.flush()
    ask.state = AskState.SEATED
    close_for([comes], texts, keys)
    db.session.flush()
    is_noted = any(text.kind == TextKind.NOTES for text in texts)
    if matter.state == MatterState.BROUGHT and is_noted and len(queries.hearing(matter)) >= rules.TWO:
        step(matter, MatterState.HEARD)


def _shares_a_group(
    matter: Matter, comes: uuid.UUID, from_group: uuid.UUID, concerned: Collection[uuid.UUID]
) -> bool:
    """Whether somebody it concerns is of the group that helps; or, where it was brought past the own committee, whoever comes is of theirs."""
    if any(from_group in groups_of(one) for one in concerned):
        return True
    theirs = groups_of(matter.brought_by_id)
    return matter.group_id not in theirs and bool(theirs & groups_of(comes))


def offer_to_hear(*, by: uuid.UUID, now: datetime) -> None:
    """The committee would hear matters of other groups from now on."""
    if queries.find_offer() is None:
        db.session.add(HearingOffer(id=uuid.uuid4(), offered_at=now, offered_by_id=by))
        db.session.flush()


def stop_offering(*, now: datetime) -> None:
    """It does so no longer; what it hears already goes on."""
    if offer := queries.find_offer():
        offer.ended_at = max(now, offer.offered_at)
        db.session.flush()
