"""The demo's chapter about the library: guides, a volunteer's translations, one of them older than its original."""

import tomllib
import uuid
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from facilitators.resources import commands
from facilitators.resources.commands import Content
from facilitators.resources.models import Resource
from groups.permissions import Role
from network import demo
from network.accounts import commands as accounts
from network.db import db
from network.demo import SignIn, Story
from network.tenancy import scope
from network.wording.models import Text
from translations.content import commands as translations
from translations.content import queries as translating
from translations.content.commands import Words
from translations.permissions import TRANSLATOR

GUIDES = Path(__file__).resolve().parent / "demo_guides.toml"
NJERI = "Mama Njeri"
VOLUNTEER = SignIn("volunteer translator", "Baraka", "baraka@volunteers.example")
RUTH = SignIn("facilitator in England", "Ruth", "ruth@tuesday-voices.example")
AUTHORS = {"nairobi": NJERI, "leeds": RUTH.name}


def library(story: Story) -> None:
    """Who writes and who translates, then each guide in turn."""
    _meet_people(story)
    for guide in tomllib.loads(GUIDES.read_text(encoding="utf-8"))["guide"]:
        _tell(story, guide)


def _meet_people(story: Story) -> None:
    with scope.visiting():
        demo.open_account(story, VOLUNTEER, language="sw")
        demo.open_account(story, RUTH, language="en")
    _give(story, VOLUNTEER.name, TRANSLATOR, "kenya")
    _give(story, RUTH.name, Role.FACILITATOR, "leeds")


def _give(story: Story, name: str, role: str, place: str) -> None:
    with scope.visiting(story.places[place]):
        accounts.give_role(story.people[name], role, because_of=story.places[place], now=story.now)


def _tell(story: Story, guide: dict[str, Any]) -> None:
    place, author = story.places[guide["by"]], AUTHORS[guide["by"]]
    by, written = story.people[author], story.now - timedelta(days=guide["days_ago"])
    content = Content(
        title=guide["title"],
        body=guide["body"].strip(),
        kind=guide["kind"],
        licence=guide["licence"],
        audience=guide["audience"],
    )
    with scope.visiting(place, by):
        resource = commands.write_resource(
            content, language=guide["language"], by=by, made_by=author, now=written
        )
        if not guide.get("draft"):
            commands.publish_resource(resource, by=by, now=written + timedelta(hours=2))
    if "sw" in guide:
        _translate(story, guide, resource.text_id, by, written + timedelta(days=9))
    if "later" in guide:
        changed = Content(**{**vars(content), "body": guide["later"].strip()})
        with scope.visiting(place, by):
            again = db.session.get_one(Resource, resource.id)
            now = story.now - timedelta(days=guide["later_days_ago"])
            commands.change_resource(again, changed, by=by, now=now)


def _translate(story: Story, guide: dict[str, Any], text_id: uuid.UUID, by: uuid.UUID, now: datetime) -> None:
    """The volunteer offers a draft; the author takes it over, unless it is still waiting."""
    words, volunteer = guide["sw"], story.people[VOLUNTEER.name]
    with scope.visiting(story.places["kenya"], volunteer):
        text = db.session.get_one(Text, text_id)
        offered = Words(words["title"], words["body"].strip(), text.source_version, VOLUNTEER.name)
        offer = translations.keep_translation(text, "sw", offered, by=volunteer, now=now)
    if words.get("offered"):
        return
    with scope.visiting(story.places[guide["by"]], by):
        to_us = translating.get_offer_to_us(offer.id)
        text = db.session.get_one(Text, text_id)
        translations.take_over(to_us, text, revision=to_us.revision, by=by, now=now + timedelta(days=1))


def init_app() -> None:
    """Add the chapter."""
    demo.register(60, library, VOLUNTEER, RUTH)
