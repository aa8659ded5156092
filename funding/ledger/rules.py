"""What an entry in the book must be, before the database is asked to believe it."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from funding.ledger.models import AccountKind, DraftState, EntryKind, Fund, FundKind

__all__ = [
    "AccountKind",
    "DraftState",
    "EntryKind",
    "Fund",
    "FundKind",
]  # the codes, for packages that must not touch the tables


class Place(StrEnum):
    """Where money lies."""

    CASH = "cash"
    MOBILE_MONEY = "mobile_money"
    BANK = "bank"


class Source(StrEnum):
    """Where money comes from."""

    CONTRIBUTIONS = "contributions"
    GRANTS = "grants"
    OTHER_INCOME = "other_income"
    SEED = "seed"
    COUNTED_MORE = "counted_more"


class Cost(StrEnum):
    """What money is spent on."""

    VENUE = "venue"
    FACILITATORS = "facilitators"
    ADVOCACY = "advocacy"
    TRAINING = "training"
    LIVELIHOODS = "livelihoods"
    TRAVEL = "travel"
    REFRESHMENTS = "refreshments"
    STATIONERY = "stationery"
    FEES = "fees"
    OTHER_COSTS = "other_costs"
    HARDSHIP = "hardship"
    ONWARD_GRANTS = "onward_grants"
    GIVEN_BACK = "given_back"
    COUNTED_LESS = "counted_less"


STANDING_FUNDS: Mapping[str, tuple[Fund, ...]] = {"group": tuple(Fund), "office": (Fund.GENERAL,)}
"""The funds that are always there, by the kind of place that keeps the book: an office has no welfare fund."""


class Standing(StrEnum):
    """Accounts that are neither a place, a source nor a cost."""

    OPENING = "opening"
    BETWEEN_FUNDS = "between_funds"


CHART: Mapping[str, AccountKind] = {
    **dict.fromkeys(Place, AccountKind.ASSET),
    **dict.fromkeys(Source, AccountKind.INCOME),
    **dict.fromkeys(Cost, AccountKind.EXPENSE),
    **dict.fromkeys(Standing, AccountKind.EQUITY),
}
"""Every account there is, with its kind; a group's book opens each when it is first used."""


class Refusal(StrEnum):
    """Why something is not written in the book, or not yet."""

    NOT_ENOUGH_IN_PLACE = "not_enough_in_place"
    NOT_ENOUGH_IN_FUND = "not_enough_in_fund"
    IN_THE_FUTURE = "in_the_future"
    TOO_LONG_AGO = "too_long_ago"
    NOTHING = "nothing"
    SAME_PLACE = "same_place"
    SAME_FUND = "same_fund"
    OWN_SECOND = "own_second"
    NOT_AN_OFFICER = "not_an_officer"
    ABOUT_THEMSELVES = "about_themselves"
    REQUEST_GONE = "request_gone"
    DECIDED_ALREADY = "decided_already"
    CONDITION_NOT_MET = "condition_not_met"
    REVERSED_ALREADY = "reversed_already"
    IS_A_REVERSAL = "is_a_reversal"
    KEY_USED_OTHERWISE = "key_used_otherwise"
    PERIOD_CLOSED = "period_closed"
    BOOK_STOPPED = "book_stopped"
    FUND_CLOSED = "fund_closed"
    FUND_NOT_EMPTY = "fund_not_empty"
    OUTSIDE_GRANT = "outside_grant"
    COST_NOT_IN_GRANT = "cost_not_in_grant"
    NO_LINE = "no_line"
    NO_BUDGET = "no_budget"
    GRANT_BINDS = "grant_binds"


LONGEST_AGO = timedelta(days=366)
GENESIS = bytes(32)
"""What the first entry of a book has before it."""


@dataclass(frozen=True, order=True)
class Line:
    """One leg: plus is debit (a place holds more, a cost grows), minus is credit."""

    account: str
    fund: str
    amount: int


@dataclass(frozen=True)
class Entry:
    """Something to be written in the book."""

    kind: EntryKind
    effective_on: date
    lines: tuple[Line, ...]
    memo: str = ""
    """Words for people; kept beside the book, so that they can be erased and the book still holds."""
    code: str | None = None
    """A short code in place of a person."""
    reverses: UUID | None = None
    key: UUID | None = None
    """Chosen by whoever posts, so that posting again posts nothing."""


@dataclass(frozen=True)
class Confirmed:
    """What waited for a second person and stands in the book now, for packages that wrote it down."""

    draft_id: UUID
    entry_id: UUID
    effective_on: date
    reverses: UUID | None


class UnbalancedEntry(Exception):
    """A mistake in the program, never in what somebody typed."""


@dataclass(frozen=True)
class Shortage:
    """How much there is where more was wanted."""

    refusal: Refusal
    name: str
    there: int


