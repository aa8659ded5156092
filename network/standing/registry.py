"""Conditions. A package says what it can answer, once, in its `init_app`:

    from network.standing import registry as standing
    standing.register("met", _l("The group has met in the last three months"), queries.has_met, ...)

`is_in_order(group, today)` runs in the group's scope. What leaves the group is its name and yes or no, and only when
somebody of the group sends it: see `funding/onward`. Names are codes and stay what they are: rows carry them for years.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from network.tenancy.models import Group

Check = Callable[[Group, date], bool]


@dataclass(frozen=True)
class Condition:
    """One thing that is in order or not yet, in words, and the page of the group where it is put right."""

    name: str
    words: Any
    put_right: Any
    endpoint: str
    is_in_order: Check
    order: int = 100
    is_asked_first: bool = True
    """Whether a new part of a grant asks for it unless somebody unticks it."""


_conditions: dict[str, Condition] = {}


def register(
    name: str, words: Any, is_in_order: Check, *, put_right: Any, endpoint: str, order: int = 100, is_asked_first: bool = True,
) -> None:  # fmt: skip
    """Add something a network can ask. A name can be taken once."""
    if (known := _conditions.get(name)) and known.is_in_order is not is_in_order:
        raise ValueError(f"{name} is answered twice")
    _conditions[name] = Condition(name, words, put_right, endpoint, is_in_order, order, is_asked_first)


def registered() -> list[Condition]:
    """Every condition, in the order they are shown."""
    return sorted(_conditions.values(), key=lambda one: (one.order, one.name))


def asked(names: Collection[str]) -> list[Condition]:
    """Those of these names, in the order they are shown; one that nobody answers any more is left out."""
    return [one for one in registered() if one.name in names]


def answers(group: Group, names: Collection[str], *, today: date) -> dict[str, bool]:
    """How the group in scope stands in each of these, now."""
    return {one.name: one.is_in_order(group, today) for one in asked(names)}
