"""Decisions about a list of people: what stands in which column, what is wrong with a row, who may be here already."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from groups.membership.models import LONGEST_NICKNAME
from groups.membership.rules import folded, free_nickname
from groups.newcomers.formats import Line
from network.accounts.models import IdentifierKind
from network.accounts.rules import counted_as, kind_of

MOST = 200
"""So many people at once."""
EARLIEST_YEAR = 1980
FEWEST_DIGITS = 7
LONGEST_CONTACT = 120


class Refusal(StrEnum):
    """Why a list cannot be looked over, or a row of it cannot be added."""

    NOT_A_TABLE = "not_a_table"
    NOBODY_NAMED = "nobody_named"
    TOO_MANY = "too_many"
    NO_NAMES = "no_names"
    NOT_KEPT_HERE = "not_kept_here"
    CHANGED_MEANWHILE = "changed_meanwhile"
    NAMELESS = "nameless"
    NAME_TOO_LONG = "name_too_long"
    NAME_UNREADABLE = "name_unreadable"
    NAME_TWICE = "name_twice"
    NO_DAY = "no_day"
    STILL_TO_COME = "still_to_come"
    UNKNOWN_LANGUAGE = "unknown_language"
    NO_CONTACT = "no_contact"
    SAME_PERSON = "same_person"


class Answer(StrEnum):
    """What is to happen with a row."""

    ADD = "add"
    LEAVE_OUT = "leave"
    SOMEBODY_ELSE = "other"


class CannotRead(Exception):
    """The list as a whole cannot be taken; `word` is the heading it stumbled over."""

    def __init__(self, refusal: Refusal, word: str = "") -> None:
        super().__init__(refusal)
        self.refusal, self.word = refusal, word


@dataclass(frozen=True)
class Row:
    """A person of the list, each part as it was written, with the number of the line."""

    line: int
    nickname: str = ""
    joined: str = ""
    language: str = ""
    contact: str = ""
    answer: str = ""


PARTS = ("nickname", "joined", "language", "contact")


@dataclass(frozen=True)
class Fault:
    """What is to be put right in one part of a row; `other` is the line it clashes with."""

    line: int
    part: str
    refusal: Refusal
    other: int = 0


@dataclass(frozen=True)
class Known:
    """Somebody who is in the group already, as far as a list is compared with them."""

    nickname: str
    contact: str | None = None


@dataclass(frozen=True)
class Twin:
    """Somebody here who may be the person of a row, and what the person is called if it is somebody else."""

    nickname: str
    called: str


@dataclass(frozen=True)
class Newcomer:
    """A row that can be added."""

    nickname: str
    joined_on: date
    language: str | None
    contact: str | None


@dataclass(frozen=True)
class Looked:
    """What came of looking a list over."""

    faults: list[Fault] = field(default_factory=list)
    twins: dict[int, Twin] = field(default_factory=dict)
    newcomers: list[Newcomer] = field(default_factory=list)


HEADINGS: Mapping[str, tuple[str, ...]] = {
    "nickname": (
        "nickname", "nick name", "jina la utani", "surnom", "pseudonyme", "name", "names", "first name", "member",
        "member name", "name of member", "full name", "jina", "majina", "jina la mwanachama", "mwanachama", "prenom",
        "nom", "noms", "membre",
    ),
    "joined": (
        "joined", "joined on", "date joined", "date of joining", "joining date", "member since", "since", "date",
        "alijiunga", "tarehe ya kujiunga", "tarehe", "membre depuis", "depuis", "date d adhesion", "date d arrivee",
    ),
    "language": ("language", "their language", "lugha", "langue"),
    "contact": (
        "contact", "contacts", "phone", "phone number", "phone no", "telephone", "telephone number", "mobile",
        "mobile number", "mobile no", "tel", "tel no", "simu", "nambari ya simu", "namba ya simu", "mawasiliano", "portable",
        "numero de telephone", "email", "e mail", "email address", "barua pepe", "courriel", "adresse e mail",
    ),
}  # fmt: skip
NOT_KEPT = frozenset([
    "diagnosis", "diagnoses", "diagnosed", "diagnostic", "diagnostics", "medication", "medications", "medicine",
    "medicines", "drug", "drugs", "illness", "illnesses", "disease", "diseases", "sickness", "disorder", "disorders",
    "condition", "conditions", "symptom", "symptoms", "hiv", "aids", "arv", "arvs", "cd4", "treatment", "treatments",
    "therapy", "patient", "health", "medical", "ugonjwa", "magonjwa", "utambuzi", "dawa", "vvu", "ukimwi", "matibabu",
    "afya", "dalili", "mgonjwa", "maladie", "maladies", "medicament", "medicaments", "traitement", "traitements",
    "vih", "sida", "sante", "symptome", "symptomes", "trouble", "troubles",
])  # fmt: skip
"""Words in a heading of what nobody keeps here, in the three languages lists are written in."""


def plain(cell: str) -> str:
    """Words for comparing: small letters without accents and signs."""
    letters = unicodedata.normalize("NFKD", cell).casefold()
    return " ".join(
        re.sub(r"[\W_]+", " ", "".join(c for c in letters if not unicodedata.combining(c))).split()
    )


def rows_in(lines: Sequence[Line], *, languages: Mapping[str, str]) -> list[Row]:
    """The people of a list, by its headings where it has them. Raises `CannotRead`; a column it does not know is not read."""
    if not lines:
        raise CannotRead(Refusal.NOBODY_NAMED)
    columns = _columns(lines[0])
    people = lines[1:] if columns else lines
    if not people:
        raise CannotRead(Refusal.NOBODY_NAMED)
    if len(people) > MOST:
        raise CannotRead(Refusal.TOO_MANY)
    if columns:
        return [Row(one.number, **{part: _cell(one, at) for part, at in columns.items()}) for one in people]
    return [_by_looks(one, languages) for one in people]


def unread_headings(lines: Sequence[Line]) -> list[str]:
    """The headings of columns that were left alone."""
    columns = _columns(lines[0]) if lines else {}
    read = set(columns.values())
    return [cell for at, cell in enumerate(lines[0].cells) if cell and at not in read] if columns else []


def _columns(first: Line) -> dict[str, int]:
    """Which part of a person stands in which column; nothing where the first line is a person already."""
    cells = [plain(cell) for cell in first.cells]
    found = {}
    for part, words in HEADINGS.items():
        if word := next((word for word in words if word in cells), None):
            found[part] = cells.index(word)
    is_headed = "nickname" in found or len(found) > 1
    for at, cell in enumerate(cells):
        is_said = bool(NOT_KEPT & set(cell.split())) and not is_contact(first.cells[at])
        if is_said and (is_headed or at > 0):
            raise CannotRead(Refusal.NOT_KEPT_HERE, first.cells[at][:LONGEST_NICKNAME])
    if is_headed and "nickname" not in found:
        raise CannotRead(Refusal.NO_NAMES)
    return found if is_headed else {}


def _cell(line: Line, at: int) -> str:
    return line.cells[at] if at < len(line.cells) else ""


def _by_looks(line: Line, languages: Mapping[str, str]) -> Row:
    """A person of a list without headings: the name first, then each part known by its looks, else by its place."""
    row = Row(line.number, nickname=line.cells[0])
    for at, cell in enumerate(line.cells[1 : len(PARTS)], start=1):
        part = _looks_like(cell, languages)
        if part is None or getattr(row, part):
            part = PARTS[at]
        if cell and not getattr(row, part):
            row = replace(row, **{part: cell})  # type: ignore[arg-type]  # every part is text
    return row


def _looks_like(cell: str, languages: Mapping[str, str]) -> str | None:
    if day_in(cell):
        return "joined"
    if plain(cell) in languages:
        return "language"
    return "contact" if is_contact(cell) else None


MONTHS = {
    "jan": 1, "feb": 2, "fev": 2, "mar": 3, "mac": 3, "apr": 4, "avr": 4, "may": 5, "mai": 5, "mei": 5, "juil": 7, "jul": 7,
    "jun": 6, "juin": 6, "aug": 8, "aou": 8, "ago": 8, "sep": 9, "oct": 10, "okt": 10, "nov": 11, "dec": 12, "des": 12,
}  # fmt: skip
"""How the names of months begin in English, Swahili and French."""
SHAPES = (
    re.compile(r"(?P<year>\d{4})[-/. ](?P<month>\d{1,2})[-/. ](?P<day>\d{1,2})(?:[T ]00:00(?::00)?)?"),
    re.compile(r"(?P<day>\d{1,2})[-/. ](?P<month>\d{1,2})[-/. ](?P<year>\d{4}|\d{2})"),
    re.compile(
        r"(?P<day>\d{1,2})(?:st|nd|rd|th|er)?[-/. ]+(?P<name>[a-z]{3,9})[-/., ]+(?P<year>\d{4}|\d{2})"
    ),
    re.compile(r"(?P<name>[a-z]{3,9})[ .]+(?P<day>\d{1,2})(?:st|nd|rd|th)?[, ]+(?P<year>\d{4})"),
)


def day_in(text: str) -> date | None:
    """The day a text says, the day before the month; `None` where it says none."""
    letters = unicodedata.normalize("NFKD", " ".join(text.split())).casefold()
    letters = "".join(
        str(unicodedata.decimal(c, c))
        for c in letters
        if not unicodedata.combining(c) and c not in "\u200e\u200f"
    )
    for shape in SHAPES:
        if found := shape.fullmatch(letters):
            return _day_of(found.groupdict())
    return None


def _day_of(parts: Mapping[str, str]) -> date | None:
    name = parts.get("name", "")
    month = (
        next((number for start, number in MONTHS.items() if name.startswith(start)), 0)
        if name
        else int(parts["month"])
    )
    year = int(parts["year"])
    year += 2000 if year < 100 else 0  # noqa: PLR2004 - two figures of a year
    try:
        day = date(year, month, int(parts["day"]))
    except ValueError:
        return None
    return day if day.year >= EARLIEST_YEAR else None


def is_contact(text: str) -> bool:
    """Whether this is a telephone number or an e-mail address."""
    kind = kind_of(text)
    if kind is IdentifierKind.EMAIL:
        return len(text) <= LONGEST_CONTACT
    digits = sum(sign.isdecimal() for sign in text)
    return kind is IdentifierKind.PHONE and digits >= FEWEST_DIGITS and day_in(text) is None


def looked_over(
    rows: Sequence[Row], *, here: Sequence[Known], today: date, languages: Mapping[str, str]
) -> Looked:
    """Every row's faults, who may be here already, and whom to add: nobody unless every row is as it should be.

    `languages` leads from words, compared plainly, to codes. Whoever is left out is not looked at.
    """
    if len(rows) > MOST:
        raise CannotRead(Refusal.TOO_MANY)
    staying = [row for row in rows if row.answer != Answer.LEAVE_OUT]
    taken = {folded(one.nickname) for one in here} | {folded(row.nickname) for row in staying}
    looked = Looked()
    looked.twins.update(_twins(rows, here, taken))
    first: dict[str, int] = {}
    for row in staying:
        looked.faults.extend(_faults(row, first, today=today, languages=languages))
        first.setdefault(folded(row.nickname), row.line)
        if row.line in looked.twins and row.answer != Answer.SOMEBODY_ELSE:
            looked.faults.append(Fault(row.line, "answer", Refusal.SAME_PERSON))
    if not looked.faults:
        looked.newcomers.extend(
            _newcomer(row, looked.twins.get(row.line), today, languages) for row in staying
        )
    return looked


def _newcomer(row: Row, twin: Twin | None, today: date, languages: Mapping[str, str]) -> Newcomer:
    return Newcomer(
        twin.called if twin else " ".join(row.nickname.split()),
        day_in(row.joined) or today,
        languages.get(plain(row.language)),
        row.contact or None,
    )


def _faults(row: Row, first: Mapping[str, int], *, today: date, languages: Mapping[str, str]) -> list[Fault]:
    found = [Fault(row.line, "nickname", refusal) for refusal in [why_not_called(row.nickname)] if refusal]
    if not found and (other := first.get(folded(row.nickname))):
        found.append(Fault(row.line, "nickname", Refusal.NAME_TWICE, other))
    day = day_in(row.joined)
    if row.joined and day is None:
        found.append(Fault(row.line, "joined", Refusal.NO_DAY))
    elif day and day > today:
        found.append(Fault(row.line, "joined", Refusal.STILL_TO_COME))
    if row.language and plain(row.language) not in languages:
        found.append(Fault(row.line, "language", Refusal.UNKNOWN_LANGUAGE))
    if row.contact and not is_contact(row.contact):
        found.append(Fault(row.line, "contact", Refusal.NO_CONTACT))
    return found


def why_not_called(nickname: str) -> Refusal | None:
    """Why nobody can be called this, whoever is here."""
    if not nickname.strip():
        return Refusal.NAMELESS
    if len(nickname) > LONGEST_NICKNAME:
        return Refusal.NAME_TOO_LONG
    return None if any(letter.isalnum() for letter in nickname) else Refusal.NAME_UNREADABLE


def _twins(rows: Sequence[Row], here: Sequence[Known], taken: set[str]) -> dict[int, Twin]:
    """Who here may be the person of a row: the same name but for accents, signs and spaces, or the same way to reach them."""
    exact = {folded(one.nickname) for one in here}
    by_name = {alike(one.nickname): one.nickname for one in here}
    reached = {
        counted_as(one.contact): one.nickname for one in here if one.contact and is_contact(one.contact)
    }
    given = set(taken)
    found = {}
    for row in rows:
        name = by_name.get(alike(row.nickname)) if row.nickname else None
        if name is None and is_contact(row.contact):
            name = reached.get(counted_as(row.contact))
        if name is None or why_not_called(row.nickname):
            continue
        called = " ".join(row.nickname.split())
        if folded(called) in exact:
            called = free_nickname(called, is_taken=lambda wanted: folded(wanted) in given)
            given.add(folded(called))
        found[row.line] = Twin(name, called)
    return found


def alike(nickname: str) -> str:
    """What stays of a nickname when only letters and numbers count; a name of signs alone stays as it is."""
    return plain(nickname).replace(" ", "") or folded(nickname)
