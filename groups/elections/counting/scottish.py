"""The single transferable vote by the Scottish rules (Scottish Local Government Elections Order 2007, rules 45 to 52).

Quota: valid papers divided by seats and one, whole part, and one more. Surpluses are transferred one at a time, the largest
first, on all papers of the candidate (weighted inclusive Gregory), values cut off after five decimals; candidates are excluded
one at a time, the lowest first. A tie is settled by the latest stage at which the candidates differed, else by lot.

Every value is a whole number of hundred-thousandths of a vote.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from groups.elections.counting.blt import Ballots

VOTE = 100_000
"""One vote, in the unit everything is counted in."""


@dataclass(frozen=True)
class Stage:
    """What stood on the board after one stage."""

    votes: tuple[int, ...]
    nontransferable: int
    elected: tuple[int, ...]
    excluded: tuple[int, ...]
    transferred_from: int | None
    by_lot: bool
    """Whether the candidate whose papers moved was chosen by lot."""


@dataclass(frozen=True)
class Count:
    """A whole count, stage by stage."""

    quota: int
    elected: tuple[int, ...]
    stages: tuple[Stage, ...]


@dataclass
class _Board:
    ballots: Ballots
    lot: Sequence[int]
    quota: int
    votes: list[int]
    piles: list[list[tuple[int, tuple[int, ...], int, int]]]
    """For each candidate: how many papers, their order, the place reached in it, the value of each."""
    hopeful: set[int]
    elected: list[int] = field(default_factory=list)
    surplus: list[int] = field(default_factory=list)
    nontransferable: int = 0
    stages: list[Stage] = field(default_factory=list)


def count(ballots: Ballots, *, lot: Sequence[int] | None = None) -> Count:
    """Count the ballots. `lot` is the order everybody saw drawn: of candidates who are tied to the end, the first in it is taken.

    Without one, the order of the file stands in for it.
    """
    board = _first_preferences(ballots, lot if lot is not None else range(len(ballots.names)))
    _note(board, _elect(board), (), None, by_lot=False)
    while len(board.elected) < ballots.seats < len(board.elected) + len(board.hopeful):
        if board.surplus:
            _transfer_a_surplus(board)
        else:
            _exclude_the_lowest(board)
    _fill_the_last_seats(board)
    return Count(board.quota, tuple(board.elected), tuple(board.stages))


def _first_preferences(ballots: Ballots, lot: Sequence[int]) -> _Board:
    standing = [c for c in range(len(ballots.names)) if c not in ballots.withdrawn]
    board = _Board(ballots, lot, 0, [0] * len(ballots.names), [[] for _ in ballots.names], set(standing))
    valid = 0
    for many, order in ballots.papers:
        place = _next_place(board, order, 0)
        if place < len(order):
            valid += many
            board.piles[order[place]].append((many, order, place, VOTE))
            board.votes[order[place]] += many * VOTE
    board.quota = (valid // (ballots.seats + 1) + 1) * VOTE
    return board


def _next_place(board: _Board, order: tuple[int, ...], start: int) -> int:
    place = start
    while place < len(order) and order[place] not in board.hopeful:
        place += 1
    return place


def _elect(board: _Board) -> tuple[int, ...]:
    """Those who have reached the quota are elected, the highest first."""
    reached = [c for c in board.hopeful if board.votes[c] >= board.quota]
    reached.sort(
        key=lambda c: (
            -board.votes[c],
            [-stage.votes[c] for stage in reversed(board.stages)],
            board.lot.index(c),
        )
    )
    board.elected += reached
    board.surplus += reached
    board.hopeful.difference_update(reached)
    return tuple(reached)


def _transfer_a_surplus(board: _Board) -> None:
    candidate, by_lot = _choose(board, board.surplus, largest=True)
    board.surplus.remove(candidate)
    votes, surplus = board.votes[candidate], board.votes[candidate] - board.quota
    pile, board.piles[candidate] = board.piles[candidate], []
    if surplus:
        board.votes[candidate] = board.quota
        _hand_on(board, pile, surplus, votes)
    _note(board, _elect(board), (), candidate, by_lot=by_lot)


def _exclude_the_lowest(board: _Board) -> None:
    candidate, by_lot = _choose(board, sorted(board.hopeful), largest=False)
    board.hopeful.remove(candidate)
    board.votes[candidate] = 0
    pile, board.piles[candidate] = board.piles[candidate], []
    _hand_on(board, pile, 1, 1)
    _note(board, _elect(board), (candidate,), candidate, by_lot=by_lot)


def _hand_on(board: _Board, pile: list[tuple[int, tuple[int, ...], int, int]], part: int, whole: int) -> None:
    """Move papers to their next preference at `part` of `whole` of their value, cut off after five decimals.

    What is cut off is lost; what has no next preference is not transferable.
    """
    hopeful, piles, votes = board.hopeful, board.piles, board.votes
    for many, order, place, value in pile:
        reached = place + 1
        while reached < len(order) and order[reached] not in hopeful:
            reached += 1
        worth = value * part // whole
        if reached == len(order):
            board.nontransferable += many * worth
            continue
        to = order[reached]
        piles[to].append((many, order, reached, worth))
        votes[to] += many * worth


def _choose(board: _Board, candidates: Sequence[int], *, largest: bool) -> tuple[int, bool]:
    """The highest (or lowest); of several alike, the one who was so at the latest stage at which they differed; else by lot."""
    best = max if largest else min
    left = list(candidates)
    for stage in [board.votes, *(stage.votes for stage in reversed(board.stages))]:
        wanted = best(stage[c] for c in left)
        left = [c for c in left if stage[c] == wanted]
        if len(left) == 1:
            return left[0], False
    return min(left, key=board.lot.index), True


def _fill_the_last_seats(board: _Board) -> None:
    """When no more candidates remain than seats, they are elected; when all seats are taken, nobody else is."""
    left = board.ballots.seats - len(board.elected)
    rest = sorted(board.hopeful, key=lambda c: (-board.votes[c], board.lot.index(c)))[:left]
    if rest:
        board.elected += rest
        last = board.stages[-1]
        board.stages[-1] = Stage(
            last.votes,
            last.nontransferable,
            last.elected + tuple(rest),
            last.excluded,
            last.transferred_from,
            last.by_lot,
        )


def _note(
    board: _Board, elected: tuple[int, ...], excluded: tuple[int, ...], source: int | None, *, by_lot: bool
) -> None:
    board.stages.append(Stage(tuple(board.votes), board.nontransferable, elected, excluded, source, by_lot))
