"""The office's chapter of the demo's story: two years of USP-Kenya's own book, and what it gives to groups.

What OSIEA (US$ 30,000) and NCPWD (US$ 26,000) give a year is from life, at 130 shillings a dollar; the rest is invented.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from funding.demo import NAIROBI, SHILLING
from funding.expenses.commands import record_expense
from funding.grants import commands as grants
from funding.grants.commands import Terms
from funding.grants.models import FunderKind
from funding.income.commands import record_income
from funding.ledger import commands as ledger
from funding.ledger.queries import get_draft
from funding.ledger.rules import Cost, EntryKind, Fund, Place
from funding.onward import commands as onward
from funding.onward import queries, rules
from funding.onward.models import GrantKind
from funding.reports.rules import months_after
from network import demo
from network.demo import Story
from network.standing import registry as standing
from network.tenancy import scope
from network.tenancy.queries import get_group

CHAPTER = 75
ALL = ("figures", "met", "offices")
FUNDERS = (("OSIEA", 30_000), ("NCPWD", 26_000))
NAMES = {
    "OSIEA": "Open Society Initiative for East Africa",
    "NCPWD": "National Council for Persons with Disabilities",
}
KINDS = {"OSIEA": FunderKind.FOUNDATION, "NCPWD": FunderKind.DISABILITY_FUND}
PURPOSES = {
    "OSIEA": "Starting and accompanying groups, and what they want to change.",
    "NCPWD": "Economic empowerment in the six counties.",
}
RATE = 130
"""Shillings a dollar."""
EACH_QUARTER = (
    # cost, shillings, words, whose money
    (Cost.TRAINING, 410_000, "Training of facilitators, two counties", "OSIEA"),
    (Cost.TRAVEL, 186_000, "Visits to groups that are starting", "OSIEA"),
    (Cost.ADVOCACY, 240_000, "Work on the county’s plans", "NCPWD"),
    (Cost.OTHER_COSTS, 300_000, "Wages and the office’s rent", "OSIEA"),
    (Cost.OTHER_COSTS, 480_000, "Wages and the office’s rent", "NCPWD"),
    (Cost.STATIONERY, 38_500, "Printing guides in Swahili", "NCPWD"),
)


def office(story: Story) -> None:
    """Two years of money in and out; then what groups were offered, sent, and said."""
    first = months_after(story.now.astimezone(NAIROBI).date(), -24)
    brian = story.people["Brian"]
    with scope.visiting(story.places["kenya"], brian):
        record_income(
            kind=EntryKind.OPENING, amount=420_000 * SHILLING, place=Place.BANK, fund=Fund.GENERAL, received_on=first,
            words="Brought over from the spreadsheet", by=brian, now=_at(first),
        )  # fmt: skip
        for year in range(2):
            funds = _funded(story, months_after(first, 12 * year))
            for quarter in range(4):
                day = months_after(first, 12 * year + 3 * quarter) + timedelta(days=24)
                for cost, amount, words, funder in EACH_QUARTER:
                    _spend(story, cost, amount + 1_500 * quarter, words, day, funds[funder])
        record_expense(
            cost=Cost.FACILITATORS, amount=64_000 * SHILLING, place=Place.BANK, fund=funds["OSIEA"],
            spent_on=_day(story, -1), words="Fares for the facilitators’ day", by=brian, now=story.now,
        )  # fmt: skip
    _to_umoja(story)
    _to_nairobi(story, funds["OSIEA"])
    _not_answered_yet(story, funds["NCPWD"])


def _at(day: date, hour: int = 11) -> datetime:
    return datetime.combine(day, time(hour), NAIROBI)


def _day(story: Story, days: int) -> date:
    return story.now.astimezone(NAIROBI).date() + timedelta(days=days)


def _funded(story: Story, start: date) -> dict[str, str]:
    """A fund for each grant of the year, and the money in it; returns their codes."""
    brian, codes = story.people["Brian"], {}
    for funder, dollars in FUNDERS:
        day = start + timedelta(days=9)
        terms = Terms(
            name=f"{funder}, {start.year}", funder=NAMES[funder], funder_kind=KINDS[funder], purpose=PURPOSES[funder],
            amount=dollars * RATE * SHILLING, starts_on=start, ends_on=start + timedelta(days=455), is_restricted=False,
        )  # fmt: skip
        grant = grants.write_grant(terms, by=brian, now=_at(day))
        codes[funder] = grant.fund
        part = grants.add_tranche(
            grant, expected_on=day, amount=terms.amount, condition="", by=brian, now=_at(day)
        )
        grants.receive_tranche(
            part, amount=part.amount, place=Place.BANK, received_on=day, by=brian, now=_at(day)
        )
    return codes


def _spend(story: Story, cost: Cost, amount: int, words: str, day: date, fund: str) -> None:
    draft_id = record_expense(
        cost=cost, amount=amount * SHILLING, place=Place.BANK, fund=fund, spent_on=day, words=words,
        by=story.people["Brian"], now=_at(day),
    )  # fmt: skip
    ledger.confirm_draft(get_draft(draft_id), by=story.people["Grace"], now=_at(day, 14))


def _give(
    story: Story,
    key: str,
    title: str,
    purpose: str,
    fund: str,
    parts: Sequence[tuple[int, int, Sequence[str], str]],
    *,
    kind: GrantKind,
    written: int,
) -> UUID:
    """A grant for a group, in parts of (shillings, days from now, what is asked, what else was agreed); not offered yet."""
    brian, start = story.people["Brian"], _day(story, written)
    with scope.visiting(story.places["kenya"], brian):
        grant = onward.write_grant(
            get_group(story.places[key]), kind=kind, title=title, purpose=purpose, fund=fund, by=brian, now=_at(start),
            amount=sum(amount for amount, _, _, _ in parts) * SHILLING, starts_on=start, ends_on=start + timedelta(days=365),
        )  # fmt: skip
        for amount, days, asks, condition in parts:
            onward.add_part(
                grant, amount=amount * SHILLING, due_on=_day(story, days), asks=asks, condition=condition, by=brian, now=_at(start),
            )  # fmt: skip
        return grant.id


def _offer(story: Story, grant_id: UUID, days: int) -> None:
    with scope.visiting(story.places["kenya"], story.people["Brian"]):
        onward.offer_grant(
            queries.get_given(grant_id), by=story.people["Brian"], now=_at(_day(story, days), 15)
        )


def _answer(story: Story, key: str, name: str, grant_id: UUID, days: int) -> None:
    with scope.visiting(story.places[key], story.people[name]):
        onward.answer_grant(
            queries.get_received(grant_id), accepts=True, by=story.people[name], now=_at(_day(story, days))
        )


def _say(story: Story, key: str, name: str, grant_id: UUID, days: int) -> None:
    """Somebody of the group sends the words as they are."""
    day = _day(story, days)
    with scope.visiting(story.places[key], story.people[name]):
        grant, group = queries.get_received(grant_id), get_group(story.places[key])
        found = standing.answers(group, queries.see(grant, now=_at(day)).asks, today=day)
        onward.say_standing(
            grant, group, shown=rules.mark(found), by=story.people[name], today=day, now=_at(day)
        )


def _send(story: Story, grant_id: UUID, number: int, days: int) -> None:
    day = _day(story, days)
    with scope.visiting(story.places["kenya"], story.people["Brian"]):
        part = queries.get_given(grant_id).parts[number]
        draft_id = onward.release_part(
            part, place=Place.BANK, paid_on=day, says_condition_is_met=True, by=story.people["Brian"], now=_at(day),
        )  # fmt: skip
        ledger.confirm_draft(get_draft(draft_id), by=story.people["Grace"], now=_at(day, 16))


def _receive(
    story: Story, key: str, name: str, grant_id: UUID, number: int, days: int, less: int = 0
) -> None:
    day = _day(story, days)
    with scope.visiting(story.places[key], story.people[name]):
        part = queries.get_received(grant_id).parts[number]
        onward.acknowledge_part(
            part, amount=part.amount - less * SHILLING, place=Place.BANK, received_on=day,
            words="The bank kept its charge" if less else "", by=story.people[name], now=_at(day),
        )  # fmt: skip


def _to_umoja(story: Story) -> None:
    """Seed money for a group that began lately: the second part waits until it has elected its officers."""
    grant_id = _give(
        story, "umoja", "Seed money, first year", "To find a room, to meet, and to register.", Fund.GENERAL,
        ((120_000, -150, (), ""), (120_000, 20, ALL, "")), kind=GrantKind.SEED, written=-160,
    )  # fmt: skip
    _offer(story, grant_id, -160)
    _answer(story, "umoja", "Kip", grant_id, -156)
    _send(story, grant_id, 0, -150)
    _receive(story, "umoja", "Kip", grant_id, 0, -147, less=250)
    _say(story, "umoja", "Kip", grant_id, -2)


def _to_nairobi(story: Story, fund: str) -> None:
    """A project in three parts: one has arrived, one is on its way, one is to come."""
    grant_id = _give(
        story, "nairobi", "Radio hour and forums", "Six radio hours and two forums with the county, planned by the group.", fund,
        ((60_000, -40, ALL, ""), (60_000, -1, ALL, "The plan for the second forum has come."), (60_000, 90, ALL, "")),
        kind=GrantKind.PROJECT, written=-50,
    )  # fmt: skip
    _offer(story, grant_id, -50)
    _answer(story, "nairobi", "Wanjiru", grant_id, -45)
    _say(story, "nairobi", "Wanjiru", grant_id, -42)
    _send(story, grant_id, 0, -40)
    _receive(story, "nairobi", "Halima", grant_id, 0, -37)
    _say(story, "nairobi", "Otieno", grant_id, -3)
    _send(story, grant_id, 1, -1)


def _not_answered_yet(story: Story, fund: str) -> None:
    """One a group has not answered, and one that is still being written."""
    offered = _give(
        story, "kisumu", "Seed money, first year", "To begin with.", Fund.GENERAL,
        ((100_000, 30, ALL, ""),), kind=GrantKind.SEED, written=-4,
    )  # fmt: skip
    _offer(story, offered, -3)
    _give(
        story, "nakuru", "Bead work and soap", "Tools and the first stock.", fund, ((80_000, 40, ALL, ""),),
        kind=GrantKind.PROJECT, written=-1,
    )  # fmt: skip


def init_app() -> None:
    """Add the chapter."""
    demo.register(CHAPTER, office)
