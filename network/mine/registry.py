"""Where packages say how what they hold about somebody is called, who sees it, and who somebody is in a group.

    from network.mine import registry
    registry.register(Part("contributions", _l("What you gave"), tables=("contributions",), seen_by=_l("…"), order=50))

Every table with a person in it (`[table.mine]` in its data map) belongs to one part; `tests/house/test_people.py` fails otherwise.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Me:
    """Somebody, as they are known in the place in scope."""

    account_id: uuid.UUID | None
    """None where they have no sign-in."""
    members: frozenset[uuid.UUID] = frozenset()
    """Who they are, and were, in the group in scope."""

    def ids(self, to: str) -> frozenset[uuid.UUID]:
        """What points at them, of the people a column points at."""
        return self.members if to == "members" else frozenset(filter(None, (self.account_id,)))

    def is_me(self, identifier: Any) -> bool:
        return identifier is not None and (identifier == self.account_id or identifier in self.members)


@dataclass(frozen=True)
class Part:
    """Something held about people, in words."""

    name: str
    title: Any
    tables: tuple[str, ...]
    seen_by: Any
    """Who else can see it: names of offices, in words."""
    endpoint: str | None = None
    """The page of the place where it can be put right."""
    is_one: Mapping[str, Any] = field(default_factory=dict)
    """What a row of a table is, in a sentence, where its columns alone do not tell."""
    words: Mapping[str, Mapping[Any, Any]] = field(default_factory=dict)
    """`table.column`: code, words."""
    order: int = 100


Find = Callable[[uuid.UUID], frozenset[uuid.UUID]]
Forget = Callable[..., None]
_parts: dict[str, Part] = {}
_pages: dict[str, Any] = {}
_words: dict[str, dict[Any, Any]] = {}
_finders: list[Find] = []
_forgetting: list[tuple[Forget, bool]] = []
_leaving: list[Forget] = []


def register(part: Part) -> None:
    """Add something that is held about people."""
    _parts[part.name] = part


def page(endpoint: str, title: Any) -> None:
    """Another page of one's own, which My page leads to."""
    _pages[endpoint] = title


def pages() -> list[tuple[str, Any]]:
    """The pages of one's own."""
    return list(_pages.items())


def say(place: str, words: Mapping[Any, Any]) -> None:
    """The words for the codes of a column (`table.column`) that another package gives them."""
    _words.setdefault(place, {}).update(words)


def words_for(place: str) -> Mapping[Any, Any]:
    """The words for a column's codes, as far as somebody said them."""
    part = part_of(place.partition(".")[0])
    return {**_words.get(place, {}), **(part.words.get(place, {}) if part else {})}


def find_members_with(find: Find) -> None:
    """Say how an account's memberships in the group in scope are found, present and past."""
    if find not in _finders:
        _finders.append(find)


def on_forgetting(forget: Forget, *, goes_by_account: bool = True) -> None:
    """Have `forget(me, now=now)` called in each place, in its scope, before anything of theirs is gone there.

    What goes by the account is not asked about somebody without a sign-in: rows that name no account are not theirs.
    """
    if (forget, goes_by_account) not in _forgetting:
        _forgetting.append((forget, goes_by_account))


def on_leaving(leave: Forget) -> None:
    """Have `leave(me, now=now)` called in each place once their rows are gone: it lets them go and takes their name."""
    if leave not in _leaving:
        _leaving.append(leave)


def parts() -> list[Part]:
    """Everything that may be held, in order."""
    return sorted(_parts.values(), key=lambda part: (part.order, part.name))


def part_of(table: str) -> Part | None:
    """What a table belongs to."""
    return next((part for part in _parts.values() if table in part.tables), None)


def who(account_id: uuid.UUID | None) -> Me:
    """Who an account is in the place in scope."""
    if account_id is None:
        return Me(None)
    return Me(account_id, frozenset().union(*(find(account_id) for find in _finders)))


def forget_here(me: Me, *, now: datetime) -> None:
    """What packages do before rows go."""
    for forget, goes_by_account in _forgetting:
        if me.account_id or not goes_by_account:
            forget(me, now=now)


def leave_here(me: Me, *, now: datetime) -> None:
    """What packages do once rows are gone."""
    for leave in _leaving:
        leave(me, now=now)
