"""What the Kenyan office lists, what the Nairobi group added itself, and what it applied for.

The funds are real; nothing about them was asked or checked for the demo, and their pages say so. What the group added is invented.
"""

import tomllib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from funding.applications import commands as applications
from funding.applications.commands import Progress
from funding.demo import NAIROBI, SHILLING
from funding.grants.models import FunderKind
from funding.opportunities import commands
from funding.opportunities.commands import Content
from funding.opportunities.models import Ask, Gives, Opportunity, Paper, Until
from funding.opportunities.queries import get_opportunity
from groups.membership.queries import find_own_member
from network import demo
from network.tenancy import scope
from network.wording import commands as wording

CHAPTER = 78
LISTED = Path(__file__).resolve().parent / "demo_chances.toml"
TRANSLATOR = "Zawadi"


def chances(story: demo.Story) -> None:
    """The office's list, then the group's own with what became of each."""
    with scope.visiting(story.places["kenya"], story.people["Brian"]):
        for listed in tomllib.loads(LISTED.read_text(encoding="utf-8"))["listed"]:
            story.things[f"chance {listed['key']}"] = _list(story, listed)
        _not_published_yet(story)
    with scope.visiting(story.places["nairobi"], story.people["Halima"]):
        _preparing(story)
        _near_its_day(story)
        _refused(story)
        _awarded(story)


def _list(story: demo.Story, listed: dict[str, Any]) -> Any:
    by, now = story.people["Brian"], story.now - timedelta(days=60)
    content = Content(
        title=listed["title"], words=listed["words"].strip(), funder=listed["funder"], funder_kind=listed["kind"],
        gives=listed["gives"], asks=listed["asks"], papers=listed["papers"], source=listed["source"],
    )  # fmt: skip
    one = commands.write_opportunity(content, language="en", by=by, now=now)
    if "sw_title" in listed:
        wording.translate(
            one.text, language="sw", title=listed["sw_title"], body=listed["sw_words"].strip(), made_by=TRANSLATOR, now=now
        )  # fmt: skip
    commands.publish_opportunity(one, by=by, now=now)
    return one.id


def _not_published_yet(story: demo.Story) -> None:
    content = Content(
        title="The county’s money for groups", words="Each county has some. Which of our six counties, and when, is still to be asked.",
        funder="County governments", funder_kind=FunderKind.COUNTY,
    )  # fmt: skip
    commands.write_opportunity(content, language="en", by=story.people["Brian"], now=story.now)


def _preparing(story: demo.Story) -> None:
    halima, now = story.people["Halima"], story.now - timedelta(days=12)
    chance = get_opportunity(story.things["chance ncpwd"])
    application = applications.begin_application(chance, by=halima, now=now)
    progress = Progress(
        keeper_id=_member(story, "Halima"), said_yes=[Ask.REGISTERED, Ask.DISABILITY_COUNCIL, Ask.BANK_ACCOUNT],
        gathered=[Paper.CERTIFICATE, Paper.CONSTITUTION, Paper.OFFICERS_LIST], notes="The plan is the soap work, second round.",
    )  # fmt: skip
    applications.keep_application(application, progress, seen=application.version, by=halima, now=now)


def _near_its_day(story: demo.Story) -> None:
    wanjiru, closes_on = story.people["Wanjiru"], (story.now.astimezone(NAIROBI) + timedelta(days=5)).date()
    chance = _own(
        story, "The church’s small gifts", "For what people of the quarter do together. A letter of one page is enough.",
        "The church on our street", FunderKind.FAITH, until=Until.DAY, closes_on=closes_on, most=40_000 * SHILLING,
        papers=[Paper.PLAN, Paper.BUDGET, Paper.OFFICERS_LIST], gives=Gives.GIFT,
    )  # fmt: skip
    application = applications.begin_application(chance, by=wanjiru, now=story.now - timedelta(days=3))
    progress = Progress(keeper_id=_member(story, "Wanjiru"), gathered=[Paper.OFFICERS_LIST])
    applications.keep_application(
        application, progress, seen=application.version, by=wanjiru, now=story.now - timedelta(days=2)
    )


def _refused(story: demo.Story) -> None:
    halima, then = story.people["Halima"], story.now - timedelta(days=200)
    chance = _own(
        story, "The traders’ fund", "For groups that sell at the market.", "The market traders", FunderKind.ANOTHER,
        until=Until.DAY, closes_on=then.date(), gives=Gives.GIFT, now=then - timedelta(days=40),
    )  # fmt: skip
    application = applications.begin_application(chance, by=halima, now=then - timedelta(days=30))
    applications.say_applied(
        application, on=(then - timedelta(days=9)).date(), by=halima, now=then - timedelta(days=8)
    )
    why = "They liked it, but wanted to see three months of sales in writing first."
    applications.say_refused(application, why=why, on=then.date(), by=halima, now=then + timedelta(days=1))


def _awarded(story: demo.Story) -> None:
    halima, then = story.people["Halima"], story.now - timedelta(days=30)
    chance = _own(
        story, "A printer for a year of leaflets", "Paper and printing for groups that speak up.", "A printing shop in town",
        FunderKind.ANOTHER, until=Until.ALL_YEAR, gives=Gives.GIFT, now=then,
    )  # fmt: skip
    application = applications.begin_application(chance, by=halima, now=then)
    applications.say_applied(
        application, on=(then + timedelta(days=2)).date(), by=halima, now=then + timedelta(days=3)
    )
    day = (story.now - timedelta(days=2)).date()
    applications.say_awarded(
        application, amount=24_000 * SHILLING, on=day, by=halima, now=story.now - timedelta(days=1)
    )


def _own(
    story: demo.Story, title: str, words: str, funder: str, kind: FunderKind, *, now: datetime | None = None, **more: Any
) -> Opportunity:  # fmt: skip
    content = Content(title=title, words=words, funder=funder, funder_kind=kind, **more)
    return commands.write_opportunity(
        content, language="en", by=story.people["Halima"], now=now or story.now - timedelta(days=4)
    )


def _member(story: demo.Story, name: str) -> Any:
    member = find_own_member(story.people[name])
    return member.id if member else None


def init_app() -> None:
    """Add this chapter."""
    demo.register(CHAPTER, chances)
