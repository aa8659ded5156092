"""Matters as the database shows them to whoever asks; who could hear one; and texts, opened with somebody's own key."""

import json
import uuid
from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

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
from groups.disputes.rules import OPEN, About, Outcome, Written
from network.accounts.models import Account, RoleAssignment
from network.db import db
from network.key_pairs import boxes
from network.tenancy import scope
from network.tenancy.models import Group
from network.tenancy.queries import find_home_network, groups_at_home_in


def matters() -> sa.Select[Matter]:
    """Matters one brought or hears, the latest first; a selection so that pages can page it."""
    return sa.select(Matter).order_by(Matter.brought_at.desc(), Matter.id)


def get_matter(matter_id: uuid.UUID) -> Matter:
    """A matter one brought or hears, or a page that says there is nothing here."""
    return db.one_or_404(sa.select(Matter).where(Matter.id == matter_id))


def hold(matter: Matter) -> Matter:
    """The matter as it now stands, held for this transaction."""
    db.session.refresh(matter, with_for_update={"of": Matter})
    return matter


def waiting_for(account_id: uuid.UUID | None, today: date) -> list[Matter]:
    """Matters that wait for one of the panel, in the group they are heard in or came from: the earliest first."""
    if account_id is None:
        return []
    came = sa.select(MatterAsk.matter_id).where(
        MatterAsk.asked_group_id == scope.group_id(), MatterAsk.answered_by_id == account_id
    )
    asked = sa.select(Matter).where(
        Matter.panel.contains([account_id]), sa.or_(Matter.group_id == scope.group_id(), Matter.id.in_(came)), _waits(account_id, today)
    )  # fmt: skip
    return list(db.session.scalars(asked.order_by(Matter.brought_at, Matter.id)))


def _waits(account_id: uuid.UUID, today: date) -> sa.ColumnElement[bool]:
    """Nobody noted anything yet; somebody answered; another says something one has not agreed with; or its day has come."""
    outcome = _latest(MatterText.id, MatterText.kind == TextKind.OUTCOME)
    own = sa.select(MatterAnswer).where(
        MatterAnswer.matter_id == Matter.id, MatterAnswer.account_id == account_id
    )
    words = sa.select(MatterText.id).where(
        MatterText.matter_id == Matter.id, MatterText.kind == TextKind.WORDS
    )
    goes = sa.select(MatterAnswer).where(MatterAnswer.text_id == words.correlate(Matter).scalar_subquery())
    looked = own.where(MatterAnswer.answered_at >= Matter.review_on)
    return sa.or_(
        Matter.state == MatterState.BROUGHT,
        sa.and_(Matter.state != MatterState.CLOSED, _latest(MatterText.kind) == TextKind.ANSWER),
        sa.and_(
            Matter.state.in_(OPEN),
            goes.exists(),
            ~goes.where(MatterAnswer.account_id == account_id).exists(),
        ),
        sa.and_(
            Matter.state == MatterState.HEARD,
            outcome.is_not(None),
            ~own.where(MatterAnswer.text_id == outcome).exists(),
        ),
        sa.and_(
            Matter.state.in_((MatterState.AGREED, MatterState.REVIEWED)),
            Matter.review_on <= today,
            ~looked.exists(),
        ),
    )


def _latest(what: Any, *where: sa.ColumnElement[bool]) -> sa.ScalarSelect[Any]:
    """Something of a matter's latest text."""
    asked = sa.select(what).where(MatterText.matter_id == Matter.id, *where)
    return (
        asked.order_by(MatterText.written_at.desc(), MatterText.id.desc())
        .limit(1)
        .correlate(Matter)
        .scalar_subquery()
    )


def hearing_each(found: Collection[Matter]) -> dict[uuid.UUID, list[uuid.UUID]]:
    """By matter, who still hears it: who has neither stepped aside, nor been suspended, nor gone from the group whose committee it is."""
    came = sa.select(sa.func.matter_came([one.id for one in found]))
    helpers = _still_somewhere(db.session.scalars(came).all()) if found else set()
    there = {group_id: _present_in(group_id) for group_id in {one.group_id for one in found}}
    active = _active({account_id for one in found for account_id in one.sitting})
    return {
        one.id: [who for who in one.sitting if who in active and who in there[one.group_id] | helpers]
        for one in found
    }


