"""A committee with keys, somebody who brings a matter and somebody it is about; and another group that hears others."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from groups.disputes import commands
from groups.disputes.models import Matter, TextKind
from groups.disputes.queries import find_text, get_matter, told_to
from groups.disputes.rules import About, Written
from groups.hearings import commands as hearings
from groups.membership.models import Member
from groups.membership.queries import find_own_member
from groups.officers import commands as officers
from groups.officers.rules import TEMPLATE, Method, Office
from network import clock
from network.accounts.models import Account
from network.db import db
from network.key_pairs import boxes
from network.key_pairs.commands import keep_pair, open_pair
from network.tenancy import scope
from network.tenancy.models import Group, Network
from network.tenancy.queries import get_group
from tests.factories.groups import a_member
from tests.factories.network import PASSWORD, make_account, make_group, make_network
from tests.support.app import in_scope

SAID = "CANARY what was said at the door"
LONG_AGO = timedelta(days=200)
ENOUGH_SEATS = replace(TEMPLATE, offices=(*TEMPLATE.offices, Office("disputes", 9, 12, Method.NOMINATED)))
"""A constitution whose committee for disputes has as many seats as a test wants."""


@dataclass
class Disputes:
    network: Network
    group: Group
    other: Group
    bringer: Account
    party: Account
    panel: list[Account]
    others: list[Account]
    """The other group's committee."""


@contextmanager
def _cheaply() -> Iterator[None]:
    """A lock says itself how much work it takes; in tests it is little."""
    memory, passes = boxes.MEMORY, boxes.PASSES
    boxes.MEMORY, boxes.PASSES = 8, 1
    try:
        yield
    finally:
        boxes.MEMORY, boxes.PASSES = memory, passes


def with_key(account: Account) -> Account:
    """This account has a pair of keys that its password opens."""
    with in_scope(), _cheaply():
        keep_pair(db.session.get_one(Account, account.id), password=PASSWORD, now=clock.now())
    return account


def private_of(account: Account) -> bytes:
    """The private half, as whoever knows the password has it."""
    with in_scope(), _cheaply():
        return open_pair(db.session.get_one(Account, account.id), password=PASSWORD, now=clock.now())


def forget_password(account: Account) -> None:
    """Their password is lost, and they have a new pair."""
    from network.key_pairs.commands import renew_pair

    with in_scope(), _cheaply():
        renew_pair(account.id, password=PASSWORD, now=clock.now())


def somebody(group: Group, *roles: str, key: bool = True) -> Account:
    """A member who signs in, since long ago, with these roles."""
    account, then = make_account(), clock.now() - LONG_AGO
    with in_scope(group):
        member = a_member(account.shown_name, account_id=account.id, now=then)
        for role in roles:
            a_seat(member, role, now=then)
    return with_key(account) if key else account


def a_seat(member: Member, office: str, *, now: datetime) -> None:
    """This member holds a seat of an office, with its term and its rights, in as large a committee as a test needs."""
    articles = ENOUGH_SEATS if office == "disputes" else None
    officers.start_term(get_group(scope.group_id()), member, office, by=None, now=now, articles=articles)
    db.session.flush()


def sits_too(account: Account, group: Group) -> None:
    """A member of the group, or whoever becomes one, is of its committee since long ago."""
    then = clock.now() - LONG_AGO
    with in_scope(group):
        member = find_own_member(account.id) or a_member(account.shown_name, account_id=account.id, now=then)
        a_seat(member, "disputes", now=then)


def make_disputes(*, sitting: int = 3) -> Disputes:
    """Two groups of one network, each with its committee."""
    network = make_network()
    group, other = make_group(network), make_group(network)
    return Disputes(
        network, group, other, bringer=somebody(group), party=somebody(group),
        panel=[somebody(group, "disputes") for _ in range(sitting)], others=[somebody(other, "disputes") for _ in range(2)],
    )  # fmt: skip


