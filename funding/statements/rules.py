"""Whether a statement adds up, which of its lines are known already, and what of a line names nobody."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from itertools import islice, pairwise

from funding.statements.formats.amounts import shown
from funding.statements.formats.statement import Line, Statement, Status, Told
from funding.statements.models import Details

MOST_PLACES = 20
MOST_LINES = 5000
LARGEST_FILE = 1_500_000
MAY_OVERLAP = timedelta(days=45)
"""So far apart the days may be on which a bank wrote two files with the same line in both."""


class Refusal(StrEnum):
    """Why a statement is not brought, or not taken away."""

    TOO_LARGE = "too_large"
    TOO_MANY_LINES = "too_many_lines"
    OTHER_CURRENCY = "other_currency"
    NOTHING_IN_IT = "nothing_in_it"
    MOBILE_MONEY_SAYS = "mobile_money_says"
    WHICH_ACCOUNT = "which_account"
    SEVERAL_ACCOUNTS = "several_accounts"
    SETTLED_LINES = "settled_lines"
    NAME_TAKEN = "name_taken"


MOBILE_MONEY_FORMATS = frozenset({"mpesa", "mpesa-org", "airtel"})
OWN_REFERENCES = frozenset({"mpesa", "mpesa-org"})
"""Formats whose references are given once and for all, so that not even the day is needed to know a line again."""


_MARKS = tuple(
    re.compile(mark, re.IGNORECASE)
    for mark in (rb"<(?:[\w.-]+:)?Ntry[\s>]", rb"<(?:[\w.-]+:)?TxDtls[\s>]", rb"<STMTTRN[\s>]", rb":61:")
)
"""What a line begins with in the formats that say so."""
ROOM, EACH = 4, 12
"""A CSV may break its lines within a cell; OFX and SWIFT write each of theirs on several."""


def is_too_long(content: bytes) -> bool:
    """Whether a file has more lines than are brought, as far as can be told without reading it."""
    bare = content.replace(b"\x00", b"")
    marked = max(sum(1 for _ in islice(mark.finditer(bare), MOST_LINES + 1)) for mark in _MARKS)
    if marked > MOST_LINES:
        return True
    is_xml = bare.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<")
    broken = max(bare.count(b"\n"), bare.count(b"\r"))
    return not is_xml and broken > ROOM * MOST_LINES + EACH * marked


def why_not_bring(statements: Sequence[Statement], *, place: str, currency: str) -> Refusal | None:
    """A file is brought whole: money of the group's own, from the place somebody named, and not without end."""
    if any(statement.currency != currency for statement in statements):
        return Refusal.OTHER_CURRENCY
    if place != "mobile_money" and any(s.format in MOBILE_MONEY_FORMATS for s in statements):
        return Refusal.MOBILE_MONEY_SAYS
    if sum(len(statement.lines) for statement in statements) > MOST_LINES:
        return Refusal.TOO_MANY_LINES
    if not any(statement.lines or statement.closed_on for statement in statements):
        return Refusal.NOTHING_IN_IT
    return None


_CHARGE = re.compile(
    r"\b(?:charges?|fees?|commission|ledger fee|excise|bank cost|ada|makato|frais)\b", re.IGNORECASE
)
_REVERSAL = re.compile(
    r"\b(?:reversal|reversed|refund|chargeback|storno|rückbuchung|annulation)\b", re.IGNORECASE
)
_INTEREST = re.compile(r"\b(?:interest|zinsen|intérêts?|riba)\b", re.IGNORECASE)


def details_of(text: str) -> Details:
    """What a line is about, as far as its words say it without naming anybody."""
    if _REVERSAL.search(text):
        return Details.REVERSAL
    if _CHARGE.search(text):
        return Details.CHARGE
    if _INTEREST.search(text):
        return Details.INTEREST
    return Details.PAYMENT


_CODE = re.compile(r"(?=[^0-9]*[0-9])[A-Z0-9][A-Z0-9./_-]{2,39}", re.IGNORECASE)
_TELEPHONE = re.compile(r"(?:00|\+)?[0-9]{9,15}")


def is_code(reference: str) -> bool:
    """Whether a reference is a code and nothing else: some payers write their name or number there."""
    return bool(_CODE.fullmatch(reference)) and not _TELEPHONE.fullmatch(re.sub(r"[./_-]", "", reference))


def identity_of(line: Line, *, format_name: str, details: Details) -> str:
    """What tells a line from others of its account, whichever file lists it: receipt, direction and amount, kind; the day
    where receipts may come again; the words where there is no receipt. What failed is never taken for what was booked.

    A day that was borrowed from the file is another in each file, so it counts only where no code tells the line: without
    either, this month's dues would be taken for last month's.
    """
    reference = "".join(line.reference.upper().split())
    parts = [reference, str(line.amount), details.value, "failed" if line.status == Status.FAILED else ""]
    is_told_without_day = format_name in OWN_REFERENCES or (line.is_day_borrowed and is_code(reference))
    if not (reference and is_told_without_day):
        parts.append(line.date.isoformat())
    if not reference:
        parts.append(" ".join(line.text.casefold().split()))
    return "\x1f".join(parts)


