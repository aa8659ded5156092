"""What packages above add to a group's public card: ways on from it, and what is said there before anybody is written to."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from network.directory.models import Listing


@dataclass(frozen=True)
class WayOn:
    """A link on the card, and what it says."""

    href: str
    label: Any
    is_main: bool = False


Ways = Callable[[Listing], Iterable[WayOn]]
First = Callable[[Listing], Any | None]
_ways: list[Ways] = []
_first: list[First] = []


def register(ways: Ways) -> None:
    """Add to the card of every listed group."""
    if ways not in _ways:
        _ways.append(ways)


def ways_on(listing: Listing) -> list[WayOn]:
    """What else can be done from this card."""
    return [way for ask in _ways for way in ask(listing)]


def register_first(ask: First) -> None:
    """Add a rule: the sentence that stands beside the tick, or nothing where this group's door asks for none."""
    if ask not in _first:
        _first.append(ask)


def said_first(listing: Listing) -> Any | None:
    """The rule by which this group takes no way to reach somebody before they said that they are old enough, if there is one."""
    return next((rule for ask in _first if (rule := ask(listing)) is not None), None)
