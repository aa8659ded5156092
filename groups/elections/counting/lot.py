"""The lot: numbers called out in the room decide, and anybody can draw again and gets the same."""

import hashlib
import uuid
from collections.abc import Sequence

FEWEST_NUMBERS = 2
LARGEST_NUMBER = 999_999


def line(election_id: uuid.UUID, office: str, numbers: Sequence[int], place: int) -> str:
    """What is hashed for the candidate with this number on the list: nothing in it can be chosen after the numbers are known."""
    return f"{election_id} {office} {' '.join(str(number) for number in numbers)} #{place}"


def mark(election_id: uuid.UUID, office: str, numbers: Sequence[int], place: int) -> str:
    """The mark of a candidate in the draw: the SHA-256 of their line, in hexadecimal."""
    return hashlib.sha256(line(election_id, office, numbers, place).encode()).hexdigest()


def draw(election_id: uuid.UUID, office: str, numbers: Sequence[int], level: Sequence[int]) -> list[int]:
    """Those who are level, in drawn order: the smallest mark is drawn first."""
    return sorted(level, key=lambda place: mark(election_id, office, numbers, place))
