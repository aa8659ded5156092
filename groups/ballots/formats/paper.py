"""A paper: for each contest, by its place in the election, numbers on the list of candidates.

In order of preference where the rule asks for it, else rising. Written as JSON without spaces and padded with spaces to one
length for the whole election, so that its length says nothing.
"""

import json
from collections.abc import Mapping, Sequence

Paper = Mapping[int, tuple[int, ...]]
_STEP = 64


def length_for(candidates: Mapping[int, Sequence[int]]) -> int:
    """The one length all papers of an election are padded to: the longest there can be, rounded up."""
    return -(-len(_written(candidates)) // _STEP) * _STEP


def written(paper: Mapping[int, Sequence[int]], *, length: int) -> bytes:
    """The padded paper."""
    return _written(paper).ljust(length).encode()


def _written(paper: Mapping[int, Sequence[int]]) -> str:
    return json.dumps(
        {str(contest): list(paper[contest]) for contest in sorted(paper)}, separators=(",", ":")
    )


def read(text: str) -> dict[int, tuple[int, ...]]:
    """What stands on a paper that was opened. Raises `ValueError` where it is no paper."""
    found = json.loads(text)
    if not isinstance(found, dict):
        raise ValueError("not a paper")  # noqa: TRY004 - whatever is no paper is refused alike
    return {_contest(name): _numbers(numbers) for name, numbers in found.items()}


def _contest(name: str) -> int:
    if not name.isdecimal() or not name.isascii():
        raise ValueError("not a contest")
    return int(name)


def _numbers(numbers: object) -> tuple[int, ...]:
    if not isinstance(numbers, list) or any(type(number) is not int for number in numbers):
        raise ValueError("not numbers on the list")
    return tuple(numbers)
