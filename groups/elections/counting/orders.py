"""The order on a paper, as somebody types it on a cheap phone: `3 1 2`, `3.1.2`, or `312` where all numbers have one digit."""

import re
import unicodedata
from collections.abc import Collection
from enum import StrEnum

LARGEST_DIGIT = 9


class OrderRefusal(StrEnum):
    """Why an order cannot be kept as it was typed."""

    NOT_NUMBERS = "not_numbers"
    UNKNOWN = "unknown"
    TWICE = "twice"


class NotAnOrder(Exception):
    """It is no order of these candidates; `refusal` says why."""

    def __init__(self, refusal: OrderRefusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def read(typed: str, candidates: Collection[int]) -> tuple[int, ...]:
    """The order somebody typed, the first choice first. Raises `NotAnOrder`."""
    plain = unicodedata.normalize("NFKC", typed)
    if any(letter.isalpha() for letter in plain):
        raise NotAnOrder(OrderRefusal.NOT_NUMBERS)
    has_one_digit_each = max(candidates, default=0) <= LARGEST_DIGIT
    words = re.findall(r"\d" if has_one_digit_each else r"\d{1,4}", plain)
    if not words:
        raise NotAnOrder(OrderRefusal.NOT_NUMBERS)
    order = tuple(int(word) for word in words)
    if not set(order) <= set(candidates):
        raise NotAnOrder(OrderRefusal.UNKNOWN)
    if len(set(order)) < len(order):
        raise NotAnOrder(OrderRefusal.TWICE)
    return order


def text(order: Collection[int]) -> str:
    """An order as it is shown and typed."""
    return " ".join(str(number) for number in order)
