"""Adding members, joining them to an account, letting them go; counting the group in one word."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from blinker import Signal

from groups.membership import queries, rules
from groups.membership.models import CompositionReading, LivedExperience, Member
from groups.permissions import Role
from network import audit, clock
from network.accounts import commands as accounts
from network.accounts.models import Account
from network.db import db
from network.invitations import commands as invitations
from network.invitations.models import Invitation, InvitationKind
from network.mine.registry import Me
from network.mine.words import neutral_name
from network.tenancy.models import Group
from network.tenancy.queries import find_home_network
from network.tenancy.settings import COMPOSITION_MINIMUM, setting

account_linked = Signal("a member and an account are joined; sent with `now`")
account_unlinked = Signal("a member's account has no more part in the group; sent with `now`")
members_joined = Signal("these are members from now on; sent with `today`")
member_left = Signal("somebody has left the group; sent with `by` and `now`")


class CannotChangeMembers(Exception):
    """It cannot be done; `refusal` says why, `lines` which lines of a list."""

    def __init__(self, refusal: rules.Refusal, lines: Sequence[rules.BadLine] = ()) -> None:
        super().__init__(refusal)
        self.refusal = refusal
        self.lines = list(lines)


def add_member(
    group: Group, nickname: str, *, by: uuid.UUID | None, now: datetime, contact: str | None = None, language: str | None = None,
    lived_experience: LivedExperience | None = None,
) -> Member:  # fmt: skip
    """Add one member. Raises `CannotChangeMembers`."""
    member = Member(
        nickname=nickname, contact=contact or None, language=language or None, lived_experience=lived_experience or None,
        joined_on=clock.today(group.time_zone, at=now),
    )  # fmt: skip
    _require_free(member.nickname)
    db.session.add(member)
    db.session.flush()
    audit.record("member.added", member, by=by, now=now)
    members_joined.send([member], today=member.joined_on)
    return member


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


def change_member(
    member: Member,
    *,
    nickname: str,
    contact: str | None,
    language: str | None,
    by: uuid.UUID | None,
    now: datetime,
) -> None:
    """Change what is kept about a member. Raises `CannotChangeMembers`."""
    _require_free(nickname, unless=member)
    member.nickname, member.contact, member.language = nickname, contact or None, language or None
    db.session.flush()
    audit.record("member.changed", member, by=by, now=now)


def record_answer(
    member: Member, answer: LivedExperience | None, *, by: uuid.UUID | None, now: datetime
) -> None:
    """Keep (or take away) what a member told about themselves. The audit says that something was kept, never what."""
    member.lived_experience = answer
    db.session.flush()
    audit.record("member.told", member, by=by, now=now)


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
        member = add_member(group, nickname, by=account.id, now=now, language=invitation.language)
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
    """Somebody leaves, at once and without a reason. Only the nickname stays, for what the group has already written down."""
    if not member.is_present:
        return
    member_left.send(member, by=by, now=now)
    invitations.withdraw_for_member(member.id, by=by, now=now)
    unlink_account(member, by=by, now=now)
    member.contact = member.language = member.lived_experience = None
    member.sex = member.age_band = member.disability_registered = None
    member.left_out_of_return = False
    member.left_on = max(member.joined_on, clock.today(group.time_zone, at=now))
    db.session.flush()
    audit.record("member.left", member, by=by, now=now)


def erase_member(me: Me, *, now: datetime) -> None:
    """Somebody asked to be forgotten here: they leave, and of what they were called nothing stays. Done again it changes nothing."""
    for member_id in me.members:
        member = db.session.get(Member, member_id)
        if member is None:
            continue
        group = db.session.get_one(Group, member.group_id)
        let_member_go(group, member, by=me.account_id, now=now)
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
    reading = CompositionReading(
        month=month, word=rules.composition_word(answers, minimum=minimum), minimum=minimum, counted_on=today
    )
    db.session.add(reading)
    db.session.flush()
    return reading


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
