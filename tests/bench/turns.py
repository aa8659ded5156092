"""Two things measured in turn, so that a machine that slows down slows both."""

import statistics
import time
from collections.abc import Callable

SAMPLES = 200


def in_turn(
    one: Callable[[int], object], other: Callable[[int], object], *, samples: int = SAMPLES
) -> tuple[float, float]:
    """The medians of both."""
    times: tuple[list[float], list[float]] = ([], [])
    for i in range(samples):
        for act, kept in ((one, times[0]), (other, times[1])):
            start = time.perf_counter()
            act(i)
            kept.append(time.perf_counter() - start)
    return statistics.median(times[0]), statistics.median(times[1])