def names_columns(columns: Mapping[str, Sequence[str]]) -> bool:
    """Whether remembered columns go by the names of a header; by numbers alone they would fit any file."""
    return not all(name.isdecimal() for names in columns.values() for name in names)


@dataclass
class Known:
    """A line that was brought before: which of its equals it is, and the balances beside it in each statement."""

    occurrence: int
    balances: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class Seen:
    """A line of the file that is being read."""

    key: bytes
    balance: int | None
    may_be_cut: bool
    """Whether it stands on the file's first or last day and without a receipt: its equals may stand outside the file."""


def occurrences(lines: Sequence[Seen], known: Mapping[bytes, Sequence[Known]]) -> list[tuple[int, bool]]:
    """For each line which of its equals it is, and whether that one is known.

    Two that are equal in everything on one day are two. The same balance is the same line; otherwise equals are counted
    off in their order, except where the file may begin or end between them and the balances say that they are others.
    """
    found: list[tuple[int, bool] | None] = [None] * len(lines)
    by_key: dict[bytes, list[int]] = defaultdict(list)
    for place, line in enumerate(lines):
        by_key[line.key].append(place)
    for key, places in by_key.items():
        left = sorted(known.get(key, ()), key=lambda one: one.occurrence)
        highest = left[-1].occurrence if left else 0
        for is_same in (_has_the_balance, _may_be):
            for place in (place for place in places if found[place] is None):
                same = next((one for one in left if is_same(lines[place], one)), None)
                if same:
                    left.remove(same)
                    found[place] = same.occurrence, True
        for place in (place for place in places if found[place] is None):
            highest += 1
            found[place] = highest, False
    return [one for one in found if one]


def _has_the_balance(line: Seen, one: Known) -> bool:
    return line.balance is not None and line.balance in one.balances


def _may_be(line: Seen, one: Known) -> bool:
    return not (line.may_be_cut and line.balance is not None and one.balances)


def warnings(statements: Sequence[Statement]) -> list[list[Told]]:
    """For each statement what whoever reads it should know: what the file itself raised, then what does not add up."""
    told = [[*statement.warnings, *_that_do_not_add_up(statement)] for statement in statements]
    for number, (before, after) in enumerate(pairwise(statements), start=1):
        if _is_next(before, after) and before.closing != after.opening:
            told[number].append(
                Told(
                    "This statement opens with %(opening)s, but statement %(number)s of the same account closes with %(closing)s.",
                    opening=_shown(after.opening, after),
                    number=number,
                    closing=_shown(before.closing, before),
                )
            )
    return told


def moved(statement: Statement) -> int:
    """What the booked movements come to."""
    return sum(line.amount for line in statement.lines if line.status == Status.BOOKED)


def adds_up(statement: Statement) -> bool:
    """Whether opening and movements make closing; a statement that does not tell both says nothing against it."""
    if statement.opening is None or statement.closing is None:
        return True
    return statement.opening + moved(statement) == statement.closing


@dataclass(frozen=True)
class Break:
    """A running balance that does not follow from the one before it and what moved since."""

    place: int
    """Which of the movements, counted from nought."""
    said: int
    follows: int


def breaks(opening: int | None, movements: Iterable[tuple[int, int | None]]) -> Iterator[Break]:
    """Where a running balance does not follow; movements are what is booked, with the balance beside each."""
    before = opening
    for place, (amount, balance) in enumerate(movements):
        follows = None if before is None else before + amount
        if balance is not None and follows is not None and balance != follows:
            yield Break(place, balance, follows)
        before = balance if balance is not None else follows


def _is_next(before: Statement, after: Statement) -> bool:
    return (
        before.account is not None
        and (before.account, before.currency) == (after.account, after.currency)
        and before.closing is not None
        and after.opening is not None
    )


def _that_do_not_add_up(statement: Statement) -> Iterator[Told]:
    opening, closing = statement.opening, statement.closing
    if opening is not None and closing is not None and not adds_up(statement):
        expected = opening + moved(statement)
        yield Told(
            "The statement does not add up: %(opening)s at the opening and the booked movements make %(expected)s, "
            "but it closes with %(closing)s: a difference of %(difference)s.",
            opening=_shown(opening, statement),
            expected=_shown(expected, statement),
            closing=_shown(closing, statement),
            difference=_shown(closing - expected, statement),
        )
    booked = [line for line in statement.lines if line.status == Status.BOOKED]
    places = list(breaks(opening, ((line.amount, line.balance) for line in booked)))
    for found in places[:MOST_PLACES]:
        yield Told(
            "%(place)s: the balance says %(said)s, but %(follows)s follows from what stands before it.",
            place=_where(booked[found.place]),
            said=_shown(found.said, statement),
            follows=_shown(found.follows, statement),
        )
    if len(places) > MOST_PLACES:
        yield Told("In %(count)s more places the balance does not follow.", count=len(places) - MOST_PLACES)


def _where(line: Line) -> str:
    told = [str(part) for part in (line.place, line.reference, line.date.isoformat()) if part]
    return ", ".join(told)


def _shown(amount: int | None, statement: Statement) -> str:
    return f"{statement.currency} {shown(amount or 0, statement.currency)}"