def hearing_for_told(text: MatterText) -> list[uuid.UUID]:
    """Who still hears the matter of a text, for whoever was told of it: so that what they answer can be closed for the panel."""
    hears: dict[uuid.UUID, bool] = dict(
        db.session.execute(
            sa.text("select one, is_helper from matter_hears(:id)"), {"id": text.matter_id}
        ).all()
    )
    there = _present_in(text.group_id) | _still_somewhere(
        one for one, is_helper in hears.items() if is_helper
    )
    return sorted(_active(set(hears)) & there)


def _still_somewhere(helpers: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Of those who came from another group: whoever is in any group still."""
    now, found = sa.func.now(), set()
    for one in helpers:
        with scope.visiting(None, one):
            asked = sa.select(RoleAssignment.id).where(
                RoleAssignment.account_id == one, sa.or_(RoleAssignment.ends_at.is_(None), RoleAssignment.ends_at > now)
            )  # fmt: skip
            if db.session.scalar(asked.limit(1)) is not None:
                found.add(one)
    return found


def _active(accounts: set[uuid.UUID]) -> set[uuid.UUID]:
    asked = sa.select(Account.id).where(Account.id.in_(accounts), Account.suspended_at.is_(None))
    return set(db.session.scalars(asked)) if accounts else set()


def _present_in(group_id: uuid.UUID) -> set[uuid.UUID]:
    here, now = scope.current(), sa.func.now()
    asked = sa.select(RoleAssignment.account_id).where(
        RoleAssignment.group_id == group_id, sa.or_(RoleAssignment.ends_at.is_(None), RoleAssignment.ends_at > now)
    )  # fmt: skip
    if here.group_id == group_id:
        return set(db.session.scalars(asked))
    with scope.visiting(group_id, here.account_id):
        return set(db.session.scalars(asked))


def hearing(matter: Matter) -> list[uuid.UUID]:
    """Who still hears a matter."""
    return hearing_each([matter])[matter.id]


def own_and_unheard(account_id: uuid.UUID | None) -> list[Matter]:
    """Matters somebody brought, in the group in scope or past it, that nobody hears any more."""
    if account_id is None:
        return []
    asked = sa.select(Matter).where(Matter.brought_by_id == account_id, Matter.state.in_(OPEN))
    found = list(db.session.scalars(asked.order_by(Matter.brought_at, Matter.id)))
    still = hearing_each(found)
    return [one for one in found if not still[one.id]]


def is_from_here(matter: Matter, account_id: uuid.UUID) -> bool:
    """Whether a matter is heard in the group in scope, or somebody came to it from there."""
    if matter.group_id == scope.group_id():
        return True
    came = sa.select(MatterAsk.id).where(
        MatterAsk.matter_id == matter.id, MatterAsk.asked_group_id == scope.group_id(), MatterAsk.answered_by_id == account_id
    )  # fmt: skip
    return db.session.scalar(came.limit(1)) is not None


def has_part_elsewhere(account_id: uuid.UUID) -> bool:
    """Whether somebody has, or had, a role in another group or office."""
    other = sa.select(RoleAssignment.id).where(
        RoleAssignment.account_id == account_id, RoleAssignment.group_id != scope.group_id()
    )
    return db.session.scalar(other.limit(1)) is not None


def texts_of(matter_id: uuid.UUID) -> list[MatterText]:
    """What is written in a matter, as far as whoever asks may have it, the earliest first."""
    asked = sa.select(MatterText).where(MatterText.matter_id == matter_id)
    return list(db.session.scalars(asked.order_by(MatterText.written_at, MatterText.id)))


def find_text(matter_id: uuid.UUID, kind: TextKind) -> MatterText | None:
    """The latest text of a kind."""
    found = [one for one in texts_of(matter_id) if one.kind == kind]
    return found[-1] if found else None


def get_told(text_id: uuid.UUID) -> MatterText:
    """What the panel wrote for whoever asks, or a page that says there is nothing here."""
    return db.one_or_404(
        sa.select(MatterText).where(MatterText.id == text_id, MatterText.for_account_id == scope.account_id())
    )


def told_to(account_id: uuid.UUID | None) -> list[MatterText]:
    """What panels wrote for somebody, the latest first."""
    if account_id is None:
        return []
    asked = sa.select(MatterText).where(MatterText.for_account_id == account_id)
    return list(db.session.scalars(asked.order_by(MatterText.written_at.desc(), MatterText.id)))


def news_for(account_id: uuid.UUID | None, *, since: datetime) -> list[MatterText]:
    """What was lately written for somebody who is not on the panel: what they were told, and outcomes they can read."""
    if account_id is None:
        return []
    theirs = sa.select(MatterLock.text_id).where(MatterLock.account_id == account_id)
    hears = sa.select(Matter.id).where(Matter.panel.contains([account_id]))
    asked = sa.select(MatterText).where(
        MatterText.id.in_(theirs), MatterText.kind.in_((TextKind.TOLD, TextKind.OUTCOME)),
        MatterText.written_at > since, MatterText.matter_id.not_in(hears),
    )  # fmt: skip
    return list(db.session.scalars(asked.order_by(MatterText.written_at, MatterText.id)))


def told_in(matter_id: uuid.UUID) -> set[uuid.UUID]:
    """Whom the panel has told."""
    asked = sa.select(MatterText.for_account_id).where(
        MatterText.matter_id == matter_id, MatterText.kind == TextKind.TOLD
    )
    return {one for one in db.session.scalars(asked) if one}


def may_answer(text: MatterText) -> bool:
    """Whether somebody who was told can still answer: the panel works on it."""
    return bool(db.session.scalar(sa.select(sa.func.matter_told_me(text.matter_id))))


def destroyed_on(text: MatterText) -> date | None:
    """The day on which everything a text belongs to is destroyed, also for those who see nothing but the text."""
    return db.session.scalar(sa.select(sa.func.matter_destroyed_on(text.id)))


def locks_for(account_id: uuid.UUID, matter_id: uuid.UUID) -> dict[uuid.UUID, MatterLock]:
    """By text: its key, as it is closed for an account."""
    asked = sa.select(MatterLock).where(
        MatterLock.matter_id == matter_id, MatterLock.account_id == account_id
    )
    return {lock.text_id: lock for lock in db.session.scalars(asked)}


def texts_by_reader(matter_id: uuid.UUID) -> dict[uuid.UUID, set[uuid.UUID]]:
    """By account: which texts are closed for it now. For the panel."""
    asked = sa.select(MatterLock.account_id, MatterLock.text_id).where(MatterLock.matter_id == matter_id)
    found: dict[uuid.UUID, set[uuid.UUID]] = {}
    for account_id, text_id in db.session.execute(asked):
        found.setdefault(account_id, set()).add(text_id)
    return found


def who_reads(matter: Matter, among: Iterable[uuid.UUID]) -> list[uuid.UUID]:
    """Those who can open what was brought with the key they have now: for nobody else is anything new closed."""
    words, has = find_text(matter.id, TextKind.WORDS), texts_by_reader(matter.id)
    return [one for one in among if words and words.id in has.get(one, ())]


def place_of(text: MatterText) -> str:
    """What a text is bound to."""
    return f"{text.group_id} {text.matter_id} matter_texts.content {text.id} {text.kind}"


def place_of_lock(text: MatterText, account_id: uuid.UUID) -> str:
    """What a text's key is bound to."""
    return f"{text.group_id} {text.matter_id} matter_locks.wrapped {text.id} {account_id}"


def keys_of(texts: Iterable[MatterText], account_id: uuid.UUID, private: bytes) -> dict[uuid.UUID, bytes]:
    """The keys of those texts that somebody's own key opens."""
    texts = list(texts)
    locks = {
        one: lock
        for each in {t.matter_id for t in texts}
        for one, lock in locks_for(account_id, each).items()
    }
    found = {}
    for text in texts:
        lock = locks.get(text.id)
        key = boxes.unwrap(lock.wrapped, private, bound_to=place_of_lock(text, account_id)) if lock else None
        if key is not None:
            found[text.id] = key
    return found


def opened(texts: Iterable[MatterText], account_id: uuid.UUID, private: bytes) -> dict[uuid.UUID, str]:
    """What stands in those texts that somebody's own key opens."""
    texts = list(texts)
    keys = keys_of(texts, account_id, private)
    said = {
        text.id: boxes.unclose(keys[text.id], text.content, bound_to=place_of(text))
        for text in texts
        if text.id in keys
    }
    return {text_id: words for text_id, words in said.items() if words is not None}


def written_in(said: str) -> Written:
    """What whoever brought it wrote, from its opened text."""
    found = json.loads(said)
    told_by = found.get("told_by")
    return Written(
        words=found["words"], others=found["others"],
        about=tuple(About(name, _id(member), _id(account)) for name, member, account in found["about"]),
        told_by=About(told_by[0], _id(told_by[1])) if told_by else None,
    )  # fmt: skip


def outcome_in(said: str) -> Outcome:
    """What the panel proposed, from its opened text."""
    found = json.loads(said)
    return Outcome(found["words"], date.fromisoformat(found["review_on"]))


def _id(kept: str | None) -> uuid.UUID | None:
    return uuid.UUID(kept) if kept else None


def answers_to(matter_id: uuid.UUID, text_id: uuid.UUID) -> set[uuid.UUID]:
    """Who of the panel agrees with an outcome as it is written."""
    asked = sa.select(MatterAnswer.account_id).where(
        MatterAnswer.matter_id == matter_id, MatterAnswer.text_id == text_id
    )
    return set(db.session.scalars(asked))


def names_of(account_ids: Iterable[uuid.UUID | None]) -> dict[uuid.UUID, str]:
    """What people want to be called."""
    asked = sa.select(Account.id, Account.shown_name).where(
        Account.id.in_([one for one in account_ids if one])
    )
    return {account_id: name for account_id, name in db.session.execute(asked)}  # noqa: C416 - rows are not pairs to the type checker


def find_offer() -> HearingOffer | None:
    """Whether the committee of the group in scope would hear matters of others."""
    asked = sa.select(HearingOffer).where(
        HearingOffer.group_id == scope.group_id(), HearingOffer.ended_at.is_(None)
    )
    return db.session.scalar(asked)


def groups_that_hear(group_id: uuid.UUID, *, others: Collection[uuid.UUID] = ()) -> list[Group]:
    """Other groups of the same network whose committee would hear a matter, by name."""
    network = find_home_network(group_id)
    if network is None:
        return []
    offering = sa.select(HearingOffer.group_id).where(HearingOffer.ended_at.is_(None))
    asked = groups_at_home_in(network.id).where(
        Group.id.in_(offering), Group.id != group_id, Group.id.not_in(list(others))
    )
    return list(db.session.scalars(asked))


def asks_of(matter_id: uuid.UUID) -> list[MatterAsk]:
    """Which groups were asked for help with a matter, the earliest first."""
    asked = sa.select(MatterAsk).where(MatterAsk.matter_id == matter_id)
    return list(db.session.scalars(asked.order_by(MatterAsk.asked_at, MatterAsk.id)))


def asks_waiting(account_id: uuid.UUID | None) -> list[MatterAsk]:
    """Where another group asks this one's committee for somebody, and this one of it has not said no."""
    asked = sa.select(MatterAsk).where(
        MatterAsk.asked_group_id == scope.group_id(), MatterAsk.state == AskState.ASKED, ~MatterAsk.declined_by.contains([account_id])
    )  # fmt: skip
    return list(db.session.scalars(asked.order_by(MatterAsk.asked_at, MatterAsk.id)))


def get_ask(ask_id: uuid.UUID) -> MatterAsk:
    """Where another group asks, or a page that says there is nothing here."""
    return db.one_or_404(
        sa.select(MatterAsk).where(MatterAsk.id == ask_id, MatterAsk.asked_group_id == scope.group_id())
    )


def group_names(group_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """What groups are called."""
    asked = sa.select(Group.id, Group.name).where(Group.id.in_(list(group_ids)))
    return {group_id: name for group_id, name in db.session.execute(asked)}  # noqa: C416 - rows are not pairs to the type checker
