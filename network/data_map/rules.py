"""What is wrong between the map, the columns there are and the words nothing is named for."""

import re
from collections.abc import Iterable, Mapping

from network.data_map.columns import Column
from network.data_map.reading import DataClass, DataMap, Entry, NamedField, Words, plain

NEVER_OPEN = frozenset({DataClass.CONTACT, DataClass.SENSITIVE, DataClass.SECRET})
ABOUT_PEOPLE = NEVER_OPEN | {DataClass.PERSON}
HELD = {"fingerprint", "closed"}
SHORTEST_WHY, SHORTEST_REASON = 8, 20


def faults_of_columns(data_map: DataMap, columns: Mapping[str, Column], words: Words) -> list[str]:
    """Columns the map does not know, entries without a column, and columns that are kept more openly than their class."""
    unknown = [
        f"{place} is not in the map: write it in the data_map.toml beside its models (docs/privacy.md says how)"
        for place, column in columns.items()
        if place not in data_map.entries and not column.is_ordinary
    ]
    gone = [f"{place} is in the map and in no table" for place in data_map.entries if place not in columns]
    tables = {column.table for column in columns.values()}
    gone += [
        f"the table {table} is in the map and does not exist" for table in data_map.purposes.keys() - tables
    ]
    gone += [f"the table {table} is not in the map" for table in tables - data_map.purposes.keys()]
    held = [
        fault
        for place, entry in data_map.entries.items()
        if place in columns
        for fault in _faults_of_entry(entry, columns[place])
    ]
    classes = [
        _why_other_class(column, data_map.entries.get(place), words) for place, column in columns.items()
    ]
    return [*data_map.faults, *unknown, *gone, *held, *(fault for fault in classes if fault)]


def _faults_of_entry(entry: Entry, column: Column) -> list[str]:
    faults = []
    if len(entry.why) < SHORTEST_WHY:
        faults.append(f"{entry.place}: say in a sentence what it is for")
    if column.names_a_person and entry.data_class not in ABOUT_PEOPLE:
        faults.append(f"{entry.place} names a person and is said to be about none")
    if entry.data_class is DataClass.PUBLIC and not column.rows_are_published and column.is_sealed:
        faults.append(f"{entry.place} is sealed and said to be public")
    if column.is_sealed and column.sealed_for != column.place:
        faults.append(
            f"{entry.place} is sealed for {column.sealed_for}: what is sealed in two places can be moved"
        )
    if entry.held is not None and not _is_held(entry, column):
        faults.append(f"{entry.place} is not held as a {entry.held}")
    if entry.data_class in NEVER_OPEN and not (column.is_sealed or entry.held or _may_be_open(entry, column)):
        faults.append(f"{entry.place} is {entry.data_class} and readable in the database: make it Sealed(…)")
    return faults


def _is_held(entry: Entry, column: Column) -> bool:
    return entry.held in HELD and (column.is_bytes or column.name.endswith("_hash"))


def _may_be_open(entry: Entry, column: Column) -> bool:
    """Where the database shows the whole row to a few accounts only, something may stay open for a reason."""
    return column.rows_are_sealed and len(entry.open_because or "") >= SHORTEST_REASON


def _why_other_class(column: Column, entry: Entry | None, words: Words) -> str | None:
    """A name that says what it holds is of the class that goes with it."""
    data_class = entry.data_class if entry else DataClass.NONE
    for stem, classes in words.points_at.items():
        if not _has(stem, column.name) or (column.place, stem) in words.allowed:
            continue
        if data_class not in classes and not (data_class is DataClass.PUBLIC and column.rows_are_published):
            return f"{column.place} sounds like {' or '.join(sorted(classes))} and is said to be {data_class}"
    return None


def faults_of_keeping(
    data_map: DataMap, *, jobs: Iterable[str], commands: Iterable[str], functions: Iterable[str]
) -> list[str]:
    """Rules of keeping that do not exist, or that name a job, a command or a function that does not."""
    named = {(table, until) for table, (_, until) in data_map.purposes.items()}
    named |= {(entry.place, entry.until) for entry in data_map.entries.values()}
    faults = [
        f"{place}: no rule of keeping is called “{until}” (network/data_map/keeping.toml)"
        for place, until in sorted(named)
        if until not in data_map.keeping
    ]
    used = {until for _, until in named}
    there = {"job": set(jobs), "command": set(commands), "function": set(functions)}
    for name, rule in data_map.keeping.items():
        given = {kind: value for kind in (*there, "stays") if (value := getattr(rule, kind)) is not None}
        if len(given) != 1:
            faults.append(f"{name}: say what sees to it: a job, a command, a function, or why it stays")
        faults += [
            f"{name}: there is no {kind} called {value}"
            for kind, value in given.items()
            if kind in there and value not in there[kind]
        ]
        if name not in used:
            faults.append(f"{name}: nothing is kept by this rule")
    return faults


def faults_of_bases(data_map: DataMap) -> list[str]:
    """What rests on nothing the law knows, what comes near health and rests on too little, and bases nothing rests on."""
    rests = {entry.place: data_map.basis_of(entry) for entry in data_map.entries.values()}
    rests |= {f"[{rule.name}]": rule.basis for rule in data_map.keeping.values()}
    faults = [
        f"{place}: say what it rests on, one of {', '.join(data_map.bases)} (network/data_map/bases.toml)"
        for place, basis in rests.items()
        if basis not in data_map.bases
    ]
    faults += [
        f"{entry.place} comes near health, and {rests[entry.place]} does not carry that"
        for entry in data_map.entries.values()
        if entry.data_class is DataClass.SENSITIVE
        and (basis := data_map.bases.get(rests[entry.place]))
        and not basis.near_health
    ]
    return faults + [f"nothing rests on {name}" for name in data_map.bases if name not in rests.values()]


def faults_of_words(columns: Mapping[str, Column], fields: Iterable[NamedField], words: Words) -> list[str]:
    """Columns, codes, fields and their labels that ask for what we do not collect."""
    said = [
        (column.place, " ".join((column.table, column.name, *column.codes))) for column in columns.values()
    ]
    said += [(field.place, " ; ".join((field.place, *field.words))) for field in fields]
    found = {(place, stem) for place, text in said for stem in words.never if _has(stem, text)}
    unallowed = [
        f"{place} sounds like “{stem}”: {words.never[stem]}"
        for place, stem in sorted(found - words.allowed.keys())
    ]
    pointed = {(place, stem) for place in columns for stem in words.points_at}
    idle = [
        f"{place} is allowed “{stem}” and has no use for it"
        for place, stem in words.allowed.keys() - found - pointed
    ]
    bare = [
        f"{place}: say why it is allowed"
        for (place, _), why in words.allowed.items()
        if len(why) < SHORTEST_REASON
    ]
    return unallowed + idle + bare


def _has(stem: str, text: str) -> bool:
    """A stem begins a word; with `$` at its end it is a whole one."""
    end = r"\b" if stem.endswith("$") else ""
    return bool(re.search(rf"\b{re.escape(stem.rstrip('$'))}{end}", plain(text)))
