"""The demo's chapter of matters: two heard in the Nairobi group, one of them told aloud; its committee would hear other groups too. All invented."""

from datetime import timedelta

from groups.disputes import commands
from groups.disputes.queries import get_matter, told_to
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
ANSWERED = "I had waited for an hour myself. I should not have shouted. I would like to say so to her."
ALOUD = "Since the rain my house has no roof. I am on the list for help since August, and nobody tells me whether it comes."
OUTCOME = "A second key is cut and kept by the secretary. Both spoke about that evening, and said sorry."


def matters(story: Story) -> None:
    """One brought twelve days ago, heard by the two of the committee who sign in; an outcome waits for the second of them.

    Another was told aloud by a member without a sign-in, and written down.
    """
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
    with scope.visiting(nairobi, barasa):
        commands.answer(told_to(barasa)[0], ANSWERED, by=barasa, now=begun + timedelta(days=6))
    with scope.visiting(nairobi, wekesa):
        matter = get_matter(brought)
        commands.propose_outcome(
            matter, OUTCOME, review_on=(story.now + timedelta(days=60)).date(), by=wekesa, now=story.now - timedelta(days=1)
        )  # fmt: skip
        without = present_members().where(Member.account_id.is_(None), Member.nickname != "Rain")
        teller = db.session.scalars(without.order_by(Member.joined_on, Member.nickname)).first()
    if teller:
        with scope.visiting(nairobi, kip):
            told = Written(ALOUD, told_by=About(teller.nickname, teller.id))
            commands.write_down(told, by=kip, now=story.now - timedelta(days=20))
    with scope.visiting(nairobi, kip):
        hearings.offer_to_hear(by=kip, now=story.now - timedelta(days=30))


def init_app() -> None:
    """Add the chapter and its person."""
    demo.register(CHAPTER, matters, WEKESA)
