"""Bringing a matter, writing in it, going on, stepping aside, taking back, destroying.

Nothing here is noted in the group's diary: who did what stands in the matter, and goes with it. That something waits is all that leaves.
Each text has a key of its own, closed for those who may read it and for nobody else (docs/decisions/disputes.md).
"""

import json
import uuid
from collections.abc import Collection, Iterable, Mapping
from contextlib import nullcontext
from datetime import date, datetime

import sqlalchemy as sa
from blinker import Signal

from groups.disputes import queries, rules
from groups.disputes.models import (
    Matter,
    MatterAnswer,
    MatterLock,
    MatterState,
    MatterText,
    TextKind,
)
from groups.disputes.rules import Refusal, Written
from groups.nearness.queries import committee_at, is_near, people
from groups.nearness.rules import Person, steps_aside
from network import clock
from network.db import db
from network.key_pairs import boxes
from network.key_pairs.queries import have_pairs, pairs_of
from network.mine.registry import Me
from network.tenancy import scope
from network.tenancy.queries import get_group

matter_waits = Signal("something waits for these accounts, in the group in scope; sent with `now`")


class CannotGoOn(Exception):
    """Not like this; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def unless(refusal: Refusal | None) -> None:
    """Not like this, if there is a reason."""
    if refusal:
        raise CannotGoOn(refusal)


def _day(group_id: uuid.UUID, now: datetime) -> date:
    return clock.today(get_group(group_id).time_zone, at=now)


def let_know(group_id: uuid.UUID, accounts: Iterable[uuid.UUID], *, now: datetime) -> None:
    """Something waits for these, who are of the committee of that group."""
    with nullcontext() if scope.current().group_id == group_id else scope.visiting(group_id):
        matter_waits.send(list(accounts), now=now)


def bring_matter(written: Written, *, by: uuid.UUID, now: datetime, to: uuid.UUID | None = None) -> uuid.UUID:
    """Bring a matter before the committee of one's own group, or past it before that of another which offered to hear.

    Who it concerns, their office-mates and whoever they let in lately or were let in by step aside by themselves; the
    others of the committee on that day hear it. Raises `CannotGoOn`.
    """
    if to is None:
        return _bring(written, committee_at(now), by=by, now=now)
    if to not in {group.id for group in queries.groups_that_hear(scope.group_id())}:
        raise CannotGoOn(Refusal.NOT_OFFERED)
    with scope.visiting(to):
        committee = committee_at(now)
    parties = parties_of(written, by=by, now=now)
    known_here = people(accounts=committee, now=now)
    # Whoever is of this group too, or of its committee, is somebody the member did not want to be heard by.
    aside = {one.account_id for one in known_here if one.member_id or steps_aside(one, parties)}
    aside |= set(committee_at(now))
    with scope.visiting(to, by):
        return _bring(written, [one for one in committee if one not in aside], by=by, now=now)


def write_down(written: Written, *, by: uuid.UUID, now: datetime) -> uuid.UUID:
    """One of the committee writes down what a member without a sign-in told them, and hears it as the others do, no more.

    Who told it stands in the closed words. Raises `CannotGoOn`.
    """
    committee = committee_at(now)
    panel, with_keys = _panel(written, committee, brought_by=None, now=now)
    unless(rules.why_not_write_down(panel, written.told_by, by=by, has_key=by in with_keys))
    return _begin(written, panel, brought_by=None, by=by, now=now)


def parties_of(written: Written, *, by: uuid.UUID | None, now: datetime) -> list[Person]:
    """Whom it concerns, as the group in scope knows them."""
    named = [*written.about, *([written.told_by] if written.told_by else [])]
    members = [one.member_id for one in named if one.member_id and not one.account_id]
    return people(accounts=[*([by] if by else []), *written.concerned()], members=members, now=now)


def _bring(written: Written, committee: Collection[uuid.UUID], *, by: uuid.UUID, now: datetime) -> uuid.UUID:
    panel, with_keys = _panel(written, committee, brought_by=by, now=now)
    unless(rules.why_not_bring(panel, has_key=by in with_keys))
    return _begin(written, panel, brought_by=by, by=by, now=now)


def _panel(
    written: Written, committee: Collection[uuid.UUID], *, brought_by: uuid.UUID | None, now: datetime
) -> tuple[rules.Panel, set[uuid.UUID]]:
    """Who of a committee hears it, and who has a pair of keys."""
    with_keys = have_pairs([*([brought_by] if brought_by else []), *committee])
    parties = parties_of(written, by=brought_by, now=now)
    return rules.seated(people(accounts=committee, now=now), parties, with_keys=with_keys), with_keys


def _begin(
    written: Written, panel: rules.Panel, *, brought_by: uuid.UUID | None, by: uuid.UUID, now: datetime
) -> uuid.UUID:
    brought_on, readers = _day(scope.group_id(), now), {*panel.members, *([brought_by] if brought_by else [])}
    matter = Matter(
        id=uuid.uuid4(), group_id=scope.group_id(), brought_by_id=brought_by, brought_at=now, panel=list(panel.members), set_aside=[],
        state=MatterState.BROUGHT, destroy_on=rules.destroyed_unless_closed(brought_on),
    )  # fmt: skip
    db.session.add(matter)
    db.session.flush()
    about = [[one.name, str(one.member_id or ""), str(one.account_id or "")] for one in written.about]
    told_by = [written.told_by.name, str(written.told_by.member_id or "")] if written.told_by else None
    said = {"words": written.words, "others": written.others, "about": about, "told_by": told_by}
    _write(matter, TextKind.WORDS, json.dumps(said, ensure_ascii=False), readers=readers, by=by, now=now)
    let_know(matter.group_id, {*panel.members} - {by}, now=now)
    return matter.id


def _write(
    of: Matter | MatterText, kind: TextKind, said: str, *, readers: Iterable[uuid.UUID], by: uuid.UUID, now: datetime,
    told: uuid.UUID | None = None,
) -> MatterText:  # fmt: skip
    """Close a text with a key of its own, and that key for each reader."""
    key, matter_id = boxes.new_key(), of.id if isinstance(of, Matter) else of.matter_id
    text = MatterText(
        id=uuid.uuid4(), group_id=of.group_id, matter_id=matter_id, kind=kind, written_by_id=by, written_at=now,
        for_account_id=told,
    )  # fmt: skip
    text.content = boxes.close(key, said, bound_to=queries.place_of(text))
    db.session.add(text)
    db.session.flush()
    close_for(readers, [text], {text.id: key})
    return text


def close_for(
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


def step(matter: Matter, state: MatterState) -> None:
    """One step on. Raises `CannotGoOn`."""
    unless(None if rules.may_become(MatterState(matter.state), state) else Refusal.NOT_NOW)
    matter.state = state
    db.session.flush()


def has_key(account_id: uuid.UUID) -> bool:
    """Whether something can be closed for an account."""
    return account_id in have_pairs([account_id])


def _readers(matter: Matter, kind: TextKind, by: uuid.UUID) -> list[uuid.UUID]:
    """For whom of the panel a text of this kind is closed, if it is written now; whoever writes reads too. Raises `CannotGoOn`."""
    sitting = queries.hearing(queries.hold(matter))
    unless(rules.why_not_write(kind, MatterState(matter.state), sitting=len(sitting)))
    readers = queries.who_reads(matter, sitting)
    unless(None if by in readers else Refusal.LOST_KEY)
    return readers


def note_down(matter: Matter, words: str, *, by: uuid.UUID, now: datetime) -> None:
    """The panel keeps what it heard, for itself. With two of them there, the matter counts as heard. Raises `CannotGoOn`."""
    readers = _readers(matter, TextKind.NOTES, by)
    _write(matter, TextKind.NOTES, words, readers=readers, by=by, now=now)
    if matter.state == MatterState.BROUGHT and len(queries.hearing(matter)) >= rules.TWO:
        step(matter, MatterState.HEARD)


def tell(matter: Matter, account_id: uuid.UUID, words: str, *, by: uuid.UUID, now: datetime) -> None:
    """The panel tells somebody it concerns, in words it chose. They see these words, and nothing else. Raises `CannotGoOn`."""
    readers, sitting = _readers(matter, TextKind.TOLD, by), queries.hearing(matter)
    has_pair, near = has_key(account_id), is_near(account_id, sitting, group_id=matter.group_id, now=now)
    apart = {*matter.panel, matter.brought_by_id}
    unless(rules.why_not_tell(account_id, apart=apart, has_key=has_pair, is_near=near))
    _write(matter, TextKind.TOLD, words, readers=[account_id, *readers], by=by, now=now, told=account_id)


def answer(told: MatterText, words: str, *, by: uuid.UUID, now: datetime) -> None:
    """Whoever was told answers, for those who hear it and for nobody else: not for whoever brought it. Raises `CannotGoOn`."""
    own = [
        one
        for one in queries.texts_of(told.matter_id)
        if one.kind == TextKind.ANSWER and one.written_by_id == by
    ]
    readers = queries.hearing_for_told(told)
    unless(rules.why_not_answer(may=queries.may_answer(told) and bool(readers), answers=len(own)))
    unless(None if has_key(by) else Refusal.NO_KEY)
    _write(told, TextKind.ANSWER, words, readers=[by, *readers], by=by, now=now)
    let_know(told.group_id, readers, now=now)


def propose_outcome(matter: Matter, words: str, *, review_on: date, by: uuid.UUID, now: datetime) -> None:
    """Write an outcome, and agree with it oneself; what was proposed before does not count any more. Raises `CannotGoOn`."""
    readers = _readers(matter, TextKind.OUTCOME, by)
    today, brought_on = _day(matter.group_id, now), _day(matter.group_id, matter.brought_at)
    unless(rules.why_not_review_on(review_on, today=today, brought_on=brought_on))
    said = json.dumps({"words": words, "review_on": review_on.isoformat()}, ensure_ascii=False)
    text = _write(matter, TextKind.OUTCOME, said, readers=readers, by=by, now=now)
    _answer(matter, text, by=by, now=now)
    let_know(matter.group_id, {*readers} - {by}, now=now)


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
    unless(Refusal.OWN_OUTCOME if by in answers else None if said else Refusal.LOST_KEY)
    today, brought_on = _day(matter.group_id, now), _day(matter.group_id, matter.brought_at)
    if said:
        review_on = queries.outcome_in(said).review_on
        unless(rules.why_not_review_on(review_on, today=today, brought_on=brought_on))
    _answer(matter, text, by=by, now=now)
    if not said or not rules.agreed({*answers, by}, queries.hearing(matter)):
        return
    has = queries.texts_by_reader(matter.id)  # whoever lost their key is let in by hand
    concerned = [one for one in (matter.brought_by_id, *queries.told_in(matter.id)) if one in has]
    close_for([one for one in concerned if one], [text], queries.keys_of([text], by, private))
    matter.review_on = review_on
    matter.destroy_on = rules.destroyed_after_review(review_on, brought_on=brought_on)
    step(matter, MatterState.AGREED)


def review(matter: Matter, words: str, *, again_on: date | None, by: uuid.UUID, now: datetime) -> None:
    """The panel looked again: it goes on until another day, or, once a second one agrees, it is closed. Raises `CannotGoOn`."""
    matter = queries.hold(matter)
    today, brought_on = _day(matter.group_id, now), _day(matter.group_id, matter.brought_at)
    unless(rules.why_not_review(MatterState(matter.state), review_on=matter.review_on, today=today))
    readers = _readers(matter, TextKind.REVIEW, by)
    if again_on is not None:
        unless(rules.why_not_review_on(again_on, today=today, brought_on=brought_on))
    text = _write(matter, TextKind.REVIEW, words, readers=readers, by=by, now=now)
    if again_on is None:
        _answer(matter, text, by=by, now=now)
    if matter.state == MatterState.AGREED:
        step(matter, MatterState.REVIEWED)
    if again_on is not None:
        matter.review_on = again_on
        matter.destroy_on = rules.destroyed_after_review(again_on, brought_on=brought_on)
        db.session.flush()


def close(matter: Matter, text_id: uuid.UUID | None, *, private: bytes, by: uuid.UUID, now: datetime) -> None:
    """Another of the panel agrees, having read the latest review, that it is over: now it is closed. Raises `CannotGoOn`."""
    matter = queries.hold(matter)
    text = queries.find_text(matter.id, TextKind.REVIEW)
    answers = queries.answers_to(matter.id, text.id) if text else set()
    if text is None or text.id != text_id or matter.state != MatterState.REVIEWED or not answers:
        raise CannotGoOn(Refusal.NOT_NOW)
    unless(Refusal.ALREADY if by in answers else None)
    unless(None if queries.opened([text], by, private) else Refusal.LOST_KEY)
    _answer(matter, text, by=by, now=now)
    if not rules.agreed({*answers, by}, queries.hearing(matter)):
        return
    today, brought_on = _day(matter.group_id, now), _day(matter.group_id, matter.brought_at)
    matter.destroy_on = rules.destroyed_after_close(today, brought_on=brought_on)
    matter.closed_at = now
    step(matter, MatterState.CLOSED)


def step_aside(matter: Matter) -> None:
    """One of the panel has no part in it any more, for good; why is not asked. The database shows it to them no longer."""
    db.session.execute(sa.select(sa.func.matter_step_aside(matter.id)))
    db.session.expunge(matter)


def take_back(matter: Matter, *, by: uuid.UUID) -> None:
    """Whoever brought it takes it back, and everything about it is destroyed at once. Raises `CannotGoOn`."""
    matter = queries.hold(matter)
    unless(rules.why_not_take_back(MatterState(matter.state), is_own=matter.brought_by_id == by))
    db.session.delete(matter)
    db.session.flush()


def take_back_for_teller(matter: Matter, *, private: bytes, by: uuid.UUID, now: datetime) -> bool:
    """One of the panel says that whoever told it takes it back; once a second one does, all is destroyed. Whether it is. Raises `CannotGoOn`."""
    matter = queries.hold(matter)
    text = queries.find_text(matter.id, TextKind.WORDS)
    unless(rules.why_not_take_back(MatterState(matter.state), is_own=matter.is_spoken))
    if text is None or not queries.opened([text], by, private):
        raise CannotGoOn(Refusal.LOST_KEY)
    said_so = queries.answers_to(matter.id, text.id)
    unless(Refusal.ALREADY if by in said_so else None)
    _answer(matter, text, by=by, now=now)
    if is_gone := rules.is_taken_back({*said_so, by}, matter.sitting):
        db.session.delete(matter)
        db.session.flush()
    return is_gone


def about_in(texts: Collection[MatterText], by: uuid.UUID, private: bytes) -> Written:
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
    unless(None if account_id in have_pairs([account_id]) else Refusal.CANNOT_BE_TOLD)
    has = queries.texts_by_reader(matter.id).get(account_id, set())
    lost = [text for text in theirs if text.id not in has]
    close_for([account_id], lost, queries.keys_of(lost, by, private))
    return len(lost)


def _was_theirs(matter: Matter, text: MatterText, account_id: uuid.UUID, latest: MatterText | None) -> bool:
    if text.kind == TextKind.WORDS:
        return account_id == matter.brought_by_id
    if text.kind == TextKind.OUTCOME:  # what was proposed before stays with the panel
        return matter.state not in rules.OPEN and text is latest
    if text.kind == TextKind.ANSWER:
        return text.written_by_id == account_id
    return text.for_account_id == account_id


def forget_in_matters(me: Me, *, now: datetime) -> None:  # noqa: ARG001 - what every part is asked with
    """Somebody asks to be forgotten here: what they brought is taken back, what they hear they step aside from, what they were told opens no more for them.

    Of this group, and of another that they came to from this one; of all groups where they have no part in any other. What
    has an outcome stays closed until its day; their keys go with their account.
    """
    if me.account_id is None:  # matters are brought and heard with a key of one's own
        return
    everywhere = not queries.has_part_elsewhere(me.account_id)
    db.session.execute(sa.select(sa.func.matter_forget_told(everywhere)))
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
