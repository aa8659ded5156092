"""Rows about somebody as facts to read: what it is, who sees it, until when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from network.mine import registry, rows
from network.mine.registry import Part
from network.mine.rows import MYSELF, SOMEBODY, Found
from network.mine.words import COLUMNS, ONES_OWN, UNTIL
from network.tenancy.models import Group
from network.web.formatting import money, number, whole_day
from network.web.languages import named

MOST = 25
"""So many of each are shown on a page; the others are in what one can take away."""


@dataclass(frozen=True)
class Held:
    """A part with something in it."""

    part: Part
    count: int

    @property
    def until(self) -> list[Any]:
        """Until when, each rule once."""
        purposes = rows.the_map().purposes
        return list(dict.fromkeys(str(UNTIL[purposes[table][1]]) for table in self.part.tables))


def parts_held(counts: Mapping[str, int]) -> list[Held]:
    """Parts in which something is."""
    found = [Held(part, sum(counts.get(table, 0) for table in part.tables)) for part in registry.parts()]
    return [held for held in found if held.count]


def facts_of(found: Found, place: Group | None) -> list[tuple[Any, str]]:
    """A row as pairs of what and its answer; identifiers and numbers of the machinery are left to programs."""
    facts: list[tuple[Any, str]] = []
    part = registry.part_of(found.table)
    if part and (sentence := part.is_one.get(found.table)):
        facts.append((COLUMNS["what"], str(sentence)))
    for name, value in found.values.items():
        if name not in COLUMNS or value is None or value == "":
            continue
        place_of = f"{found.table}.{name}"
        words = registry.words_for(place_of)
        currency = found.values.get("currency") or (place.currency if place else "")
        facts.append((ONES_OWN.get(place_of, COLUMNS[name]), _told(name, value, words, currency)))
    return facts


def _told(name: str, value: Any, words: Mapping[Any, Any], currency: str) -> str:
    known = {MYSELF: _("you"), SOMEBODY: _("somebody else"), True: _("yes"), False: _("no")}
    if isinstance(value, bool | str) and value in known:
        return str(known[value])
    if isinstance(value, datetime | date):
        return whole_day(value)
    if name == "amount" and currency:
        return money(value, currency)
    if isinstance(value, int):
        return number(value)
    if name == "language":
        return named(value).autonym
    return str(words.get(value) or words.get(_without_count(value)) or value)


def _without_count(value: Any) -> Any:
    """A code of the diary that carries how many (`members.added.40`) without the number."""
    code, _dot, last = str(value).rpartition(".")
    return code if last.isdigit() else value
