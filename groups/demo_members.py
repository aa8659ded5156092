"""The demo's chapter of what members tell: each a yes of its own, some read aloud, some taken back; and a group for young people."""

from collections.abc import Sequence

from groups.consents.forms import by_oneself, read_aloud
from groups.consents.models import Ended, Method, Purpose
from groups.membership import commands as membership
from groups.membership.models import Member
from groups.membership.queries import present_members
from groups.safeguarding.commands import name_contact
from network import demo
from network.db import db
from network.demo import Story
from network.tenancy import scope
from network.tenancy.models import Group

CHAPTER = 90
FOR_THE_RETURN = (
    # who, sex, band of age, registered
    ("Wanjiru", "f", "adult", "yes"), ("Otieno", "m", "adult", "not"), ("Halima", "f", "adult", "yes"),
    ("Achieng", "f", "youth", "yes"), ("Juma", "m", "youth", None), ("Barasa", "m", "older", "yes"),
    ("Mama Njeri", "f", "older", "not"), ("Kip", "m", "youth", "yes"), ("Neema", "f", "youth", "yes"),
    ("Mumbi", "f", "older", None), ("Zuri", "f", None, "not"), ("Nyota", "i", "youth", "yes"),
    ("Jabali", "m", "older", "yes"), ("Imani", "f", "adult", None), ("Wekesa", "m", "adult", "not"),
)  # fmt: skip
LEFT_OUT = ("Imani", "Mumbi")
ALMOST_THE_SAME = "Zawadi-M"


def members(story: Story) -> None:
    """What some told for the return, on their own page or aloud; who is left out; one who took something back."""
    with scope.visiting(story.places["nairobi"]):
        here = {member.nickname: member for member in db.session.scalars(present_members())}
        for name, *told in FOR_THE_RETURN:
            _tell(story, here, here[name], told)
        for name in LEFT_OUT:
            membership.take_back(
                here[name],
                Purpose.NAMED_ON_RETURN,
                ended=Ended.ALOUD,
                by=story.people["Otieno"],
                now=story.now,
            )
        membership.take_back(
            here["Kip"],
            Purpose.DISABILITY_REGISTERED,
            ended=Ended.SELF,
            by=story.people["Kip"],
            now=story.now,
        )
        group = db.session.get_one(Group, story.places["nairobi"])
        membership.add_member(
            group,
            ALMOST_THE_SAME,
            by=story.people["Otieno"],
            now=story.now,
            contact="+254 700 111 317",
            language="sw",
        )
    _young_people(story)


def _young_people(story: Story) -> None:
    """A group that named whom its young people can turn to, and heard a parent agree."""
    with scope.visiting(story.places["kisumu"]):
        young = list(db.session.scalars(present_members()))
        how = read_aloud(Purpose.AGE_BAND, young[1].id)
        membership.tell(young[0], Purpose.AGE_BAND, "adult", how=how, by=None, now=story.now)
        name_contact(
            young[0],
            contact="+254 700 111 401, or before each meeting",
            was_heard=True,
            by=None,
            now=story.now,
        )
        membership.tell(
            young[1], Purpose.GUARDIAN, None, by=None, now=story.now,
            how=read_aloud(Purpose.GUARDIAN, young[0].id, method=Method.PAPER),
        )  # fmt: skip


def _tell(story: Story, here: dict[str, Member], member: Member, told: Sequence[str | None]) -> None:
    by = story.people.get(member.nickname)
    for purpose, value in zip(
        (Purpose.SEX, Purpose.AGE_BAND, Purpose.DISABILITY_REGISTERED), told, strict=True
    ):
        if value:
            how = by_oneself(purpose) if by else read_aloud(purpose, here["Otieno"].id)
            membership.tell(member, purpose, value, how=how, by=by or story.people["Otieno"], now=story.now)


def init_app() -> None:
    """Add the chapter."""
    demo.register(CHAPTER, members)
