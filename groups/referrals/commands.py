"""Taking in who asks or is introduced, answering, leaving the door open or closing it, asking once, erasing."""

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

import sqlalchemy as sa

from groups.referrals import queries, rules
from groups.referrals.models import Answer, Introducer, Referral, ReferralAsking, ReferralState
from groups.referrals.rules import Act
from groups.safeguarding.queries import asks_age_first
from network import audit, clock
from network.accounts import commands as accounts
from network.accounts.models import LinkPurpose
from network.accounts.queries import find_link, token_hash
from network.db import db
from network.invitations import commands as invitations
from network.invitations.models import InvitationKind
from network.mine.registry import Me
from network.tenancy.models import Group

_LET_GO = (
    "answer",
    "answer_words",
    "invitation_id",
    "opened_on",
    "months",
    "ask_again_on",
    "note_code",
    "note_hash",
)


class CannotChangeDoor(Exception):
    """It stays as it is; `refusal` says why."""

    def __init__(self, refusal: rules.Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


@dataclass(frozen=True)
class Person:
    """Somebody at the door, as they want to be known."""

    called: str
    language: str
    reach: str = ""
    words: str = ""
    old_enough: str = ""
    """The words that were ticked about their age, where the group asks."""


@dataclass(frozen=True)
class Writer:
    """Whoever introduces them, and the words they ticked."""

    introduced_by: Introducer
    agreement: str
    agreement_language: str
    name: str = ""


def take_request(group: Group, person: Person, *, now: datetime) -> str:
    """Keep that somebody asks to join the group in scope; returns their own code. Raises `CannotChangeDoor`."""
    _check_taking(person, now=now)
    referral_id = uuid.uuid4()
    code = accounts.give_code(LinkPurpose.ASKING, referral_id, lasts=rules.KEPT_UNANSWERED, now=now)
    _take(
        group, person, id=referral_id, key_hash=token_hash(code), introduced_by=Introducer.ONESELF,
        words=person.words or None, now=now,
    )  # fmt: skip
    return code


def take_introduction(group: Group, person: Person, writer: Writer, *, now: datetime) -> None:
    """Keep that somebody is introduced. Raises `CannotChangeDoor`.

    The writer gets nothing that leads back here. The person gets a code of their own when they answer the group's note.
    """
    _check_taking(person, now=now)
    _take(
        group, person, id=uuid.uuid4(), key_hash=secrets.token_bytes(32), introduced_by=writer.introduced_by, writer_name=writer.name or None,
        agreement_hash=hashlib.sha256(writer.agreement.encode()).digest(), agreement_language=writer.agreement_language, now=now,
    )  # fmt: skip


def _check_taking(person: Person, *, now: datetime) -> None:
    readers = queries.count_readers(now=now)
    if refusal := rules.why_not_take(queries.count_waiting_unseen(), readers=readers):
        raise CannotChangeDoor(refusal)
    asks = asks_age_first()
    if refusal := rules.why_not_reach(person.reach, was_said=bool(person.old_enough), asks_age_first=asks):
        raise CannotChangeDoor(refusal)


def _take(group: Group, person: Person, *, now: datetime, **more: object) -> None:
    today = clock.today(group.time_zone, at=now)
    referral = Referral(
        called=person.called, reach=person.reach or None, language=person.language, state=ReferralState.WAITING, received_at=now, changed_on=today,
        erase_on=rules.erase_on(ReferralState.WAITING, today=today),
        old_enough_hash=hashlib.sha256(person.old_enough.encode()).digest() if person.old_enough else None, **more,
    )  # fmt: skip
    db.session.add(referral)
    db.session.flush()
    audit.record("referral.received", referral, now=now, is_unsigned=True)


def answer_person(
    group: Group, referral: Referral, answer: Answer, words: str, *, by: uuid.UUID | None, now: datetime, with_invitation: bool = False
) -> None:  # fmt: skip
    """Answer. A welcome can carry an invitation: whoever accepts it joins, by their own act; nobody is joined by an answer.

    Raises `CannotChangeDoor`.
    """
    _hold(group, referral, Act.ANSWER, now=now)
    invites = rules.may_carry_invitation(answer) and with_invitation
    invitation_id = _invite(referral, by=by, now=now) if invites else None
    _move(
        group, referral, Act.ANSWER, now=now, answer=answer, answer_words=words, invitation_id=invitation_id
    )
    audit.record("referral.answered", referral, by=by, now=now)


def _invite(referral: Referral, *, by: uuid.UUID | None, now: datetime) -> uuid.UUID:
    token, _code = invitations.give_invitation(
        InvitationKind.MEMBER, language=referral.language, now=now, by=by
    )
    link = find_link(token, LinkPurpose.INVITATION, now=now)
    if link is None:
        raise LookupError("an invitation has its link from the start")
    return link.subject_id


def leave_door_open(
    group: Group, referral: Referral, months: int, *, by: uuid.UUID | None, now: datetime
) -> str | None:
    """Not now, but the group may ask once after these months. Until then only their own code shows it: where they had
    none, they get one here, which nobody else knows. Raises `CannotChangeDoor`.
    """
    if refusal := rules.why_not_open_for(months):
        raise CannotChangeDoor(refusal)
    _hold(group, referral, Act.LEAVE_OPEN, now=now)
    if by and (refusal := rules.why_not_note_open(referral.state)):
        raise CannotChangeDoor(refusal)
    code = None if by else _give_own_code(referral, now=now)
    queries.show_key(referral.key_hash)
    _withdraw(referral, by=by, now=now)
    today = clock.today(group.time_zone, at=now)
    _move(
        group, referral, Act.LEAVE_OPEN, now=now, opened_on=today, months=months, ask_again_on=rules.months_later(today, months)
    )  # fmt: skip
    audit.record("referral.door_left_open", referral, by=by, now=now, is_unsigned=by is None)
    return code


def come_back(group: Group, referral: Referral, *, now: datetime) -> str | None:
    """They would like to hear from the group now; where they had no code of their own, they get one. Raises `CannotChangeDoor`."""
    _hold(group, referral, Act.COME_BACK, now=now)
    code = _give_own_code(referral, now=now)
    queries.show_key(referral.key_hash)
    _move(group, referral, Act.COME_BACK, now=now)
    audit.record("referral.came_back", referral, now=now, is_unsigned=True)
    return code


def _give_own_code(referral: Referral, *, now: datetime) -> str | None:
    """Whoever answers by the group's note and has no code of their own gets one; the note ends with their answer."""
    if queries.has_own_code(referral):
        return None
    code = accounts.give_code(LinkPurpose.ASKING, referral.id, lasts=rules.KEPT_UNANSWERED, now=now)
    referral.key_hash = token_hash(code)
    db.session.flush()
    return code


def ask_again(group: Group, referral: Referral, *, by: uuid.UUID | None, now: datetime) -> ReferralAsking:
    """Keep that they are asked, once, where the door was left open and its day has come. Raises `CannotChangeDoor`."""
    _hold(group, referral, Act.ASK, now=now)
    if queries.waits_for_word(referral):
        raise CannotChangeDoor(rules.Refusal.WAITS_FOR_WORD)
    asking = ReferralAsking(referral_id=referral.id, opened_on=referral.opened_on, asked_at=now, asked_by=by)
    db.session.add(asking)
    db.session.flush()
    _move(group, referral, Act.ASK, now=now)
    audit.record("referral.asked_again", referral, by=by, now=now)
    return asking


def erase_referral(referral: Referral, *, by: uuid.UUID | None, now: datetime, why: str) -> None:
    """Nothing of it is kept: the door is closed (`closed`), or the group passes it over (`passed_over`)."""
    queries.show_key(referral.key_hash)
    _withdraw(referral, by=by, now=now)
    if by is not None:  # a person who closes their own door leaves no line in the diary either
        audit.record(f"referral.{why}", referral, by=by, now=now)
    db.session.delete(referral)
    db.session.flush()


def _withdraw(referral: Referral, *, by: uuid.UUID | None, now: datetime) -> None:
    if invitation := queries.find_invitation(referral):
        invitations.withdraw_invitation(invitation, by=by, now=now)


def _hold(group: Group, referral: Referral, act: Act, *, now: datetime) -> None:
    """Ask whether this can follow, of the row as it is now; nobody else changes it before this is kept."""
    today = clock.today(group.time_zone, at=now)
    if queries.hold_referral(referral.id) is None:
        raise CannotChangeDoor(rules.Refusal.NOT_NOW)
    if refusal := rules.why_not(referral.state, act, today=today, ask_again_on=referral.ask_again_on):
        raise CannotChangeDoor(refusal)


def _move(group: Group, referral: Referral, act: Act, *, now: datetime, **more: object) -> None:
    """Go on to what follows. What was said before is let go of, and from an open door on also who wrote and what.

    The code of the note before ends with it: the database takes it away as the row goes on. A new note has a new one.
    """
    today, state = clock.today(group.time_zone, at=now), rules.MOVES[referral.state, act]
    kept = dict.fromkeys(_LET_GO)
    if act is Act.LEAVE_OPEN:
        kept |= {"words": None, "writer_name": None}
    if state in rules.SENT:
        note = accounts.give_code(LinkPurpose.ASKING, referral.id, lasts=rules.KEPT_ANSWERED, now=now)
        more |= {"note_code": note, "note_hash": token_hash(note)}
    referral.state = state
    for name, value in {**kept, **more}.items():
        setattr(referral, name, value)
    referral.changed_on = today
    referral.erase_on = rules.erase_on(referral.state, today=today, ask_again_on=referral.ask_again_on)
    last = datetime.combine(referral.erase_on, time(), UTC) + timedelta(days=1)
    accounts.keep_links_until(LinkPurpose.ASKING, referral.id, last)
    db.session.flush()


def forget_asker(me: Me, *, now: datetime) -> None:  # noqa: ARG001 - whoever is asked to forget takes both
    """Somebody who came in by the door asks to be forgotten: what was written about them there goes now, not on its day."""
    db.session.execute(sa.select(sa.func.referrals_forget(me.account_id)))
