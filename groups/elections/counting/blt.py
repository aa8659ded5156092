"""Ballots in a BLT file, the format returning officers and counting programs exchange.

First line: candidates and seats. Then ballots: how many alike, preferences by candidate number, and a 0 at the end. A line
with 0 alone ends them. Then the candidates' names in quotation marks, and last the election's title.

Files from the wild also have: withdrawn candidates (`-2`, or `[withdrawn 2]`), an order for ties (`[tie 3 1 2]`), short names in
place of numbers (`[nick ann ben cy]`), a ballot's own number in parentheses, comments (`# …`, `/* … */`), a preference left out
(`-`) and several alike (`2=3`, or `(2 3)`). Where the order on a paper stops being clear, what follows cannot be read; the
Scottish rules ask for numbers one after the other.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from groups.elections.counting import blt_names
from groups.elections.counting.blt_names import Line, NotReadable

__all__ = ["Ballots", "NotReadable", "decode", "read", "write"]

WORD = re.compile(r"[()=\[\]]|[^\s,()=\[\]]+")
NUMBER = re.compile(r"\d{1,12}")
LONGEST = 12
"""So many digits a number may have."""
BESIDE_THE_COUNT = {"droop", "undeclared"}
"""Options that other programs write for themselves."""


@dataclass(frozen=True)
class Ballots:
    """An election as it was cast: how many people gave each order of preference, by the candidates' numbers."""

    title: str
    seats: int
    names: tuple[str, ...]
    papers: Counter[tuple[int, ...]]
    withdrawn: frozenset[int] = frozenset()
    drawn: tuple[int, ...] = ()
    """The order in which ties are settled, where the file has one."""

    @property
    def standing(self) -> list[int]:
        """The numbers of those who did not withdraw."""
        return [number for number in range(1, len(self.names) + 1) if number not in self.withdrawn]

    def name(self, number: int) -> str:
        return self.names[number - 1]


