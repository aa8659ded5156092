"""The demo's chapter of decisions: the Nairobi group's own constitution, what its members decided, and what is before them. All invented."""

from dataclasses import replace
from datetime import datetime, timedelta

from groups.constitution import commands as constitution
from groups.decisions import commands
from groups.decisions.models import Motion, MotionMethod
from groups.decisions.queries import get_motion
from groups.decisions.rules import Count
from groups.membership.models import Member
from groups.membership.queries import present_members
from groups.namings import commands as namings
from groups.officers import commands as officers
from groups.officers.queries import articles_in_force
from network import clock, demo
from network.db import db
from network.demo import Story
from network.tenancy import scope
from network.tenancy.models import Group

CHAPTER = 55
OWN_WORDS = """Sisi ni kikundi cha watu wanaosikilizana na kusaidiana. Kila mtu anakaribishwa kama alivyo.

Kinachosemwa kwenye mkutano hubaki kwenye mkutano. Hakuna anayelazimishwa kusema.

Tunachanga kwa hiari. Asiyeweza kuchanga hana deni na haulizwi.

Viongozi huchaguliwa kila mwaka na wanachama wote. Anayeondoka madarakani humkabidhi mwenzake kazi na hesabu.

Kukiwa na kutoelewana, kamati ya usuluhishi husikiliza pande zote mbili."""
DECIDED = (
    # days ago, what, yes, no, neither
    (700, "Tukutane kila Jumamosi ya kwanza ya mwezi, saa nne asubuhi.", 16, 2, 1),
    (390, "Tununue viti ishirini vya plastiki kwa ukumbi.", 13, 4, 2),
    (150, "Tukutane mara mbili kwa mwezi.", 6, 10, 3),
)
AHEAD = "Tujiunge na mkataba wa mtandao, kama tulivyousoma pamoja."
SEALED = "Tuhamie ukumbi wa shule kuanzia Januari."
TODAY = "Tuwaalike majirani kwenye mkutano wa Desemba."


def decisions(story: Story) -> None:
    """What the members of the Nairobi group decided, and what is before them now."""
    with scope.visiting(story.places["nairobi"]):
        group = db.session.get_one(Group, story.places["nairobi"])
        here = {member.nickname: member for member in db.session.scalars(present_members())}
        counters = [here["Neema"], here["Mumbi"]]
        _adopt(story, group, counters, on=story.now - timedelta(days=3 * 365))
        for days, words, votes_for, votes_against, abstain in DECIDED:
            counted = Count(votes_for + votes_against + abstain, votes_for, votes_against, abstain)
            on = story.now - timedelta(days=days)
            _count(group, _call(story, group, words, on=on), counters, counted, on=on)
        for name in ("Kip", "Zuri", "Wekesa"):
            then = story.now - timedelta(days=320)
            named = namings.name_member(
                here[name], "disputes", named_by=here["Imani"], by=None, now=then, has_accepted=True
            )
            namings.settle(group, named, by=story.people["Otieno"], now=then)
        for name, has_accepted in (("Rehema", True), ("Kip", False)):
            namings.name_member(
                here[name], "facilitator", named_by=here["Neema"], by=None, now=story.now - timedelta(days=2), has_accepted=has_accepted
            )  # fmt: skip
        _sealed(story, group, counters)
        _call(story, group, TODAY, on=story.now)
        _call(story, group, AHEAD, on=story.now + timedelta(days=20), kind="charter")
        officers.propose_constitution(
            group, replace(articles_in_force(), notice_days=21), words=OWN_WORDS, language="sw",
            reason="Wiki mbili ni fupi kwa wanaoishi mbali. Tuwape wiki tatu.", by=story.people["Achieng"],
            now=story.now - timedelta(days=4),
        )  # fmt: skip


def _sealed(story: Story, group: Group, counters: list[Member]) -> None:
    """On folded papers: almost everybody said yes, so no figures are kept."""
    on = story.now - timedelta(days=60)
    motion = _call(story, group, SEALED, on=on)
    _count(group, motion, counters, Count(18, 17, 1, 0), on=on, method=MotionMethod.SEALED)


def _adopt(story: Story, group: Group, counters: list[Member], *, on: datetime) -> None:
    called, by = on - timedelta(days=20), story.people["Wanjiru"]
    proposed = officers.propose_constitution(
        group, replace(articles_in_force(), challenge_days=10), words=OWN_WORDS, language="sw",
        reason="Tuwe na katiba yetu wenyewe, kwa lugha yetu.", by=story.people["Otieno"], now=called,
    )  # fmt: skip
    motion = constitution.call_decision(
        group, proposed, held_on=clock.today(group.time_zone, at=on), by=by, now=called
    )
    _count(group, motion, counters, Count(18, 15, 2, 1), on=on)


def _call(story: Story, group: Group, words: str, *, on: datetime, kind: str = "other") -> Motion:
    return commands.call_motion(
        group, kind=kind, words=words, held_on=clock.today(group.time_zone, at=on), by=story.people["Wanjiru"],
        now=on - timedelta(days=21),
    )  # fmt: skip


def _count(
    group: Group, motion: Motion, counters: list[Member], counted: Count, *, on: datetime, method: MotionMethod = MotionMethod.HANDS
) -> None:  # fmt: skip
    commands.begin_count(group, motion, method=method, counters=counters, by=None, now=on)
    for counter in get_motion(motion.id).counters:
        commands.enter_count(group, motion, counter, counted, now=on + timedelta(minutes=10))


def init_app() -> None:
    """Add the chapter."""
    demo.register(CHAPTER, decisions)