def about(here: Disputes, *people: Account, words: str = SAID) -> Written:
    """What the bringer writes about these people."""
    with in_scope(here.group):
        members = [_member(one.id) for one in people]
    return Written(words, tuple(About(one.nickname, one.id, one.account_id) for one in members))


def _member(account_id: uuid.UUID) -> Member:
    found = find_own_member(account_id)
    assert found
    return found


def bring(
    here: Disputes, *, to: Group | None = None, now: datetime | None = None, by: Account | None = None, words: str = SAID
) -> uuid.UUID:  # fmt: skip
    """The matter about the party, brought before its own committee or another's."""
    who = by or here.bringer
    with in_scope(here.group, who):
        return commands.bring_matter(
            about(here, here.party, words=words), by=who.id, now=now or clock.now(), to=to.id if to else None
        )


def tell(here: Disputes, matter_id: uuid.UUID, *, who: Account | None = None) -> uuid.UUID:
    """The panel tells the party, or somebody else; the text."""
    told = who or here.party
    with in_scope(here.group, here.panel[0]):
        commands.tell(get_matter(matter_id), told.id, SAID, by=here.panel[0].id, now=clock.now())
    with in_scope(here.group, told):
        return told_to(told.id)[0].id


def write_down(here: Disputes, *, by: Account | None = None, teller: Member | None = None) -> uuid.UUID:
    """What a member without a sign-in tells one of the committee about the party."""
    who, then = by or here.panel[0], clock.now() - LONG_AGO
    with in_scope(here.group):
        told_by = teller or a_member("Told it aloud", now=then)
    named = about(here, here.party)
    written = Written(named.words, named.about, "", About(told_by.nickname, told_by.id))
    with in_scope(here.group, who):
        return commands.write_down(written, by=who.id, now=clock.now())


def ask(here: Disputes, matter_id: uuid.UUID) -> None:
    """The panel asks the other group for help."""
    one, private = here.panel[0], private_of(here.panel[0])
    with in_scope(here.group, one):
        hearings.ask_group(get_matter(matter_id), here.other.id, private=private, by=one.id, now=clock.now())


def offer(here: Disputes) -> None:
    """The other group's committee hears others."""
    with in_scope(here.other, here.others[0]):
        hearings.offer_to_hear(by=here.others[0].id, now=clock.now())


def heard(here: Disputes, *, now: datetime | None = None) -> uuid.UUID:
    """Brought, and heard by two."""
    matter_id, now = bring(here, now=now), now or clock.now()
    with in_scope(here.group, here.panel[0]):
        commands.note_down(get_matter(matter_id), SAID, by=here.panel[0].id, now=now)
    return matter_id


def latest_outcome(matter_id: uuid.UUID) -> uuid.UUID:
    """The outcome as it is written now."""
    text = find_text(matter_id, TextKind.OUTCOME)
    assert text
    return text.id


def latest_review(matter_id: uuid.UUID) -> uuid.UUID:
    """What the panel found when it last looked again."""
    text = find_text(matter_id, TextKind.REVIEW)
    assert text
    return text.id


def agreed(here: Disputes, *, now: datetime | None = None) -> uuid.UUID:
    """And two agree on an outcome, to be looked at again in thirty days."""
    now = now or clock.now()
    matter_id, on = heard(here, now=now), (now + timedelta(days=30)).date()
    with in_scope(here.group, here.panel[0]):
        commands.propose_outcome(get_matter(matter_id), SAID, review_on=on, by=here.panel[0].id, now=now)
    private = private_of(here.panel[1])
    with in_scope(here.group, here.panel[1]):
        commands.agree_outcome(
            get_matter(matter_id), latest_outcome(matter_id), private=private, by=here.panel[1].id, now=now
        )
    return matter_id


def seen(matter_id: uuid.UUID, where: Group, who: Account) -> Matter | None:
    """The matter, as the database shows it to somebody."""
    with in_scope(where, who):
        return db.session.get(Matter, matter_id)