def decode(content: bytes) -> str:
    """The text of a file: UTF-8 or UTF-16, else what older programs in western Europe write."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def write(title: str, *, seats: int, names: list[str], papers: Mapping[tuple[int, ...], int]) -> str:
    """The same as a file, with papers by content so that nothing tells in what order they came."""
    lines = [f"{len(names)} {seats}"]
    lines += [f"{papers[order]} {' '.join(map(str, (*order, 0)))}" for order in sorted(papers)]
    quoted = ['"' + one.replace('"', "'") + '"' for one in (*names, title)]
    return "\n".join([*lines, "0", *quoted]) + "\n"


def read(text: str) -> Ballots:
    """Read a BLT file. Raises `NotReadable`, naming the line."""
    reader = _Reader(text)
    candidates, seats = reader.first_line()
    reader.ballots()
    names, title = blt_names.read(reader.rest, candidates)
    if len(reader.withdrawn) == candidates:
        raise NotReadable(reader.line, "every candidate has withdrawn.")
    return Ballots(title, seats, names, reader.papers, frozenset(reader.withdrawn), tuple(reader.drawn))


class _Reader:
    """Goes through the file line by line; most lines are one ballot and nothing else."""

    def __init__(self, text: str) -> None:
        self.lines = re.split(r"\r\n|\r|\n", _without_blocks(text.lstrip("\ufeff")))
        self.line = 0
        self.candidates = 0
        self.papers: Counter[tuple[int, ...]] = Counter()
        self.withdrawn: set[int] = set()
        self.drawn: list[int] = []
        self.short_names: dict[str, int] = {}
        self.rest: list[Line] = []

    def first_line(self) -> tuple[int, int]:
        self.candidates = self._number(
            self._first_word("the number of candidates"), "The number of candidates"
        )
        if self.candidates < 1:
            raise self._wrong("an election has at least one candidate.")
        seats = self._number(self._first_word("the number of seats"), "The number of seats")
        if not 1 <= seats <= self.candidates:
            raise self._wrong(f"{seats} seats cannot be filled from {self.candidates} candidates.")
        self.line -= 1  # the rest of the line is looked at like any other
        return self.candidates, seats

    def _first_word(self, what: str) -> str:
        self.line = max(1, self.line)
        while self.line <= len(self.lines):
            text = self.lines[self.line - 1].partition("#")[0]
            if found := re.search(r"[^\s,]+", text):
                self.lines[self.line - 1] = text[found.end() :]
                return found.group()
            self.line += 1
        self.line = _last_written(self.lines)
        raise self._wrong(f"the file ends before {what}.")

    def ballots(self) -> None:
        while not self.rest:
            if self.line >= len(self.lines):
                self.line = _last_written(self.lines)
                raise self._wrong("the file ends before the 0 that ends the ballots.")
            self.line += 1
            text = self.lines[self.line - 1]
            if not self._plain_ballot(text.split()):
                self._other(text)

    def _plain_ballot(self, words: list[str]) -> bool:
        """A count, numbers, and the 0 at the end: nearly every line of a file."""
        if len(words) < 2 or words[-1] != "0" or not all(map(str.isdecimal, words)) or self.short_names:  # noqa: PLR2004 - a count and the 0
            return False
        if max(map(len, words)) > LONGEST or "0" in words[:-1]:
            return False
        many, *order = map(int, words[:-1])
        self._keep(many, order, order)
        return True

    def _other(self, text: str) -> None:
        numbers, quote, names = text.partition('"')
        before, is_remark, _ = numbers.partition("#")
        words = WORD.findall(before)
        if self._begin(words):
            self.rest = [Line(self.line, "" if is_remark else quote + names)]
            self.rest += [Line(number, self.lines[number - 1]) for number in range(self.line + 1, len(self.lines) + 1)]  # fmt: skip
        elif quote and not is_remark:
            raise self._wrong(f"a ballot or the 0 that ends the ballots should stand here, not “{text.strip()[:40]}”.")  # fmt: skip

    def _begin(self, words: list[str]) -> bool:
        """Ballots, withdrawals and options of one line; whether the ballots ended in it."""
        coming = iter(words)
        for word in coming:
            if word == "(":
                self._skip_to(")", coming)
            elif word == "[":
                self._option(coming)
            elif re.fullmatch(r"-\d{1,12}", word):
                self.withdrawn.add(self._candidate(word[1:]))
            elif many := self._number(word, "A ballot's first number"):
                self._keep(many, *self._order(coming))
            elif after := next(coming, None):
                raise self._wrong(f"the candidates' names should follow the 0 that ends the ballots, not “{after[:40]}”.")  # fmt: skip
            else:
                return True
        return False

    def _skip_to(self, end: str, coming: Iterator[str]) -> list[str]:
        found: list[str] = []
        for word in coming:
            if word == end:
                return found
            found.append(word)
        raise self._wrong(f"“{end}” is missing.")

    def _option(self, coming: Iterator[str]) -> None:
        what, *numbers = self._skip_to("]", coming) or [""]
        if what == "withdrawn":
            self.withdrawn |= {self._candidate(number) for number in numbers}
        elif what == "tie":
            self.drawn = [self._candidate(number) for number in numbers]
            if len(self.drawn) != self.candidates or len(set(self.drawn)) != self.candidates:
                raise self._wrong("an order for ties has every candidate once.")
        elif what == "nick":
            self.short_names = {name: number for number, name in enumerate(numbers, start=1)}
            if len(numbers) != self.candidates or len(self.short_names) != self.candidates:
                raise self._wrong("short names are one for every candidate, each its own.")
        elif what not in BESIDE_THE_COUNT:
            raise self._wrong(f"“{what[:40]}” is no option this command knows.")

    def _order(self, coming: Iterator[str]) -> tuple[list[int], list[int]]:
        """A ballot's clear preferences, and everybody on it."""
        places: list[list[int]] = []
        joins = False
        for word in coming:
            if word == "0":
                clear = next((at for at, place in enumerate(places) if len(place) != 1), len(places))
                return [place[0] for place in places[:clear]], [c for place in places for c in place]
            if word == "=":
                joins = True
                continue
            place = [] if word == "-" else self._place(word, coming)
            if joins and places:
                places[-1] += place
            else:
                places.append(place)
            joins = False
        raise self._wrong("a ballot ends with 0; this one does not.")

    def _place(self, word: str, coming: Iterator[str]) -> list[int]:
        return [self._candidate(one) for one in (self._skip_to(")", coming) if word == "(" else [word])]

    def _candidate(self, word: str) -> int:
        if word in self.short_names:
            return self.short_names[word]
        number = self._number(word, "A preference")
        if not 1 <= number <= self.candidates:
            raise self._wrong(f"there is no candidate {number}.")
        return number

    def _keep(self, many: int, order: list[int], everybody: list[int]) -> None:
        if len(set(everybody)) < len(everybody):
            twice = next(c for c in everybody if everybody.count(c) > 1)
            raise self._wrong(f"candidate {twice} stands twice on one ballot.")
        if everybody and not 1 <= min(everybody) <= max(everybody) <= self.candidates:
            unknown = next(c for c in everybody if not 1 <= c <= self.candidates)
            raise self._wrong(f"there is no candidate {unknown}.")
        self.papers[tuple(order)] += many

    def _number(self, word: str, what: str) -> int:
        if not NUMBER.fullmatch(word):
            raise self._wrong(f"{what} should be a whole number; “{word[:40]}” is not.")
        return int(word)

    def _wrong(self, what: str) -> NotReadable:
        return NotReadable(max(1, self.line), what)


def _without_blocks(text: str) -> str:
    """Comments between `/*` and `*/` taken out before the names begin; lines stay where they are."""
    head, quote, names = text.partition('"')
    return (
        re.sub(r"/\*.*?\*/", lambda found: "\n" * found.group().count("\n"), head, flags=re.DOTALL)
        + quote
        + names
    )


def _last_written(lines: list[str]) -> int:
    return max((number for number, text in enumerate(lines, start=1) if text.strip()), default=1)
