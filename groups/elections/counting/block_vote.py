"""Block vote: several seats, as many marks on a paper as there are seats, the most votes win."""

from groups.elections.counting.most_votes import count

__all__ = ["count", "most_marks"]


def most_marks(*, seats: int, candidates: int) -> int:
    """So many marks a paper may have."""
    return min(seats, candidates)
