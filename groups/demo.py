"""The groups' chapter of the demo's story: members, officers, and the Nairobi group's elections. All names are invented."""

from datetime import datetime, timedelta
from types import MappingProxyType

import sqlalchemy as sa

from groups.challenges.commands import certify_result, challenge_result
from groups.consents.forms import by_oneself
from groups.consents.models import Purpose
from groups.elections import commands as elections
from groups.elections.counting.tallies import OfficeTally, RoomTally, of_papers
from groups.elections.models import ElectionKind, NamedBy, VotingMethod
from groups.elections.queries import get_election
from groups.membership import commands as membership
from groups.membership.models import LivedExperience, Member
from groups.membership.queries import get_member, present_members
from groups.notes.commands import write_note
from groups.officers import commands as officers
from groups.officers.models import Term
from groups.tallies.commands import enter_tally
from network import clock, demo
from network.db import db
from network.demo import SignIn, Story
from network.tenancy import scope
from network.tenancy.models import Group

CHAPTER = 30
HERE = "Mind Empowerment, Nairobi"
PEOPLE = (
    SignIn(f"chairperson, {HERE}", "Wanjiru", "wanjiru@nairobi.example"),
    SignIn(f"secretary, {HERE}", "Otieno", "otieno@nairobi.example"),
    SignIn(f"treasurer, {HERE}", "Halima", "+254 700 111 203"),
    SignIn(f"committee member, {HERE}", "Achieng", "achieng@nairobi.example"),
    SignIn(f"committee member, {HERE}", "Juma", "juma@nairobi.example"),
    SignIn(f"committee member, {HERE}", "Barasa", "barasa@nairobi.example"),
    SignIn(f"facilitator, {HERE}", "Mama Njeri", "njeri@nairobi.example"),
    SignIn(f"member, {HERE}, and of Umoja wa Eastlands", "Kip", "kip.nairobi"),
)
MARGARET = SignIn("chairperson, Tuesday Voices, Leeds", "Margaret", "margaret@leeds.example")
WITHOUT_SIGN_IN = (
    "Neema", "Mumbi", "Zuri", "Tumaini", "Nyota", "Jabali", "Imani", "Wekesa",
    "Amani", "Rehema", "Bahati", "Chebet", "Mosi", "Zawadi M", "Furaha", "Subira",
)  # fmt: skip
NICKNAMES = (
    "Asha", "Bakari", "Chausiku", "Daudi", "Elimu", "Faraja", "Gathoni", "Hamisi", "Ife", "Jasiri",
    "Kadzo", "Lulu", "Makena", "Nuru", "Odongo", "Pendo", "Rashidi", "Salama", "Tabu", "Upendo",
)  # fmt: skip
NOTES = (
    ("Achieng", "chairperson", ("The hall is booked with the caretaker, two weeks before. Ask Mama Njeri about the new people first.\n\n"
     "The letter to the county office is half written; it is in the blue folder.")),
    ("Halima", "treasurer", "The tin has two keys: one with me, one with the secretary. Count it with somebody else, each time."),
)  # fmt: skip
IN_LEEDS = (
    "Dot", "Ravi", "Owl", "Big Sam", "Little Sam", "Jude", "Fern", "Mo", "Quiet Pete", "Saoirse", "Blue", "Anthea",
)  # fmt: skip
PAPERS = MappingProxyType({
    (1, 3): 3, (1, 4, 2): 3, (2,): 2, (2, 3, 4): 3, (3, 1): 2, (3,): 1, (4, 2): 2, (4,): 1,
})  # fmt: skip
"""How seventeen members put those who stood for the committee in order."""
CHALLENGED = "I was outside with the kettle when hands were raised, and nobody called me in. Two others were out there too."
TOLD = MappingProxyType({
    LivedExperience.LIVED: ("Wanjiru", "Otieno", "Achieng", "Juma", "Kip", "Neema", "Mumbi", "Nyota", "Jabali", "Imani"),
    LivedExperience.CAREGIVER: ("Zuri", "Wekesa", "Rehema"),
    LivedExperience.BOTH: ("Mama Njeri", "Bahati"),
})  # fmt: skip


