"""Money's chapter of the demo's story: three years of the Nairobi group's book.

The yearly cost, the two funders and what each gives are from life (about US$ 4,000, OSIEA, NCPWD); the rest is invented.
"""

import random
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from funding import demo_grants
from funding.contributions.commands import agree_amount, save_sheet
from funding.contributions.queries import own_contributions
from funding.contributions.rules import Given
from funding.expenses.commands import record_expense
from funding.income.commands import record_income, record_transfer
from funding.ledger import commands as ledger
from funding.ledger.queries import entries, get_draft, get_entry
from funding.ledger.rules import Cost, EntryKind, Fund, Place
from funding.periods.commands import agree, ask_to_close
from funding.periods.queries import get_change
from funding.receipts.commands import make_receipt
from funding.receipts.queries import get_gift, get_income
from funding.reports.rules import months_after
from funding.welfare import commands as welfare
from funding.welfare.models import Need
from funding.welfare.queries import find_request, get_request
from groups.meetings.queries import find_meeting_in
from network import demo
from network.db import db
from network.demo import Story
from network.tenancy import scope

CHAPTER = 52
MONTHS = 38
SHILLING = 100
NAIROBI = ZoneInfo("Africa/Nairobi")
OPENING = 340_000
GRANTS = {
    1: ("OSIEA, for the first half of the year", 260_000),
    3: ("NCPWD, economic empowerment", 260_000),
    7: ("OSIEA, for the second half of the year", 260_000),
}
MONTHLY = (
    (Cost.VENUE, 8_000, "Hall, two meetings"),
    (Cost.FACILITATORS, 14_000, "Facilitators’ fares and airtime"),
    (Cost.REFRESHMENTS, 6_500, "Tea and lunch"),
)
NOW_AND_THEN = {
    2: (Cost.ADVOCACY, 38_000, "Forum with the county health office"),
    4: (Cost.TRAINING, 31_000, "Two days on rights, hall and trainers"),
    5: (Cost.LIVELIHOODS, 120_000, "Soap and bead work: tools and stock"),
    6: (Cost.ADVOCACY, 24_000, "Radio hour and leaflets"),
    8: (Cost.STATIONERY, 4_200, "Paper, printing the constitution"),
    9: (Cost.LIVELIHOODS, 95_000, "Second round for the soap and bead work"),
    10: (Cost.TRAINING, 29_000, "Training with the county’s trainers"),
    11: (Cost.TRAVEL, 26_000, "Bus to the national meeting"),
    12: (Cost.FEES, 1_300, "Renewing the certificate"),
}
HELPED = {
    5: ("Kip", Need.MEDICINE, 1_500),
    11: ("Achieng", Need.FUNERAL, 2_500),
    17: ("Juma", Need.TRAVEL, 1_200),
    23: ("Kip", Need.MEDICINE, 1_800),
    30: ("Achieng", Need.FUNERAL, 3_000),
    36: ("Juma", Need.MEDICINE, 1_500),
}
AGREED = {1: 100, 20: 120}
"""What the members suggested to give each month, by the month they decided it in."""
ANSWERING = ("Wanjiru", "Halima", "Achieng", "Juma")


def books(story: Story) -> None:
    """Month after month, as the treasurer would have written it."""
    chance = random.Random(1470)  # noqa: S311 - the same invented story each time
    first = months_after(story.now.astimezone(NAIROBI).date(), -MONTHS)
    _begin(story, first)
    for number in range(MONTHS):
        start = months_after(first, number)
        _month(story, chance, start, number)
        if number in HELPED:
            _help(story, start, *HELPED[number])
    _close_what_was_reported(story, months_after(first, MONTHS - 2))
    _what_waits(story)
    _receipts(story)


def _at(day: date, hour: int = 15) -> datetime:
    return datetime.combine(day, time(hour), NAIROBI)


def _begin(story: Story, first: date) -> None:
    halima, now = story.people["Halima"], _at(first, 9)
    with scope.visiting(story.places["nairobi"], halima):
        welfare.decide_share(percent=20, from_on=first, decided_on=first, by=halima, now=now)
        for fund, place, amount in ((Fund.GENERAL, Place.BANK, OPENING), (Fund.RESERVE, Place.CASH, 2_400)):
            record_income(
                kind=EntryKind.OPENING, amount=amount * SHILLING, place=place, fund=fund, received_on=first,
                words="Brought over from the paper book", by=halima, now=now,
            )  # fmt: skip


