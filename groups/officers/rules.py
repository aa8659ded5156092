"""Decisions about offices: what a new group's constitution says, when a term is over, which seat is free."""

import calendar
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

SOON = timedelta(days=60)
"""So long before terms are over the group is reminded to call its election."""


class Method(StrEnum):
    """How an office is filled."""

    ELECTED = "elected"
    APPOINTED = "appointed"


class CountingRule(StrEnum):
    """How votes become seats."""

    FIRST_PAST_THE_POST = "first_past_the_post"
    BLOCK_VOTE = "block_vote"
    APPROVAL = "approval"
    SCOTTISH_STV = "scottish_stv"


@dataclass(frozen=True)
class Office:
    """An office as the constitution describes it."""

    code: str
    seats: int
    months: int
    method: Method
    rule: CountingRule | None = None
    """How votes become seats, where the constitution says; else by how many seats there are."""

    def as_json(self) -> dict[str, Any]:
        told = {"code": self.code, "seats": self.seats, "months": self.months, "method": str(self.method)}
        return told | ({"rule": str(self.rule)} if self.rule else {})


@dataclass(frozen=True)
class Articles:
    """What a constitution says that this service acts on."""

    offices: tuple[Office, ...]
    quorum_percent: int
    notice_days: int
    version: int = 0
    adopted_on: date | None = None

    def office(self, code: str) -> Office | None:
        return next((office for office in self.offices if office.code == code), None)

    @property
    def elected(self) -> tuple[Office, ...]:
        return tuple(office for office in self.offices if office.method == Method.ELECTED)

    @property
    def appointed(self) -> tuple[Office, ...]:
        return tuple(office for office in self.offices if office.method == Method.APPOINTED)


TEMPLATE = Articles(
    offices=(
        Office("chairperson", 1, 12, Method.ELECTED),
        Office("secretary", 1, 12, Method.ELECTED),
        Office("treasurer", 1, 12, Method.ELECTED),
        Office("committee", 3, 12, Method.ELECTED),
        Office("facilitator", 2, 12, Method.APPOINTED),
    ),
    quorum_percent=50,
    notice_days=14,
)
"""What holds until a group adopts something else."""


class Refusal(StrEnum):
    """Why somebody cannot be given an office, or lose it."""

    NOT_A_MEMBER = "not_a_member"
    NO_SUCH_OFFICE = "no_such_office"
    NO_FREE_SEAT = "no_free_seat"
    HOLDS_IT_ALREADY = "holds_it_already"
    ELECTED_ONLY = "elected_only"


def read_offices(stored: Iterable[Mapping[str, Any]]) -> tuple[Office, ...]:
    """Offices as they stand in the database."""
    return tuple(
        Office(
            row["code"], row["seats"], row["months"], Method(row["method"]),
            CountingRule(row["rule"]) if row.get("rule") else None,
        )
        for row in stored
    )  # fmt: skip


def rule_for(said: CountingRule | None, *, seats: int) -> CountingRule:
    """How votes become these seats: as the constitution says, else one seat by most votes and several by order of preference.

    One seat and several marks would be no block vote, and several seats no first past the post.
    """
    several = CountingRule.SCOTTISH_STV if said is None else CountingRule.BLOCK_VOTE
    if seats == 1:
        return CountingRule.FIRST_PAST_THE_POST if said in {None, CountingRule.BLOCK_VOTE} else said
    return several if said in {None, CountingRule.FIRST_PAST_THE_POST} else said


def months_later(day: date, months: int) -> date:
    """The same day so many months on, or the month's last day where there is no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def free_seats(seats: int, taken: Iterable[int]) -> list[int]:
    """The seats of an office that nobody holds, the first one first."""
    held = set(taken)
    return [seat for seat in range(1, seats + 1) if seat not in held]


def is_election_due(today: date, *, due_on: Sequence[date]) -> bool:
    """Whether the yearly election should be called: the first term is nearly over, or nobody was ever elected."""
    return not due_on or min(due_on) - today <= SOON
