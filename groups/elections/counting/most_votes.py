"""The most votes win: what first past the post, block vote and approval have in common once marks are added up."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from groups.elections.counting.standing import Standing


def marks(papers: Mapping[tuple[int, ...], int], *, candidates: Collection[int], most: int) -> Counter[int]:
    """How many papers have a mark beside each candidate. Raises `ValueError` for a paper with more marks than it may have."""
    votes = Counter(dict.fromkeys(candidates, 0))
    for paper, many in papers.items():
        if len(set(paper)) != len(paper) or len(paper) > most or not votes.keys() >= set(paper):
            raise ValueError(f"{paper} cannot be counted by this rule")
        for number in paper:
            votes[number] += many
    return votes


def count(votes: Mapping[int, int], *, seats: int, lots: Iterable[Sequence[int]] = ()) -> Standing:
    """Fill the seats with those who have most votes. Nobody takes a seat without a vote; who is level waits for the lot."""
    ranked = sorted(
        (number for number in votes if votes[number] > 0), key=lambda number: (-votes[number], number)
    )
    if len(ranked) <= seats:
        return Standing(elected=tuple(ranked))
    last = votes[ranked[seats - 1]]
    sure = tuple(number for number in ranked if votes[number] > last)
    level = tuple(number for number in ranked if votes[number] == last)
    left = seats - len(sure)
    if len(level) == left:
        return Standing(elected=sure + level)
    drawn = next((lot for lot in lots if sorted(lot) == sorted(level)), None)
    if drawn is None:
        return Standing(elected=sure, level=level, seats_left=left)
    chosen = tuple(drawn[:left])
    return Standing(elected=sure + chosen, by_lot=chosen)
