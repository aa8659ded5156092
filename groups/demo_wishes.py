"""The demo's chapter of what people ask about what is held about them: who looked, and one who asks to be erased. All invented."""

from datetime import timedelta

from groups.looks.commands import note_look
from groups.membership.models import Member
from groups.membership.queries import present_members
from groups.wishes.commands import write_wish
from network import demo
from network.access.actor import Actor
from network.db import db
from network.demo import Story
from network.tenancy import scope

CHAPTER = 97
LOOKED = (
    # at whose, as what, how many days ago
    ("Kip", "Wanjiru", "chairperson", 40),
    ("Kip", "Otieno", "secretary", 3),
    ("Halima", "Otieno", "secretary", 12),
    ("Neema", "Wanjiru", "chairperson", 5),
)
ASKS = "Mosi"


def wishes(story: Story) -> None:
    """Officers looked at what some members keep to few; Mosi, who has no sign-in, told the secretary to be erased."""
    with scope.visiting(story.places["nairobi"]):
        here = {member.nickname: member for member in db.session.scalars(present_members())}
        for name, who, role, days in LOOKED:
            actor = Actor(story.people[who], frozenset({role}))
            note_look([here[name]], actor=actor, now=story.now - timedelta(days=days))
        asks: Member = here[ASKS]
        write_wish(asks, by=story.people["Otieno"], now=story.now - timedelta(days=1))


def init_app() -> None:
    """Add the chapter."""
    demo.register(CHAPTER, wishes)
