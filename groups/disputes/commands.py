"""Bringing a matter, writing in it, going on, helping from another group, stepping aside, taking back, destroying.

Nothing here is noted in the group's diary and no letter is written: who did what stands in the matter, and goes with it.
Each text has a key of its own, closed for those who may read it and for nobody else (docs/decisions/disputes.md).
"""

import json
import uuid
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime

import sqlalchemy as sa

from groups.disputes import queries, rules
from groups.disputes.models import (
    AskState,
    HearingOffer,
    Matter,
    MatterAnswer,
    MatterAsk,
    MatterLock,
    MatterState,
    MatterText,
    TextKind,
)
from groups.disputes.rules import Refusal, Written
from network import clock
from network.db import db
from network.key_pairs import boxes
from network.key_pairs.queries import have_pairs, pairs_of
from network.mine.registry import Me
from network.tenancy import scope
from network.tenancy.models import Group
from network.tenancy.queries import get_group


class CannotGoOn(Exception):
    """Not like this; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def _unless(refusal: Refusal | None) -> None:
    if refusal:
        raise CannotGoOn(refusal)


def _day(group_id: uuid.UUID, now: datetime) -> date:
    return clock.today(get_group(group_id).time_zone, at=now)


def bring_matter(written: Written, *, by: uuid.UUID, now: datetime, to: uuid.UUID | None = None) -> uuid.UUID:
    """Bring a matter before the committee of one's own group, or past it before that of another which offered to hear.

    Who it concerns, their office-mates and whoever they let in lately or were let in by step aside by themselves; the
    others of the committee on that day hear it. Raises `CannotGoOn`.
    """
    if to is None:
        return _bring(written, queries.committee_at(now), by=by, now=now)
    if to not in {group.id for group in queries.groups_that_hear(scope.group_id())}:
        raise CannotGoOn(Refusal.NOT_OFFERED)
    with scope.visiting(to):
        committee = queries.committee_at(now)
    parties = _parties(written, by=by, now=now)
    known_here = queries.people(accounts=committee, now=now)
    # Whoever is of this group too, or of its committee, is somebody the member did not want to be heard by.
    aside = {one.account_id for one in known_here if one.member_id or rules.steps_aside(one, parties)}
    aside |= set(queries.committee_at(now))
    with scope.visiting(to, by):
        return _bring(written, [one for one in committee if one not in aside], by=by, now=now)


def _parties(written: Written, *, by: uuid.UUID, now: datetime) -> list[rules.Person]:
    """Whom it concerns, as the group in scope knows them."""
    members = [one.member_id for one in written.about if one.member_id and not one.account_id]
    return queries.people(accounts=[by, *written.concerned()], members=members, now=now)


def _bring(written: Written, committee: Collection[uuid.UUID], *, by: uuid.UUID, now: datetime) -> uuid.UUID:
    with_keys = have_pairs([by, *committee])
    sitting, parties = queries.people(accounts=committee, now=now), _parties(written, by=by, now=now)
    panel = rules.seated(sitting, parties, with_keys=with_keys)
    _unless(rules.why_not_bring(panel, has_key=by in with_keys))
    brought_on = _day(scope.group_id(), now)
    matter = Matter(
        id=uuid.uuid4(), group_id=scope.group_id(), brought_by_id=by, brought_at=now, panel=list(panel.members), set_aside=[],
        state=MatterState.BROUGHT, destroy_on=rules.destroyed_unless_closed(brought_on),
    )  # fmt: skip
    db.session.add(matter)
    db.session.flush()
    about = [[one.name, str(one.member_id or ""), str(one.account_id or "")] for one in written.about]
    said = json.dumps({"words": written.words, "others": written.others, "about": about}, ensure_ascii=False)
    _write(matter, TextKind.WORDS, said, readers=[by, *panel.members], by=by, now=now)
    return matter.id


def _write(
    matter: Matter, kind: TextKind, said: str, *, readers: Iterable[uuid.UUID], by: uuid.UUID, now: datetime,
    told: uuid.UUID | None = None,
) -> MatterText:  # fmt: skip
    """Close a text with a key of its own, and that key for each reader."""
    key = boxes.new_key()
    text = MatterText(
        id=uuid.uuid4(), group_id=matter.group_id, matter_id=matter.id, kind=kind, written_by_id=by, written_at=now,
        for_account_id=told,
    )  # fmt: skip
    text.content = boxes.close(key, said, bound_to=queries.place_of(text))
    db.session.add(text)
    db.session.flush()
    _close_for(readers, [text], {text.id: key})
    return text


def _close_for(
    readers: Iterable[uuid.UUID], texts: Collection[MatterText], keys: Mapping[uuid.UUID, bytes]
) -> None:
    """Close the keys of texts for accounts; whoever has no pair is left out until somebody lets them in."""
    rows = [
        {
            "id": uuid.uuid4(), "group_id": text.group_id, "matter_id": text.matter_id, "text_id": text.id,
            "account_id": account_id, "key_pair_id": pair_id,
            "wrapped": boxes.wrap(keys[text.id], public, bound_to=queries.place_of_lock(text, account_id)),
        }
        for account_id, (pair_id, public) in pairs_of(set(readers)).items()
        for text in texts
        if text.id in keys
    ]  # fmt: skip
    if rows:
        db.session.execute(sa.insert(MatterLock), rows)


def _step(matter: Matter, state: MatterState) -> None:
    _unless(None if rules.may_become(MatterState(matter.state), state) else Refusal.NOT_NOW)
    matter.state = state
    db.session.flush()


def has_key(account_id: uuid.UUID) -> bool:
    """Whether something can be closed for an account."""
    return account_id in have_pairs([account_id])


def note_down(matter: Matter, words: str, *, by: uuid.UUID, now: datetime) -> None:
    """The panel keeps what it heard, for itself. With two of them there, the matter counts as heard. Raises `CannotGoOn`."""
    matter = queries.hold(matter)
    sitting = matter.sitting
    _unless(rules.why_not_write(TextKind.NOTES, MatterState(matter.state), sitting=len(sitting)))
    _write(matter, TextKind.NOTES, words, readers=sitting, by=by, now=now)
    if matter.state == MatterState.BROUGHT and len(sitting) >= rules.TWO:
        _step(matter, MatterState.HEARD)


def tell(matter: Matter, account_id: uuid.UUID, words: str, *, by: uuid.UUID, now: datetime) -> None:
    """The panel tells somebody it concerns, in words it chose. They see these words, and nothing else. Raises `CannotGoOn`."""
    matter = queries.hold(matter)
    sitting = matter.sitting
    _unless(rules.why_not_write(TextKind.TOLD, MatterState(matter.state), sitting=len(sitting)))
    has_key = account_id in have_pairs([account_id])
    _unless(
        rules.why_not_tell(account_id, sitting=matter.panel, brought_by=matter.brought_by_id, has_key=has_key)
    )
    _write(matter, TextKind.TOLD, words, readers=[account_id, *sitting], by=by, now=now, told=account_id)


def propose_outcome(matter: Matter, words: str, *, review_on: date, by: uuid.UUID, now: datetime) -> None:
    """Write an outcome, and agree with it oneself; what was proposed before does not count any more. Raises `CannotGoOn`."""
    matter = queries.hold(matter)
    _unless(rules.why_not_write(TextKind.OUTCOME, MatterState(matter.state), sitting=len(matter.sitting)))
    today, brought_on = _day(matter.group_id, now), _day(matter.group_id, matter.brought_at)
    _unless(rules.why_not_review_on(review_on, today=today, brought_on=brought_on))
    said = json.dumps({"words": words, "review_on": review_on.isoformat()}, ensure_ascii=False)
    text = _write(matter, TextKind.OUTCOME, said, readers=matter.sitting, by=by, now=now)
    _answer(matter, text, by=by, now=now)


def _answer(matter: Matter, text: MatterText, *, by: uuid.UUID, now: datetime) -> None:
    db.session.add(
        MatterAnswer(
            id=uuid.uuid4(), group_id=matter.group_id, matter_id=matter.id, text_id=text.id, account_id=by, answered_at=now
        )
    )  # fmt: skip
    db.session.flush()


def agree_outcome(
    matter: Matter, text_id: uuid.UUID | None, *, private: bytes, by: uuid.UUID, now: datetime
) -> None:
    """Another of the panel agrees with the latest outcome, which they read: now those concerned can read it too. Raises `CannotGoOn`."""
    matter = queries.hold(matter)
    text = queries.find_text(matter.id, TextKind.OUTCOME)
    if text is None or text.id != text_id or matter.state != MatterState.HEARD:
        raise CannotGoOn(Refusal.NOT_NOW)
    answers = queries.answers_to(matter.id, text.id)
    said = queries.opened([text], by, private).get(text.id)
    _unless(Refusal.OWN_OUTCOME if by in answers else None if said else Refusal.LOST_KEY)
    today, brought_on = _day(matter.group_id, now), _day(matter.group_id, matter.brought_at)
    if said:
        review_on = queries.outcome_in(said).review_on
        _unless(rules.why_not_review_on(review_on, today=today, brought_on=brought_on))
    _answer(matter, text, by=by, now=now)
    if not said or not rules.agreed({*answers, by}, matter.sitting):
        return
    _close_for(
        [matter.brought_by_id, *queries.told_in(matter.id)], [text], queries.keys_of([text], by, private)
    )
    matter.review_on = review_on
    matter.destroy_on = rules.destroyed_after_review(review_on, brought_on=brought_on)
    _step(matter, MatterState.AGREED)


def review(matter: Matter, words: str, *, again_on: date | None, by: uuid.UUID, now: datetime) -> None:
    """The panel looked again: it goes on until another day, or it is closed. Raises `CannotGoOn`."""
    matter = queries.hold(matter)
    today, brought_on = _day(matter.group_id, now), _day(matter.group_id, matter.brought_at)
    _unless(rules.why_not_review(MatterState(matter.state), review_on=matter.review_on, today=today))
    _unless(rules.why_not_write(TextKind.REVIEW, MatterState(matter.state), sitting=len(matter.sitting)))
    if again_on is not None:
        _unless(rules.why_not_review_on(again_on, today=today, brought_on=brought_on))
    _write(matter, TextKind.REVIEW, words, readers=matter.sitting, by=by, now=now)
    if matter.state == MatterState.AGREED:
        _step(matter, MatterState.REVIEWED)
    if again_on is not None:
        matter.review_on = again_on
        matter.destroy_on = rules.destroyed_after_review(again_on, brought_on=brought_on)
        db.session.flush()
        return
    matter.closed_at = now
    matter.destroy_on = rules.destroyed_after_close(today, brought_on=brought_on)
    _step(matter, MatterState.CLOSED)


def step_aside(matter: Matter) -> None:
    """One of the panel has no part in it any more, for good; why is not asked. The database shows it to them no longer."""
    db.session.execute(sa.select(sa.func.matter_step_aside(matter.id)))
    db.session.expunge(matter)


def take_back(matter: Matter, *, by: uuid.UUID) -> None:
    """Whoever brought it takes it back, and everything about it is destroyed at once. Raises `CannotGoOn`."""
    matter = queries.hold(matter)
    _unless(rules.why_not_take_back(MatterState(matter.state), is_own=matter.brought_by_id == by))
    db.session.delete(matter)
    db.session.flush()


def groups_to_ask(matter: Matter) -> list[Group]:
    """Other groups whose committee would help, without those of whoever brought it."""
    asked = {ask.asked_group_id for ask in queries.asks_of(matter.id)}
    theirs = queries.groups_of(matter.brought_by_id)
    return queries.groups_that_hear(matter.group_id, others=asked | theirs)


def ask_group(matter: Matter, group_id: uuid.UUID, *, now: datetime) -> None:
    """Ask another group's committee for somebody who helps to hear it. Raises `CannotGoOn`."""
    matter = queries.hold(matter)
    asked = {ask.asked_group_id for ask in queries.asks_of(matter.id)}
    _unless(Refusal.ALREADY if group_id in asked else None)
    offered = {group.id for group in groups_to_ask(matter)}
    _unless(None if group_id in offered and matter.state != MatterState.CLOSED else Refusal.NOT_OFFERED)
    db.session.add(
        MatterAsk(
            id=uuid.uuid4(), group_id=matter.group_id, matter_id=matter.id, asked_group_id=group_id, asked_at=now, state=AskState.ASKED
        )
    )  # fmt: skip
    db.session.flush()


