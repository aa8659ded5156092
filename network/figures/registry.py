"""What groups count. A package says what it can count, once, in its `init_app`:

    from network import figures
    figures.register("meetings_held", _l("Meetings held"), queries.count_meetings, zero_asks=True, order=10)

`compute(start, end)` runs in the group's scope and counts from the day `start` up to, not including, `end`.
It returns a whole number, or `None` where the group keeps no such records; then the figure is left out.
Money is in minor units of the group's currency (`is_money=True`). `zero_asks=True` says that nought is a sign
the group may want a hand. Names are codes and stay what they are: published rows carry them for years.
A figure never counts one person: it is a total of heads, meetings, objectives or money.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

Compute = Callable[[date, date], int | None]


@dataclass(frozen=True)
class Figure:
    """One thing that is counted, with the words for it."""

    name: str
    words: Any
    compute: Compute
    is_money: bool = False
    zero_asks: bool = False
    order: int = 100


_figures: dict[str, Figure] = {}


def register(
    name: str,
    words: Any,
    compute: Compute,
    *,
    is_money: bool = False,
    zero_asks: bool = False,
    order: int = 100,
) -> None:
    """Add something groups count. A name can be taken once."""
    wanted = Figure(name, words, compute, is_money, zero_asks, order)
    if (known := _figures.get(name)) and known.compute is not compute:
        raise ValueError(f"{name} is counted twice")
    _figures[name] = wanted


def registered() -> list[Figure]:
    """Every figure, in the order they are shown."""
    return sorted(_figures.values(), key=lambda figure: (figure.order, figure.name))


def words_for(name: str) -> Any:
    """What a figure is called; one that nobody counts any more is shown by its code."""
    return _figures[name].words if name in _figures else name


def names_that_ask_at_zero() -> list[str]:
    """The figures where nought is a sign."""
    return sorted(figure.name for figure in _figures.values() if figure.zero_asks)


def counted(start: date, end: date) -> Mapping[Figure, int]:
    """What the group in scope has counted between two days, without what it keeps no records of."""
    found = ((figure, figure.compute(start, end)) for figure in registered())
    return {figure: value for figure, value in found if value is not None}
