"""Reading the map, the rules of keeping and the words that no column may be named for."""

import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent


class DataClass(StrEnum):
    """How near a column comes to a person. From `CONTACT` on, it is never stored so that the database can read it."""

    NONE = "none"
    """Keys, states, numbers of the machinery: about nobody."""
    PUBLIC = "public"
    """Written to be read by anybody."""
    GROUP = "group"
    """What the group does and decides, about all of them together."""
    PERSON = "person"
    """About one person: a nickname, who did something, who holds an office."""
    CONTACT = "contact"
    """How somebody is reached."""
    SENSITIVE = "sensitive"
    """Near health, hardship or a conflict; and words in which somebody may speak about a person."""
    SECRET = "secret"  # noqa: S105 - the name of a class
    """What opens a door or a seal."""


LISTED = (DataClass.NONE, DataClass.PUBLIC, DataClass.GROUP)
"""Classes whose columns are listed by name; the purpose of their table is theirs. The others each say what they are for."""


@dataclass(frozen=True)
class Entry:
    """What the map says of one column."""

    table: str
    column: str
    data_class: DataClass
    why: str
    until: str
    basis: str | None = None
    """What the law lets it rest on, where that is not what its rule of keeping says."""
    held: str | None = None
    """`fingerprint` (cannot be read back) or `closed` (with a key that is not in the database): instead of sealed."""
    open_because: str | None = None
    """Why it is readable in the database although its class is to be sealed; only where rows themselves are sealed."""

    @property
    def place(self) -> str:
        return f"{self.table}.{self.column}"


@dataclass(frozen=True)
class Keeping:
    """A rule of keeping: until when, and what sees to it. Exactly one of job, command, function and stays is given."""

    name: str
    until: str
    job: str | None = None
    """A periodic job that takes it away."""
    command: str | None = None
    """A function of ours that takes it away when its use is over."""
    function: str | None = None
    """A function of the database that takes it away."""
    stays: str | None = None
    """Nothing takes it away, and why that is right for now."""
    basis: str = ""
    """What the law lets it rest on: one of `bases.toml`; a column may say otherwise for itself."""
    days: int | None = None
    """How long, for the job that goes by it (periods.py); where a function of the database sees to it, that says so itself."""
    missing: str | None = None
    """What we want to do and nothing does yet."""


@dataclass(frozen=True)
class Basis:
    """What the law lets somebody keep something for, in plain words."""

    name: str
    why: str
    law: str
    near_health: str = ""
    """Why it carries what comes near health too; empty where it does not."""


@dataclass(frozen=True)
class DataMap:
    """The whole map."""

    purposes: dict[str, tuple[str, str]]
    """Of each table: what it is for, and which rule of keeping it follows."""
    entries: dict[str, Entry]
    keeping: dict[str, Keeping]
    bases: dict[str, Basis]
    faults: tuple[str, ...] = ()
    """What could not be read."""

    def basis_of(self, entry: Entry) -> str:
        """What a column rests on: what it says itself, else what its rule of keeping says."""
        rule = self.keeping.get(entry.until)
        return entry.basis or (rule.basis if rule else "")


@dataclass(frozen=True)
class Words:
    """Stems nothing is named for, names that point at a class, and what is allowed nevertheless."""

    never: dict[str, str]
    """Stem: why."""
    points_at: dict[str, frozenset[DataClass]]
    allowed: dict[tuple[str, str], str]
    """(where, stem): why."""


@dataclass(frozen=True)
class NamedField:
    """Something people fill in, with the words shown beside it in each language."""

    place: str
    words: tuple[str, ...]


def plain(words: str) -> str:
    """As words are compared: small letters without accents, parts of a name as words."""
    spread = "".join(f" {c}" if c.isupper() else c for c in words) if words.isidentifier() else words
    small = unicodedata.normalize("NFKD", spread).casefold().replace("_", " ")
    return "".join(c for c in small if not unicodedata.combining(c))


def read_map(files: Iterable[Path]) -> DataMap:
    """Read the map from where it lies beside the tables, and the rules of keeping."""
    purposes: dict[str, tuple[str, str]] = {}
    entries: dict[str, Entry] = {}
    faults: list[str] = []
    for file in sorted(files):
        if not file.exists():
            continue
        for table, told in tomllib.loads(file.read_text(encoding="utf-8")).items():
            purposes[table] = (told.pop("why", ""), told.pop("until", ""))
            told.pop("mine", None)  # what becomes of it when its person asks: network/data_map/people.py
            faults += [f"{table}: there is no class called {code}" for code in told.keys() - set(DataClass)]
            known = {code: columns for code, columns in told.items() if code in set(DataClass)}
            for entry in _entries(table, known, *purposes[table]):
                if entry.place in entries:
                    faults.append(f"{entry.place} is in the map twice")
                entries[entry.place] = entry
    return DataMap(purposes, entries, _keeping(), _bases(), tuple(faults))


def read_words() -> Words:
    """Read which words no column, form or field is named for."""
    told = tomllib.loads((HERE / "words.toml").read_text(encoding="utf-8"))
    return Words(
        never={plain(stem): never["why"] for never in told["never"] for stem in never["stems"]},
        points_at={
            plain(name): frozenset(DataClass(c) for c in points["classes"])
            for points in told["points_at"]
            for name in points["names"]
        },
        allowed={
            (where, plain(stem)): allowed["why"]
            for allowed in told["allowed"]
            for where in allowed["where"]
            for stem in allowed["stems"]
        },
    )


def _entries(table: str, told: dict[str, Any], why: str, until: str) -> list[Entry]:
    """The columns of one table, class by class."""
    found = []
    for code, columns in told.items():
        data_class = DataClass(code)
        if data_class in LISTED:
            found += [Entry(table, column, data_class, why, until) for column in columns]
            continue
        for column, words in columns.items():
            own = {"why": words} if isinstance(words, str) else words
            found.append(Entry(table, column, data_class, **{"until": until, **own}))
    return found


def _keeping() -> dict[str, Keeping]:
    told = tomllib.loads((HERE / "keeping.toml").read_text(encoding="utf-8"))
    return {name: Keeping(name, **rule) for name, rule in told.items()}


def _bases() -> dict[str, Basis]:
    told = tomllib.loads((HERE / "bases.toml").read_text(encoding="utf-8"))
    return {name: Basis(name, **basis) for name, basis in told.items()}
