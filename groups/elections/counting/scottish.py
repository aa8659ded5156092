"""The single transferable vote by the Scottish rules (Scottish Local Government Elections Order 2007, rules 45 to 52).

Quota: valid papers divided by seats and one, whole part, and one more. Surpluses are transferred one at a time, the largest
first, on all papers of the candidate (weighted inclusive Gregory), values cut off after five decimals; candidates are excluded
one at a time, the lowest first. A tie is settled by the latest stage at which the candidates differed, else by lot.

Every value is a whole number of hundred-thousandths of a vote.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from groups.elections.counting.standing import VOTE, Settles, Stage, Standing

Paper = tuple[int, ...]
Pile = dict[int, list[tuple[int, Paper, int]]]
"""Papers by what each is worth: how many alike, their order, the place reached in it."""


class _LotNeeded(Exception):
    def __init__(self, level: Sequence[int], settles: Settles) -> None:
        super().__init__(level)
        self.level, self.settles = tuple(sorted(level)), settles


@dataclass
class _Board:
    seats: int
    lots: Sequence[Sequence[int]]
    votes: dict[int, int]
    piles: dict[int, Pile]
    hopeful: set[int]
    quota: int = 0
    elected: list[int] = field(default_factory=list)
    surplus: list[int] = field(default_factory=list)
    """Those elected whose surplus has not been passed on."""
    nontransferable: int = 0
    stages: list[Stage] = field(default_factory=list)

    @property
    def goes_on(self) -> bool:
        return len(self.elected) < self.seats < len(self.elected) + len(self.hopeful)


def count(
    papers: Mapping[Paper, int],
    *,
    candidates: Collection[int],
    seats: int,
    lots: Iterable[Sequence[int]] = (),
) -> Standing:
    """Count papers that name candidates in order of preference; whoever is on a paper but not among them is passed over.

    `lots` are the orders everybody saw drawn. Of candidates who are tied to the end, the first in the lot that holds them all
    is taken: left out, or passed on from, first. Where there is none the count stops and says between whom it stands.
    """
    board = _first_preferences(papers, candidates, seats, list(lots))
    _note(board, elected=_elect(board))
    try:
        while board.goes_on:
            if board.surplus:
                _transfer_a_surplus(board)
            else:
                _exclude_the_lowest(board)
    except _LotNeeded as stopped:
        return replace(_standing(board), level=stopped.level, settles=stopped.settles)
    _fill_the_last_seats(board)
    return _standing(board)


def _standing(board: _Board) -> Standing:
    return Standing(elected=tuple(board.elected), quota=board.quota, stages=tuple(board.stages))


def _first_preferences(
    papers: Mapping[Paper, int], candidates: Collection[int], seats: int, lots: Sequence[Sequence[int]]
) -> _Board:
    board = _Board(seats, lots, dict.fromkeys(candidates, 0), {c: {} for c in candidates}, set(candidates))
    parcels: defaultdict[int, list[tuple[int, Paper, int]]] = defaultdict(list)
    for order, many in papers.items():
        for place, number in enumerate(order):
            if number in board.votes:
                parcels[number].append((many, order, place))
                board.votes[number] += many
                break
    board.quota = (sum(board.votes.values()) // (seats + 1) + 1) * VOTE
    for number, parcel in parcels.items():
        board.piles[number][VOTE] = parcel
        board.votes[number] *= VOTE
    return board


def _elect(board: _Board) -> tuple[int, ...]:
    """Those who have reached the quota are elected, the highest first."""
    reached = [c for c in board.votes if c in board.hopeful and board.votes[c] >= board.quota]
    reached.sort(key=lambda c: (-board.votes[c], [-stage.votes[c] for stage in reversed(board.stages)]))
    board.elected += reached
    board.surplus += reached
    board.hopeful.difference_update(reached)
    return tuple(reached)


def _transfer_a_surplus(board: _Board) -> None:
    candidate, by_lot = _choose(board, board.surplus, Settles.SURPLUS)
    votes, surplus = board.votes[candidate], board.votes[candidate] - board.quota
    board.surplus.remove(candidate)
    moved: dict[int, int] = {}
    if surplus:
        pile, board.piles[candidate] = board.piles[candidate], {}
        board.votes[candidate] = board.quota
        moved = _hand_on(board, pile, surplus, votes)
    _note(board, elected=_elect(board), source=candidate, surplus=surplus, moved=moved, by_lot=by_lot)


def _exclude_the_lowest(board: _Board) -> None:
    candidate, by_lot = _choose(board, sorted(board.hopeful), Settles.EXCLUSION)
    board.hopeful.remove(candidate)
    board.votes[candidate] = 0
    pile, board.piles[candidate] = board.piles[candidate], {}
    moved = _hand_on(board, pile, 1, 1)
    _note(board, elected=_elect(board), excluded=(candidate,), source=candidate, moved=moved, by_lot=by_lot)


def _hand_on(board: _Board, pile: Pile, part: int, whole: int) -> dict[int, int]:
    """Move papers to their next preference at `part` of `whole` of their value, cut off after five decimals.

    What is cut off is lost; what has no next preference is not transferable.
    """
    hopeful, received = board.hopeful, defaultdict[int, int](int)
    for value, parcel in pile.items():
        worth = value * part // whole
        onward: dict[int, list[tuple[int, Paper, int]]] = {c: [] for c in hopeful}
        moving = dict.fromkeys(hopeful, 0)
        for many, order, place in parcel:
            for reached in range(place + 1, len(order)):
                to = order[reached]
                if to in hopeful:
                    onward[to].append((many, order, reached))
                    moving[to] += many
                    break
            else:
                board.nontransferable += many * worth
        for to, papers in onward.items():
            if papers:
                board.piles[to].setdefault(worth, []).extend(papers)
                received[to] += moving[to] * worth
    for to, gained in received.items():
        board.votes[to] += gained
    return dict(received)


def _choose(board: _Board, candidates: Sequence[int], settles: Settles) -> tuple[int, bool]:
    """The highest (or lowest); of several alike, the one who was so at the latest stage at which they differed; else by lot."""
    best = max if settles is Settles.SURPLUS else min
    left = list(candidates)
    for votes in [board.votes, *(stage.votes for stage in reversed(board.stages))]:
        wanted = best(votes[c] for c in left)
        left = [c for c in left if votes[c] == wanted]
        if len(left) == 1:
            return left[0], False
    if settles is Settles.SURPLUS and board.votes[left[0]] == board.quota:
        return left[0], False  # nothing is passed on, so the order changes nothing
    for drawn in board.lots:
        if set(left) <= set(drawn):
            return min(left, key=drawn.index), True
    raise _LotNeeded(left, settles)


def _fill_the_last_seats(board: _Board) -> None:
    """When no more candidates remain than seats, they are elected; when all seats are taken, nobody else is."""
    left = board.seats - len(board.elected)
    rest = sorted(board.hopeful, key=lambda c: (-board.votes[c], c))[:left]
    if rest:
        board.elected += rest
        last = board.stages[-1]
        board.stages[-1] = replace(last, elected=last.elected + tuple(rest))


def _note(
    board: _Board, *, elected: tuple[int, ...], excluded: tuple[int, ...] = (), source: int | None = None, surplus: int = 0,
    moved: Mapping[int, int] | None = None, by_lot: bool = False,
) -> None:  # fmt: skip
    board.stages.append(
        Stage(
            dict(board.votes), board.nontransferable, elected, excluded, source, surplus, moved or {}, by_lot
        )
    )
