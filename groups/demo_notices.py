"""The demo's chapter of notices: how some members of the Nairobi group want to be told, and who was told of what. All invented."""

import sqlalchemy as sa

from groups.consents.forms import by_oneself
from groups.consents.models import Purpose
from groups.membership import commands as membership
from groups.membership.queries import present_members
from groups.notices import commands
from groups.notices.forms import how_asked
from groups.notices.models import Asked, Channel, Notice
from network import demo
from network.db import db
from network.demo import Story
from network.tenancy import scope
from network.tenancy.models import Group

CHAPTER = 57
CHOSEN = (
    # who, how, where, how it was asked
    ("Otieno", Channel.EMAIL, "otieno@nairobi.example", Asked.THEMSELVES),
    ("Kip", Channel.WHATSAPP, "+254 700 111 206", Asked.THEMSELVES),
    ("Neema", Channel.SMS, "+254 700 111 301", Asked.IN_PERSON),
    ("Zuri", Channel.SMS, "+254 700 111 302", Asked.BY_PHONE),
    ("Imani", Channel.WHATSAPP, "+254 700 111 303", Asked.IN_WRITING),
    ("Bahati", Channel.SMS, "+254 700 111 304", Asked.IN_PERSON),
)
IN_FRENCH = "Imani"


def notices(story: Story) -> None:
    """Everybody was told of what is over; of what is ahead some still are to be told."""
    with scope.visiting(story.places["nairobi"]):
        group = db.session.get_one(Group, story.places["nairobi"])
        here = {member.nickname: member for member in db.session.scalars(present_members())}
        membership.tell(
            here[IN_FRENCH], Purpose.LANGUAGE, "fr", how=by_oneself(Purpose.LANGUAGE), by=None, now=story.now
        )
        for name, channel, address, asked in CHOSEN:
            commands.choose_channel(
                group, here[name], channel, address, asked=asked, how=how_asked(asked, None), by=story.people.get(name),
                now=story.now,
            )  # fmt: skip
        over = sa.select(Notice).where(Notice.on_day < story.now.date())
        for notice in db.session.scalars(over):
            commands.tick_off_meeting(notice, by=story.people["Otieno"], now=notice.made_at)


def init_app() -> None:
    """Add the chapter."""
    demo.register(CHAPTER, notices)
