"""The end of a BLT file: the candidates' names and the election's title, as programs and councils write them.

Each in quotation marks, or each on a line of its own without any; several to a line; or a name and a party, each in its own
quotation marks, on one line, and below them the ward without any.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

STRINGS = re.compile(r'\s*,?\s*"((?:[^"\\]|\\.)*)"')
QUOTES = str.maketrans("“”„«»", '"""""')
ONE_MORE = 2
"""After the title some programs write where the file is from, and a remark."""


class NotReadable(Exception):
    """The file is not a BLT file; the text names the line and what is wrong there."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(f"Line {line}: " + "".join(sign if sign.isprintable() else " " for sign in what))


@dataclass(frozen=True)
class Line:
    """A line of a file with its number."""

    number: int
    text: str


@dataclass(frozen=True)
class _Found:
    number: int
    words: str


def read(lines: Sequence[Line], candidates: int) -> tuple[tuple[str, ...], str]:
    """Names in the order of numbers, and the title or nothing. Raises `NotReadable`."""
    bare = (Line(line.number, _without_remark(line.text.translate(QUOTES))) for line in lines)
    written = [line for line in bare if line.text]
    last = written[-1].number if written else (lines[0].number if lines else 1)
    rows = _bare(written, candidates) or _quoted(written, candidates)
    found = _one_each(rows, candidates)
    if len(found) < candidates:
        raise NotReadable(last, f"the file ends before the name of every candidate: {len(found)} of {candidates} are here.")  # fmt: skip
    if len(found) > candidates + 1 + ONE_MORE:
        raise NotReadable(found[candidates + 1].number, "nothing should follow the title.")
    names = found[:candidates]
    for at, name in enumerate(names):
        if not name.words:
            raise NotReadable(name.number, "a candidate has no name.")
        if name.words in {earlier.words for earlier in names[:at]}:
            raise NotReadable(name.number, "two candidates have the same name.")
    return tuple(name.words for name in names), found[candidates].words if len(found) > candidates else ""


def _without_remark(text: str) -> str:
    """What stands before a `#` that is in no quotation marks."""
    for found in re.finditer("#", text):
        if text[: found.start()].count('"') % 2 == 0:
            return text[: found.start()].strip()
    return text.strip()


def _bare(written: Sequence[Line], candidates: int) -> list[list[_Found]]:
    """Names without quotation marks, a line each, where no name has any."""
    names = written[:candidates]
    if len(names) < candidates or len(written) > candidates + 1 or any('"' in line.text for line in names):
        return []
    if any(re.fullmatch(r"[\d\s,=-]+", line.text) for line in names):
        return []
    return [[_Found(line.number, _tidy(line.text.strip('",')))] for line in written]


def _quoted(written: Sequence[Line], candidates: int) -> list[list[_Found]]:
    """Names in quotation marks; around the title below them councils leave the marks out."""
    rows: list[list[_Found]] = []
    for line in written:
        are_complete = len(rows) >= candidates or sum(map(len, rows)) == candidates
        is_title = are_complete and '"' not in line.text
        rows.append([_Found(line.number, _tidy(line.text.strip(",")))] if is_title else _strings(line))
    return rows


def _strings(line: Line) -> list[_Found]:
    """The strings of a line; one whose name itself has quotation marks is one string."""
    found, at = [], 0
    while match := STRINGS.match(line.text, at):
        found.append(_Found(line.number, _tidy(re.sub(r"\\(.)", r"\1", match.group(1)))))
        at = match.end()
    if not line.text[at:].strip(" ,\t"):
        return found
    whole = line.text.rstrip(" ,\t")
    if whole.startswith('"') and whole.endswith('"') and whole.count('"') > 2:  # noqa: PLR2004 - more than around it
        return [_Found(line.number, _tidy(whole[1:-1]))]
    raise NotReadable(line.number, f"a name or the title should stand in quotation marks; “{line.text[at:].strip()[:40]}” does not.")  # fmt: skip


def _one_each(rows: Sequence[list[_Found]], candidates: int) -> list[_Found]:
    found = [one for row in rows for one in row]
    first = rows[:candidates]
    widths = {len(row) for row in first}
    if len(found) <= candidates + 1 or len(first) < candidates or len(widths) != 1 or widths == {1}:
        return found
    named = [_Found(row[0].number, ", ".join(one.words for one in row if one.words)) for row in first]
    return named + [one for row in rows[candidates:] for one in row]


def _tidy(words: str) -> str:
    return " ".join(words.split())
