"""Which rows are about somebody, and what becomes of them when that person asks for them or asks to be forgotten.

It stands in the map beside each table, under `[table.mine]`; docs/privacy.md says how. What people see of themselves, what
they take away and what erasing does are all read from here, so a table that is not entered fails the build.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from network.data_map.columns import Column
from network.data_map.reading import DataClass, DataMap

HERE = Path(__file__).resolve().parent
ABOUT_SOMEBODY = frozenset({DataClass.PERSON, DataClass.CONTACT, DataClass.SENSITIVE, DataClass.SECRET})
CLEARED = frozenset({DataClass.CONTACT, DataClass.SENSITIVE})
SHORTEST = 20


class Row(StrEnum):
    """What the person is to the row."""

    THEIRS = "theirs"
    """It is about them: they see all of it, and take all of it away."""
    ACTS = "acts"
    """They did something in it that is the group's, or about somebody else: they see that and when, not its words."""


class Goes(StrEnum):
    """What goes when the person asks to be forgotten."""

    ROW = "row"
    """The row."""
    LINK = "link"
    """What points at them, and the columns under `also`; the rest of the row stays."""
    NAME = "name"
    """Nothing but the columns under `also`: the row points at somebody who has no name any more. `because` says why."""
    COMMAND = "command"
    """A function of ours sees to it."""


@dataclass(frozen=True)
class Link:
    """A column that points at somebody."""

    table: str
    column: str
    row: Row
    goes: Goes
    because: str = ""
    also: tuple[str, ...] = ()
    """Columns emptied with it."""
    without: tuple[str, ...] = ()
    """Columns of the row that are about others, and not shown."""
    shows: tuple[str, ...] = ()
    """Secrets that are shown to their owner nevertheless: without them something of theirs could not be used."""
    stays: Mapping[str, str] | None = None
    """Sealed columns of a row that stays and keeps them, each with why."""
    to: str = ""
    """The people it points at, where the database does not know: `accounts` or `members`."""
    command: str = ""

    @property
    def place(self) -> str:
        return f"{self.table}.{self.column}"


@dataclass(frozen=True)
class People:
    """All of them."""

    links: dict[str, Link]
    nobody: dict[str, str]
    """Tables with words about people who have no account: why nobody can be shown them."""
    loose: dict[str, str]
    """Identifiers the database holds to no table and that are no person's: what they are."""
    faults: tuple[str, ...] = ()

    def of(self, table: str) -> list[Link]:
        """The links of a table."""
        return [link for link in self.links.values() if link.table == table]


def read_people(files: Iterable[Path], columns: Mapping[str, Column]) -> People:
    """Read what is under `mine` in the map."""
    links: dict[str, Link] = {}
    nobody: dict[str, str] = {}
    faults: list[str] = []
    for file in sorted(files):
        told = tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        for table, entry in told.items():
            for name, words in entry.get("mine", {}).items():
                if name == "nobody":
                    nobody[table] = words
                    continue
                try:
                    link = _link(table, name, words, columns.get(f"{table}.{name}"))
                except (ValueError, TypeError) as wrong:
                    faults.append(f"{table}.{name}: under mine it says what is not known ({wrong})")
                else:
                    links[link.place] = link
    loose = tomllib.loads((HERE / "loose.toml").read_text(encoding="utf-8"))
    return People(links, nobody, loose, tuple(faults))


def _link(table: str, name: str, words: Any, column: Column | None) -> Link:
    """`"theirs:book"` is short for a row about them that stays, without a name, because of the book."""
    if isinstance(words, str):
        row, _, because = words.partition(":")
        words = {"row": row, "goes": Goes.NAME, "because": because}
    told = {**words, "row": Row(words["row"]), "goes": Goes(words["goes"])}
    told["to"] = words.get("to") or (column.points_at if column else None) or ""
    told |= {name: tuple(words.get(name, ())) for name in ("also", "without", "shows")}
    return Link(table, name, **told)


def faults_of_people(
    people: People, data_map: DataMap, columns: Mapping[str, Column], *, reasons: Iterable[str]
) -> list[str]:
    """Whatever points at somebody or is about somebody, and does not say what becomes of it."""
    return [
        *people.faults,
        *_not_entered(people, columns),
        *_nobodys(people, data_map, columns),
        *(fault for link in people.links.values() for fault in _faults_of_link(link, columns, set(reasons))),
        *_left_behind(people, data_map),
    ]


def _not_entered(people: People, columns: Mapping[str, Column]) -> list[str]:
    faults = [
        f"{place} points at somebody: say under [{column.table}.mine] what becomes of it (docs/privacy.md says how)"
        for place, column in columns.items()
        if column.names_a_person and place not in people.links
    ]
    faults += [
        f"{place} is held to no table: say what it is in network/data_map/loose.toml, or whom it points at under mine"
        for place, column in columns.items()
        if column.is_loose and place not in people.loose and place not in people.links
    ]
    loose = {place for place, column in columns.items() if column.is_loose}
    return faults + [f"loose.toml: {place} is no loose column" for place in people.loose.keys() - loose]


def _nobodys(people: People, data_map: DataMap, columns: Mapping[str, Column]) -> list[str]:
    """Columns about people in rows that lead to nobody."""
    led = {link.table for link in people.links.values()} | people.nobody.keys()
    faults = [
        f"{entry.place} is about somebody: say under [{entry.table}.mine] who, or why nobody can be shown it"
        for entry in data_map.entries.values()
        if entry.data_class in ABOUT_SOMEBODY and entry.table not in led
    ]
    faults += [
        f"{table}: say why nobody can be shown it"
        for table, why in people.nobody.items()
        if len(why) < SHORTEST
    ]
    tables = {column.table for column in columns.values()}
    return faults + [f"{table} does not exist" for table in people.nobody if table not in tables]


def _faults_of_link(link: Link, columns: Mapping[str, Column], reasons: set[str]) -> list[str]:
    faults = []
    if link.place not in columns:
        faults.append(f"{link.place} is under mine and in no table")
    elif not link.to:
        faults.append(f"{link.place}: say `to`, accounts or members")
    named = (*link.also, *link.without, *link.shows, *(link.stays or {}))
    faults += [f"{link.place}: there is no column {c}" for c in named if f"{link.table}.{c}" not in columns]
    if link.goes is Goes.NAME and link.because not in reasons:
        faults.append(f"{link.place} stays: say because of what ({', '.join(sorted(reasons))})")
    if link.goes is Goes.COMMAND and not link.command:
        faults.append(f"{link.place}: say which command")
    return faults


def _left_behind(people: People, data_map: DataMap) -> list[str]:
    """Sealed words of a row about somebody that would stay with it."""
    return [
        f"{entry.place} would stay when its person asks to be forgotten: put it under `also`, or say why in `stays`"
        for link in people.links.values()
        if link.row is Row.THEIRS and link.goes in (Goes.NAME, Goes.LINK)
        for entry in data_map.entries.values()
        if entry.table == link.table
        and entry.data_class in CLEARED
        and entry.column != link.column
        and entry.column not in {*link.also, *link.without, *(link.stays or {})}
    ]
