"""Money's second chapter of the demo's story: the box is counted, and handed over."""

from datetime import timedelta

from funding.counts import commands as counts
from funding.counts.queries import get_waiting
from funding.counts.rules import denominations
from funding.ledger import queries as book
from funding.ledger.rules import Place
from network import demo
from network.demo import Story
from network.tenancy import scope

CHAPTER = 53
SHILLING = 100
MISSING = 150 * SHILLING


def boxes(story: Story) -> None:
    """Three weeks ago a little was missing and two people said so; today's count waits for a second person."""
    nairobi, halima, otieno = story.places["nairobi"], story.people["Halima"], story.people["Otieno"]
    lately = story.now - timedelta(days=20)
    with scope.visiting(nairobi, halima):
        there = book.held_in_places(book.held())[Place.CASH]
        waiting = counts.count_cash(in_pieces(there - MISSING, "KES"), 0, by=halima, now=lately)
        counts.agree(
            get_waiting(waiting.id), by=otieno, seen=there, now=lately,
            why="The change for the bus was not written down, we think.",
        )  # fmt: skip
        counts.count_cash(in_pieces(there - MISSING, "KES"), 0, by=halima, now=story.now)


def in_pieces(amount: int, currency: str) -> dict[int, int]:
    """An amount in as few notes and coins as it takes."""
    pieces = {}
    for value in denominations(currency):
        pieces[value], amount = divmod(amount, value)
    return pieces


def init_app() -> None:
    """Add the chapter."""
    demo.register(CHAPTER, boxes)
