"""First past the post: one seat, one mark on a paper, the most votes win."""

from groups.elections.counting.most_votes import count

__all__ = ["count", "most_marks"]


def most_marks(*, seats: int, candidates: int) -> int:  # noqa: ARG001 - every rule is asked alike
    """So many marks a paper may have."""
    if seats != 1:
        raise ValueError("first past the post fills one seat")
    return 1
