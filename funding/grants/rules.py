"""Decisions about grants: what may be written and changed, what a grant pays for, what is due, how it stands."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Protocol, Self

from funding.grants.models import ConditionState, FunderKind
from funding.ledger.rules import CHART, AccountKind, Cost, EntryKind, Standing
from funding.ledger.rules import Entry as LedgerEntry
from funding.ledger.rules import Refusal as LedgerRefusal

__all__ = ["ConditionState", "FunderKind"]
LONGEST = timedelta(days=6 * 366)
EARLIEST_YEAR = 2000
SOON = timedelta(days=30)
MOST_TRANCHES = 40
MOST_CONDITIONS = 40
MOST_REPORTS = 60


class Refusal(StrEnum):
    """Why a grant, or a part of it, is not as somebody wants it."""

    ENDS_BEFORE_IT_STARTS = "ends_before_it_starts"
    TOO_LONG = "too_long"
    MONEY_CAME = "money_came"
    SPENT_OUTSIDE = "spent_outside"
    LESS_THAN_PARTS = "less_than_parts"
    CLOSED = "closed"
    TOO_MANY = "too_many"
    MORE_THAN_AWARDED = "more_than_awarded"
    CAME_ALREADY = "came_already"
    NOT_THIS_GRANTS = "not_this_grants"
    SETTLED_ALREADY = "settled_already"
    SENT_ALREADY = "sent_already"
    BEFORE_IT_IS_OVER = "before_it_is_over"
    IN_THE_FUTURE = "in_the_future"


class Terms(Protocol):
    """What is asked of a grant."""

    @property
    def fund(self) -> str: ...
    @property
    def is_restricted(self) -> bool: ...
    @property
    def starts_on(self) -> date: ...
    @property
    def ends_on(self) -> date: ...


def why_not_period(starts_on: date, ends_on: date) -> Refusal | None:
    """A grant ends after it starts, and not in another lifetime."""
    if ends_on < starts_on:
        return Refusal.ENDS_BEFORE_IT_STARTS
    return Refusal.TOO_LONG if ends_on - starts_on > LONGEST or starts_on.year < EARLIEST_YEAR else None


def why_not_change(
    *, is_closed: bool, changes_money: bool, has_moved: bool, spent_outside: bool, parts_over: bool
) -> Refusal | None:
    """Words can be put right; how much and how strictly only while nothing has come, the time not away from what is spent.

    `parts_over`: the parts it is to come in are more than the new whole.
    """
    if is_closed:
        return Refusal.CLOSED
    if changes_money and has_moved:
        return Refusal.MONEY_CAME
    if parts_over:
        return Refusal.LESS_THAN_PARTS
    return Refusal.SPENT_OUTSIDE if spent_outside else None


def why_not_tranche(amount: int, others: Iterable[int], *, awarded: int, is_closed: bool) -> Refusal | None:
    """The parts are never more than the whole."""
    others = list(others)
    if is_closed:
        return Refusal.CLOSED
    if len(others) >= MOST_TRANCHES:
        return Refusal.TOO_MANY
    return Refusal.MORE_THAN_AWARDED if sum(others) + amount > awarded else None


def why_not_receive(*, has_come: bool, is_closed: bool) -> Refusal | None:
    """A part comes once."""
    if is_closed:
        return Refusal.CLOSED
    return Refusal.CAME_ALREADY if has_come else None


def why_not_sent(*, to_on: date, sent_on: date, was_sent: bool, today: date) -> Refusal | None:
    """A report is sent once, when the time it is about is over."""
    if was_sent:
        return Refusal.SENT_ALREADY
    if sent_on > today:
        return Refusal.IN_THE_FUTURE
    return Refusal.BEFORE_IT_IS_OVER if sent_on < to_on else None


PAYS_OUTSIDE = (Cost.GIVEN_BACK,)
"""Costs that are no spending for the purpose: giving back what is left happens when the time is over."""


def costs_of(entry: LedgerEntry, fund: str) -> list[str]:
    """What an entry spends from a fund, by cost; what takes spending back is below nothing, and spends nothing.

    Money that is not there when it is counted was not spent on anything: the book has to say so, and the grant's page does.
    """
    if entry.kind is EntryKind.COUNT:
        return []
    return [
        line.account
        for line in entry.lines
        if line.fund == fund and line.amount > 0
        and CHART[line.account] is AccountKind.EXPENSE and line.account not in PAYS_OUTSIDE
    ]  # fmt: skip


def moves_out(entry: LedgerEntry, fund: str) -> bool:
    """Whether an entry lets money of a fund be for something else. Closing a grant does, and is asked for on its own page."""
    return any(
        line.account == Standing.BETWEEN_FUNDS and line.fund == fund and line.amount > 0
        for line in entry.lines
    )


def why_not_enter(
    entry: LedgerEntry, terms: Terms, allowed: Collection[str], *, is_closing: bool
) -> LedgerRefusal | None:
    """A grant pays for what it was given for, within its time. `allowed` are the costs its budget names, if that binds it."""
    costs = costs_of(entry, terms.fund)
    if terms.is_restricted and not is_closing and moves_out(entry, terms.fund):
        return LedgerRefusal.GRANT_BINDS
    if not costs:
        return None
    if not terms.starts_on <= entry.effective_on <= terms.ends_on:
        return LedgerRefusal.OUTSIDE_GRANT
    if terms.is_restricted and not allowed:
        return LedgerRefusal.NO_BUDGET
    if terms.is_restricted and not set(costs) <= set(allowed):
        return LedgerRefusal.COST_NOT_IN_GRANT
    return None


def kind_received(funder_kind: str) -> EntryKind:
    """What the book calls it when money of such a funder comes in."""
    return EntryKind.SEED if funder_kind == FunderKind.NETWORK else EntryKind.GRANT


@dataclass(frozen=True)
class Standings:
    """How a grant's money stands: what was awarded, what came, what was spent, given back or moved, what is left."""

    awarded: int
    came: int
    spent: int
    given_back: int
    moved: int
    left: int

    @property
    def to_come(self) -> int:
        return max(0, self.awarded - self.came)


