"""The demo's chapter of matters: one heard in the Nairobi group, whose committee would hear other groups too. All invented."""

from datetime import timedelta

from groups.disputes import commands
from groups.disputes.queries import get_matter
from groups.disputes.rules import About, Written
from groups.hearings import commands as hearings
from groups.membership.commands import link_account
from groups.membership.models import Member
from groups.membership.queries import present_members
from network import demo
from network.db import db
from network.demo import SignIn, Story
from network.tenancy import scope

CHAPTER = 96
WEKESA = SignIn("committee for disputes, Mind Empowerment, Nairobi", "Wekesa", "wekesa@nairobi.example")
BROUGHT = "The key to the hall is with one person, and twice we stood outside in the rain. When I asked, I was shouted at in front of everybody."
HEARD = "We spoke with her alone, after the meeting. She wants an apology and a second key, not a quarrel."
TOLD = "Somebody told us how it was at the door of the hall in October. We want to hear from you too, on Thursday after the meeting."
OUTCOME = "A second key is cut and kept by the secretary. Both spoke about that evening, and said sorry."


def matters(story: Story) -> None:
    """Brought twelve days ago, heard by the two of the committee who sign in; an outcome waits for the second of them."""
    nairobi = story.places["nairobi"]
    with scope.visiting():
        demo.open_account(story, WEKESA, language="sw")
    kip, wekesa, achieng, barasa = (story.people[name] for name in ("Kip", "Wekesa", "Achieng", "Barasa"))
    with scope.visiting(nairobi):
        member = db.session.scalars(present_members().where(Member.nickname == "Wekesa")).one()
        link_account(member, wekesa, now=story.now - timedelta(days=200))
    begun = story.now - timedelta(days=12)
    with scope.visiting(nairobi, achieng):
        about = Written(BROUGHT, (About("Barasa", story.things["member Barasa"], barasa),))
        brought = commands.bring_matter(about, by=achieng, now=begun)
    with scope.visiting(nairobi, wekesa):
        matter = get_matter(brought)
        commands.note_down(matter, HEARD, by=wekesa, now=begun + timedelta(days=3))
        commands.tell(matter, barasa, TOLD, by=wekesa, now=begun + timedelta(days=4))
        commands.propose_outcome(
            matter, OUTCOME, review_on=(story.now + timedelta(days=60)).date(), by=wekesa, now=story.now - timedelta(days=1)
        )  # fmt: skip
    with scope.visiting(nairobi, kip):
        hearings.offer_to_hear(by=kip, now=story.now - timedelta(days=30))


def init_app() -> None:
    """Add the chapter and its person."""
    demo.register(CHAPTER, matters, WEKESA)
