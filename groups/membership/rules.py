"""Decisions about members: which nicknames can be added, what a month's word is, when it may be counted."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import count

from groups.consents.models import Purpose
from groups.membership.models import (
    LONGEST_NICKNAME,
    AgeBand,
    CompositionWord,
    DisabilityRegistered,
    LivedExperience,
    Sex,
    folded,
)

KEPT = (
    Purpose.CONTACT,
    Purpose.LANGUAGE,
    Purpose.LIVED_EXPERIENCE,
    Purpose.AGE_BAND,
    Purpose.SEX,
    Purpose.DISABILITY_REGISTERED,
)
"""What a member may tell that is kept as a value; each is called as its column."""
MOST_AT_ONCE = 60
FEWEST_ANSWERS = 5
FEWEST_CHANGES = 3
"""So many people's answers have to come or go before the word of a month may be another."""
DAYS_OF_TURN = 7
"""So many days the periodic count may be late, after the machine stood still."""
ROOM_TO_SPARE = 10
"""So many percentage points above the rule count as well above it."""


class Refusal(StrEnum):
    """Why this cannot be done with members."""

    NAME_TAKEN = "name_taken"
    NAME_TWICE = "name_twice"
    NAME_TOO_LONG = "name_too_long"
    NAME_UNREADABLE = "name_unreadable"
    TOO_MANY = "too_many"
    NOBODY_NAMED = "nobody_named"
    ACCOUNT_HERE_ALREADY = "account_here_already"
    MEMBER_HAS_SIGN_IN = "member_has_sign_in"
    HAS_LEFT = "has_left"
    COUNTED_ALREADY = "counted_already"
    TOO_FEW_ANSWERS = "too_few_answers"
    NO_RULE = "no_rule"


@dataclass(frozen=True)
class BadLine:
    """A line that cannot be added, with its number as people count."""

    number: int
    text: str
    refusal: Refusal


def names_in(text: str) -> list[tuple[int, str]]:
    """The nicknames in a text, a line each, with the number of the line; empty lines are passed over."""
    lines = ((number, " ".join(line.split())) for number, line in enumerate(text.splitlines(), start=1))
    return [(number, name) for number, name in lines if name]


def bad_lines(names: Sequence[tuple[int, str]], *, taken: set[str]) -> list[BadLine]:
    """Every line that cannot be added, not only the first, so that one look puts all of them right."""
    times = Counter(folded(name) for _, name in names)
    seen: set[str] = set()
    found = []
    for number, name in names:
        key = folded(name)
        refusal = why_not_name(name, taken=taken)
        if refusal is None and times[key] > 1 and key in seen:
            refusal = Refusal.NAME_TWICE
        seen.add(key)
        if refusal:
            found.append(BadLine(number, name[:LONGEST_NICKNAME], refusal))
    return found


def why_not_name(name: str, *, taken: set[str]) -> Refusal | None:
    """Why somebody cannot be called this here."""
    if len(name) > LONGEST_NICKNAME:
        return Refusal.NAME_TOO_LONG
    if not any(letter.isalnum() for letter in name):
        return Refusal.NAME_UNREADABLE
    return Refusal.NAME_TAKEN if folded(name) in taken else None


def free_nickname(wanted: str, *, is_taken: Callable[[str], bool]) -> str:
    """A nickname as wanted, with a number where somebody here has it already."""
    base = " ".join(wanted.split())[: LONGEST_NICKNAME - 4]
    if why_not_name(base, taken=set()):
        base = "1"
    numbered = (f"{base} {number}" for number in count(2))
    return base if not is_taken(base) else next(name for name in numbered if not is_taken(name))


def month_of(day: date) -> date:
    """The month a day belongs to."""
    return day.replace(day=1)


def is_months_turn(day: date) -> bool:
    """Whether the month is new enough for the periodic count."""
    return day.day <= DAYS_OF_TURN


def composition_word(answers: Sequence[str], *, minimum: int) -> CompositionWord | None:
    """One word for all who answered; `None` where too few did to speak of them without pointing at one.

    Exact arithmetic: somebody with lived experience who also cares for somebody counts as having it.
    """
    if len(answers) < FEWEST_ANSWERS:
        return None
    hundredfold = 100 * sum(answer in {LivedExperience.LIVED, LivedExperience.BOTH} for answer in answers)
    if hundredfold < minimum * len(answers):
        return CompositionWord.BELOW
    spared = min(minimum + ROOM_TO_SPARE, 100)
    return CompositionWord.WELL_ABOVE if hundredfold >= spared * len(answers) else CompositionWord.NEAR


def is_carried_on(*, changed: int, minimum: int, earlier_minimum: int) -> bool:
    """Whether the earlier word stands: were it counted anew after one or two, it would tell what they answered."""
    return minimum == earlier_minimum and changed < FEWEST_CHANGES


def why_not_count(*, minimum: int, is_counted: bool, answers: int) -> Refusal | None:
    """Why this month's word cannot be counted now. Once a month: a count after each newcomer would tell what they answered."""
    if minimum <= 0:
        return Refusal.NO_RULE
    if is_counted:
        return Refusal.COUNTED_ALREADY
    return Refusal.TOO_FEW_ANSWERS if answers < FEWEST_ANSWERS else None


@dataclass(frozen=True)
class MatrixRow:
    """How many of one sex there are on the return's table; `sex` is empty for all who did not say."""

    sex: str
    total: int = 0
    with_disability: int = 0
    under: int = 0
    youth: int = 0
    adult: int = 0
    older: int = 0

    @property
    def no_age(self) -> int:
        """How many of them did not say how old they are."""
        return self.total - self.under - self.youth - self.adult - self.older


def matrix_of(told: Sequence[tuple[str | None, str | None, str | None]]) -> dict[str, MatrixRow]:
    """The return's table from what each member told: sex, age band, registration. Every row is there, also where nobody is in it."""
    rows = {}
    for sex in (*Sex, ""):
        of_it = [(age, registered) for said, age, registered in told if (said or "") == sex]
        ages = Counter(age for age, _ in of_it)
        rows[str(sex)] = MatrixRow(
            str(sex), len(of_it), sum(registered == DisabilityRegistered.YES for _, registered in of_it),
            ages[AgeBand.UNDER], ages[AgeBand.YOUTH], ages[AgeBand.ADULT], ages[AgeBand.OLDER],
        )  # fmt: skip
    return rows
