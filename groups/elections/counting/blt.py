"""Ballots in a BLT file, the format returning officers and counting programs exchange.

First line: candidates and seats. Then ballots: how many alike, preferences by candidate number, and a 0 at the end. A line
with 0 alone ends them. Then the candidates' names in quotation marks, and last the election's title.
"""

import re
from collections.abc import Iterator
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
    def __init__(self, text: str) -> None:
        self.words = list(_words(text))
        self.next = 0
        self.last_line = max(1, len(text.splitlines()))

    def take(self, what: str) -> _Word:
        if self.next >= len(self.words):
            raise NotReadable(self.last_line, f"the file ends before {what}.")
        self.next += 1
        return self.words[self.next - 1]

    def is_at_end(self) -> bool:
        return self.next >= len(self.words)


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
    title = "" if reader.is_at_end() else _quoted(reader, "the title")
    if not reader.is_at_end():
        raise NotReadable(reader.words[reader.next].line, "nothing should follow the title.")
    if len(set(names)) < len(names):
        raise NotReadable(reader.last_line, "two candidates have the same name.")
    return Ballots(title, seats, names, tuple(papers), frozenset(withdrawn))


def _words(text: str) -> Iterator[_Word]:
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), start=1):
        for found in WORD.finditer(line):
            if found.group().startswith("#"):
                break
            yield _Word(found.group(), number)


def _papers(reader: _Reader, candidates: int) -> tuple[set[int], list[tuple[int, tuple[int, ...]]]]:
    withdrawn: set[int] = set()
    alike: dict[tuple[int, ...], int] = {}
    while True:
        word = reader.take("the 0 that ends the ballots")
        count = word.number("A ballot's first number")
        if count == 0:
            return withdrawn, [(many, order) for order, many in alike.items()]
        if count < 0:
            if not 1 <= -count <= candidates:
                raise NotReadable(word.line, f"there is no candidate {-count} to withdraw.")
            withdrawn.add(-count - 1)
            continue
        order = _order(reader, candidates)
        alike[order] = alike.get(order, 0) + count


def _order(reader: _Reader, candidates: int) -> tuple[int, ...]:
    order: list[int] = []
    while True:
        word = reader.take("the 0 that ends a ballot")
        preference = word.number("A preference")
        if preference == 0:
            return tuple(order)
        if not 1 <= preference <= candidates:
            raise NotReadable(word.line, f"there is no candidate {preference}.")
        if preference - 1 in order:
            raise NotReadable(word.line, f"candidate {preference} stands twice on one ballot.")
        order.append(preference - 1)


def _quoted(reader: _Reader, what: str) -> str:
    word = reader.take(what)
    if not (word.text.startswith('"') and word.text.endswith('"') and len(word.text) > 1):
        raise NotReadable(word.line, f"{what} should stand in quotation marks; “{word.text}” does not.")
    return " ".join(re.sub(r"\\(.)", r"\1", word.text[1:-1]).split())