def _month(story: Story, chance: random.Random, start: date, number: int) -> None:
    halima, month = story.people["Halima"], start.month
    with scope.visiting(story.places["nairobi"], halima):
        _from_funders(story, start)
        record_transfer(
            source=Place.BANK, target=Place.MOBILE_MONEY, amount=29_000 * SHILLING, moved_on=start,
            words="For this month’s costs", by=halima, now=_at(start, 16),
        )  # fmt: skip
        held = find_meeting_in(start, months_after(start, 1))
        meeting = held.day if held else start + timedelta(days=5 + (5 - start.weekday()) % 7)
        save_sheet(
            _given(story, chance, number), received_on=meeting, meeting_id=held.id if held else None, by=halima,
            now=_at(meeting, 17),
        )  # fmt: skip
        if number in AGREED:
            agree_amount(
                amount=AGREED[number] * SHILLING, from_on=months_after(start, 1), decided_on=meeting,
                meeting_id=held.id if held else None, by=halima, now=_at(meeting, 18),
            )  # fmt: skip
        for cost, amount, words in MONTHLY:
            _spend(story, cost, amount - chance.randrange(0, 9) * 50, words, meeting)
        _spend(
            story,
            Cost.REFRESHMENTS,
            500,
            "Fruit for those who could not come",
            meeting,
            place=Place.CASH,
            fund=Fund.WELFARE,
        )
        if month in NOW_AND_THEN:
            _spend(story, *NOW_AND_THEN[month], meeting + timedelta(days=6), place=Place.BANK)
        if month == demo_grants.VISITORS and start.year >= story.now.year - 1:
            words = "Lunch: the county’s visitors stayed for the afternoon"
            _spend(story, Cost.REFRESHMENTS, 5_000, words, meeting + timedelta(days=7), place=Place.BANK)
        if month % 3 == 0:
            _to_the_bank(story, meeting + timedelta(days=9))
        if number == MONTHS - 6:
            _written_twice(story, meeting + timedelta(days=10))


def _from_funders(story: Story, start: date) -> None:
    """At first grants were general money; since last year each has a fund and a budget of its own."""
    if start.year < story.now.year - 1:
        _grant(story, start, start.month)
        return
    demo_grants.report(story, start)
    demo_grants.begin(story, start)
    demo_grants.receive(story, start)
    demo_grants.close_earlier(story, start)


def _grant(story: Story, day: date, month: int) -> None:
    if month in GRANTS:
        words, amount = GRANTS[month]
        record_income(
            kind=EntryKind.GRANT, amount=amount * SHILLING, place=Place.BANK, fund=Fund.GENERAL, received_on=day,
            words=words, by=story.people["Halima"], now=_at(day),
        )  # fmt: skip


def _given(story: Story, chance: random.Random, number: int) -> list[Given]:
    """Some give, some do not, and never the same ones."""
    members = sorted((name, found) for name, found in story.things.items() if name.startswith("member "))
    giving = chance.sample(members, min(len(members), 13 + number % 5))
    return [
        Given(found, chance.choice((Place.CASH, Place.CASH, Place.MOBILE_MONEY)), chance.choice((50, 100, 100, 150, 200)) * SHILLING)
        for _, found in giving
    ]  # fmt: skip


def _spend(
    story: Story, cost: Cost, amount: int, words: str, day: date, *, place: Place = Place.MOBILE_MONEY, fund: Fund = Fund.GENERAL
) -> None:  # fmt: skip
    granted = demo_grants.fund_for(story, cost, day) if fund is Fund.GENERAL else None
    draft_id = record_expense(
        cost=cost, amount=amount * SHILLING, place=place, fund=granted or fund, spent_on=day, words=words, why="More people came than we had thought",
        by=story.people["Halima"], now=_at(day, 18),
    )  # fmt: skip
    ledger.confirm_draft(get_draft(draft_id), by=story.people["Otieno"], now=_at(day, 19))


def _to_the_bank(story: Story, day: date) -> None:
    record_transfer(
        source=Place.CASH, target=Place.BANK, amount=2_000 * SHILLING, moved_on=day, words="Cash taken to the bank",
        by=story.people["Halima"], now=_at(day),
    )  # fmt: skip


