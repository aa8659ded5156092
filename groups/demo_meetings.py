"""The demo's chapter of meetings and objectives: three years in Nairobi, half a year of Tuesdays in Leeds. All of it is invented."""

from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from groups.meetings import commands as meetings
from groups.meetings.models import Meeting, Need
from groups.objectives import commands as objectives
from groups.objectives import queries
from groups.objectives.commands import StepWords
from groups.objectives.models import Objective, Outcome
from network import clock, demo
from network.db import db
from network.demo import Story
from network.directory.rules import Card, next_day
from network.figures.rules import quarter_of
from network.support import commands as support
from network.support.models import SupportRequest
from network.support.queries import requests_received
from network.tenancy import scope
from network.tenancy.models import Group

YEARS = 3
SLOW = (2, 5, 8)
"""Quarters in which not everything went well."""
HALL = "Ukumbi wa kanisa, karibu na soko"
SATURDAYS = Card(recurrence="monthly", mode="in_person", weekday=5, week_of_month=1)
TUESDAYS = Card(recurrence="weekly", mode="both", weekday=1)
ONCE = (
    ("Dawa zisikose kwenye zahanati", "Wengi wetu hurudi nyumbani bila dawa mara mbili kwa mwezi."),
    ("Chifu atuunge mkono dhidi ya unyanyasaji", "Wanachama wawili walifukuzwa nyumbani mwaka huu."),
    ("Kadi za ulemavu kwa wanachama kumi", "Kadi hufungua msamaha wa ushuru na huduma nyingine."),
    ("Mafunzo ya haki zetu", "Tukijua haki zetu tunaweza kuzidai."),
    ("Mazungumzo ya redio mara moja", "Jamii isikie kutoka kwetu wenyewe."),
    ("Nauli ya kwenda hospitali ipungue", "Nauli ni kikwazo kuliko ugonjwa."),
)
NOW = (
    (
        "Kaunti iweke dawa zetu kwenye bajeti",
        "Bajeti ya kaunti inajadiliwa robo hii. Tukinyamaza, tunasahaulika.",
    ),
    ("Polisi wajue jinsi ya kutusaidia", "Askari wa kituo chetu wapate mafunzo ya nusu siku."),
    ("Vijana watatu wajiunge na kikundi", "Vijana wengi wako peke yao nyumbani."),
)
STEPS = (
    # which objective, what, whose, days from the quarter's first day, cost
    (0, "Kuandika barua kwa kamati ya afya ya kaunti", "Otieno", 20, None),
    (0, "Kukusanya visa vitano, bila majina", "Achieng", 35, None),
    (0, "Kuhudhuria kikao cha bajeti, watu wanne", "Wanjiru", 60, 240_000),
    (1, "Kumwona mkuu wa kituo", "Juma", 30, None),
    (1, "Kuchapisha kijitabu cha kurasa mbili", "", 45, 150_000),
    (2, "Kutembelea shule mbili", "Kip", 50, 60_000),
)
NEEDS = tuple(Need)


def meetings_and_objectives(story: Story) -> None:
    """What the two groups did together, month after month."""
    chance = Random(7)  # noqa: S311 - invented numbers, the same in every demo
    with scope.visiting(story.places["nairobi"]):
        group = db.session.get_one(Group, story.places["nairobi"])
        held = _meet(
            group, SATURDAYS, time(10), HALL, days=YEARS * 365, heads=(18, 34), chance=chance, now=story.now
        )
        _past_quarters(group, held, now=story.now)
        _this_quarter(story, group)
    _answer_the_older_request(story)
    with scope.visiting(story.places["leeds"]):
        leeds = db.session.get_one(Group, story.places["leeds"])
        _meet(
            leeds,
            TUESDAYS,
            time(18, 30),
            "Arts centre",
            days=182,
            heads=(7, 15),
            chance=chance,
            now=story.now,
        )


def _meet(
    group: Group,
    card: Card,
    hour: time,
    place: str,
    *,
    days: int,
    heads: tuple[int, int],
    chance: Random,
    now: datetime,
) -> list[Meeting]:
    """Meetings since so many days; the latest is not counted yet, and the next two are planned."""
    today, planned, held = clock.today(group.time_zone, at=now), 0, []
    day = next_day(card, today - timedelta(days=days))
    while day and planned < 2:  # noqa: PLR2004 - as far ahead as a group plans
        starts_at = datetime.combine(day, hour, ZoneInfo(group.time_zone))
        told = min(now, starts_at - timedelta(days=20))
        meeting = meetings.add_meeting(group, starts_at=starts_at, place=place, by=None, now=told)
        planned += starts_at > now
        following = next_day(card, day)
        if following and datetime.combine(following, hour, ZoneInfo(group.time_zone)) <= now:
            _count(meeting, heads, chance)
            held.append(meeting)
        day = following
    return held


