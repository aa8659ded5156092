"""What the Nairobi group's two funders give since last year: funds and budgets of their own, parts, promises, reports.

The funders and about how much they give are from life (OSIEA, NCPWD); the rest is invented.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from funding.budgets import commands as budgets
from funding.closings import commands as closings
from funding.closings.rules import Wish
from funding.grants import commands as grants
from funding.grants import queries
from funding.grants.commands import Terms
from funding.grants.models import ConditionState, FunderKind
from funding.ledger.rules import Cost, Place
from network.demo import Story

SHILLING = 100
NAIROBI = ZoneInfo("Africa/Nairobi")
VISITORS = 8
"""The month in which more is spent on lunch than was planned, with a word on why."""
Quarters = tuple[int, int, int, int]


@dataclass(frozen=True)
class Given:
    """A grant of a year, in shillings: its lines by quarter, its parts by month."""

    key: str
    name: str
    funder: str
    kind: FunderKind
    purpose: str
    restriction: str
    from_month: int
    lines: Mapping[str, tuple[Cost, Quarters]]
    parts: Mapping[int, tuple[int, str]]
    promise: str
    reports: tuple[int, ...]
    """How many months after its beginning each report's time is over."""

    @property
    def amount(self) -> int:
        return sum(amount for amount, _ in self.parts.values())


GIVEN = (
    Given(
        "osiea", "OSIEA %d", "Open Society Initiative for East Africa", FunderKind.FOUNDATION,
        "Running the group: a hall, people who lead meetings, and what the group wants to change.", "No salaries.", 1,
        {
            "Hall": (Cost.VENUE, (25_000, 25_000, 25_000, 25_000)),
            "Fares and airtime for those who lead meetings": (Cost.FACILITATORS, (43_000, 43_000, 43_000, 43_000)),
            "Tea and lunch": (Cost.REFRESHMENTS, (20_500, 20_500, 20_500, 20_500)),
            "Speaking up: forums and radio": (Cost.ADVOCACY, (40_000, 28_000, 14_000, 14_000)),
            "Training on rights": (Cost.TRAINING, (0, 35_000, 0, 35_000)),
        },
        {1: (280_000, ""), 7: (240_000, "When the report on the first half is in")},
        "Two people count the cash box every quarter.", (6, 12),
    ),
    Given(
        "ncpwd", "NCPWD %d", "National Council for Persons with Disabilities", FunderKind.DISABILITY_FUND,
        "Soap and bead work: tools, stock, and learning to keep books.", "Only for what members make and sell.", 3,
        {
            "Tools and stock": (Cost.LIVELIHOODS, (0, 125_000, 100_000, 0)),
            "Learning to keep books": (Cost.TRAINING, (0, 0, 0, 35_000)),
        },
        {3: (260_000, "")},
        "A list of the tools, signed by two people.", (10,),
    ),
)  # fmt: skip


def at(day: date, hour: int = 15) -> datetime:
    """A moment in Nairobi."""
    return datetime.combine(day, time(hour), NAIROBI)


def begin(story: Story, start: date) -> None:
    """What is agreed with a funder in a month; run inside the group's scope."""
    for given in GIVEN:
        if given.from_month == start.month:
            _write(story, given, start)


def _write(story: Story, given: Given, start: date) -> None:
    halima, now = story.people["Halima"], at(start, 9)
    terms = Terms(
        name=given.name % start.year, funder=given.funder, funder_kind=given.kind, purpose=given.purpose,
        restriction=given.restriction, amount=given.amount * SHILLING, starts_on=start, ends_on=date(start.year, 12, 31),
    )  # fmt: skip
    grant = grants.write_grant(terms, by=halima, now=now)
    if earlier := story.things.get(f"grant {given.key}"):
        story.things.setdefault("grants to close", []).append((earlier, given.key))
    story.things[f"grant {given.key}"] = grant.id
    for month, (amount, condition) in given.parts.items():
        expected_on = date(start.year, month, 3)
        part = grants.add_tranche(
            grant, expected_on=expected_on, amount=amount * SHILLING, condition=condition, by=halima, now=now
        )
        story.things[f"part {given.key} {month}"] = part.id
    promise = grants.add_condition(
        grant, words=given.promise, due_on=start + timedelta(days=180), by=halima, now=now
    )
    story.things[f"promise {given.key}"] = promise.id
    _reports(story, given, start)
    _plan(story, given, start)