def _written_twice(story: Story, day: date) -> None:
    """A mistake, and how it is put right: nothing is erased."""
    halima = story.people["Halima"]
    entry_id = record_income(
        kind=EntryKind.OTHER_INCOME, amount=5_000 * SHILLING, place=Place.CASH, fund=Fund.GENERAL, received_on=day,
        words="Gift from a church, written down twice", by=halima, now=_at(day),
    )  # fmt: skip
    waiting = ledger.draft_reversal(
        get_entry(entry_id), by=halima, reason="It was one gift, not two", now=_at(day, 16)
    )
    ledger.confirm_draft(waiting, by=story.people["Otieno"], now=_at(day, 17))


def _help(story: Story, start: date, name: str, need: Need, amount: int) -> None:
    """Asked, agreed by two, paid by two; then the request is destroyed and the book keeps a code."""
    nairobi, day = story.places["nairobi"], start + timedelta(days=17)
    with scope.visiting(nairobi, story.people[name]):
        request_id = welfare.file_request(
            need=need, amount=amount * SHILLING, words="", by=story.people[name], now=_at(day)
        ).id
    agreeing = _answer(story, request_id, day, without=name)
    with scope.visiting(nairobi, story.people[agreeing]):
        draft_id = welfare.pay_request(
            get_request(request_id), place=Place.MOBILE_MONEY, by=story.people[agreeing], now=_at(day, 19)
        )
        ledger.confirm_draft(get_draft(draft_id), by=story.people["Otieno"], now=_at(day, 20))
        welfare.destroy_what_is_due()


def _answer(story: Story, request_id: UUID, day: date, *, without: str) -> str:
    """The first two of those who decide."""
    said: list[str] = []
    for name in ANSWERING:
        if name == without or len(said) == 2:  # noqa: PLR2004 - two decide
            continue
        with scope.visiting(story.places["nairobi"], story.people[name]):
            if request := find_request(request_id):
                welfare.answer_request(request, by=story.people[name], agrees=True, now=_at(day, 18))
                said.append(name)
    return said[-1]


def _close_what_was_reported(story: Story, first_open: date) -> None:
    """The months that the members have heard about are closed; the last two are still open."""
    nairobi, now = story.places["nairobi"], story.now - timedelta(days=3)
    with scope.visiting(nairobi, story.people["Halima"]):
        change_id = ask_to_close(first_open - timedelta(days=1), by=story.people["Halima"], now=now).id
    with scope.visiting(nairobi, story.people["Otieno"]):
        agree(get_change(change_id), by=story.people["Otieno"], now=now)


def _what_waits(story: Story) -> None:
    """Today: a payment for a second person, and a request to decide."""
    halima, day = story.people["Halima"], story.now.astimezone(NAIROBI).date() - timedelta(days=1)
    with scope.visiting(story.places["nairobi"], halima):
        record_expense(
            cost=Cost.VENUE, amount=4_000 * SHILLING, place=Place.BANK, fund=Fund.GENERAL, spent_on=day,
            words="Hall for the extra meeting", by=halima, now=story.now,
        )  # fmt: skip
    with scope.visiting(story.places["nairobi"], story.people["Kip"]):
        welfare.file_request(
            need=Need.MEDICINE, amount=1_200 * SHILLING, words="The clinic asks for this before Friday.", by=story.people["Kip"], now=story.now
        )  # fmt: skip


def _receipts(story: Story) -> None:
    """For each funder's money, and for one member who asked."""
    halima = story.people["Halima"]
    with scope.visiting(story.places["nairobi"], halima):
        for entry in list(db.session.scalars(entries()))[::-1]:
            if entry.kind == EntryKind.GRANT:
                make_receipt(get_income(entry.id), by=halima, now=entry.recorded_at + timedelta(hours=1))
    with scope.visiting(story.places["nairobi"], story.people["Kip"]):
        given = own_contributions(story.things["member Kip"])
        latest = max(given, key=lambda one: one.sheet.received_on)
        make_receipt(get_gift(latest.sheet_id, latest.member_id), by=story.people["Kip"], now=story.now)


def init_app() -> None:
    """Add the chapter."""
    demo.register(CHAPTER, books)