def people(story: Story) -> None:
    """Everybody in the story's groups, and who does what."""
    with scope.visiting():
        for who in PEOPLE:
            demo.open_account(story, who, language="sw")
        demo.open_account(story, MARGARET, language="en")
    _nairobi(story)
    _notes(story)
    keys = [key for key, *_ in demo.COUNTIES if key != "nairobi"]
    for number, key in enumerate(keys):
        _another_group(story, key, NICKNAMES[: 8 + number])
    _another_group(story, "leeds", ("Margaret", *IN_LEEDS))
    _challenge(story)


def _nairobi(story: Story) -> None:
    begun = story.now - timedelta(days=4 * 365 - 20)
    with scope.visiting(story.places["nairobi"]):
        group = db.session.get_one(Group, story.places["nairobi"])
        names = "\n".join([*(who.name for who in PEOPLE), *WITHOUT_SIGN_IN])
        membership.add_members(group, names, by=None, now=begun)
        here = {member.nickname: member for member in db.session.scalars(present_members())}
        for who in PEOPLE:
            membership.link_account(here[who.name], story.people[who.name], now=begun)
        for name, member in here.items():
            story.things[f"member {name}"] = member.id
        _tell(story, here, now=begun + timedelta(days=30))
        for name, office in (("Wanjiru", "chairperson"), ("Otieno", "secretary"), ("Halima", "treasurer")):
            officers.start_term(group, here[name], office, by=None, now=begun)
        officers.start_term(
            group, here["Mama Njeri"], "facilitator", by=None, now=story.now - timedelta(days=300)
        )
        _two_years_ago(story, group, here)
        _one_year_ago(story, group, here)
        for months in (2, 1, 0):
            first = (story.now.replace(day=1) - timedelta(days=28 * months)).replace(day=2)
            membership.count_composition(group, now=min(first, story.now))


def _notes(story: Story) -> None:
    """What the last chairperson left for the next, and the treasurer for whoever comes after her."""
    for name, office, words in NOTES:
        with scope.visiting(story.places["nairobi"], story.people[name]):
            member = db.session.scalars(present_members().where(Member.nickname == name)).one()
            held = sa.select(Term).where(Term.member_id == member.id, Term.office == office)
            term = db.session.scalars(held.order_by(Term.starts_at.desc()).limit(1)).one()
            written = min(term.ends_at or story.now, story.now) - timedelta(days=2)
            write_note(term, words, by=story.people[name], now=written)


def _tell(story: Story, here: dict[str, Member], *, now: datetime) -> None:
    """What some chose to say about themselves; the others said nothing, which is fine."""
    for answer, names in TOLD.items():
        for name in names:
            how, by = by_oneself(Purpose.LIVED_EXPERIENCE), story.people.get(name)
            membership.tell(here[name], Purpose.LIVED_EXPERIENCE, answer, how=how, by=by, now=now)


def _two_years_ago(story: Story, group: Group, here: dict[str, Member]) -> None:
    """On paper, the committee in order of preference; two were level at every stage, so a lot decided who was left out."""
    _elect(
        story, group, here, on=story.now - timedelta(days=2 * 365 - 30), method=VotingMethod.PAPER, by="Wanjiru", tellers=("Kip", "Neema"),
        standing={
            "chairperson": ("Achieng", "Mumbi"), "secretary": ("Otieno",), "treasurer": ("Halima", "Zuri"),
            "committee": ("Wanjiru", "Barasa", "Tumaini", "Juma"),
        },
        tally=RoomTally(18, {
            "chairperson": OfficeTally({1: 10, 2: 7}, 1, 0),
            "secretary": OfficeTally({1: 16}, 2, 0),
            "treasurer": OfficeTally({1: 11, 2: 6}, 0, 1),
            "committee": of_papers(PAPERS, candidates=(1, 2, 3, 4), abstain=1, spoilt=0),
        }),
    )  # fmt: skip


def _one_year_ago(story: Story, group: Group, here: dict[str, Member]) -> None:
    """By show of hands; these are the officers of today, and their terms are nearly over."""
    _elect(
        story, group, here, on=story.now - timedelta(days=365 - 30), method=VotingMethod.HANDS, by="Achieng", tellers=("Kip", "Neema"),
        standing={
            "chairperson": ("Wanjiru", "Mumbi"), "secretary": ("Otieno",), "treasurer": ("Halima",),
            "committee": ("Achieng", "Juma", "Barasa", "Tumaini"),
        },
        tally=RoomTally(19, {
            "chairperson": OfficeTally({1: 12, 2: 6}, 1),
            "secretary": OfficeTally({1: 17}, 2),
            "treasurer": OfficeTally({1: 18}, 1),
            "committee": OfficeTally({1: 15, 2: 13, 3: 12, 4: 9}),
        }),
    )  # fmt: skip


