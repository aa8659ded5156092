"""How a count stands: who is elected, stage by stage where there are stages, and between whom a lot has to decide."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

VOTE = 100_000
"""One vote, in the unit stages are counted in: hundred-thousandths, so that every value is a whole number."""


class Settles(StrEnum):
    """What a lot settles. Whoever is drawn first is the one taken."""

    SEAT = "seat"
    """Who takes a seat that is left."""
    EXCLUSION = "exclusion"
    """Who of the last is left out first."""
    SURPLUS = "surplus"
    """Whose surplus is passed on first."""


@dataclass(frozen=True)
class Stage:
    """What stood on the board after one stage."""

    votes: Mapping[int, int]
    nontransferable: int = 0
    elected: tuple[int, ...] = ()
    excluded: tuple[int, ...] = ()
    source: int | None = None
    """Whose papers moved."""
    surplus: int = 0
    """What they had more than the quota, where that is what moved."""
    moved: Mapping[int, int] = field(default_factory=dict)
    """What each received."""
    by_lot: bool = False
    """Whether a lot said whose papers moved."""


@dataclass(frozen=True)
class Standing:
    """How a count came out, by numbers on the list; or how far it came, where a lot is not drawn yet."""

    elected: tuple[int, ...] = ()
    """In the order they were elected."""
    by_lot: tuple[int, ...] = ()
    """Those among the elected whom the lot chose."""
    level: tuple[int, ...] = ()
    """Those between whom a lot has to decide before the count can go on or end."""
    seats_left: int = 0
    """So many of those who are level take a seat, where seats are what the lot is about."""
    settles: Settles = Settles.SEAT
    quota: int = 0
    """So many votes elect, where there is a quota; in the unit of the stages."""
    stages: tuple[Stage, ...] = ()

    @property
    def is_tied(self) -> bool:
        return bool(self.level)
