"""Ballots in a BLT file, the format returning officers and counting programs exchange.

First line: candidates and seats. Then ballots: how many alike, preferences by candidate number, and a 0 at the end. A line
with 0 alone ends them. Then the candidates' names in quotation marks, and last the election's title.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

WORD = re.compile(r'"(?:[^"\\]|\\.)*"|[^\s"]+')


class NotReadable(Exception):
    """The file is not a BLT file; the text names the line and what is wrong there."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(f"Line {line}: {what}")


@dataclass(frozen=True)
class Ballots:
    """An election as it was cast: `papers` says how many people gave each order of preference."""

    title: str
    seats: int
    names: tuple[str, ...]
    papers: tuple[tuple[int, tuple[int, ...]], ...]
    """How many alike, and the candidates in order of preference, counted from 0."""
    withdrawn: frozenset[int] = frozenset()


@dataclass(frozen=True)
class _Word:
    text: str
    line: int

    def number(self, what: str) -> int:
        if not re.fullmatch(r"-?\d{1,9}", self.text):
            raise NotReadable(self.line, f"{what} should be a whole number; “{self.text}” is not.")
        return int(self.text)


class _Reader:
    """Hands out the file word by word; a whole ballot at once where a line is one, as nearly all are."""

    def __init__(self, text: str) -> None:
        self.lines = text.lstrip("\ufeff").splitlines()
        self.line = 0
        self.words: list[_Word] = []

    def take(self, what: str) -> _Word:
        if not self._fill():
            raise NotReadable(max(1, len(self.lines)), f"the file ends before {what}.")
        return self.words.pop(0)

    def peek(self) -> _Word | None:
        return self.words[0] if self._fill() else None

    def take_ballot(self) -> list[int] | None:
        """The numbers of the next line, if it is a ballot and nothing else."""
        if self.words or self.line >= len(self.lines):
            return None
        words = self.lines[self.line].split()
        if len(words) < 2 or not all(map(str.isdecimal, words)):  # noqa: PLR2004 - a count and the 0 at the end
            return None
        numbers = [int(word) for word in words]
        if numbers[-1] != 0 or 0 in numbers[:-1]:
            return None
        self.line += 1
        return numbers

    def _fill(self) -> bool:
        while not self.words and self.line < len(self.lines):
            self.line += 1
            self.words = list(_words(self.lines[self.line - 1], self.line))
        return bool(self.words)


def read(text: str) -> Ballots:
    """Read a BLT file. Raises `NotReadable`, naming the line."""
    reader = _Reader(text)
    first = reader.take("the number of candidates")
    candidates = first.number("The number of candidates")
    seats_word = reader.take("the number of seats")
    seats = seats_word.number("The number of seats")
    if candidates < 1:
        raise NotReadable(first.line, "an election has at least one candidate.")
    if not 1 <= seats <= candidates:
        raise NotReadable(seats_word.line, f"{seats} seats cannot be filled from {candidates} candidates.")
    withdrawn, papers = _papers(reader, candidates)
    names = tuple(_quoted(reader, "the name of every candidate") for _ in range(candidates))
    title = _quoted(reader, "the title") if reader.peek() else ""
    if extra := reader.peek():
        raise NotReadable(extra.line, "nothing should follow the title.")
    if len(set(names)) < len(names):
        raise NotReadable(reader.line, "two candidates have the same name.")
    return Ballots(title, seats, names, tuple(papers), frozenset(withdrawn))


def _words(line: str, number: int) -> Iterator[_Word]:
    for found in WORD.finditer(line):
        if found.group().startswith("#"):
            return
        yield _Word(found.group(), number)


def _papers(reader: _Reader, candidates: int) -> tuple[set[int], list[tuple[int, tuple[int, ...]]]]:
    withdrawn: set[int] = set()
    alike: dict[tuple[int, ...], int] = {}
    while True:
        if numbers := reader.take_ballot():
            count, order = numbers[0], tuple(numbers[1:-1])
            if len(set(order)) < len(order) or (order and max(order) > candidates):
                raise NotReadable(reader.line, _what_is_wrong(order, candidates))
        else:
            word = reader.take("the 0 that ends the ballots")
            count = word.number("A ballot's first number")
            if count == 0:
                return withdrawn, [(many, tuple(c - 1 for c in order)) for order, many in alike.items()]
            if count < 0:
                withdrawn.add(_withdrawn(word, -count, candidates))
                continue
            order = _order(reader, candidates)
        alike[order] = alike.get(order, 0) + count


def _withdrawn(word: _Word, candidate: int, candidates: int) -> int:
    if candidate > candidates:
        raise NotReadable(word.line, f"there is no candidate {candidate} to withdraw.")
    return candidate - 1


def _what_is_wrong(order: Sequence[int], candidates: int) -> str:
    unknown = next((c for c in order if not 1 <= c <= candidates), None)
    if unknown is not None:
        return f"there is no candidate {unknown}."
    twice = next(c for c in order if list(order).count(c) > 1)
    return f"candidate {twice} stands twice on one ballot."


def _order(reader: _Reader, candidates: int) -> tuple[int, ...]:
    order: list[int] = []
    while True:
        word = reader.take("the 0 that ends a ballot")
        preference = word.number("A preference")
        if preference == 0:
            return tuple(order)
        order.append(preference)
        if preference in order[:-1] or not 1 <= preference <= candidates:
            raise NotReadable(word.line, _what_is_wrong(order, candidates))


def _quoted(reader: _Reader, what: str) -> str:
    word = reader.take(what)
    if not (word.text.startswith('"') and word.text.endswith('"') and len(word.text) > 1):
        raise NotReadable(word.line, f"{what} should stand in quotation marks; “{word.text}” does not.")
    return " ".join(re.sub(r"\\(.)", r"\1", word.text[1:-1]).split())
