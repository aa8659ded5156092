"""Those of a committee who chose e-mail get a letter that something waits: neutral, by the round, and only while something does."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from groups.disputes import commands as disputes
from groups.disputes.queries import get_matter
from groups.notices.models import Channel
from groups.reminders import rules
from groups.reminders.commands import WAITS, write_letter
from network import clock
from network.accounts.models import Account
from network.db import db
from network.messages.models import Letter
from network.outbox.models import OutboxItem
from network.tenancy.models import Group
from tests.factories.disputes import SAID, Disputes, ask, bring, make_disputes, offer, tell
from tests.factories.notices import chooses as by_choice
from tests.groups.disputes.test_answers import answer
from tests.groups.disputes.test_going_on import own_member
from tests.support.app import in_scope

ZONE = ZoneInfo("Africa/Nairobi")


@pytest.fixture
def here(app: object) -> Disputes:
    made = make_disputes()
    for one, channel in zip(made.panel, (Channel.EMAIL, Channel.EMAIL, Channel.SMS), strict=True):
        chooses(made.group, one, channel)
    for one in (made.bringer, made.party):
        chooses(made.group, one, Channel.EMAIL)
    return made


def chooses(group: Group, who: Account, channel: Channel) -> None:
    typed = f"{who.id}@people.example" if channel == Channel.EMAIL else "+254 700 222 333"
    with in_scope(group):
        by_choice(own_member(who.id), channel, typed)


def planned(group: Group) -> list[str]:
    """For which members a letter is planned."""
    with in_scope():
        asked = sa.select(OutboxItem.payload).where(OutboxItem.kind == WAITS, OutboxItem.group_id == group.id)
        return sorted(one["member_id"] for one in db.session.scalars(asked))


def member(group: Group, who: Account) -> str:
    with in_scope(group):
        return str(own_member(who.id).id)


def written(group: Group, who: Account) -> bool:
    with in_scope(group):
        return write_letter(own_member(who.id).id, public_url="https://pamoja.example", now=clock.now())


def test_one_a_round_goes_to_those_who_hear_it_and_chose_it_and_to_nobody_it_concerns(here: Disputes) -> None:
    matter_id = bring(here)
    both = sorted(member(here.group, one) for one in here.panel[:2])
    assert planned(here.group) == both
    bring(here)
    with in_scope(here.group, here.panel[0]):
        disputes.note_down(get_matter(matter_id), SAID, by=here.panel[0].id, now=clock.now())
    answer(here, tell(here, matter_id), here.party)
    assert planned(here.group) == both


def test_says_nothing_and_is_not_written_once_nothing_waits(here: Disputes) -> None:
    matter_id, one = bring(here), here.panel[0]
    assert written(here.group, one)
    with in_scope(here.group):
        letter = db.session.scalars(sa.select(Letter)).one()
        said = f"{letter.subject} {letter.body}"
    assert not [told for told in (here.group.name, SAID, "atter", str(matter_id)) if told in said]
    for nobody in (here.bringer, here.party, here.panel[2]):
        assert not written(here.group, nobody)
    with in_scope(here.group, here.bringer):
        disputes.take_back(get_matter(matter_id), by=here.bringer.id)
    assert not written(here.group, one)


def test_the_committee_that_is_asked_gets_it_too(here: Disputes) -> None:
    offer(here)
    chooses(here.other, here.others[0], Channel.EMAIL)
    ask(here, bring(here))
    assert planned(here.other) == [member(here.other, here.others[0])]
    assert written(here.other, here.others[0])


@given(st.integers(0, 3 * 24 * 60))
def test_goes_at_the_next_of_two_times_of_the_day(minutes: int) -> None:
    now = datetime(2026, 1, 1, tzinfo=ZONE) + timedelta(minutes=minutes)
    at = rules.next_round(now, "Africa/Nairobi")
    assert timedelta() < at - now <= timedelta(hours=15)
    assert at.astimezone(ZONE).hour in {8, 17}
