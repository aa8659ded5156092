"""Ways on from a group's public card: packages above register what else somebody without an account can do there."""

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
_ways: list[Ways] = []


def register(ways: Ways) -> None:
    """Add to the card of every listed group."""
    if ways not in _ways:
        _ways.append(ways)


def ways_on(listing: Listing) -> list[WayOn]:
    """What else can be done from this card."""
    return [way for ask in _ways for way in ask(listing)]
