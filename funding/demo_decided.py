"""The demo's chapter of decisions about money: the share the members counted hands for, and an amount that is before them. All invented."""

from datetime import timedelta

from funding.decided import commands
from groups.decisions import commands as decisions
from groups.decisions.models import MotionMethod
from groups.decisions.queries import get_motion
from groups.decisions.rules import Count
from groups.membership.queries import present_members
from network import clock, demo
from network.db import db
from network.demo import Story
from network.tenancy import scope
from network.tenancy.models import Group

CHAPTER = 56
COUNTED = Count(17, 13, 3, 1)
SHARE, AMOUNT = 20, 150_00


def decided(story: Story) -> None:
    """What the members of the Nairobi group decided about money, and what is before them now."""
    with scope.visiting(story.places["nairobi"]):
        group, by = db.session.get_one(Group, story.places["nairobi"]), story.people["Wanjiru"]
        here = {member.nickname: member for member in db.session.scalars(present_members())}
        on, ahead = story.now - timedelta(days=100), story.now + timedelta(days=20)
        held_on = clock.today(group.time_zone, at=on)
        motion = commands.put_share(
            group, percent=SHARE, from_on=held_on, held_on=held_on, by=by, now=on - timedelta(days=21)
        )
        decisions.begin_count(
            group, motion, method=MotionMethod.HANDS, counters=[here["Neema"], here["Mumbi"]], by=None, now=on
        )
        for counter in get_motion(motion.id).counters:
            decisions.enter_count(group, motion, counter, COUNTED, now=on + timedelta(minutes=5))
        soon = clock.today(group.time_zone, at=ahead)
        commands.put_amount(
            group, amount=AMOUNT, from_on=soon, held_on=soon, by=by, now=story.now - timedelta(days=1)
        )


def init_app() -> None:
    """Add the chapter."""
    demo.register(CHAPTER, decided)
