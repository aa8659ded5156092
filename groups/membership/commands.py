"""Adding members, joining them to an account, letting them go; counting the group in one word."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from blinker import Signal

from groups.consents import commands as consents
from groups.consents.models import Ended, Method, Purpose
from groups.consents.queries import count_changed
from groups.consents.rules import How
from groups.membership import queries, rules
from groups.membership.models import CompositionReading, Member
from groups.permissions import Role
from network import audit, clock
from network.accounts import commands as accounts
from network.accounts.models import Account
from network.data_map import period
from network.db import db
from network.invitations import commands as invitations
from network.invitations.models import Invitation, InvitationKind
from network.mine.registry import Me
from network.mine.words import neutral_name
from network.tenancy import scope
from network.tenancy.models import Group
from network.tenancy.queries import find_home_network
from network.tenancy.settings import COMPOSITION_MINIMUM, setting

account_linked = Signal("a member and an account are joined; sent with `now`")
account_unlinked = Signal("a member's account has no more part in the group; sent with `now`")
members_joined = Signal("these are members from now on; sent with `today`")
told_goes = Signal(
    "what a member told is about to go; sent with `purpose`, what they say `instead`, how it `ended` and `now`"
)
member_left = Signal("somebody has left the group; sent with `by` and `now`")


class CannotChangeMembers(Exception):
    """It cannot be done; `refusal` says why, `lines` which lines of a list."""

    def __init__(self, refusal: rules.Refusal, lines: Sequence[rules.BadLine] = ()) -> None:
        super().__init__(refusal)
        self.refusal = refusal
        self.lines = list(lines)


def add_member(
    group: Group, nickname: str, *, by: uuid.UUID | None, now: datetime, contact: str | None = None, language: str | None = None,
    method: Method = Method.LIST,
) -> Member:  # fmt: skip
    """Add one member. Raises `CannotChangeMembers`. What somebody else brings about them waits for their own yes."""
    member = Member(
        nickname=nickname, contact=contact or None, language=language or None, joined_on=clock.today(group.time_zone, at=now)
    )  # fmt: skip
    _require_free(member.nickname)
    db.session.add(member)
    db.session.flush()
    note_brought([member], by=by, now=now, method=method)
    audit.record("member.added", member, by=by, now=now)
    members_joined.send([member], today=member.joined_on)
    return member


def note_brought(
    members: Sequence[Member], *, by: uuid.UUID | None, now: datetime, method: Method = Method.LIST
) -> None:
    """Note of new members what somebody else brought about them, so that they are asked themselves when they look."""
    told = [
        (member.id, purpose)
        for member in members
        for purpose in (Purpose.CONTACT, Purpose.LANGUAGE)
        if getattr(member, purpose)
    ]
    if told:
        own = queries.find_own_member(by)
        consents.note_brought(told, read_by_id=own.id if own else None, now=now, method=method)


def add_members(group: Group, text: str, *, by: uuid.UUID | None, now: datetime) -> list[Member]:
    """Add everybody named in a text, a line each; all of them or nobody. Raises `CannotChangeMembers` with every bad line."""
    names = rules.names_in(text)
    if not names:
        raise CannotChangeMembers(rules.Refusal.NOBODY_NAMED)
    if len(names) > rules.MOST_AT_ONCE:
        raise CannotChangeMembers(rules.Refusal.TOO_MANY)
    taken = queries.nicknames_taken([rules.folded(name) for _, name in names])
    if lines := rules.bad_lines(names, taken=taken):
        raise CannotChangeMembers(lines[0].refusal, lines)
    today = clock.today(group.time_zone, at=now)
    members = [Member(nickname=name, joined_on=today) for _, name in names]
    db.session.add_all(members)
    db.session.flush()
    for member in members:
        audit.record("member.added", member, by=by, now=now)
    members_joined.send(members, today=today)
    return members


def change_member(member: Member, *, nickname: str, by: uuid.UUID | None, now: datetime) -> None:
    """Call a member something else. Raises `CannotChangeMembers`."""
    if member.nickname == nickname:
        return
    _require_free(nickname, unless=member)
    member.nickname = nickname
    db.session.flush()
    audit.record("member.changed", member, by=by, now=now)


def tell(
    member: Member, purpose: Purpose, value: str | None, *, how: How, by: uuid.UUID | None, now: datetime
) -> None:
    """Keep what a member told, with their yes to it. The audit says that something was kept, never what."""
    _hold(member)
    is_other = False
    if purpose == Purpose.NAMED_ON_RETURN:
        member.left_out_of_return = False
    elif purpose in rules.KEPT:
        is_other = getattr(member, purpose) != value
        if is_other:
            ended = Ended.SELF if how.method == Method.SELF else Ended.ALOUD
            told_goes.send(member, purpose=purpose, instead=value, ended=ended, now=now)
        setattr(member, purpose, value)
    consents.give(member.id, purpose, how, now=now, is_other=is_other)
    db.session.flush()
    audit.record("member.told", member, by=by, now=now)


def take_back(member: Member, purpose: Purpose, *, ended: Ended, by: uuid.UUID | None, now: datetime) -> None:
    """A member takes back what they told: it is gone at once, and their yes ends. Nobody asks why."""
    _hold(member)
    told_goes.send(member, purpose=purpose, instead=None, ended=ended, now=now)
    if purpose == Purpose.NAMED_ON_RETURN:
        member.left_out_of_return = True
    elif purpose in rules.KEPT:
        setattr(member, purpose, None)
    db.session.flush()
    consents.take_back(member.id, purpose, ended=ended, now=now)
    audit.record("member.took_back", member, by=by, now=now)


def _hold(member: Member) -> None:
    """Two pages sent at once, or one's own and an officer's, come one after the other."""
    db.session.refresh(member, with_for_update={"key_share": True})


def link_account(member: Member, account_id: uuid.UUID, *, now: datetime) -> None:
    """Join a member to the account they sign in with, by their own act. Raises `CannotChangeMembers`."""
    if not member.is_present:
        raise CannotChangeMembers(rules.Refusal.HAS_LEFT)
    if member.account_id == account_id:
        return
    if member.account_id is not None:
        raise CannotChangeMembers(rules.Refusal.MEMBER_HAS_SIGN_IN)
    if queries.find_own_member(account_id):
        raise CannotChangeMembers(rules.Refusal.ACCOUNT_HERE_ALREADY)
    member.account_id = account_id
    db.session.flush()
    accounts.give_role(account_id, Role.MEMBER, because_of=member.id, now=now)
    account_linked.send(member, now=now)
    audit.record("member.account_linked", member, by=account_id, now=now)


def join_by_invitation(invitation: Invitation, account: Account, *, now: datetime) -> Member:
    """Somebody accepted an invitation: join them to the member it was for, or to a new one called as they call themselves.

    Whoever is in the group already stays who they are.
    """
    if own := queries.find_own_member(account.id):
        return own
    member = db.session.get(Member, invitation.member_id) if invitation.member_id else None
    if member is None or not member.is_present or member.has_sign_in:
        group = db.session.get_one(Group, invitation.group_id)
        nickname = rules.free_nickname(
            account.shown_name, is_taken=lambda name: bool(queries.nicknames_taken([rules.folded(name)]))
        )
        other = invitation.language if invitation.language != group.language else None
        member = add_member(group, nickname, by=account.id, now=now, language=other, method=Method.INVITATION)
    link_account(member, account.id, now=now)
    return member


invitations.register(InvitationKind.MEMBER, join_by_invitation)


def unlink_account(member: Member, *, by: uuid.UUID | None, now: datetime) -> None:
    """Part a member from their account: from this moment it opens nothing here. The member stays."""
    if member.account_id is None:
        return
    account_unlinked.send(member, now=now)
    accounts.end_roles(because_of=member.id, now=now)
    member.account_id = None
    db.session.flush()
    audit.record("member.account_unlinked", member, by=by, now=now)


def let_member_go(group: Group, member: Member, *, by: uuid.UUID | None, now: datetime) -> None:
    """Somebody leaves, at once and without a reason. The nickname stays, for what the group has already written down; and for
    a time, without what they told, that they had said yes (`forget_consents`).
    """
    if not member.is_present:
        return
    member_left.send(member, by=by, now=now)
    invitations.withdraw_for_member(member.id, by=by, now=now)
    unlink_account(member, by=by, now=now)
    member.contact = member.language = member.lived_experience = None
    member.sex = member.age_band = member.disability_registered = None
    member.left_out_of_return = False
    consents.end_all(member.id, now=now)
    member.left_on = max(member.joined_on, clock.today(group.time_zone, at=now))
    db.session.flush()
    consents.forget_guardian(member.id)
    audit.record("member.left", member, by=by, now=now)


def forget_consents(*, now: datetime) -> None:
    """In the group in scope: what members who left long ago had said yes to goes."""
    group = db.session.get_one(Group, scope.group_id())
    for member_id in queries.left_before(clock.today(group.time_zone, at=now - period("consent"))):
        consents.erase_of_member(member_id)


def erase_member(me: Me, *, now: datetime) -> None:
    """Somebody asked to be forgotten here: they leave, and of what they were called nothing stays. Done again it changes nothing."""
    for member_id in me.members:
        member = db.session.get(Member, member_id)
        if member is None:
            continue
        group = db.session.get_one(Group, member.group_id)
        let_member_go(group, member, by=scope.account_id(), now=now)
        consents.erase_of_member(member.id)
        member.account_id = member.contact = member.language = member.lived_experience = None
        member.nickname = neutral_name(group.language, member.id.hex[:4].upper())
    db.session.flush()


def count_composition(group: Group, *, now: datetime) -> CompositionReading:
    """Keep this month's word. Raises `CannotChangeMembers` where it is counted already or too few answered."""
    today = clock.today(group.time_zone, at=now)
    month, answers, minimum = rules.month_of(today), queries.answers_of_everybody(), minimum_for(group)
    is_counted = queries.find_reading(month) is not None
    if refusal := rules.why_not_count(minimum=minimum, is_counted=is_counted, answers=len(answers)):
        raise CannotChangeMembers(refusal)
    word, counted_on = rules.composition_word(answers, minimum=minimum), today
    earlier = queries.find_newest_reading()
    if earlier and rules.is_carried_on(
        changed=_count_changed_answers(group, since=earlier.counted_on),
        minimum=minimum,
        earlier_minimum=earlier.minimum,
    ):
        word, counted_on = earlier.word, earlier.counted_on
    reading = CompositionReading(month=month, word=word, minimum=minimum, counted_on=counted_on)
    db.session.add(reading)
    db.session.flush()
    return reading


def _count_changed_answers(group: Group, *, since: date) -> int:
    """How many people told, changed or took back what the word is made of, on that day or later."""
    start = datetime.combine(since, time(), tzinfo=ZoneInfo(group.time_zone))
    return count_changed(Purpose.LIVED_EXPERIENCE, since=start)


def minimum_for(group: Group) -> int:
    """The percentage the group's home network asks for; 0 where it asks nothing."""
    network = find_home_network(group.id)
    return int(setting(network.id, COMPOSITION_MINIMUM)) if network else 0


def _require_free(nickname: str, *, unless: Member | None = None) -> None:
    key = rules.folded(nickname)
    if unless is not None and unless.folded == key:
        return
    if refusal := rules.why_not_name(nickname, taken=queries.nicknames_taken([key])):
        raise CannotChangeMembers(refusal)
