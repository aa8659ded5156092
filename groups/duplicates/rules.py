"""Decisions about entries that look alike: which pairs there are, why, and which entry can be let go."""

import re
import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations

from groups.newcomers.rules import alike, is_contact
from network.accounts.rules import counted_as

MOST_ALIKE = 6
"""More than so many entries with one contact are a shared phone, not one person written down again and again."""
NUMBERED = re.compile(r"(.+?)\s+\d{1,2}$")


class Why(StrEnum):
    """What makes two entries look like one person."""

    NAME = "name"
    CONTACT = "contact"


class Refusal(StrEnum):
    """Why an entry is not let go."""

    NOT_ALIKE = "not_alike"
    SOMETHING_HANGS_ON_IT = "something_hangs_on_it"


@dataclass(frozen=True)
class Entry:
    """A member, as far as two are compared."""

    id: uuid.UUID
    nickname: str
    contact: str | None
    joined_on: date


@dataclass(frozen=True)
class Pair:
    """Two entries that may be one person, the earlier first."""

    earlier: Entry
    later: Entry
    why: Why

    @property
    def key(self) -> tuple[uuid.UUID, uuid.UUID]:
        """The two, in the order in which they are kept."""
        return key_of(self.earlier.id, self.later.id)


def key_of(one: uuid.UUID, other: uuid.UUID) -> tuple[uuid.UUID, uuid.UUID]:
    """Two entries in the order in which they are kept."""
    return (one, other) if one < other else (other, one)


def pairs_of(entries: Sequence[Entry], *, different: Collection[tuple[uuid.UUID, uuid.UUID]]) -> list[Pair]:
    """Every two that look alike and were not said to be two people: by name but for accents, signs and a number, or by contact."""
    found: dict[tuple[uuid.UUID, uuid.UUID], Pair] = {}
    for why, together in ((Why.NAME, _by_name(entries)), (Why.CONTACT, _by_contact(entries))):
        for alike_ones in together:
            for one, other in combinations(sorted(alike_ones, key=_age), 2):
                pair = Pair(one, other, why)
                if pair.key not in different:
                    found.setdefault(pair.key, pair)
    return sorted(found.values(), key=lambda pair: (alike(pair.earlier.nickname), pair.key))


def _by_name(entries: Sequence[Entry]) -> list[list[Entry]]:
    """A number behind a name counts for nothing where the name without it is there too: so a second Kip is written."""
    plain = {alike(entry.nickname) for entry in entries}
    together = defaultdict(list)
    for entry in entries:
        key, numbered = alike(entry.nickname), NUMBERED.fullmatch(entry.nickname)
        if numbered and alike(numbered[1]) in plain:
            key = alike(numbered[1])
        together[key].append(entry)
    return [ones for ones in together.values() if 1 < len(ones) <= MOST_ALIKE]


def _by_contact(entries: Sequence[Entry]) -> list[list[Entry]]:
    together = defaultdict(list)
    for entry in entries:
        if entry.contact and is_contact(entry.contact):
            together[counted_as(entry.contact)].append(entry)
    return [ones for ones in together.values() if 1 < len(ones) <= MOST_ALIKE]


def _age(entry: Entry) -> tuple[date, str]:
    return entry.joined_on, str(entry.id)


def why_not_let_go(*, is_pair: bool, hangs: bool) -> Refusal | None:
    """Why an entry stays: it looks like nobody else's, or votes, offices, money or a sign-in hang on it."""
    if not is_pair:
        return Refusal.NOT_ALIKE
    return Refusal.SOMETHING_HANGS_ON_IT if hangs else None
