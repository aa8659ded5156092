"""Where packages say what needs doing and what is worth a glance."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from network.access.actor import Actor
from network.tenancy.models import Group, GroupKind

MOST = 5


@dataclass(frozen=True)
class Todo:
    """One thing this person can act on now, with why and by when."""

    title: Any
    why: Any
    href: str
    soon: bool = False
    order: int = 100


@dataclass(frozen=True)
class Glance:
    """A figure worth seeing in passing."""

    title: Any
    big: Any
    text: Any
    order: int = 100
    href: str | None = None


Todos = Callable[[Actor, Group, datetime], Iterable[Todo]]
Glances = Callable[[Actor, Group, datetime], Iterable[Glance]]
_todos: dict[GroupKind, list[Todos]] = {GroupKind.GROUP: [], GroupKind.OFFICE: []}
_glances: dict[GroupKind, list[Glances]] = {GroupKind.GROUP: [], GroupKind.OFFICE: []}


def register(kind: GroupKind, *, todos: Todos | None = None, glances: Glances | None = None) -> None:
    """Add to the first page of groups (or of offices)."""
    if todos and todos not in _todos[kind]:
        _todos[kind].append(todos)
    if glances and glances not in _glances[kind]:
        _glances[kind].append(glances)


def needs_doing(actor: Actor, group: Group, *, now: datetime) -> list[Todo]:
    """At most five things, the most pressing first."""
    found = [todo for ask in _todos[group.kind] for todo in ask(actor, group, now)]
    return sorted(found, key=lambda todo: (not todo.soon, todo.order))[:MOST]


def at_a_glance(actor: Actor, group: Group, *, now: datetime) -> list[Glance]:
    """What is worth seeing in passing, in order."""
    return sorted(
        (glance for ask in _glances[group.kind] for glance in ask(actor, group, now)),
        key=lambda glance: glance.order,
    )