def tidy(lines: Iterable[Line]) -> tuple[Line, ...]:
    """One line for each account and fund, nothing that comes to nothing, always in the same order."""
    sums: Counter[tuple[str, str]] = Counter()
    for line in lines:
        sums[line.account, line.fund] += line.amount
    return tuple(Line(account, fund, amount) for (account, fund), amount in sorted(sums.items()) if amount)


def require_balance(lines: Iterable[Line]) -> None:
    """Raise `UnbalancedEntry` unless every fund adds up to nothing and every account is known."""
    sums: Counter[str] = Counter()
    for line in lines:
        if line.account not in CHART:
            raise UnbalancedEntry(f"{line.account} is not an account")
        sums[line.fund] += line.amount
    if not sums or any(sums.values()):
        raise UnbalancedEntry("each fund has to add up to nothing")


def moved(source: str, target: str, fund: str, amount: int) -> tuple[Line, Line]:
    """An amount goes from one account to another within a fund."""
    return Line(target, fund, amount), Line(source, fund, -amount)


def moved_between_funds(place: str, source: str, target: str, amount: int) -> tuple[Line, ...]:
    """An amount at a place is for something else from now on; each fund shows that it came from or went to another."""
    return (
        *moved(place, Standing.BETWEEN_FUNDS, source, amount),
        *moved(Standing.BETWEEN_FUNDS, place, target, amount),
    )


