"""The demo's chapter of registration: certificates of the Nairobi group, what it owns, last year's return, and this year's draft."""

import io
from datetime import date, timedelta

from PIL import Image, ImageDraw

from groups.assets.commands import keep_asset
from groups.registration.commands import Certificate, enter_certificate, tell_what_ends
from groups.registration.rules import months_later
from groups.returns import commands, queries
from network import clock, demo
from network.authorities.guide import Kind
from network.db import db
from network.demo import Story
from network.tenancy import scope
from network.tenancy.models import Group

CHAPTER = 90
ANSWERS = {
    "county": "Nairobi City", "constituency": "Starehe", "sub_county": "Starehe", "ward": "Ngara", "group_type": "disability",
    "special_interest": "yes", "formed_in": "2012", "landmark": "Community hall, second floor", "bank_name": "A bank of the story",
    "bank_branch": "Moi Avenue", "account_name": "Mind Empowerment",
    "activities": "Monthly meetings, talks with the county, saving together",
}  # fmt: skip
OWNS = (("Forty plastic chairs", 2_400_000, 900), ("A sewing machine", 1_800_000, 400), ("A tent", None, 200))
REPORT = "We met every month. Two of our objectives came true, and one we carry on.\n\nThe chief of the location now greets us by name."


def registration(story: Story) -> None:
    """One certificate ends soon, one holds for long; last year's return was handed in and stamped."""
    chair, secretary = story.people["Wanjiru"], story.people["Otieno"]
    with scope.visiting(story.places["nairobi"], secretary):
        group = db.session.get_one(Group, story.places["nairobi"])
        today = clock.today(group.time_zone, at=story.now)
        first = months_later(today, -24) + timedelta(days=40)
        for number, issued in enumerate((first, months_later(first, 12))):
            told = Certificate(
                "ministry", issued, number=f"DEMO/SHG/{issued.year}/{114 + number}", fee=100_000
            )
            enter_certificate(group, told, by=secretary, now=story.now)
        told = Certificate("council", months_later(today, -5), number="DEMO/GRP/0471")
        enter_certificate(group, told, by=secretary, now=story.now)
        for what, amount, days in OWNS:
            keep_asset(group, None, what, since_on=today - timedelta(days=days), amount=amount, by=secretary, now=story.now)  # fmt: skip
        commands.answer_forms(ANSWERS, by=secretary, now=story.now)
        _last_year(group, first, story)
        tell_what_ends(group, now=story.now)
        begun = commands.begin_return(
            group, "ministry", kind=Kind.YEARLY, covers_from=months_later(first, 12), covers_until=months_later(first, 24) - timedelta(days=1),
            by=secretary, now=story.now,
        )  # fmt: skip
        seen = queries.digest_of(*queries.facts_of(group, begun))
        commands.look_over(group, begun, seen=seen, by=chair, now=story.now)


def _last_year(group: Group, first: date, story: Story) -> None:
    secretary = story.people["Otieno"]
    until = months_later(first, 12) - timedelta(days=1)
    one = commands.begin_return(
        group,
        "ministry",
        kind=Kind.YEARLY,
        covers_from=first,
        covers_until=until,
        by=secretary,
        now=story.now,
    )
    commands.hand_in(group, one, words=REPORT, on=min(until, story.now.date()), by=secretary, now=story.now)
    commands.keep_copy(one, _stamped(), by=secretary, now=story.now)


def _stamped() -> bytes:
    """A picture of a page with a stamp, drawn here."""
    page = Image.new("RGB", (620, 877), "white")
    pen = ImageDraw.Draw(page)
    pen.rectangle((360, 640, 580, 740), outline=(60, 60, 160), width=4)
    pen.text((380, 680), "RECEIVED (demo)", fill=(60, 60, 160))
    out = io.BytesIO()
    page.save(out, "PNG")
    return out.getvalue()


def init_app() -> None:
    """Add the chapter."""
    demo.register(CHAPTER, registration)