def answer_ask(ask: MatterAsk, *, accepts: bool, by: uuid.UUID) -> None:
    """One of the asked committee says that they would come, or that nobody can. Raises `CannotGoOn`."""
    db.session.refresh(ask, with_for_update=True)
    _unless(None if ask.state == AskState.ASKED else Refusal.ALREADY)
    ask.state, ask.answered_by_id = (AskState.ACCEPTED if accepts else AskState.DECLINED), by
    db.session.flush()


def seat(matter: Matter, ask: MatterAsk, *, private: bytes, by: uuid.UUID, now: datetime) -> None:
    """Let in whoever came to help, unless it concerns them: from now on they read everything of this matter. Raises `CannotGoOn`."""
    matter = queries.hold(matter)
    comes = ask.answered_by_id
    if ask.state != AskState.ACCEPTED or comes is None or matter.state == MatterState.CLOSED:
        raise CannotGoOn(Refusal.NOT_NOW)
    _unless(None if has_key(comes) else Refusal.CANNOT_BE_TOLD)
    texts = queries.texts_of(matter.id)
    keys = queries.keys_of(texts, by, private)
    about = _about(texts, by, private)
    told = {text.for_account_id for text in texts if text.for_account_id}
    concerned = {matter.brought_by_id, *about.concerned(), *told}
    _unless(Refusal.CONCERNED if _shares_a_group(matter, comes, ask.asked_group_id, concerned) else None)
    with scope.visiting(matter.group_id):  # whoever acts may themselves have come from elsewhere
        parties = [
            *_parties(about, by=matter.brought_by_id, now=now),
            *queries.people(accounts=told, now=now),
        ]
        they = queries.people(accounts=[comes], now=now)
    _unless(Refusal.CONCERNED if any(rules.steps_aside(one, parties) for one in they) else None)
    _unless(rules.why_not_seat(comes, concerned=concerned, panel=matter.panel))
    matter.panel = [*matter.panel, comes]
    db.session.flush()
    ask.state = AskState.SEATED
    _close_for([comes], texts, keys)
    db.session.flush()
    is_noted = any(text.kind == TextKind.NOTES for text in texts)
    if matter.state == MatterState.BROUGHT and is_noted and len(matter.sitting) >= rules.TWO:
        _step(matter, MatterState.HEARD)


