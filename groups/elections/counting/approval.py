"""Approval: any number of seats, a mark for everybody one could live with, the most votes win."""

from groups.elections.counting.most_votes import count

__all__ = ["count", "most_marks"]


def most_marks(*, seats: int, candidates: int) -> int:  # noqa: ARG001 - every rule is asked alike
    """So many marks a paper may have."""
    return candidates
