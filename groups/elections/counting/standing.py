"""How a count stands: who is elected, stage by stage where there are stages, and between whom a lot has to decide."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

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

    def as_json(self) -> dict[str, Any]:
        return {
            "votes": {str(number): votes for number, votes in self.votes.items()},
            "nontransferable": self.nontransferable,
            "elected": list(self.elected),
            "excluded": list(self.excluded),
            "source": self.source,
            "surplus": self.surplus,
            "moved": {str(number): votes for number, votes in self.moved.items()},
            "by_lot": self.by_lot,
        }


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

    def as_json(self) -> dict[str, Any]:
        return {
            "elected": list(self.elected),
            "quota": self.quota,
            "stages": [stage.as_json() for stage in self.stages],
        }


def read(stored: Mapping[str, Any]) -> Standing:
    """A count that is through, as it stands in the database."""
    return Standing(
        elected=tuple(stored["elected"]), quota=stored["quota"], stages=tuple(_stage(row) for row in stored["stages"])
    )  # fmt: skip


def _stage(row: Mapping[str, Any]) -> Stage:
    return Stage(
        _by_number(row["votes"]), row["nontransferable"], tuple(row["elected"]), tuple(row["excluded"]), row["source"],
        row["surplus"], _by_number(row["moved"]), row["by_lot"],
    )  # fmt: skip


def _by_number(stored: Mapping[str, int]) -> dict[int, int]:
    """The database keeps keys in an order of its own; here they stand as on the list."""
    return {number: stored[str(number)] for number in sorted(map(int, stored))}
