"""The map as a page to read: by class, what is kept, why and until when."""

from collections.abc import Iterator, Mapping

from network.data_map.columns import Column
from network.data_map.reading import LISTED, DataClass, DataMap, Entry

ELSEWHERE = {
    DataClass.NONE: "about nobody",
    DataClass.PERSON: "personal",
    DataClass.CONTACT: "personal",
}
"""What the classes are called where people speak of public, group, personal, sensitive and secret."""
HELD = {
    None: "readable in the database",
    "fingerprint": "as a fingerprint that cannot be read back",
    "closed": "closed with a key that is not in the database",
}


def pages(data_map: DataMap, columns: Mapping[str, Column]) -> Iterator[str]:
    """Lines of Markdown: first what comes nearest to a person, last what is still missing."""
    yield "# What we keep and why"
    for data_class in reversed(DataClass):
        entries = sorted(
            (e for e in data_map.entries.values() if e.data_class is data_class), key=lambda e: e.place
        )
        called = f" ({ELSEWHERE[data_class]})" if data_class in ELSEWHERE else ""
        yield f"\n## {data_class}{called}: {len(entries)} columns\n"
        yield from (
            _tables(data_map, entries) if data_class in LISTED else _columns(data_map, entries, columns)
        )
    yield "\n## What it rests on\n"
    yield "| basis | in plain words | where the law says so |"
    yield "|---|---|---|"
    yield from (f"| {basis.name} | {basis.why} | {basis.law} |" for basis in data_map.bases.values())
    yield "\n## Not done yet\n"
    for rule in data_map.keeping.values():
        if rule.missing:
            yield f"- {rule.name}: {rule.missing}"


def _columns(data_map: DataMap, entries: list[Entry], columns: Mapping[str, Column]) -> Iterator[str]:
    yield "| column | what for | until | rests on | how |"
    yield "|---|---|---|---|---|"
    for entry in entries:
        how = "sealed" if columns[entry.place].is_sealed else entry.open_because or HELD[entry.held]
        yield f"| {entry.place} | {entry.why} | {data_map.keeping[entry.until].until} | {data_map.basis_of(entry)} | {how} |"


def _tables(data_map: DataMap, entries: list[Entry]) -> Iterator[str]:
    yield "| table | columns | what for | until | rests on |"
    yield "|---|---|---|---|---|"
    for table in sorted({entry.table for entry in entries}):
        names = ", ".join(entry.column for entry in entries if entry.table == table)
        why, until = data_map.purposes[table]
        yield f"| {table} | {names} | {why} | {data_map.keeping[until].until} | {data_map.keeping[until].basis} |"