def _shares_a_group(
    matter: Matter, comes: uuid.UUID, from_group: uuid.UUID, concerned: Collection[uuid.UUID]
) -> bool:
    """Whether somebody it concerns is of the group that helps; or, where it was brought past the own committee, whoever comes is of theirs."""
    if any(from_group in queries.groups_of(one) for one in concerned):
        return True
    theirs = queries.groups_of(matter.brought_by_id)
    return matter.group_id not in theirs and bool(theirs & queries.groups_of(comes))


def _about(texts: Collection[MatterText], by: uuid.UUID, private: bytes) -> Written:
    """What was brought, opened. Raises `CannotGoOn` where this key does not open it."""
    words = [text for text in texts if text.kind == TextKind.WORDS]
    said = next(iter(queries.opened(words, by, private).values()), None)
    if said is None:
        raise CannotGoOn(Refusal.LOST_KEY)
    return queries.written_in(said)


def let_in_again(matter: Matter, account_id: uuid.UUID, *, private: bytes, by: uuid.UUID) -> int:
    """Close for somebody what they could read before they lost their password; returns how many texts that were.

    For the panel everything; for the others what was written by them or for them, and the outcome. Raises `CannotGoOn`.
    """
    matter = queries.hold(matter)
    texts = queries.texts_of(matter.id)
    told = queries.told_in(matter.id)
    if account_id in matter.sitting:
        theirs = texts
    elif account_id == matter.brought_by_id or account_id in told:
        latest = queries.find_text(matter.id, TextKind.OUTCOME)
        theirs = [text for text in texts if _was_theirs(matter, text, account_id, latest)]
    else:
        raise CannotGoOn(Refusal.NOT_NOW)
    _unless(None if account_id in have_pairs([account_id]) else Refusal.CANNOT_BE_TOLD)
    has = queries.texts_by_reader(matter.id).get(account_id, set())
    lost = [text for text in theirs if text.id not in has]
    _close_for([account_id], lost, queries.keys_of(lost, by, private))
    return len(lost)