def _count(meeting: Meeting, heads: tuple[int, int], chance: Random) -> None:
    needs = sorted(chance.sample(NEEDS, 3))
    people, new = chance.randint(*heads), chance.randint(0, 3)
    now = meeting.starts_at + timedelta(hours=3)
    meetings.record_meeting(meeting, people=people, newcomers=new, needs=needs, note="", by=None, now=now)


def _past_quarters(group: Group, held: list[Meeting], *, now: datetime) -> None:
    """Two objectives a quarter; one is usually achieved by its last meeting, the other dropped or carried by hand."""
    this = quarter_of(clock.today(group.time_zone, at=now))
    by_quarter: dict[date, list[Meeting]] = {}
    for meeting in held:
        by_quarter.setdefault(quarter_of(meeting.day), []).append(meeting)
    for number, (quarter, its) in enumerate((q, m) for q, m in by_quarter.items() if q < this):
        begun = its[0].starts_at
        set_here = [_set(group, quarter, ONCE[(number * 2 + n) % len(ONCE)], now=begun) for n in range(2)]
        if number in {1, 9}:
            asked = support.ask_for_support(
                group, title=set_here[0].title, words="Tunahitaji mfano wa barua ya kuombea haki hii.", by=None,
                now=begun, about=set_here[0].id,
            )  # fmt: skip
            if number == 1:
                support.settle_request(asked, by=None, now=its[-1].starts_at)
        for meeting in its:
            _review(set_here, meeting, is_last=meeting is its[-1], goes_well=number not in SLOW)


def _set(group: Group, quarter_on: date, words: tuple[str, str], *, now: datetime) -> Objective:
    title, why = words
    return objectives.set_objective(group, quarter_on=quarter_on, title=title, why=why, by=None, now=now)


def _review(set_here: list[Objective], meeting: Meeting, *, is_last: bool, goes_well: bool) -> None:
    first, second = set_here
    end = Outcome.ACHIEVED if goes_well else Outcome.DROPPED
    ends = ((first, Outcome.ACHIEVED, ""), (second, end, "Muda haukutosha." if not goes_well else ""))
    moves = ((first, Outcome.MOVED, ""), (second, Outcome.NOT_MOVED, ""))
    now = meeting.starts_at + timedelta(hours=3)
    for objective, outcome, words in ends if is_last else moves:
        objectives.review_objective(
            objective, outcome=outcome, words=words, by=None, now=now, meeting_id=meeting.id
        )


def _this_quarter(story: Story, group: Group) -> None:
    """Three objectives with their steps; a word with the network about the first."""
    quarter = quarter_of(clock.today(group.time_zone, at=story.now))
    set_here = [_set(group, quarter, words, now=story.now) for words in NOW]
    for which, what, name, days, cost in STEPS:
        said = StepWords(
            what=what,
            member_id=story.things.get(f"member {name}"),
            by_on=quarter + timedelta(days=days),
            cost=cost,
        )
        objectives.add_step(group, set_here[which], said, by=None, now=story.now)
    first = queries.get_objective(set_here[0].id)
    objectives.turn_step(first.steps[0], by=None, now=story.now)
    words = "Tunahitaji mtu mmoja wa kutusindikiza kwenye kikao cha bajeti, na muhtasari wa sheria ya afya ya akili."
    support.ask_for_support(
        group, title=NOW[0][0], words=words, by=None, now=story.now - timedelta(days=2), about=first.id
    )


def _answer_the_older_request(story: Story) -> None:
    with scope.visiting(story.places["kenya"]):
        long_ago = requests_received().where(
            SupportRequest.sent_at < story.now - timedelta(days=60), SupportRequest.state == "open"
        )
        for asked in db.session.scalars(long_ago).all():
            words = "Hii hapa barua ya mfano. Badilisheni jina la kaunti. Tupigieni kabla ya kikao."
            now = asked.sent_at + timedelta(days=4)
            support.answer_request(asked, words=words, signed="Amina", by=story.people["Amina"], now=now)


def init_app() -> None:
    """Add the chapter."""
    demo.register(50, meetings_and_objectives)