def standings(awarded: int, sums: Mapping[str, int]) -> Standings:
    """From what each account of the fund comes to, signed as debit − credit."""
    kinds = {account: CHART[account] for account in sums}
    came = -sum(amount for account, amount in sums.items() if kinds[account] is AccountKind.INCOME)
    opening = -sums.get(Standing.OPENING, 0)
    given_back = sums.get(Cost.GIVEN_BACK, 0)
    spent = (
        sum(amount for account, amount in sums.items() if kinds[account] is AccountKind.EXPENSE) - given_back
    )
    left = sum(amount for account, amount in sums.items() if kinds[account] is AccountKind.ASSET)
    return Standings(awarded, came + opening, spent, given_back, sums.get(Standing.BETWEEN_FUNDS, 0), left)


def is_soon(day: date | None, *, today: date) -> bool:
    """Near its date, or past it."""
    return day is not None and day <= today + SOON


@dataclass(frozen=True)
class Promise:
    """Something the group promised, and how it stands."""

    words: str
    state: str


PLAIN = ("name", "funder", "reference", "purpose", "restriction", "amount", "budget")


@dataclass(frozen=True)
class Telling:
    """What a report says besides the book's sums: kept when it is sent, so that it is shown for ever as it was."""

    name: str
    funder: str
    reference: str
    purpose: str
    restriction: str
    starts_on: date
    ends_on: date
    amount: int
    """The grant in all."""
    budget: int | None
    """The number of the budget in force, if one is agreed."""
    promises: tuple[Promise, ...] = ()
    parts: tuple[tuple[date, int], ...] = ()
    """What came, part by part: when, and how much."""
    closing: tuple[date, str] | None = None
    """The day the grant was closed, and what was agreed about it."""

    def kept(self) -> dict[str, Any]:
        """As it lies in the database."""
        return {
            **{name: getattr(self, name) for name in PLAIN},
            "starts_on": self.starts_on.isoformat(), "ends_on": self.ends_on.isoformat(),
            "promises": [[one.words, one.state] for one in self.promises],
            "parts": [[on.isoformat(), amount] for on, amount in self.parts],
            "closing": [self.closing[0].isoformat(), self.closing[1]] if self.closing else None,
        }  # fmt: skip

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Self:
        """As it was when it was kept."""
        closing = kept["closing"]
        return cls(
            **{name: kept[name] for name in PLAIN},
            starts_on=date.fromisoformat(kept["starts_on"]), ends_on=date.fromisoformat(kept["ends_on"]),
            promises=tuple(Promise(words, state) for words, state in kept["promises"]),
            parts=tuple((date.fromisoformat(on), amount) for on, amount in kept["parts"]),
            closing=(date.fromisoformat(closing[0]), closing[1]) if closing else None,
        )  # fmt: skip
