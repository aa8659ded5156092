"""The Nairobi group's door in the demo: one who asks, one who was introduced, one who was answered, one who may be asked again."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from groups.introducing.forms import AGREEMENT
from groups.referrals import commands, queries
from groups.referrals.commands import Person, Writer
from groups.referrals.emails import words_of_answer
from groups.referrals.models import Answer, Introducer, Referral
from network import demo
from network.accounts.queries import token_hash
from network.db import db
from network.demo import Story
from network.tenancy import scope
from network.tenancy.models import Group

CHAPTER = 57


def door(story: Story) -> None:
    """Everybody here is invented, and agreed."""
    with scope.visiting(story.places["nairobi"], story.people["Otieno"]):
        group = db.session.get_one(Group, story.places["nairobi"])
        asked = Person("Sanaa", "sw", "0700 000 431", "Naweza kuja Jumamosi, ikiwa kuna nafasi.")
        commands.take_request(group, asked, now=story.now - timedelta(days=2))
        _introduced(
            group,
            Person("Baraka", "sw", "0700 000 432, jioni tu"),
            Introducer.FAMILY,
            "Dada yake",
            story.now - timedelta(days=4),
        )
        _answered(story, group)
        _may_be_asked(group, story.now)


def _introduced(group: Group, person: Person, who: Introducer, name: str, now: datetime) -> Referral:
    writer = Writer(who, agreement=str(AGREEMENT), agreement_language="en", name=name)
    commands.take_introduction(group, person, writer, now=now)
    newest = sa.select(Referral).order_by(Referral.received_at.desc()).where(Referral.received_at == now)
    return db.session.scalars(newest).one()


def _answered(story: Story, group: Group) -> None:
    code = commands.take_request(
        group, Person("Tatu", "en", "0700 000 433"), now=story.now - timedelta(days=9)
    )
    tatu = queries.find_by_key(token_hash(code))
    if tatu:
        words = words_of_answer(Answer.COME, "en")
        by = story.people["Otieno"]
        commands.answer_person(group, tatu, Answer.COME, words, by=by, now=story.now - timedelta(days=6))


def _may_be_asked(group: Group, now: datetime) -> None:
    """Introduced in the spring; not then, perhaps later, she said."""
    person = Person("Nia", "en", "0700 000 434")
    nia = _introduced(group, person, Introducer.PROFESSIONAL, "", now - timedelta(days=110))
    commands.leave_door_open(group, nia, 3, by=None, now=now - timedelta(days=100))


def init_app() -> None:
    """Add the chapter."""
    demo.register(CHAPTER, door)