def _was_theirs(matter: Matter, text: MatterText, account_id: uuid.UUID, latest: MatterText | None) -> bool:
    if text.kind == TextKind.WORDS:
        return account_id == matter.brought_by_id
    if text.kind == TextKind.OUTCOME:
        return (
            matter.state not in rules.OPEN and text is latest
        )  # what was proposed before stays with the panel
    return text.for_account_id == account_id


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


def forget_in_matters(me: Me, *, now: datetime) -> None:  # noqa: ARG001 - what every part is asked with
    """Somebody asks to be forgotten here: what they brought is taken back, what they hear they step aside from.

    Of this group, and of another that they came to from this one; of all groups where they have no part in any other. What
    has an outcome stays closed until its day; their keys go with their account.
    """
    everywhere = not queries.has_part_elsewhere(me.account_id)
    for matter in db.session.scalars(queries.matters()).all():
        if not (everywhere or queries.is_from_here(matter, me.account_id)):
            continue
        if matter.brought_by_id == me.account_id and matter.state in rules.OPEN:
            take_back(matter, by=me.account_id)
        elif me.account_id in matter.sitting:
            step_aside(matter)


def destroy_what_is_due() -> int:
    """Destroy the matters that the group in scope hears and whose day has come, by the database's own clock."""
    return db.session.scalar(sa.select(sa.func.matter_destroy_due())) or 0