def _elect(
    story: Story, group: Group, here: dict[str, Member], *, on: datetime, method: VotingMethod, by: str, tellers: tuple[str, str],
    standing: dict[str, tuple[str, ...]], tally: RoomTally,
) -> None:  # fmt: skip
    chair, called = story.people[by], on - timedelta(days=21)
    election = elections.call_election(
        group,
        kind=ElectionKind.YEARLY,
        offices=list(standing),
        held_on=clock.today(group.time_zone, at=on),
        by=chair,
        now=called,
    )
    for contest in election.contests:
        for name in standing[contest.office]:
            elections.name_candidate(
                election,
                contest,
                here[name],
                named_by=NamedBy.MEETING,
                has_accepted=True,
                by=chair,
                now=called + timedelta(days=7),
            )
    elections.begin_vote(
        group, election, method=method, tellers=[here[name] for name in tellers], by=chair, now=on
    )
    election = get_election(election.id)
    for teller in election.tellers:
        enter_tally(election, teller, tally, now=on + timedelta(minutes=40))
    for contest in election.contests:
        if contest.office == "committee" and method == VotingMethod.PAPER:
            elections.draw_lot(election, contest, [23, 7, 41], by=chair, now=on + timedelta(minutes=50))
    elections.declare_result(group, election, by=chair, now=on + timedelta(hours=1))
    certify_result(election, by=chair, now=on + timedelta(days=8))


def _elect_a_secretary(story: Story, group: Group, here: dict[str, Member]) -> None:
    """Three days ago, so that its result can still be challenged."""
    on, chair = story.now - timedelta(days=3), story.people[MARGARET.name]
    called = on - timedelta(days=20)
    election = elections.call_election(
        group, kind=ElectionKind.BY_ELECTION, offices=["secretary"], held_on=clock.today(group.time_zone, at=on), by=chair, now=called
    )  # fmt: skip
    for name in ("Saoirse", "Jude"):
        elections.name_candidate(
            election, election.contests[0], here[name], named_by=NamedBy.MEETING, has_accepted=True, by=chair, now=called
        )  # fmt: skip
    elections.begin_vote(
        group, election, method=VotingMethod.HANDS, tellers=[here["Fern"], here["Mo"]], by=chair, now=on
    )
    election = get_election(election.id)
    for teller in election.tellers:
        enter_tally(election, teller, RoomTally(9, {"secretary": OfficeTally({1: 5, 2: 3}, 1)}), now=on)
    elections.declare_result(group, election, by=chair, now=on + timedelta(hours=1))
    story.things["by-election in Leeds"], story.things["Quiet Pete"] = election.id, here["Quiet Pete"].id


def _challenge(story: Story) -> None:
    """Written down by the chairperson for a member without a phone; no two people there can decide about it yet."""
    chair = story.people[MARGARET.name]
    with scope.visiting(story.places["leeds"], chair):
        election, pete = (story.things[one] for one in ("by-election in Leeds", "Quiet Pete"))
        challenge_result(
            get_election(election), get_member(pete), CHALLENGED, by=chair, now=story.now - timedelta(days=1)
        )


def _another_group(story: Story, key: str, names: tuple[str, ...]) -> None:
    """A group with a chair and a few members; the rest is its own business."""
    since = story.now - timedelta(days=200)
    with scope.visiting(story.places[key]):
        group = db.session.get_one(Group, story.places[key])
        members = membership.add_members(group, "\n".join(names), by=None, now=since)
        officers.start_term(group, members[0], "chairperson", by=None, now=since)
        if key == "leeds":
            membership.link_account(members[0], story.people[MARGARET.name], now=since)
            _elect_a_secretary(story, group, {one.nickname: one for one in members})
        if key == "umoja":
            kip = membership.add_member(group, "Kip", by=None, now=since)
            membership.link_account(kip, story.people["Kip"], now=since)


def init_app() -> None:
    """Add the chapter and its people."""
    demo.register(CHAPTER, people, *PEOPLE, MARGARET)
