"""Decisions about offices: what a new group's constitution says, when a term is over, which seat is free."""

import calendar
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from groups.officers.models import Majority

__all__ = ["Majority"]
OWN = "own:"
"""What the code of an office begins with that only this group has, so that it can never be mistaken for a role of ours."""
MOST_PROPOSALS = 20
NEEDED = frozenset({"chairperson", "secretary", "treasurer"})
"""Offices every group has: much here is done by whoever holds them."""
SOON = timedelta(days=60)
"""So long before terms are over the group is reminded to call its election."""
TO_SPARE, PRESSING = timedelta(days=30), timedelta(days=14)
RUN_ELECTIONS = frozenset({"chairperson", "secretary"})


class Method(StrEnum):
    """How an office is filled."""

    ELECTED = "elected"
    APPOINTED = "appointed"
    NOMINATED = "nominated"


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
    challenge_days: int = 7
    voting_after_days: int = 0
    amend_majority: Majority = Majority.TWO_THIRDS
    fills_rest: bool = True
    """Whether whoever comes in by a by-election stays for the rest of the running term only."""
    version: int = 0
    adopted_on: date | None = None

    def office(self, code: str) -> Office | None:
        return next((office for office in self.offices if office.code == code), None)

    @property
    def elected(self) -> tuple[Office, ...]:
        return tuple(office for office in self.offices if office.method == Method.ELECTED)

    @property
    def one_each(self) -> frozenset[str]:
        """Of these a person holds one: whoever is elected gives up the others, and nobody judges disputes beside an elected office."""
        return frozenset(office.code for office in self.offices if office.method != Method.APPOINTED)

    @property
    def not_elected(self) -> tuple[Office, ...]:
        """Offices the members give without an election."""
        return tuple(office for office in self.offices if office.method != Method.ELECTED)

    @property
    def appointed(self) -> tuple[Office, ...]:
        """Of these, the ones for which nobody has to be named by others."""
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
TEMPLATES = MappingProxyType(
    {
        "generic": TEMPLATE,
        "kenya": replace(TEMPLATE, offices=(*TEMPLATE.offices, Office("disputes", 3, 12, Method.NOMINATED))),
    }
)
"""By the country profile a network chose. Kenya's registrar asks for a committee for disputes, named by fellow members."""


class Refusal(StrEnum):
    """Why somebody cannot be given an office, or lose it."""

    NOT_A_MEMBER = "not_a_member"
    NO_SUCH_OFFICE = "no_such_office"
    NO_FREE_SEAT = "no_free_seat"
    HOLDS_IT_ALREADY = "holds_it_already"
    ELECTED_ONLY = "elected_only"
    HOLDS_ELECTED = "holds_elected"
    TOO_MANY_PROPOSALS = "too_many_proposals"
    OFFICE_NEEDED = "office_needed"
    OFFICE_TWICE = "office_twice"


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


def is_election_due(today: date, *, due_on: Sequence[date], notice_days: int = 0) -> bool:
    """Whether the yearly election should be called: the first term is nearly over, or nobody was ever elected.

    Early enough for everybody to be told as the constitution asks, with a month to spare.
    """
    return not due_on or min(due_on) - today <= max(SOON, timedelta(days=notice_days) + TO_SPARE)


def is_pressing(today: date, *, due_on: Sequence[date], notice_days: int) -> bool:
    """Whether the election has to be called about now for the notice to be over before the first term is."""
    return bool(due_on) and min(due_on) - today <= timedelta(days=notice_days) + PRESSING


def rest_of_term(last_due: date | None, *, held_on: date, fills_rest: bool) -> date | None:
    """The day on which the term of whoever comes in by a by-election is over; nothing where it is a whole one."""
    return last_due if fills_rest and last_due and last_due > held_on else None


def empty_seats(
    offices: Iterable[Office], *, held: Sequence[str], being_filled: Collection[str]
) -> dict[str, int]:
    """How many seats of which elected office nobody holds, leaving out offices an election is already called for."""
    return {
        office.code: office.seats - held.count(office.code)
        for office in offices
        if office.method == Method.ELECTED
        and office.code not in being_filled
        and office.seats > held.count(office.code)
    }


def who_calls(
    held: Iterable[tuple[str, uuid.UUID]], *, elected: Collection[str]
) -> frozenset[uuid.UUID] | None:
    """Accounts that call an election: chairperson and secretary; where both are missing any elected officer; else every member.

    `held` are offices with the accounts of whoever is in them. Nothing means everybody.
    """
    found = list(held)
    runs = frozenset(account for office, account in found if office in RUN_ELECTIONS)
    others = frozenset(account for office, account in found if office in elected)
    return runs or others or None


def why_not_give(office: Office | None, *, holds: Iterable[str], elected: Iterable[str]) -> Refusal | None:
    """Why somebody cannot be given this office without an election.

    Who looks at disputes is named by fellow members and holds no elected office beside it.
    """
    if office is None or office.method == Method.ELECTED:
        return Refusal.ELECTED_ONLY
    is_elected = not set(holds).isdisjoint(elected)
    return Refusal.HOLDS_ELECTED if office.method == Method.NOMINATED and is_elected else None


def why_not_begin_again(
    articles: Articles,
    code: str,
    seat: int,
    *,
    is_present: bool,
    taken: Iterable[int],
    holds: Collection[str],
) -> Refusal | None:
    """Why a term ended by a result that fell does not begin again: they left, somebody has the seat, or they have another office."""
    office = articles.office(code)
    if office is None:
        return Refusal.NO_SUCH_OFFICE
    if not is_present:
        return Refusal.NOT_A_MEMBER
    if seat not in free_seats(office.seats, taken):
        return Refusal.NO_FREE_SEAT
    if code in holds:
        return Refusal.HOLDS_IT_ALREADY
    is_alone = code in articles.one_each and not articles.one_each.isdisjoint(holds)
    return Refusal.HOLDS_ELECTED if is_alone else None


def why_not_propose(articles: Articles, *, waiting: int) -> Refusal | None:
    """Why this cannot be put before the members."""
    codes = [office.code for office in articles.offices]
    if not NEEDED.issubset(codes):
        return Refusal.OFFICE_NEEDED
    if len(set(codes)) < len(codes):
        return Refusal.OFFICE_TWICE
    return Refusal.TOO_MANY_PROPOSALS if waiting >= MOST_PROPOSALS else None


def needed_majority(majority: Majority, votes_for: int, votes_against: int) -> bool:
    """Whether enough of those who said yes or no said yes. The database keeps the same sum."""
    said = votes_for + votes_against
    if majority == Majority.HALF:
        return votes_for > votes_against
    if majority == Majority.TWO_THIRDS:
        return votes_for * 3 >= said * 2 and votes_for > 0
    return votes_for * 4 >= said * 3 and votes_for > 0
