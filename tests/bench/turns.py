"""Two things measured in turn, so that a machine that slows down slows both."""

import statistics
import time
from collections.abc import Callable

SAMPLES = 200


def in_turn(
    one: Callable[[int], object], other: Callable[[int], object], *, samples: int = SAMPLES
) -> tuple[float, float]:
    """The medians of both; each goes first as often as the other, because whoever comes second finds a warmer machine."""
    times: tuple[list[float], list[float]] = ([], [])
    pair = [(one, times[0]), (other, times[1])]
    for i in range(samples):
        for act, kept in pair if i % 2 else pair[::-1]:
            start = time.perf_counter()
            act(i)
            kept.append(time.perf_counter() - start)
    return statistics.median(times[0]), statistics.median(times[1])
