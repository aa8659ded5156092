"""Choosing how one is told, telling everybody of something once, writing the letters, ticking off who was told."""

import uuid
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from groups.ballots import commands as ballots
from groups.ballots.models import BallotBox
from groups.ballots.queries import find_open_box, member_ids_on_roll
from groups.consents import commands as consents
from groups.consents.models import Ended, Purpose
from groups.consents.rules import How
from groups.decisions import commands as decisions
from groups.decisions.models import Motion
from groups.elections import commands as elections
from groups.elections.models import Election
from groups.elections.rules import is_written_later
from groups.membership import commands as membership
from groups.membership.models import Member
from groups.notices import emails, queries, rules
from groups.notices.models import About, Asked, Channel, Notice, Reach, Telling
from groups.notices.rules import Refusal
from groups.officers.queries import present_terms
from groups.safeguarding.queries import held_back
from network import audit, clock
from network.data_map import period
from network.db import db
from network.messages import commands as messages
from network.outbox import commands as outbox
from network.tenancy import scope
from network.tenancy.models import Group
from network.tenancy.queries import find_home_network, get_group
from network.web.languages import language_of

LETTERS, REMINDER = "notice", "vote_reminder"


class CannotReach(Exception):
    """Somebody cannot be reached like this; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def choose_channel(
    group: Group, member: Member, channel: Channel, typed: str, *, asked: Asked, how: How, by: uuid.UUID | None, now: datetime
) -> Reach:  # fmt: skip
    """Keep how somebody wants to be told, with their yes; what they still wait for follows. Raises `CannotReach`.

    Whoever signs in chooses for themselves.
    """
    if member.has_sign_in and asked != Asked.THEMSELVES:
        raise CannotReach(Refusal.SIGNS_IN)
    network = find_home_network(group.id)
    address = rules.fitting(channel, typed, country=network.country if network else "")
    if isinstance(address, Refusal):
        raise CannotReach(address)
    reach = queries.find_reach(member.id) or Reach(id=uuid.uuid4(), member_id=member.id)
    is_other = (reach.channel, reach.address) != (channel, address)
    reach.channel, reach.address, reach.asked, reach.chosen_at = channel, address, asked, now
    db.session.add(reach)
    if channel == Channel.NONE:
        ended = Ended.SELF if asked == Asked.THEMSELVES else Ended.ALOUD
        consents.take_back(member.id, Purpose.REACH, ended=ended, now=now)
    else:
        consents.give(member.id, Purpose.REACH, how, now=now, is_other=is_other)
    used = Channel.NONE if held_back([member.id]) else channel
    db.session.execute(
        sa.update(Telling)
        .where(Telling.member_id == member.id, Telling.told_at.is_(None))
        .values(channel=used)
    )
    if used == Channel.EMAIL:
        for notice_id in queries.waiting_notices_of(member.id):
            outbox.put(LETTERS, now=now, notice_id=notice_id)
    audit.record("member.channel_chosen", member, by=by, now=now)
    db.session.flush()
    return reach


def tell_everybody(
    about: About, subject_id: uuid.UUID, *, on_day: date, now: datetime, until: datetime | None = None,
    only: Collection[uuid.UUID] | None = None,
) -> Notice | None:  # fmt: skip
    """Have every member (or everybody on a roll) told of something. The same again tells nobody twice, and returns nothing."""
    notice_id = uuid.uuid4()
    values = {
        "id": notice_id, "about": about, "subject_id": subject_id, "on_day": on_day, "until": until, "made_at": now,
    }  # fmt: skip
    row = insert(Notice).values(**values).on_conflict_do_nothing().returning(Notice.id)
    if db.session.scalar(row) is None:
        return None
    who = sa.select(Member.id, sa.func.coalesce(Reach.channel, Channel.NONE.value)).where(
        Member.left_on.is_(None)
    )
    who = who.outerjoin(Reach, sa.and_(Reach.group_id == Member.group_id, Reach.member_id == Member.id))
    waits = held_back()
    rows = [
        {
            "id": uuid.uuid4(), "notice_id": notice_id, "member_id": member_id,
            "channel": Channel.NONE.value if member_id in waits else channel,
        }
        for member_id, channel in db.session.execute(who)
        if only is None or member_id in only
    ]  # fmt: skip
    if rows:
        db.session.execute(sa.insert(Telling), rows)
    if any(row["channel"] == Channel.EMAIL for row in rows):
        outbox.put(LETTERS, now=now, once=f"{LETTERS} {notice_id}", notice_id=notice_id)
    notice = db.session.get_one(Notice, notice_id)
    audit.record("notice.made", notice, now=now)
    return notice


def tell_officers(
    about: About, subject_id: uuid.UUID, offices: Sequence[str], *, on_day: date, now: datetime
) -> Notice | None:
    """Have whoever holds these offices told of something once, by the way each chose.

    Whoever chose none finds it on their first page, and nobody is asked to write a message to themselves.
    """
    holders = {term.member_id for term in present_terms(offices)}
    reaches = queries.reaches_of(list(holders))
    reached = {
        member_id
        for member_id, reach in reaches.items()
        if reach.channel == Channel.EMAIL or (reach.channel != Channel.NONE and len(holders) > 1)
    }
    return tell_everybody(about, subject_id, on_day=on_day, now=now, only=reached) if reached else None


def write_letters(group: Group, notice_id: uuid.UUID, *, public_url: str, now: datetime) -> int:
    """Write to everybody who chose e-mail and was not told yet. A letter and the mark that it was written are kept together."""
    notice = queries.find_notice(notice_id)
    if notice is None:
        return 0
    waiting = _without_held_back(queries.letters_to_write(notice_id))
    for telling, address in waiting:
        language = language_of(telling.member.language or group.language)
        words = emails.words_of(
            notice, language=language.code, time_zone=group.time_zone,
            link=public_url if telling.member.has_sign_in else "",
        )  # fmt: skip
        emails.letter(address, words, language=language, now=now)
        telling.told_at = now
    db.session.flush()
    return len(waiting)


def _without_held_back(waiting: Sequence[tuple[Telling, str]]) -> list[tuple[Telling, str]]:
    """Whoever waits for a parent or guardian since the letter was planned is told in person instead."""
    held = held_back([telling.member_id for telling, _ in waiting]) if waiting else set()
    for telling, _address in waiting:
        if telling.member_id in held:
            telling.channel = Channel.NONE
    return [(telling, address) for telling, address in waiting if telling.member_id not in held]


def tick_off(notice: Notice, telling_ids: Sequence[uuid.UUID], *, by: uuid.UUID | None, now: datetime) -> int:
    """These were told by hand."""
    done = _mark(notice, now=now, where=Telling.id.in_(telling_ids))
    audit.record("notice.told", notice, by=by, now=now)
    return done


def tick_off_meeting(notice: Notice, *, by: uuid.UUID | None, now: datetime) -> int:
    """Everybody who was left heard it in the meeting."""
    done = _mark(notice, now=now, where=Telling.channel != Channel.EMAIL, channel=Channel.NONE)
    audit.record("notice.told_in_meeting", notice, by=by, now=now)
    return done


def _mark(notice: Notice, *, now: datetime, where: Any, **more: Any) -> int:
    told = (
        sa.update(Telling)
        .where(Telling.notice_id == notice.id, Telling.told_at.is_(None), where)
        .values(told_at=now, **more)
        .returning(Telling.id)
    )
    return len(db.session.scalars(told).all())


def remind(election_id: uuid.UUID, *, now: datetime) -> Notice | None:
    """Tell everybody on the roll once more, whoever has voted and whoever has not, while the box still takes votes."""
    box = find_open_box(election_id, now=now)
    if box is None or box.closes_at is None:
        return None
    last_day = clock.today(get_group(scope.group_id()).time_zone, at=box.closes_at)
    return tell_everybody(
        About.VOTE_CLOSING, election_id, on_day=last_day, until=box.closes_at, now=now,
        only=set(member_ids_on_roll(election_id)),
    )  # fmt: skip


def forget_old(*, now: datetime) -> None:
    """Let go of what was told long ago, in the group in scope."""
    old = sa.select(Notice.id).where(Notice.made_at < now - period("notices"))
    db.session.execute(sa.delete(Telling).where(Telling.notice_id.in_(old)))
    db.session.execute(sa.delete(Notice).where(Notice.made_at < now - period("notices")))


@membership.members_joined.connect
def _tell_newcomers(members: Sequence[Member], *, today: date, **_: Any) -> None:
    """Whoever joins is told too of what is still ahead; they have chosen nothing yet, so in person."""
    ahead = queries.notices_ahead(today)
    rows = [
        {"id": uuid.uuid4(), "notice_id": notice_id, "member_id": member.id, "channel": Channel.NONE}
        for notice_id in ahead
        for member in members
    ]
    if rows:
        db.session.execute(sa.insert(Telling), rows)


@membership.told_goes.connect
def _forget_place(
    member: Member, *, purpose: Purpose, instead: str | None, ended: Ended, now: datetime, **_: Any
) -> None:
    """Whoever takes back how they are told is told in person; so is whoever takes back the way to reach them, or gives another,
    and was written to at that place.
    """
    reach = queries.find_reach(member.id) if purpose in {Purpose.CONTACT, Purpose.REACH} else None
    if reach is None or not reach.address:
        return
    if purpose == Purpose.CONTACT and not rules.is_left(reach.address, member.contact, instead):
        return
    consents.take_back(member.id, Purpose.REACH, ended=ended, now=now)
    _forget_letters(reach)
    db.session.delete(reach)
    db.session.execute(
        sa.update(Telling)
        .where(Telling.member_id == member.id, Telling.told_at.is_(None))
        .values(channel=Channel.NONE)
    )
    db.session.flush()


def _forget_letters(reach: Reach) -> None:
    """What is on its way there does not leave; where somebody else is told at the same place it may be theirs, and does."""
    if not reach.address or reach.channel != Channel.EMAIL:
        return
    others = db.session.scalars(sa.select(Reach).where(Reach.id != reach.id, Reach.channel == Channel.EMAIL))
    if not any(rules.is_same_place(one.address or "", reach.address) for one in others):
        messages.forget_letters({reach.address})


@membership.member_left.connect
def _forget_member(member: Member, **_: Any) -> None:
    """Whoever leaves is not told any more, how to reach them is gone, and so is a letter that has not left yet."""
    if reach := queries.find_reach(member.id):
        _forget_letters(reach)
    db.session.execute(sa.delete(Reach).where(Reach.member_id == member.id))
    db.session.execute(sa.delete(Telling).where(Telling.member_id == member.id, Telling.told_at.is_(None)))


@decisions.motion_called.connect
def _tell_of_motion(motion: Motion, *, now: datetime, **_: Any) -> None:
    about = About.CONSTITUTION_PUT if motion.kind == "constitution" else About.DECISION_CALLED
    tell_everybody(about, motion.id, on_day=motion.held_on, now=now)


@decisions.motion_withdrawn.connect
def _tell_motion_off(motion: Motion, *, now: datetime, **_: Any) -> None:
    _call_off(motion.id, motion.held_on, now=now)


@elections.election_called.connect
def _tell_of_election(election: Election, *, now: datetime, **_: Any) -> None:
    if not _is_written_later(election):
        tell_everybody(About.ELECTION_CALLED, election.id, on_day=election.held_on, now=now)


@elections.vote_began.connect
def _tell_of_vote(election: Election, *, now: datetime, **_: Any) -> None:
    if not _is_written_later(election):
        tell_everybody(About.VOTE_OPEN, election.id, on_day=election.held_on, now=now)


def _is_written_later(election: Election) -> bool:
    """Whether it was over before it came here: of such an election only the result is news."""
    return is_written_later(election, get_group(scope.group_id()).time_zone)


@ballots.box_opened.connect
def _tell_until_when(box: BallotBox, *, now: datetime, **_: Any) -> None:
    """The vote that has just begun is also on phones or slips: say until when, and remind everybody before."""
    notice = queries.find_notice_about(About.VOTE_OPEN, box.election_id)
    if notice is None or box.closes_at is None:
        return
    notice.until = box.closes_at
    if at := rules.remind_at(now, box.closes_at):
        outbox.put(REMINDER, now=now, run_at=at, once=f"{REMINDER} {box.id}", election_id=box.election_id)


@elections.result_declared.connect
def _tell_result(election: Election, *, now: datetime, **_: Any) -> None:
    tell_everybody(About.RESULT_DECLARED, election.id, on_day=election.held_on, now=now)


@elections.election_voided.connect
def _tell_election_off(election: Election, *, now: datetime, **_: Any) -> None:
    about = About.RESULT_FELL if election.declared_at else About.CALLED_OFF
    _call_off(election.id, election.held_on, now=now, about=about)


def stop_telling(subject_id: uuid.UUID) -> None:
    """Nobody who still waits is told of this any more: it is done, or will not be."""
    told_of = [notice.id for notice in queries.notices_of(subject_id)]
    db.session.execute(sa.delete(Telling).where(Telling.notice_id.in_(told_of), Telling.told_at.is_(None)))


def _call_off(subject_id: uuid.UUID, on_day: date, *, now: datetime, about: About = About.CALLED_OFF) -> None:
    """Nobody is told any more of what will not be; everybody who may have heard is told so."""
    stop_telling(subject_id)
    tell_everybody(about, subject_id, on_day=on_day, now=now)
