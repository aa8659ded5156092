"""Days and times as files write them."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime

from funding.statements.formats.statement import NotReadable

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
TIME = (
    r"(?:[T ,]+(?P<hour>[0-9]{1,2})[:.](?P<minute>[0-9]{2})(?:[:.](?P<second>[0-9]{2})(?:[.,][0-9]+)?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?)?\s*(?:Z|UTC|EAT|GMT|[+-][0-9]{2}:?[0-9]{2})?"
)
SHAPES = tuple(
    re.compile(shape + TIME)
    for shape in (
        r"(?P<year>[0-9]{4})[-/.](?P<month>[0-9]{1,2})[-/.](?P<day>[0-9]{1,2})",
        r"(?P<first>[0-9]{1,2})[-/.](?P<second_part>[0-9]{1,2})[-/.](?P<year>[0-9]{4}|[0-9]{2})",
        r"(?:[A-Za-z]{3,9},? )?(?P<day>[0-9]{1,2})[-/. ](?P<name>[A-Za-z]{3,9})[-/. ,]+(?P<year>[0-9]{4}|[0-9]{2})",
        r"(?:[A-Za-z]{3,9},? )?(?P<name>[A-Za-z]{3,9}) (?P<day>[0-9]{1,2}),? (?P<year>[0-9]{4})",
        r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})(?:[0-9]{6})?",
    )
)
EARLIEST, LATEST = 1980, 2100
NOON = 12


def read(text: str, *, month_first: bool = False) -> datetime:
    """A day, with the time where there is one (midnight where not). Raises `NotReadable`."""
    text = _plain(text)
    for shape in SHAPES:
        found = shape.fullmatch(text)
        if found:
            try:
                return _moment(found.groupdict(), month_first=month_first)
            except ValueError:
                break
    raise NotReadable("“%(text)s” is not a date.", text=text[:40])


def _plain(text: str) -> str:
    """One kind of space; digits of every script as ours; without marks that only turn the direction."""
    text = " ".join(text.replace("\u200e", "").replace("\u200f", "").split())
    return text if text.isascii() else "".join(str(unicodedata.decimal(sign, sign)) for sign in text)


def is_month_first(texts: Iterable[str]) -> bool:
    """Whether these dates only make sense with the month in front; where both ways do, the day is in front."""
    texts = [text for text in texts if SHAPES[1].fullmatch(_plain(text))]
    return bool(texts) and not _make_sense(texts, month_first=False) and _make_sense(texts, month_first=True)


def _make_sense(texts: Iterable[str], *, month_first: bool) -> bool:
    try:
        for text in texts:
            read(text, month_first=month_first)
    except NotReadable:
        return False
    return True


def _moment(parts: dict[str, str | None], *, month_first: bool) -> datetime:
    year = int(parts["year"] or 0)
    year += 2000 if year < 100 else 0  # noqa: PLR2004 - two figures of a year
    if not EARLIEST <= year <= LATEST:
        raise ValueError
    if parts.get("first"):
        day, month = int(parts["first"] or 0), int(parts["second_part"] or 0)
        if month_first:
            day, month = month, day
    else:
        day = int(parts["day"] or 0)
        month = _month(parts["name"]) if parts.get("name") else int(parts["month"] or 0)
    hour = int(parts["hour"] or 0)
    half = (parts["half"] or "").lower()
    if half.startswith("p") and hour < NOON:
        hour += NOON
    elif half.startswith("a") and hour == NOON:
        hour = 0
    return datetime(year, month, day, hour, int(parts["minute"] or 0), int(parts["second"] or 0))  # noqa: DTZ001 - the file names no zone


def _month(name: str | None) -> int:
    return MONTHS.index((name or "")[:3].lower()) + 1
