"""What happened at each stage of a count, worked out from what stood on the board before and after it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from groups.elections.counting.standing import VOTE, Stage, Standing


@dataclass(frozen=True)
class Step:
    """One stage, with what it changed."""

    number: int
    stage: Stage
    gained: Mapping[int, int] = field(default_factory=dict)
    """What each candidate received, those with most first."""
    left_over: int = 0
    """Votes on papers with no further name, of this stage."""
    cut_off: int = 0
    """Votes lost in cutting off after five decimals, of this stage."""
    reached: tuple[int, ...] = ()
    """Who reached the quota at this stage."""
    remained: tuple[int, ...] = ()
    """Who is elected because no more remain than seats."""


def steps(standing: Standing) -> list[Step]:
    """The stages of a count, the first choices first."""
    found: list[Step] = []
    for number, stage in enumerate(standing.stages, start=1):
        before = found[-1].stage if found else None
        found.append(
            Step(
                number, stage,
                gained=dict(sorted(stage.moved.items(), key=lambda one: (-one[1], one[0]))),
                left_over=stage.nontransferable - (before.nontransferable if before else 0),
                cut_off=_total(before) - _total(stage) if before else 0,
                reached=tuple(c for c in stage.elected if stage.votes[c] >= standing.quota),
                remained=tuple(c for c in stage.elected if stage.votes[c] < standing.quota),
            )
        )  # fmt: skip
    return found


def _total(stage: Stage) -> int:
    return sum(stage.votes.values()) + stage.nontransferable


def valid_papers(standing: Standing) -> int:
    """How many papers named somebody."""
    return _total(standing.stages[0]) // VOTE if standing.stages else 0


def most_stages(*, candidates: int, seats: int) -> int:
    """So many stages a count can have: the first choices, everybody left out, and a surplus of all elected but the last."""
    return 1 + max(0, candidates - seats) + max(0, min(seats, candidates) - 1)


def in_pieces(count: int, size: int) -> Iterable[range]:
    """The stages by as many as stand side by side on a page."""
    return (range(start, min(start + size, count)) for start in range(0, count, size))