def _reports(story: Story, given: Given, start: date) -> None:
    grant, begins = queries.get_grant(story.things[f"grant {given.key}"]), start
    for months in given.reports:
        last = start.month + months - 1
        ends = date(start.year, last, 31 if last == 12 else 30)  # noqa: PLR2004 - both kinds of half year
        due = ends + timedelta(days=31)
        report = grants.add_report_due(
            grant, from_on=begins, to_on=ends, due_on=due, by=story.people["Halima"], now=at(start, 9)
        )
        story.things[f"report {given.key} {ends.month}"] = report.id
        begins = ends + timedelta(days=1)


def _plan(story: Story, given: Given, start: date) -> None:
    halima, now = story.people["Halima"], at(start, 10)
    grant = queries.get_grant(story.things[f"grant {given.key}"])
    budget = budgets.begin_budget(
        grant.fund, starts_on=grant.starts_on, ends_on=grant.ends_on, ceiling=grant.amount, by=halima, now=now
    )
    for words, (cost, by_quarter) in given.lines.items():
        quarters = {
            date(start.year, 1 + 3 * n, 1): amount * SHILLING for n, amount in enumerate(by_quarter) if amount
        }
        budgets.add_line(budget, words=words, cost=cost, amounts=quarters, by=halima, now=now)
    budgets.ask_to_agree(budget, reason="", by=halima, now=now)
    budgets.agree(budget, seen=budget.stamp, by=story.people["Otieno"], now=now)


def receive(story: Story, day: date) -> None:
    """What comes in a month; run inside the group's scope."""
    for given in GIVEN:
        part_id = story.things.pop(f"part {given.key} {day.month}", None)
        if part_id:
            part = queries.get_tranche(part_id)
            grants.receive_tranche(
                part, amount=part.amount, place=Place.BANK, received_on=day, by=story.people["Halima"], now=at(day)
            )  # fmt: skip


def report(story: Story, day: date) -> None:
    """What goes out to funders in a month, and what was promised; run inside the group's scope."""
    halima = story.people["Halima"]
    for given in GIVEN:
        before = (day.month - 2) % 12 + 1
        if report_id := story.things.pop(f"report {given.key} {before}", None):
            grants.mark_sent(queries.get_report_due(report_id), sent_on=day, by=halima, now=at(day))
        if day.month == 7 and (promise_id := story.things.pop(f"promise {given.key}", None)):  # noqa: PLR2004 - July
            grants.settle_condition(
                queries.get_condition(promise_id), state=ConditionState.MET, on=day, words="", by=halima, now=at(day)
            )  # fmt: skip


def close_earlier(story: Story, day: date) -> None:
    """In spring last year's grants are closed: one funder wants the rest back, the other leaves it to the group."""
    halima, otieno, now = story.people["Halima"], story.people["Otieno"], at(day, 16)
    for grant_id, key in story.things.pop("grants to close", []) if day.month == 4 else ():  # noqa: PLR2004 - April
        grant = queries.get_grant(grant_id)
        left = sum(closings.left_at(grant).values())
        goes_back = key == "ncpwd"
        wish = Wish(left if goes_back else 0, Place.BANK, {} if goes_back else {"general": 2, "reserve": 1})
        words = (
            "Asked to give it back, letter of March"
            if goes_back
            else "May stay with the group, letter of March"
        )
        closing = closings.ask_to_close(grant, wish, closes_on=day, words=words, by=halima, now=now)
        closings.agree(closing, by=otieno, now=now)


def fund_for(story: Story, cost: Cost, day: date) -> str | None:
    """Which grant pays for a cost on a day, if one does; the books are learnt from NCPWD's money in the last quarter."""
    for given in reversed(GIVEN):
        names = {its for its, by_quarter in given.lines.values() if by_quarter[(day.month - 1) // 3]}
        grant_id = story.things.get(f"grant {given.key}")
        if grant_id and cost in names:
            grant = queries.get_grant(grant_id)
            if grant.starts_on <= day <= grant.ends_on:
                return grant.fund
    return None
