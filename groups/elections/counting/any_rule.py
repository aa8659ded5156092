"""One way of asking for a count, whatever the rule.

A paper is a tuple of numbers on the list: in order of preference where the rule asks for an order, else in any order. The empty
one is a paper that names nobody. A count asks how many papers are alike, never whose they are or in what order they came.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType

from groups.elections.counting import approval, block_vote, first_past_the_post, most_votes, scottish
from groups.elections.counting.standing import Standing
from groups.officers.rules import CountingRule

Paper = tuple[int, ...]
Papers = Counter[Paper]
_MARKED = MappingProxyType(
    {
        CountingRule.FIRST_PAST_THE_POST: first_past_the_post,
        CountingRule.BLOCK_VOTE: block_vote,
        CountingRule.APPROVAL: approval,
    }
)


class PaperFault(StrEnum):
    """What is wrong with a paper, so that it cannot be counted as it is."""

    UNKNOWN = "unknown"
    """Somebody is on it who does not stand."""
    TWICE = "twice"
    """Somebody is on it twice, or a number stands beside two people."""
    TOO_MANY = "too_many"
    """It names more than it may."""
    GAP = "gap"
    """A number is left out."""


def most_marks(rule: CountingRule, *, seats: int, candidates: int) -> int:
    """So many candidates a paper may name."""
    if rule == CountingRule.SCOTTISH_STV:
        return candidates
    return _MARKED[rule].most_marks(seats=seats, candidates=candidates)


def fault_of(paper: Sequence[int], *, candidates: Collection[int], most: int) -> PaperFault | None:
    """What is wrong with a paper that may name so many; the empty one abstains, and nothing is wrong with it."""
    if not set(paper) <= set(candidates):
        return PaperFault.UNKNOWN
    if len(set(paper)) < len(paper):
        return PaperFault.TWICE
    return PaperFault.TOO_MANY if len(paper) > most else None


def marks(
    rule: CountingRule, papers: Mapping[Paper, int], *, candidates: Collection[int], seats: int
) -> Counter[int]:
    """How many papers name each candidate; where papers are an order, how many name each first."""
    if rule == CountingRule.SCOTTISH_STV:
        firsts = {paper[:1]: 0 for paper in papers}
        for paper, many in papers.items():
            firsts[paper[:1]] += many
        return most_votes.marks(firsts, candidates=candidates, most=1)
    most = most_marks(rule, seats=seats, candidates=len(candidates))
    return most_votes.marks(papers, candidates=candidates, most=most)


def count(
    rule: CountingRule, papers: Mapping[Paper, int], *, candidates: Collection[int], seats: int,
    lots: Iterable[Sequence[int]] = (), hands: Mapping[int, int] | None = None,
) -> Standing:  # fmt: skip
    """Count papers by a rule, and with them `hands`: marks already added up in the room, where the rule only adds up.

    `lots` are the orders drawn so far. Nobody is elected by papers that name nobody.
    """
    numbers = sorted(candidates)
    if rule != CountingRule.SCOTTISH_STV:
        votes = marks(rule, papers, candidates=numbers, seats=seats)
        votes.update(hands or {})
        return _MARKED[rule].count(votes, seats=seats, lots=lots)
    if hands:
        raise ValueError("an order of preference cannot be shown by hands")
    if not any(many and set(paper) & set(numbers) for paper, many in papers.items()):
        return Standing()
    return scottish.count(papers, candidates=numbers, seats=seats, lots=lots)
