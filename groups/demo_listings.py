"""The groups' chapters of the demo's story: their cards in the finder."""

from datetime import time

from network import demo
from network.db import db
from network.demo import Story
from network.directory import commands
from network.directory.rules import Card
from network.tenancy import scope
from network.tenancy.models import Group

SWAHILI = (
    "Sisi ni watu waliopitia magumu ya maisha. Tunaketi pamoja, tunasikilizana, na kila mwezi tunapanga jambo moja la "
    "kubadilisha. Huhitaji kusema lolote siku ya kwanza. Chai iko."
)
ENGLISH = (
    "We are people who have been through hard times. We sit together, listen to one another, and each month plan one "
    "thing to change. You need not say anything the first time. There is tea."
)
LEEDS = (
    "A circle of people who hear voices, see or sense things others do not. No forms, no fixing. You can talk, listen or drink tea. "
    "Two of us wait at the door from ten past six for anybody who is new."
)  # fmt: skip
CARDS = {
    # key: place, day (Monday is 0), which of the month, hour, more languages, who is welcome
    "nairobi": ("Nairobi, city centre", 5, 1, 10, ["en"], ["any_distress", "family_and_friends"]),
    "umoja": ("Nairobi, Eastlands", 6, 2, 14, ["en"], ["any_distress"]),
    "machakos": ("Machakos", 5, 2, 10, ["kam"], ["any_distress"]),
    "mwala": ("Mwala, Machakos", 2, 3, 14, ["kam"], ["any_distress", "family_and_friends"]),
    "kiambu": ("Kiambu", 5, 3, 10, ["ki"], ["any_distress"]),
    "limuru": ("Limuru, Kiambu", 6, 4, 15, ["ki"], ["any_distress"]),
    "nakuru": ("Nakuru", 5, 1, 11, ["sw"], ["any_distress", "family_and_friends"]),
    "naivasha": ("Naivasha, Nakuru", 6, 1, 14, ["en"], ["any_distress"]),
    "kisumu": ("Kisumu", 5, 5, 10, ["luo", "en"], ["any_distress", "young_people"]),
    "ahero": ("Ahero, Kisumu", 3, 2, 15, ["luo"], ["any_distress"]),
    "nyeri": ("Nyeri", 5, 1, 10, ["ki", "en"], ["any_distress"]),
    "karatina": ("Karatina, Nyeri", 1, 2, 14, ["ki"], ["any_distress", "family_and_friends"]),
    "mukurweini": ("Mukurwe-ini, Nyeri", 4, 3, 10, ["ki"], ["women"]),
}
"""Meeting days are invented; the counties are not."""


def listings(story: Story) -> None:
    """Every group of the story can be found."""
    for key, (place, weekday, week, hour, more, welcome) in CARDS.items():
        with scope.visiting(story.places[key]):
            group = db.session.get_one(Group, story.places[key])
            words = SWAHILI if group.language == "sw" else ENGLISH
            card = Card(
                recurrence="monthly", mode="in_person", place=place, weekday=weekday, week_of_month=week, starts_at=time(hour),
                languages=(group.language, *more), welcome=tuple(welcome), setting="community_hall", words=words,
            )  # fmt: skip
            _show(group, card, story)
    with scope.visiting(story.places["leeds"]):
        _show(db.session.get_one(Group, story.places["leeds"]), Card(
            recurrence="weekly", mode="both", place="Leeds", weekday=1, starts_at=time(18, 30), languages=("en",),
            welcome=("voice_hearers",), setting="arts_centre", words=LEEDS,
        ), story)  # fmt: skip


def _show(group: Group, card: Card, story: Story) -> None:
    listing = commands.keep_card(group, card, by=None, now=story.now)
    commands.publish(listing, by=None, now=story.now)


def init_app() -> None:
    """Add the chapters."""
    demo.register(55, listings)
