"""Decisions about returns: how everybody is counted, what is missing, what time one covers, when it can be handed in."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Protocol

SEXES = ("f", "m", "i")
NOT_SAID = "not_said"
ROWS = ("members", "registered", "youth", "older")
"""The rows of the form's table: everybody, registered with a disability, 18 to 35, 60 and over."""
FEWEST_ANSWERS = 5
LIVED = frozenset({"lived", "mixed"})
MOST_DAYS, MOST_DAYS_OF_QUARTER = 800, 100
MOST_COPIES = 6


class Refusal(StrEnum):
    """Why it cannot be done with a return."""

    IS_DRAFT_ALREADY = "is_draft_already"
    NAME_NEEDED = "name_needed"
    NOT_ASKED = "not_asked"
    ENDS_BEFORE = "ends_before"
    TOO_LONG = "too_long"
    NOT_A_QUARTER = "not_a_quarter"
    HANDED_IN = "handed_in"
    NOT_HANDED_IN = "not_handed_in"
    OWN_WORK = "own_work"
    TO_COME = "to_come"
    TOO_EARLY = "too_early"
    TOO_MANY_COPIES = "too_many_copies"
    CHANGED = "changed"
    COUNTED_ALREADY = "counted_already"


class Gap(StrEnum):
    """What a form asks and is not there yet."""

    NUMBER = "number"
    ANSWERS = "answers"
    OFFICERS = "officers"
    PEOPLE = "people"
    RATIO = "ratio"
    MEETINGS = "meetings"
    ASSETS = "assets"
    MONEY = "money"
    OBJECTIVES = "objectives"
    REPORT = "report"


class Row(Protocol):
    """How many of one sex there are, as far as this form asks."""

    @property
    def total(self) -> int: ...
    @property
    def with_disability(self) -> int: ...
    @property
    def youth(self) -> int: ...
    @property
    def older(self) -> int: ...


def matrix(said: Mapping[str, Row], *, left_out: int) -> dict[str, dict[str, int]]:
    """The form's table: each row by what people said about their sex, and how many did not say.

    Whoever asked to be left out is in the number of all members, among those who did not say, and nowhere else.
    """
    rows = {"members": "total", "registered": "with_disability", "youth": "youth", "older": "older"}
    found = {
        row: {code or NOT_SAID: getattr(one, named) for code, one in said.items()}
        for row, named in rows.items()
    }
    found["members"][NOT_SAID] += left_out
    return found


def ratio(answers: Sequence[str]) -> list[int] | None:
    """How many have lived experience of how many who answered, exactly; nothing where that would point at somebody."""
    return [sum(one in LIVED for one in answers), len(answers)] if len(answers) >= FEWEST_ANSWERS else None


def usual(values: Iterable[Any]) -> Any:
    """What occurs most often, the first of those where several do; nothing where there is nothing."""
    counted = Counter(values)
    return max(counted, key=lambda one: counted[one]) if counted else None


def missing(facts: Mapping[str, Any], parts: Collection[str], questions: Collection[str]) -> list[Gap]:
    """What the form asks that nobody has written down, in the order of the form."""
    is_there = {
        Gap.NUMBER: bool(facts["certificate"].get("number")),
        Gap.ANSWERS: all(facts["answers"].get(one) for one in questions),
        Gap.OFFICERS: all(one["member"] for one in facts["officers"] if one["is_needed"]),
        Gap.PEOPLE: not _has_unsaid(facts["people"]),
        Gap.RATIO: bool(facts["people"].get("ratio")),
        Gap.MEETINGS: bool(facts["meetings"]["held"]),
        Gap.ASSETS: bool(facts["assets"]),
        Gap.MONEY: facts["money"] is not None,
        Gap.OBJECTIVES: bool(facts["objectives"]),
        Gap.REPORT: bool(facts["words"]),
    }
    asked = {Gap.NUMBER: "group", Gap.ANSWERS: "group"}
    return [gap for gap, there in is_there.items() if not there and asked.get(gap, gap) in parts]


def _has_unsaid(people: Mapping[str, Any]) -> bool:
    everybody = people.get("matrix", {}).get("members", {})
    return not people or bool(everybody.get(NOT_SAID)) or not sum(everybody.values())


FIRST_YEAR, LAST_YEAR = 1900, 2099


def is_year(typed: str) -> bool:
    """Whether somebody wrote the year of a group's beginning, in digits of any script."""
    return len(typed) == len(str(LAST_YEAR)) and typed.isdecimal() and FIRST_YEAR <= int(typed) <= LAST_YEAR


def quarter_of(day: date) -> date:
    """The first day of the quarter a day lies in."""
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


def quarter_before(day: date) -> tuple[date, date]:
    """The last whole quarter before a day."""
    last = quarter_of(day) - timedelta(days=1)
    return date(last.year, last.month - 2, 1), last


def is_time_for_quarter(today: date) -> bool:
    """The first month of a quarter, in which the report of the last one is thought of."""
    return today.month % 3 == 1


def year_until(day: date) -> tuple[date, date]:
    """The year that ends on a day. The one that ends on 28 February of a leap year began on 1 March."""
    first = day + timedelta(days=1)
    is_leap_day = (first.month, first.day) == (2, 29)
    return date(first.year - 1, 3, 1) if is_leap_day else first.replace(year=first.year - 1), day


def why_not_begin(
    *, start: date, end: date, is_named: bool, is_asked: bool, has_draft: bool, is_quarter: bool = False
) -> Refusal | None:
    """Why a return cannot be begun."""
    if not is_named:
        return Refusal.NAME_NEEDED
    if not is_asked:
        return Refusal.NOT_ASKED
    if end < start:
        return Refusal.ENDS_BEFORE
    if (end - start).days > MOST_DAYS:
        return Refusal.TOO_LONG
    if has_draft:
        return Refusal.IS_DRAFT_ALREADY
    return Refusal.NOT_A_QUARTER if is_quarter and (end - start).days > MOST_DAYS_OF_QUARTER else None


def why_not_hand_in(*, is_draft: bool, start: date, on: date, today: date) -> Refusal | None:
    """Why it was not handed in on this day."""
    if not is_draft:
        return Refusal.HANDED_IN
    if on > today:
        return Refusal.TO_COME
    return Refusal.TOO_EARLY if on < start else None


def why_not_count_anew(*, is_draft: bool, counted_on: date | None, today: date) -> Refusal | None:
    """Why everybody is not counted once more for a draft: two counts in a month would tell what one person answered."""
    if not is_draft:
        return Refusal.HANDED_IN
    return Refusal.COUNTED_ALREADY if is_of_this_month(counted_on, today) else None


def is_of_this_month(counted_on: date | None, today: date) -> bool:
    """Whether a count is as new as one may be."""
    return counted_on is not None and counted_on.replace(day=1) == today.replace(day=1)


def why_not_look_over(*, is_draft: bool, is_own: bool, is_as_read: bool) -> Refusal | None:
    """Somebody else reads it over, while it can still be changed; and what they read is what stands there."""
    if not is_draft:
        return Refusal.HANDED_IN
    if is_own:
        return Refusal.OWN_WORK
    return None if is_as_read else Refusal.CHANGED


def why_not_keep_copy(*, is_draft: bool, already: int) -> Refusal | None:
    """A stamp is on what was handed in."""
    if is_draft:
        return Refusal.NOT_HANDED_IN
    return Refusal.TOO_MANY_COPIES if already >= MOST_COPIES else None