def share_out(amount: int, weights: Mapping[str, int], *, order: str) -> dict[str, int]:
    """Split an amount (0 or more) by weights, so that the parts always add up to it.

    Each gets its share rounded down; what is left goes out one minor unit at a time to the largest remainders. Equal
    remainders are ordered by a hash over `order` (such as the entry's key), so nobody is always first.
    """
    whole = sum(weights.values())
    if amount < 0 or whole <= 0 or min(weights.values()) < 0:
        raise ValueError("an amount of nothing or more, by weights that come to more than nothing")
    parts = {name: amount * weight // whole for name, weight in weights.items()}
    left = amount - sum(parts.values())
    by_remainder = sorted(
        weights,
        key=lambda name: (
            -(amount * weights[name] % whole),
            hashlib.sha256(f"{order} {name}".encode()).digest(),
        ),
    )
    for name in by_remainder[:left]:
        parts[name] += 1
    return parts


SPREAD = frozenset({EntryKind.TRANSFER, EntryKind.BETWEEN_FUNDS})
"""What moves within the group: which funds, or which places, it takes along follows from what there is at that moment."""


def says_the_same(kind: EntryKind, lines: Iterable[Line], others: Iterable[Line]) -> bool:
    """Whether two writings of an entry move the same; within the group that is how much each place and fund gives and gets."""
    lines, others = tidy(lines), tidy(others)
    return lines == others or (kind in SPREAD and _moved_in(lines) == _moved_in(others))


def _moved_in(lines: Iterable[Line]) -> Mapping[tuple[str, str], int]:
    sums: Counter[tuple[str, str]] = Counter()
    for line in lines:
        if CHART[line.account] is AccountKind.ASSET:
            sums["place", line.account] += line.amount
            sums["fund", line.fund] += line.amount
    return {key: amount for key, amount in sums.items() if amount}


def mirrored(lines: Iterable[Line]) -> tuple[Line, ...]:
    """The same with every sign turned: what takes an entry back."""
    return tuple(Line(line.account, line.fund, -line.amount) for line in lines)


def why_not_on(day: date, *, today: date) -> Refusal | None:
    """Money is written down on the day it moved, up to a year back."""
    if day > today:
        return Refusal.IN_THE_FUTURE
    if day < today - LONGEST_AGO:
        return Refusal.TOO_LONG_AGO
    return None


def why_not_in_book(day: date, *, closed_through: date | None, is_stopped: bool) -> Refusal | None:
    """Nothing is written into a month that is closed, nor into a book that does not add up."""
    if is_stopped:
        return Refusal.BOOK_STOPPED
    return Refusal.PERIOD_CLOSED if closed_through and day <= closed_through else None


def takes_from_a_place(lines: Iterable[Line]) -> bool:
    """Whether a place or a fund holds less afterwards."""
    return any(CHART[line.account] is AccountKind.ASSET and line.amount < 0 for line in lines)


def find_shortage(lines: Iterable[Line], there: Mapping[tuple[str, str], int]) -> Shortage | None:
    """What there is not enough of: no place and no fund can hold less than nothing.

    `there` is what each place holds for each fund. A place and a fund count as wholes: notes in a box do not say
    which fund they belong to.
    """
    lines = [line for line in lines if CHART[line.account] is AccountKind.ASSET]
    for attribute, refusal in (
        ("account", Refusal.NOT_ENOUGH_IN_PLACE),
        ("fund", Refusal.NOT_ENOUGH_IN_FUND),
    ):
        change: Counter[str] = Counter()
        for line in lines:
            change[getattr(line, attribute)] += line.amount
        for name, amount in sorted(change.items()):
            held = _held(there, name, by_fund=attribute == "fund")
            if amount < 0 and held + amount < 0:
                return Shortage(refusal, name, held)
    return None


def held_in_funds(there: Mapping[tuple[str, str], int], *, kind: str = "group") -> dict[str, int]:
    """What each fund holds: the standing ones of the place always, a grant's fund while there is money in it."""
    standing = STANDING_FUNDS[kind]
    sums: Counter[str] = Counter(dict.fromkeys(standing, 0))
    for (_place, fund), amount in sorted(there.items()):
        sums[fund] += amount
    return {fund: amount for fund, amount in sums.items() if amount or fund in set(standing)}


def sides(there: Mapping[tuple[str, str], int]) -> dict[AccountKind, list[Line]]:
    """What stands on each account and fund that is no place, by what kind it is, as an amount that grew: what came in
    since the book began, what went out, and what was there before or moved between funds.
    """
    found: dict[AccountKind, list[Line]] = {kind: [] for kind in AccountKind if kind is not AccountKind.ASSET}
    for (account, fund), amount in sorted(there.items()):
        if (kind := CHART[account]) in found:
            found[kind].append(Line(account, fund, amount if kind is AccountKind.EXPENSE else -amount))
    return found


def _held(there: Mapping[tuple[str, str], int], name: str, *, by_fund: bool) -> int:
    return sum(amount for (place, fund), amount in there.items() if name == (fund if by_fund else place))


def spread(amount: int, there: Mapping[str, int], *, otherwise: str) -> dict[str, int]:
    """Which parts an amount is taken from: the fullest first; the first takes what none has, `otherwise` where there is none.

    Which funds' money goes along when an amount moves between two places, or at which places a fund gives it.
    """
    parts: dict[str, int] = {}
    order = sorted(there, key=lambda part: (-there[part], part)) or [otherwise]
    for name in order:
        part = min(amount, max(0, there.get(name, 0)))
        if part:
            parts[name] = part
            amount -= part
    if amount:
        parts[order[0]] = parts.get(order[0], 0) + amount
    return parts


def why_not_second(*, second: UUID, first: UUID, is_officer: bool) -> Refusal | None:
    """The second person is somebody else, and holds an office here now."""
    if second == first:
        return Refusal.OWN_SECOND
    return None if is_officer else Refusal.NOT_AN_OFFICER


@dataclass(frozen=True)
class Written:
    """An entry as it stands in the book: exactly what its seal covers."""

    group_id: UUID
    number: int
    id: UUID
    kind: str
    currency: str
    effective_on: date
    recorded_at: datetime
    recorded_by: UUID
    confirmed_by: UUID | None
    code: str | None
    reverses: UUID | None
    memo_hash: bytes | None
    previous_hash: bytes
    lines: tuple[Line, ...] = field(default_factory=tuple)


def replace_lines(written: Written, lines: Iterable[Line]) -> Written:
    """The same entry with these legs."""
    return replace(written, lines=tuple(lines))


def seal(written: Written) -> bytes:
    """The hash over an entry and the seal of the one before, so that a change anywhere shows from there on."""
    content = [
        str(written.group_id), written.number, str(written.id), written.kind, written.currency,
        written.effective_on.isoformat(), round(written.recorded_at.timestamp() * 1_000_000),
        str(written.recorded_by), str(written.confirmed_by or ""), written.code or "", str(written.reverses or ""),
        (written.memo_hash or b"").hex(), written.previous_hash.hex(),
        sorted([line.account, line.fund, line.amount] for line in written.lines),
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(content, ensure_ascii=True, separators=(",", ":")).encode()).digest()


def memo_hash(salt: bytes, words: str) -> bytes:
    """What the chain keeps of a memo: without its salt, which is erased with it, the words cannot be guessed."""
    return hashlib.sha256(salt + words.encode()).digest()


def short_seal(whole: bytes) -> str:
    """A seal as somebody can read it out or write it down."""
    text = whole.hex()[:12]
    return f"{text[:4]} {text[4:8]} {text[8:]}"


def faults_of(
    written: Written, *, number: int, previous: bytes, currency: str, reversed_: Written | None
) -> list[str]:
    """What is wrong with an entry that stands in the book, in words for whoever looks after it."""
    by_fund: Counter[str] = Counter()
    for line in written.lines:
        by_fund[line.fund] += line.amount
    asked = {
        "its number does not follow": written.number != number,
        "it does not follow the entry before it": written.previous_hash != previous,
        "it is not in the group's money": written.currency != currency,
        "it has fewer than two legs": len(written.lines) < 2,  # noqa: PLR2004 - double entry
        "it does not add up to nothing": any(by_fund.values()),
        "it takes back an entry that is not there": written.reverses is not None and reversed_ is None,
        "it does not take its entry back whole": reversed_ is not None
        and tidy(written.lines) != tidy(mirrored(reversed_.lines)),
    }
    return [words for words, is_wrong in asked.items() if is_wrong]
