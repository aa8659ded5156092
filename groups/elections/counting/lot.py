"""The lot: numbers called out in the room decide, and anybody can draw again and gets the same."""

import hashlib
from collections.abc import Sequence

FEWEST_NUMBERS = 3
LARGEST_NUMBER = 999_999


def line(seed: str, office: str, numbers: Sequence[int], place: int) -> str:
    """What is hashed for the candidate with this number on the list. The seed is the election's fingerprint, made when the vote
    began, so nothing in it can be chosen after the numbers are known.
    """
    return f"{seed} {office} {' '.join(str(number) for number in numbers)} #{place}"


def mark(seed: str, office: str, numbers: Sequence[int], place: int) -> str:
    """The mark of a candidate in the draw: the SHA-256 of their line, in hexadecimal."""
    return hashlib.sha256(line(seed, office, numbers, place).encode()).hexdigest()


def draw(seed: str, office: str, numbers: Sequence[int], level: Sequence[int]) -> list[int]:
    """Those who are level, in drawn order: the smallest mark is drawn first."""
    return sorted(level, key=lambda place: mark(seed, office, numbers, place))
